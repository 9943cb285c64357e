"""The contract that every backend keeps: what goes in, what comes out, what a program meets."""

import contextlib
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.backend import Executable
from sandbox.data import Blob, digest_of
from sandbox.errors import InvalidJob, WorkerDied
from sandbox.limits import MIB
from sandbox.result import ExitStatus


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(content=st.binary(max_size=5000))
def test_bytes_in_are_bytes_out(box, make_job, content):
    assert box.run(make_job("cat", stdin=content)).stdout.read() == content


@pytest.mark.parametrize("size_bytes", [0, 1, 4095, 4096, 4097, 65536, 65537, 3 * MIB])
def test_every_size_of_input_and_output(box, make_job, size_bytes):
    content = os.urandom(size_bytes)
    for stdin in (content, Blob.of_bytes(content)):
        result = box.run(make_job("cat", stdin=stdin))
        assert result.ok
        assert result.stdout.size_bytes == size_bytes
        assert result.stdout.digest == digest_of(content)


def test_input_from_a_file_is_shared_by_many_runs(box, make_job, tmp_path):
    path = tmp_path / "input"
    path.write_bytes(bytes(range(256)) * 1000)
    blob = Blob.of_file(path)
    results = list(box.run_many(make_job("cat", stdin=blob) for _ in range(10)))
    assert {result.stdout.digest for result in results} == {digest_of(path.read_bytes())}


def test_large_output_comes_back_whole(box, make_job):
    result = box.run(make_job("print", str(40 * MIB), output_bytes=48 * MIB))
    assert result.ok
    assert result.stdout.digest == digest_of(b"x" * (40 * MIB))


def test_huge_input_that_is_never_read(box, make_job):
    result = box.run(make_job("say", "done", stdin=Blob.of_bytes(bytes(64 * MIB))))
    assert result.ok
    assert result.stdout.read() == b"done"


@pytest.mark.parametrize("code", [0, 1, 42, 127, 255])
def test_exit_codes(box, make_job, code):
    result = box.run(make_job("exit", str(code)))
    assert (result.status, result.exit_code, result.signal) == (ExitStatus.EXITED, code, None)
    assert result.ok == (code == 0)
    assert result.limit is None


@pytest.mark.parametrize("name", ["SIGSEGV", "SIGABRT", "SIGKILL", "SIGTERM", "SIGFPE", "SIGUSR1"])
def test_signals(box, make_job, name):
    number = signal.Signals[name]
    result = box.run(make_job("signal", str(int(number))))
    assert (result.status, result.signal) == (ExitStatus.SIGNALED, number)
    assert result.exit_code is None
    assert result.limit is None


def test_arguments_arrive_as_they_are(box, make_job):
    words = ("two words", "", "-x", "$HOME", "naïve", "new\nline", "*")
    result = box.run(make_job("args", *words))
    assert result.stdout.read() == "".join(f"[{word}]" for word in words).encode()


def test_the_environment_is_fixed_and_the_programs_own(box, make_job, monkeypatch):
    monkeypatch.setenv("SOLVER_TEST_PRIVATE", "must-not-be-seen")
    job = make_job("env")
    job = replace(job, program=replace(job.program, env={"OWN": "a b=c"}))
    lines = box.run(job).stdout.read().decode().splitlines()
    assert "OWN=a b=c" in lines
    names = {line.partition("=")[0] for line in lines}
    assert {"PATH", "HOME"} <= names
    assert names <= {"PATH", "HOME", "TMPDIR", "LANG", "PYTHONDONTWRITEBYTECODE", "OWN", "PWD", "_"}


def test_stderr_comes_back_and_is_cut(box, make_job):
    assert box.run(make_job("complain", "10")).stderr == b"e" * 10
    assert len(box.run(make_job("complain", "200000")).stderr) == 64 * 1024


def test_placed_files_can_be_read(box, make_job):
    files = {"input.txt": b"from bytes", "other": Blob.of_bytes(bytes(100_000)), "empty": b""}
    assert box.run(make_job("list", files=files)).stdout.read().split()[:3] == [
        b"empty",
        b"input.txt",
        b"other",
    ]
    assert box.run(make_job("show", "input.txt", files=files)).stdout.read() == b"from bytes"
    assert box.run(make_job("show", "other", files=files)).stdout.size_bytes == 100_000


def test_kept_files_come_back(box, make_job):
    job = make_job(
        "write", "output.txt", "70000", "out/inner", "5", keep=("output.txt", "out/inner")
    )
    result = box.run(replace(job, folders=("out",)))
    assert result.ok
    assert result.kept["output.txt"].read() == b"w" * 70_000
    assert result.kept["out/inner"].read() == b"w" * 5


def test_files_that_are_not_there_are_not_kept(box, make_job):
    result = box.run(make_job("write", "here", "1", keep=("here", "absent", "no/where")))
    assert set(result.kept) == {"here"}


def test_kept_files_do_not_change_when_the_next_run_writes(box, make_job):
    first = box.run(make_job("write", "output.txt", "10", keep=("output.txt",)))
    for _ in range(4):
        box.run(make_job("write", "output.txt", "3000", keep=("output.txt",)))
    assert first.kept["output.txt"].read() == b"w" * 10


def test_stdout_does_not_change_when_later_runs_print(box, make_job):
    first = box.run(make_job("print", "50000"))
    for _ in range(6):
        box.run(make_job("print", "20"))
    assert first.stdout.read() == b"x" * 50_000


def test_files_are_gone_in_the_next_run(box, make_job):
    empty = box.run(make_job("list")).stdout.read()
    for _ in range(2 * box.slots):
        job = make_job("write", "left", "100", "f/inner", "1")
        box.run(replace(job, folders=("f",), files={"given": b"x"}))
    for _ in range(2 * box.slots):
        assert box.run(make_job("list")).stdout.read() == empty


