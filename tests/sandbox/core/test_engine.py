"""Many jobs, many threads, workers that die: nothing is lost, nothing waits for ever."""

import gc
import itertools
import os
import signal
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sandbox import Blob, Executable, Job, LimitKind, Limits, open_sandbox
from sandbox.backends.namespaces import NamespacesSandbox
from sandbox.errors import InvalidJob, SandboxError
from sandbox.faults.traces import children, descriptors, own_groups
from tests.sandbox.core.shortage import (
    keepers,
    program_runs,
)

ECHO = "#include <stdio.h>\nint main(){int c;while((c=getchar())!=EOF)putchar(c);}"
LIMITS = Limits()


@pytest.fixture(scope="module")
def echo(build: Callable[..., Executable]) -> Executable:
    return build(ECHO)


def _jobs(program: Executable, count: int) -> list[Job]:
    return [Job(program=program, limits=LIMITS, stdin=str(i).encode()) for i in range(count)]


def test_results_come_in_the_order_of_the_jobs(
    sandbox: NamespacesSandbox, echo: Executable
) -> None:
    outputs = [result.stdout.read() for result in sandbox.run_many(_jobs(echo, 300))]
    assert outputs == [str(i).encode() for i in range(300)]


def test_jobs_are_taken_as_they_come(sandbox: NamespacesSandbox, echo: Executable) -> None:
    endless = (Job(program=echo, limits=LIMITS, stdin=str(i).encode()) for i in itertools.count())
    first = [result.stdout.read() for result in itertools.islice(sandbox.run_many(endless), 10)]
    assert first == [str(i).encode() for i in range(10)]


def test_a_run_in_the_middle_of_a_batch(sandbox: NamespacesSandbox, echo: Executable) -> None:
    for index, result in enumerate(sandbox.run_many(_jobs(echo, 40))):
        inner = sandbox.run(Job(program=echo, limits=LIMITS, stdin=b"inner"))
        assert (result.stdout.read(), inner.stdout.read()) == (str(index).encode(), b"inner")


def test_threads_share_the_slots(sandbox: NamespacesSandbox, echo: Executable) -> None:
    jobs = _jobs(echo, 200)
    with ThreadPoolExecutor(8) as threads:
        outputs = [result.stdout.read() for result in threads.map(sandbox.run, jobs)]
    assert outputs == [str(i).encode() for i in range(200)]


def test_a_long_run_holds_up_no_other_core(
    sandbox: NamespacesSandbox, build: Callable[..., Executable]
) -> None:
    program = build("#include <unistd.h>\nint main(int n, char **a){if(n>1)sleep(8);return 0;}")
    short = Job(program=program, limits=LIMITS)
    sleeping = Job(program=program, limits=Limits(wall_s=60), args=("sleep",))
    cores = sandbox._engine._cores
    with ThreadPoolExecutor(1) as thread:
        long = thread.submit(sandbox.run, sleeping)
        while not any(core.on_way for core in cores):
            time.sleep(0.01)
        assert all(sandbox.run(short).ok for _ in range(60))
        assert not long.done()
        assert long.result().ok


def test_more_content_than_a_worker_holds(sandbox: NamespacesSandbox, echo: Executable) -> None:
    blobs = [Blob.of_bytes(str(i).encode() * 5000) for i in range(600)]
    jobs = [Job(program=echo, limits=LIMITS, stdin=blob) for blob in blobs]
    for result, blob in zip(sandbox.run_many(jobs), blobs, strict=True):
        assert result.stdout.digest == blob.digest


def test_a_wrong_job_is_raised_at_its_turn(sandbox: NamespacesSandbox, echo: Executable) -> None:
    wrong = Job(program=echo, limits=LIMITS, files={"a/b": b""})
    results = sandbox.run_many([*_jobs(echo, 3), wrong])
    assert [next(results).stdout.read() for _ in range(3)] == [b"0", b"1", b"2"]
    with pytest.raises(InvalidJob):
        next(results)
    assert sandbox.run(_jobs(echo, 1)[0]).ok


def test_a_worker_killed_in_a_batch(echo: Executable) -> None:
    """The keeper, then PID 1 of the slot itself: all results come, by new workers."""
    with open_sandbox("namespaces", slots=2) as sandbox:
        assert isinstance(sandbox, NamespacesSandbox)
        results = []
        for index, result in enumerate(sandbox.run_many(_jobs(echo, 200))):
            results.append(result.stdout.read())
            if index == 50:
                os.kill(keepers(sandbox)[0], signal.SIGKILL)
            if index == 100:
                os.kill(children(keepers(sandbox)[-1])[0], signal.SIGKILL)
        assert results == [str(i).encode() for i in range(200)]


