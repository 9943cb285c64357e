"""What a run waits for a processor is the machine's time, not the program's."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

import sandbox.host.cgroups
from sandbox.backends.namespaces import NamespacesSandbox
from sandbox.limits import LimitKind
from sandbox.process_state import Waits, first_child, is_ready

BUSY_A_CORE = 4
_LOOP = "import os\nos.sched_setaffinity(0, {%d})\nprint(flush=True)\nwhile True: pass"


@contextmanager
def _busy_machine() -> Iterator[None]:
    """Others have work on every core that we may use."""
    cores = sorted(os.sched_getaffinity(0))
    others = [
        subprocess.Popen([sys.executable, "-S", "-c", _LOOP % core], stdout=subprocess.PIPE)
        for core in cores * BUSY_A_CORE
    ]
    try:
        for other in others:
            assert other.stdout is not None
            other.stdout.readline()
        yield
    finally:
        for other in others:
            other.kill()
            other.communicate()


def test_a_busy_machine_takes_nothing_from_the_wall_limit(box, make_job):
    """Issue 16: with a fifth of a core, half a second of work took two seconds of the clock."""
    job = make_job("burn", "0.5", cpu_s=5.0, wall_s=1.0)
    with _busy_machine():
        result = box.run(job)
    assert result.ok, result
    assert 0.0 < result.waited_s <= result.wall_s
    assert result.wall_s - result.waited_s < 1.0


def test_a_sleeping_program_is_ended_on_a_busy_machine_too(box, make_job):
    with _busy_machine():
        result = box.run(make_job("hang", cpu_s=5.0, wall_s=0.4))
    assert result.limit is LimitKind.WALL
    assert result.cpu_s < 0.2


def test_the_hard_stop_ends_what_only_waits(box, make_job):
    job = make_job("burn", "60", cpu_s=60.0, wall_s=1.0, clock_s=1.5)
    with _busy_machine():
        result = box.run(job)
    assert result.limit is LimitKind.WALL
    assert result.cpu_s < 1.5


def test_a_busy_machine_without_control_groups(make_job, monkeypatch):
    monkeypatch.setattr(sandbox.host.cgroups, "hierarchies", lambda: ())
    with NamespacesSandbox(slots=1) as alone, _busy_machine():
        assert alone.run(make_job("burn", "0.5", cpu_s=5.0, wall_s=1.0)).ok
        assert alone.run(make_job("hang", cpu_s=5.0, wall_s=0.4)).limit is LimitKind.WALL


def test_joined_programs_on_a_busy_machine(box, make_job):
    from sandbox.backend import Link

    pair = [make_job("burn", "0.5", cpu_s=5.0, wall_s=1.0), make_job("cat", wall_s=30.0)]
    with _busy_machine():
        joined = box.run_joined(pair, [Link(writer=(0, 1), reader=(1, 0))])
    assert all(result.ok for result in joined.results), joined


def test_a_worker_that_gets_no_processor_is_not_taken_for_a_dead_one(make_job):
    """Issue 16: 0.4 s after the wall limit the worker was ended and its job judged, when PID 1 of
    the slot had something to say and no processor to say it on."""
    job = make_job("burn", "0.01", cpu_s=5.0, wall_s=0.1, clock_s=120.0)
    with NamespacesSandbox(slots=1) as sandbox, _busy_machine():
        assert sandbox.run(make_job("exit", "0")).ok
        (worker,) = sandbox._engine._cores[0].workers.values()
        child = first_child(worker.process.pid)
        assert child is not None
        os.setpriority(os.PRIO_PROCESS, child, 19)
        result = sandbox.run(job)
    assert result.ok, result


def test_who_is_ready_to_run():
    sleeper = subprocess.Popen(["sleep", "60"])
    try:
        for number in (signal.SIGCONT, signal.SIGSTOP):  # awake for a moment, then not any more
            sleeper.send_signal(number)
            until_s = time.monotonic() + 30
            while is_ready(sleeper.pid) and time.monotonic() < until_s:
                time.sleep(0.01)
            assert not is_ready(sleeper.pid)
    finally:
        sleeper.kill()
        sleeper.wait()
    assert not is_ready(sleeper.pid)
    assert is_ready(os.getpid())


def test_threads_that_wait_for_each_other_do_not_add_up():
    waits = Waits()
    waits.look({1: 100_000_000, 2: 300_000_000})
    waits.look({1: 150_000_000, 2: 300_000_000, 3: 20_000_000})
    waits.look({1: 150_000_000})
    assert waits.total_s == pytest.approx(0.35)