def test_processes_are_gone_in_the_next_run(box, make_job):
    before = box.run(make_job("processes")).stdout.read()
    for _ in range(2 * box.slots):
        assert box.run(make_job("daemon")).ok
    for _ in range(2 * box.slots):
        assert box.run(make_job("processes")).stdout.read() == before


def test_run_many_keeps_the_order(box, make_job):
    delays = ["0.05", "0", "0.02", "0", "0.1", "0", "0", "0.03"]
    jobs = [make_job("sleep-say", delay, str(index)) for index, delay in enumerate(delays)]
    results = list(box.run_many(jobs))
    assert [int(result.stdout.read()) for result in results] == list(range(len(delays)))


def test_run_many_does_not_read_all_jobs_at_once(box, make_job):
    taken = 0

    def endless():
        nonlocal taken
        while True:
            taken += 1
            yield make_job("exit", "0")

    results = box.run_many(endless())
    for _ in range(5):
        assert next(results).ok
    assert taken < 1000
    results.close()
    assert box.run(make_job("say", "still here")).stdout.read() == b"still here"


def test_run_many_of_nothing(box):
    assert list(box.run_many([])) == []


def test_runs_from_many_threads(box, make_job):
    def echo(number: int) -> bool:
        content = f"{number}".encode() * (1 + number * 37 % 3000)
        return box.run(make_job("cat", stdin=content)).stdout.read() == content

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(echo, range(80)))


def test_a_run_inside_run_many(box, make_job):
    for index, result in enumerate(box.run_many(make_job("exit", "3") for _ in range(6))):
        assert result.exit_code == 3
        assert box.run(make_job("say", str(index))).stdout.read() == str(index).encode()


@pytest.mark.parametrize(
    "change",
    [
        {"args": ("nul\0byte",)},
        {"files": {"a/b": b""}},
        {"files": {"..": b""}},
        {"files": {"": b""}},
        {"files": {"x" * 300: b""}},
        {"keep": ("../secret",)},
        {"keep": ("/etc/passwd",)},
        {"folders": ("a/b",)},
        {"args": ("x" * 200_000,)},
        {"args": ("half a pair: \ud800",)},
        {"keep": tuple(f"k{index}" for index in range(65))},
        {"folders": tuple(f"d{index}" for index in range(65))},
        {"args": ("x",) * 4095},
    ],
)
def test_a_job_that_cannot_be_run_is_named(box, make_job, change):
    with pytest.raises(InvalidJob):
        box.run(replace(make_job("exit", "0"), **change))
    assert box.run(make_job("exit", "0")).ok


@pytest.mark.parametrize("argv", [(), ("./absent",), ("relative",)])
def test_a_program_that_is_not_there_is_named(box, make_job, argv):
    job = make_job("exit", "0")
    with pytest.raises(InvalidJob):
        box.run(replace(job, program=Executable(language="c", argv=argv, files={})))


def test_a_bad_job_does_not_spoil_a_batch(box, make_job):
    good, bad = make_job("exit", "0"), make_job("exit", "0", keep=("../x",))
    results = box.run_many([good, good, bad, good])
    finished = 0
    with contextlib.suppress(InvalidJob):
        for result in results:
            assert result.ok
            finished += 1
    assert finished == 2
    assert all(result.ok for result in box.run_many([good] * 4))


def test_results_carry_their_measures(box, make_job):
    result = box.run(make_job("burn", "0.2"))
    assert 0.2 <= result.cpu_s < 0.3
    assert result.wall_s >= 0.19
    assert result.memory_source in ("cgroup-v1", "cgroup-v2", "rusage")
    assert 0 <= result.memory_bytes < 64 * MIB


def _killable(name: str) -> set[int]:
    """Processes of the sandbox's workers: descendants of ours, or PID 1 of our containers."""
    if name == "docker":
        import docker

        client = docker.from_env()
        try:
            found = client.containers.list(filters={"label": f"solver.sandbox={os.getpid()}"})
            for container in found:
                container.reload()
            return {int(container.attrs["State"]["Pid"]) for container in found}
        finally:
            client.close()
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, IndexError):
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                parents[int(entry.name)] = int(fields[1])
    ours = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in ours} - ours:
        ours |= more
    return ours - {os.getpid()}


def _until_it_runs(word: str) -> None:
    """Waits until the tool itself, not what starts it, runs somewhere with that argument."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for entry in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                words = (entry / "cmdline").read_bytes().split(b"\0")
                if words[0] == b"./tool" and word.encode() in words:
                    return
        time.sleep(0.01)
    raise AssertionError(f"no program was started with {word}")


def test_a_worker_killed_in_the_middle_of_a_run(box, make_job):
    box.run(make_job("exit", "0"))
    word = f"survived-{os.getpid()}"
    with ThreadPoolExecutor(1) as thread:
        outcome = thread.submit(box.run, make_job("sleep-say", "1.5", word))
        _until_it_runs(word)
        for pid in _killable(box.name):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        # Either the run was repeated on a new worker, or its caller hears of it by name.
        with contextlib.suppress(WorkerDied):
            result = outcome.result(60)
            assert result.stdout.read() == f"{word}\n".encode() or result.signal == signal.SIGKILL
    assert box.run(make_job("say", "next")).stdout.read() == b"next"


def test_idle_workers_killed_between_runs(box, make_job):
    assert all(result.ok for result in box.run_many([make_job("exit", "0")] * 4))
    for pid in _killable(box.name):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    jobs = [make_job("say", str(index)) for index in range(8)]
    assert [r.stdout.read() for r in box.run_many(jobs)] == [str(i).encode() for i in range(8)]