def test_a_worker_killed_in_the_middle_of_a_run(build: Callable[..., Executable]) -> None:
    sleeper = build("#include <unistd.h>\nint main(){usleep(600000);return 5;}")
    with open_sandbox("namespaces", slots=1) as sandbox:
        assert isinstance(sandbox, NamespacesSandbox)
        with ThreadPoolExecutor(1) as thread:
            running = thread.submit(sandbox.run, Job(program=sleeper, limits=LIMITS))
            os.kill(program_runs(sandbox), signal.SIGKILL)
            assert running.result().exit_code == 5


def test_a_stopped_worker_is_ended_from_outside(build: Callable[..., Executable]) -> None:
    """Where PID 1 of the slot hangs, for whatever reason, the wall limit still holds."""
    sleeper = build("#include <unistd.h>\nint main(){sleep(30);}")
    with open_sandbox("namespaces", slots=1) as sandbox:
        assert isinstance(sandbox, NamespacesSandbox)
        with ThreadPoolExecutor(1) as thread:
            job = Job(program=sleeper, limits=Limits(cpu_s=1.0, wall_s=0.6))
            running = thread.submit(sandbox.run, job)
            stopped = program_runs(sandbox)
            os.kill(stopped, signal.SIGSTOP)
            assert running.result().limit is LimitKind.WALL
            assert not Path(f"/proc/{stopped}").exists()
        again = build(ECHO)
        assert sandbox.run(Job(program=again, limits=LIMITS, stdin=b"x")).stdout.read() == b"x"


def test_closing_leaves_nothing_behind(echo: Executable) -> None:
    before = set(own_groups())
    sandbox = open_sandbox("namespaces", slots=2)
    assert isinstance(sandbox, NamespacesSandbox)
    list(sandbox.run_many(_jobs(echo, 10)))
    outside = keepers(sandbox)
    inside = [pid for keeper in outside for pid in children(keeper)]
    sandbox.close()
    assert set(own_groups()) == before
    assert not any(Path(f"/proc/{pid}").exists() for pid in outside + inside)
    with pytest.raises(SandboxError, match="closed"):
        sandbox.run(_jobs(echo, 1)[0])


def test_nothing_grows_with_runs(sandbox: NamespacesSandbox, echo: Executable) -> None:
    """Counted, not weighed: Python's blocks, descriptors, the workers' heaps."""

    def held() -> tuple[int, int, list[int]]:
        gc.collect()
        slots = [pid for keeper in keepers(sandbox) for pid in children(keeper)]
        heaps = [
            int(line.split()[1])
            for pid in slots
            for line in Path(f"/proc/{pid}/status").read_text().splitlines()
            if line.startswith("VmData")
        ]
        fds = [sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir()) for pid in slots]
        return sys.getallocatedblocks(), len(descriptors()), heaps + fds

    def run(count: int) -> None:
        for result in sandbox.run_many(_jobs(echo, count)):
            assert result.ok

    run(300)
    blocks, opened, workers = held()
    run(1000)
    more_blocks, more_opened, more_workers = held()
    assert more_blocks - blocks < 500  # half a block a run
    assert more_opened == opened
    assert more_workers == workers


def test_sandbox_of_a_killed_process_goes_with_it(echo: Executable, tmp_path: Path) -> None:
    """SIGKILL to the process that holds a sandbox: its workers end by themselves."""
    pid = os.fork()
    if pid == 0:
        with open_sandbox("namespaces", slots=1) as sandbox:
            assert isinstance(sandbox, NamespacesSandbox)
            sandbox.run(_jobs(echo, 1)[0])
            (tmp_path / "keeper").write_text(str(keepers(sandbox)[0]))
            time.sleep(60)
        os._exit(0)
    while not (tmp_path / "keeper").exists() or not (tmp_path / "keeper").read_text():
        time.sleep(0.01)
    keeper = Path("/proc", (tmp_path / "keeper").read_text())
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    for _ in range(500):
        if not keeper.exists():
            break
        time.sleep(0.01)
    assert not keeper.exists()
