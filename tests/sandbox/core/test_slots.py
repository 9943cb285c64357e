"""What the engine keeps of a core and of a job."""

import os
from dataclasses import replace

import pytest

from sandbox import Blob, Executable, ExitStatus, Job, Limits, RunResult
from sandbox.engine.slots import MAX_DEPTH, SIZES, Core, Ticket, WorkSize, pinned_cores
from sandbox.errors import SandboxError

JOB = Job(program=Executable(language="c", argv=("/bin/true",), files={}), limits=Limits())
RESULT = RunResult(
    status=ExitStatus.EXITED,
    exit_code=0,
    signal=None,
    limit=None,
    cpu_s=0.0005,
    wall_s=0.001,
    memory_bytes=0,
    memory_source="rusage",
    stdout=Blob(content=b""),
    stderr=b"",
    kept={},
)


def test_a_folder_serves_what_is_no_larger() -> None:
    size = WorkSize(disk_bytes=100, files=10)
    assert size.holds(size)
    assert not size.holds(WorkSize(disk_bytes=101, files=10))
    assert not size.holds(WorkSize(disk_bytes=100, files=11))
    assert SIZES[0].holds(WorkSize.of(JOB))
    assert not SIZES[0].holds(WorkSize.of(replace(JOB, limits=Limits(files=5000))))


def test_quick_runs_wait_deep_and_slow_ones_alone() -> None:
    core = Core(0)
    assert core.depth == 2
    for _ in range(60):
        core.note(RESULT)
    assert core.depth > 8
    for _ in range(200):
        core.note(replace(RESULT, cpu_s=0.00001, wall_s=0.00002))
    assert core.depth == MAX_DEPTH
    for _ in range(60):
        core.note(replace(RESULT, cpu_s=0.5))
    assert core.depth == 1


def test_time_that_a_run_waited_is_not_work() -> None:
    core = Core(0)
    for _ in range(60):
        core.note(replace(RESULT, wall_s=0.2))
    assert core.depth == 2


def test_a_core_takes_one_size_at_a_time_up_to_its_depth() -> None:
    small, large = SIZES
    core = Core(0)
    assert core.takes(small)
    core.busy = small
    core.on_way.append(Ticket(JOB, small))
    assert core.takes(small)
    assert not core.takes(large)
    core.on_way.append(Ticket(JOB, small))
    assert not core.takes(small)
    core.on_way.clear()
    core.blocked = True
    assert not core.takes(small)


def test_a_ticket_gives_what_it_was_settled_with() -> None:
    good, bad = Ticket(JOB, SIZES[0]), Ticket(JOB, SIZES[0])
    assert not good.done
    good.settle(RESULT, None)
    bad.settle(None, SandboxError("why"))
    assert good.done
    assert good.wake.is_set()
    assert good.value() is RESULT
    with pytest.raises(SandboxError, match="why"):
        bad.value()


def test_slots_are_spread_over_the_cores_that_we_may_use() -> None:
    allowed = os.sched_getaffinity(0)
    for slots in (1, len(allowed), 2 * len(allowed) + 1):
        cores = pinned_cores(slots)
        assert len(cores) == slots
        assert set(cores) <= allowed
    assert set(pinned_cores(len(allowed))) == allowed
