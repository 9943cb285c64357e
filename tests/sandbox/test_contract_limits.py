"""The contract of limits: each is held, and the result names the one that ended the run."""

import pytest

from sandbox.backend import Executable
from sandbox.data import Blob
from sandbox.errors import InvalidJob
from sandbox.limits import MIB, LimitKind
from sandbox.result import ExitStatus


def _ended_by(result, kind: LimitKind) -> bool:
    return (result.status, result.limit) == (ExitStatus.LIMIT, kind)


def test_cpu_limit(box, make_job):
    result = box.run(make_job("burn", "30", cpu_s=1.0))
    assert _ended_by(result, LimitKind.CPU)
    assert 1.0 <= result.cpu_s < 3.0


def test_cpu_limit_of_less_than_a_second(strong_box, make_job):
    result = strong_box.run(make_job("burn", "30", cpu_s=0.15))
    assert _ended_by(result, LimitKind.CPU)
    assert 0.15 <= result.cpu_s < 0.4


def test_just_below_the_cpu_limit(box, make_job):
    for _ in range(3):
        assert box.run(make_job("burn", "0.30", cpu_s=0.34)).ok


def test_wall_limit(box, make_job):
    result = box.run(make_job("hang", cpu_s=5.0, wall_s=0.4))
    assert _ended_by(result, LimitKind.WALL)
    assert result.wall_s >= 0.39
    assert result.cpu_s < 0.3


def test_wall_limit_follows_from_the_cpu_limit(box, make_job):
    assert make_job("hang", cpu_s=0.1, wall_s=None).limits.wall_limit_s == pytest.approx(1.2)
    assert _ended_by(box.run(make_job("hang", cpu_s=0.1, wall_s=None)), LimitKind.WALL)


def test_memory_limit(strong_box, make_job):
    result = strong_box.run(make_job("use", "512", memory_bytes=64 * MIB))
    if result.memory_source == "rusage":
        assert result.limit is LimitKind.MEMORY or not result.ok
    else:
        assert _ended_by(result, LimitKind.MEMORY)


def test_memory_below_the_limit_is_measured(box, make_job):
    small = box.run(make_job("use", "1"))
    result = box.run(make_job("use", "48", memory_bytes=64 * MIB))
    assert result.ok
    assert result.memory_bytes <= 56 * MIB
    # Without a control group memory is looked at every 10 ms: the end of its growth can be missed.
    assert result.memory_bytes >= (20 if result.memory_source == "rusage" else 47) * MIB
    assert small.memory_bytes < 12 * MIB


def test_memory_is_not_carried_over(strong_box, make_job):
    for _ in range(4):
        assert strong_box.run(make_job("use", "40")).ok
    assert strong_box.run(make_job("use", "1")).memory_bytes < 12 * MIB


def test_memory_limits_may_differ_from_run_to_run(strong_box, make_job):
    for mib in (32, 200, 48, 120):
        assert strong_box.run(make_job("use", str(mib - 12), memory_bytes=mib * MIB)).ok
        assert not strong_box.run(make_job("use", str(3 * mib), memory_bytes=mib * MIB)).ok


def test_the_stack_is_limited_by_memory_alone(box, make_job):
    assert box.run(make_job("recurse", "30000", memory_bytes=128 * MIB)).ok


def test_endless_recursion_ends(strong_box, make_job):
    result = strong_box.run(make_job("recurse", "100000000", memory_bytes=64 * MIB, cpu_s=10.0))
    assert result.limit is LimitKind.MEMORY or result.signal == 11


def test_output_limit(box, make_job):
    result = box.run(make_job("print", str(50 * MIB), output_bytes=MIB))
    assert _ended_by(result, LimitKind.OUTPUT)
    assert result.stdout.read() == b"x" * MIB


def test_output_of_exactly_the_limit(box, make_job):
    result = box.run(make_job("print", str(MIB), output_bytes=MIB))
    assert result.ok
    assert result.stdout.size_bytes == MIB


def test_one_byte_over_the_output_limit(box, make_job):
    result = box.run(make_job("print", str(MIB + 1), output_bytes=MIB))
    assert _ended_by(result, LimitKind.OUTPUT)
    assert result.stdout.size_bytes == MIB


def test_process_limit(strong_box, make_job):
    started = int(strong_box.run(make_job("fork", "100", processes=10)).stdout.read())
    assert started == 9  # and the main process
    assert int(strong_box.run(make_job("fork", "5", processes=10)).stdout.read()) == 5


def test_open_file_limit(box, make_job):
    opened = int(box.run(make_job("open", open_files=20)).stdout.read())
    assert opened <= 17


def test_disk_limit(box, make_job):
    small = make_job("write", "big", str(6 * MIB), disk_bytes=2 * MIB)
    assert _ended_by(box.run(small), LimitKind.DISK)
    assert box.run(make_job("write", "big", str(MIB), disk_bytes=2 * MIB)).ok


def test_a_disk_larger_than_usual(strong_box, make_job):
    job = make_job("write", "big", str(90 * MIB), disk_bytes=100 * MIB, output_bytes=100 * MIB)
    assert strong_box.run(job).ok


def test_file_count_limit(box, make_job):
    assert _ended_by(box.run(make_job("make", "60", files=30)), LimitKind.DISK)
    assert box.run(make_job("make", "20", files=30)).ok


def test_the_next_run_after_each_limit(strong_box, make_job):
    over = [
        make_job("burn", "30", cpu_s=0.1),
        make_job("hang", wall_s=0.2),
        make_job("use", "512"),
        make_job("print", str(50 * MIB)),
        make_job("fork", "100"),
        make_job("write", "big", str(6 * MIB), disk_bytes=MIB),
    ]
    for job in over:
        strong_box.run(job)
        result = strong_box.run(make_job("cat", stdin=b"fine"))
        assert result.ok
        assert result.stdout.read() == b"fine"


@pytest.mark.parametrize(
    "change",
    [{"cpu_s": 0.0}, {"wall_s": 0.0}, {"memory_bytes": 0}, {"processes": 0}, {"files": -1}],
)
def test_senseless_limits_are_named(box, make_job, change):
    with pytest.raises(InvalidJob):
        box.run(make_job("exit", "0", **change))


@pytest.mark.parametrize("content", [b"", b"no program at all", b"\x7fELF\x02\x01\x01 broken"])
def test_a_file_that_is_no_program_is_the_programs_fault(strong_box, make_job, content):
    program = Executable(language="c", argv=("./x",), files={"x": Blob.of_bytes(content)})
    job = make_job("exit", "0")
    result = strong_box.run(type(job)(program=program, limits=job.limits))
    assert not result.ok
    assert result.limit is None
