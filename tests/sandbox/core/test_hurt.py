"""The hurt path of engine and worker: what fails is named, what waits is answered, nothing lies."""

import os
import resource
import select
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

import sandbox.engine.content
from sandbox import Blob, Executable, Job, LimitKind, Limits, RunResult, open_sandbox
from sandbox.backends.namespaces import HelperProcess, NamespacesSandbox
from sandbox.engine.packer import Packer
from sandbox.engine.slots import SIZES
from sandbox.engine.worker import Worker
from sandbox.errors import BackendUnavailable, SandboxError, WorkerDied
from sandbox.faults.traces import children, descriptors, own_groups
from sandbox.host.rootfs import Bind
from sandbox.limits import MIB
from tests.sandbox.core.shortage import (
    descriptors_left,
    keepers,
    program_runs,
    until,
)

PATIENCE_S = 60
LIMITS = Limits()
PROGRAM = """
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
static char page[1 << 16];
int main(int n, char **a) {
  if (!strcmp(a[1], "cat")) {
    for (ssize_t got; (got = read(0, page, sizeof page)) > 0;) write(1, page, got);
  } else if (!strcmp(a[1], "sleep")) {
    usleep(1e6 * atof(a[2]));
    puts("slept");
  } else if (!strcmp(a[1], "print")) {
    memset(page, 'p', sizeof page);
    for (int left = atoi(a[2]); left > 0; left -= (int)sizeof page)
      write(1, page, left < (int)sizeof page ? left : sizeof page);
  } else if (!strcmp(a[1], "files")) {
    memset(page, 'f', sizeof page);
    for (int i = 0; i < atoi(a[2]); i++) {
      char name[16];
      sprintf(name, "f%d", i);
      FILE *file = fopen(name, "w");
      fwrite(page, 1, sizeof page, file);
      fwrite(page, 1, 1, file);
      fclose(file);
    }
  } else if (!strcmp(a[1], "lose-a-child")) { /* to the kernel, for memory; then prints too much */
    int pid = fork();
    if (!pid) for (;;) memset(malloc(1 << 20), 1, 1 << 20);
    waitpid(pid, 0, 0);
    for (int i = 0; i < 40; i++) write(1, page, sizeof page);
  }
}
"""


@pytest.fixture(scope="module")
def program(build: Callable[..., Executable]) -> Executable:
    return build(PROGRAM)


@pytest.fixture
def box() -> Iterator[NamespacesSandbox]:
    """A sandbox of two slots for this test alone."""
    with open_sandbox("namespaces", slots=2) as opened:
        assert isinstance(opened, NamespacesSandbox)
        yield opened


def _answer(future: "Future[RunResult]") -> RunResult | SandboxError:
    """What came of a run; anything but a result or an error of ours fails the test, as a hang."""
    try:
        return future.result(PATIENCE_S)
    except SandboxError as error:
        return error


def _cat(program: Executable, text: bytes, **limits: float) -> Job:
    return Job(program=program, limits=Limits(**limits), args=("cat",), stdin=text)  # type: ignore[arg-type]


def test_no_descriptor_for_a_worker_and_nobody_waits_for_ever(
    box: NamespacesSandbox, program: Executable
) -> None:
    assert box.run(_cat(program, b"warm")).ok
    sleep = Job(program=program, limits=LIMITS, args=("sleep", "0.3"))
    with ThreadPoolExecutor(6) as threads:
        for thread in [threads.submit(int) for _ in range(6)]:
            thread.result()
        with descriptors_left(3):
            futures = [threads.submit(box.run, sleep) for _ in range(6)]
            answers = [_answer(future) for future in futures]
    failed = [answer for answer in answers if isinstance(answer, SandboxError)]
    assert all(isinstance(error, BackendUnavailable) for error in failed)
    assert all(a.stdout.read() == b"slept\n" for a in answers if isinstance(a, RunResult))
    assert failed
    assert [box.run(sleep).ok for _ in range(3)] == [True] * 3


def test_every_shortage_of_descriptors_leaves_nothing_behind() -> None:
    """From none to plenty: at each step of a worker's start something fails for the first time."""
    groups, before = set(own_groups()), set(descriptors())
    started = 0
    for count in range(60):
        with descriptors_left(count):
            try:
                process = HelperProcess(core=min(os.sched_getaffinity(0)), size=SIZES[0], binds=())
                Worker(process, Packer()).end()
                started += 1
            except BackendUnavailable:
                assert not started
        assert set(own_groups()) == groups
        assert set(descriptors()) == before
        if started == 2:
            break
    assert started == 2


def test_closing_from_another_thread_in_the_middle_of_runs(program: Executable) -> None:
    for round_number in range(3):
        box = open_sandbox("namespaces", slots=2)
        assert isinstance(box, NamespacesSandbox)
        sleep = Job(program=program, limits=Limits(wall_s=100), args=("sleep", "90"))
        with ThreadPoolExecutor(6) as threads:
            futures = [threads.submit(box.run, sleep) for _ in range(3)]
            many = threads.submit(list, box.run_many([sleep] * 5))
            program_runs(box)
            if round_number == 2:
                threads.submit(box.close)
            box.close()
            for future in (*futures, many):
                with pytest.raises(SandboxError, match="closed"):
                    future.result(PATIENCE_S)
        with pytest.raises(SandboxError, match="closed"):
            box.run(sleep)


def test_closing_under_quick_runs(program: Executable) -> None:
    """Where the thread at the wheel may be anywhere in its round."""
    for delay in range(8):
        box = open_sandbox("namespaces", slots=2)
        enough = threading.Event()

        def work(box: object = box, enough: threading.Event = enough, stop: int = delay) -> None:
            assert isinstance(box, NamespacesSandbox)
            for index, result in enumerate(
                box.run_many(_cat(program, b"x") for _ in range(100_000))
            ):
                assert result.stdout.read() == b"x"
                if index == 7 * stop:
                    enough.set()

        with ThreadPoolExecutor(2) as threads:
            futures = [threads.submit(work) for _ in range(2)]
            assert enough.wait(PATIENCE_S)
            box.close()
            for future in futures:
                with pytest.raises(SandboxError, match="closed"):
                    future.result(PATIENCE_S)


def test_a_helper_that_ends_before_its_set_up_says_why() -> None:
    process = HelperProcess(
        core=min(os.sched_getaffinity(0)),
        size=SIZES[0],
        binds=(Bind(source="/no/such/folder", target="/shown"),),
    )
    until(lambda: Path(f"/proc/{process.pid}/stat").read_text().split()[2] == "Z", "it has ended")
    with pytest.raises(BackendUnavailable, match="/no/such/folder"):
        Worker(process, Packer())


def test_a_helper_that_is_killed_before_its_set_up() -> None:
    process = HelperProcess(core=min(os.sched_getaffinity(0)), size=SIZES[0], binds=())
    os.kill(process.pid, signal.SIGKILL)
    until(lambda: Path(f"/proc/{process.pid}/stat").read_text().split()[2] == "Z", "it has ended")
    poller = select.poll()
    poller.register(process.socket, 0)
    until(lambda: poller.poll(0), "its slot has ended too")
    with pytest.raises(BackendUnavailable):
        Worker(process, Packer())


def test_a_packet_that_is_cut_short_is_a_dead_worker(
    box: NamespacesSandbox, program: Executable
) -> None:
    """Its runs are repeated; where that is of no use the caller hears why. Never a verdict."""
    names = tuple(f"f{index}" for index in range(60))
    hungry = Job(program=program, limits=Limits(wall_s=1.0), args=("files", "60"), keep=names)
    assert len(box.run(hungry).kept) == 60
    with ThreadPoolExecutor(3) as threads:
        for thread in [threads.submit(int) for _ in range(3)]:
            thread.result()
        with descriptors_left(45):  # enough for a new worker, not for sixty files
            first = threads.submit(box.run, hungry)
            others = [threads.submit(box.run, _cat(program, b"fine")) for _ in range(2)]
            answer = _answer(first)
            rest = [_answer(future) for future in others]
    assert isinstance(answer, WorkerDied), answer
    assert "too few descriptors" in str(answer)
    assert all(isinstance(a, SandboxError) or a.stdout.read() == b"fine" for a in rest)
    assert len(box.run(hungry).kept) == 60


def test_results_up_to_64_kib_hold_no_descriptor(
    box: NamespacesSandbox, program: Executable
) -> None:
    job = Job(program=program, limits=LIMITS, args=("print", "60000"))
    assert len(list(box.run_many([job] * 50))) == 50
    before = set(descriptors())
    held = list(box.run_many([job] * 50))
    assert set(descriptors()) == before
    assert {result.stdout.digest for result in held} == {Blob.of_bytes(b"p" * 60000).digest}


def test_a_larger_result_can_be_read_without_a_descriptor_left(
    box: NamespacesSandbox, program: Executable
) -> None:
    result = box.run(Job(program=program, limits=LIMITS, args=("print", "200000")))
    with descriptors_left(0):
        content, digest = result.stdout.read(), result.stdout.digest
    assert content == b"p" * 200_000
    assert digest == Blob.of_bytes(content).digest


def test_a_batch_that_names_more_than_the_store_holds(
    program: Executable, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every program reads its own input, though their packet's content is over the capacity."""
    monkeypatch.setattr(sandbox.engine.content, "CAPACITY_BYTES", 700_000)
    with open_sandbox("namespaces", slots=1) as box:
        assert all(r.ok for r in box.run_many([_cat(program, b"warm")] * 100))
        blobs = [Blob.of_bytes(bytes([33 + i]) * 300_000) for i in range(60)]
        for blob, result in zip(
            blobs, box.run_many([_cat(program, blob) for blob in blobs]), strict=True
        ):
            assert result.stdout.read(3) == blob.read(3)
            assert result.stdout.digest == blob.digest


def test_a_worker_that_is_stopped_costs_nobody_his_verdict(program: Executable) -> None:
    with open_sandbox("namespaces", slots=1) as box:
        assert isinstance(box, NamespacesSandbox)
        assert box.run(_cat(program, b"warm")).ok
        os.kill(children(keepers(box)[0])[0], signal.SIGSTOP)
        result = box.run(_cat(program, b"innocent", cpu_s=0.5, wall_s=0.5))
        assert result.limit is None
        assert result.stdout.read() == b"innocent"


def test_a_child_lost_for_memory_is_not_charged_to_the_next_job(program: Executable) -> None:
    limits = Limits(memory_bytes=32 * MIB, output_bytes=MIB, wall_s=30)
    with open_sandbox("namespaces", slots=1) as box:
        assert isinstance(box, NamespacesSandbox)
        for _ in range(20):  # the watchdog may see the lost child before the program has ended
            lost = box.run(Job(program=program, limits=limits, args=("lose-a-child",)))
            if lost.limit is LimitKind.OUTPUT:
                break
        else:
            pytest.skip(f"the run always ends as {lost.limit}")
        if lost.memory_source == "rusage":
            pytest.skip("no control group counts what the kernel ends")
        with ThreadPoolExecutor(1) as thread:
            sleep = Job(program=program, limits=LIMITS, args=("sleep", "0.5"))
            future = thread.submit(box.run, sleep)
            os.kill(program_runs(box), signal.SIGKILL)
            result = future.result(PATIENCE_S)
        assert result.limit is None
        assert result.stdout.read() == b"slept\n"


def test_limits_of_the_caller_do_not_become_verdicts(
    program: Executable, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`ulimit -f` and the like, in the shell that we are started from. On a busy machine a worker
    has forked before anybody outside could lift them."""
    monkeypatch.setattr(resource, "prlimit", lambda *_: None)
    names = tuple(f"f{index}" for index in range(3))
    given = {"given": bytes(200_000)}
    job = Job(program=program, limits=LIMITS, args=("files", "3"), files=given, keep=names)
    kinds = (resource.RLIMIT_FSIZE, resource.RLIMIT_DATA, resource.RLIMIT_STACK)
    before = {kind: resource.getrlimit(kind) for kind in kinds}
    own = Path("/proc/self/statm").read_text().split()
    enough = int(own[5]) * resource.getpagesize() + 64 * MIB
    sizes = dict(zip(kinds, (4096, enough, 256 * 1024), strict=True))
    try:
        for kind, (_, hard) in before.items():
            resource.setrlimit(kind, (sizes[kind], hard))
        opened = open_sandbox("namespaces", slots=1)
    finally:
        for kind, pair in before.items():
            resource.setrlimit(kind, pair)
    with opened as box:
        for _ in range(3):
            result = box.run(job)
            assert result.ok
            assert [result.kept[name].size_bytes for name in names] == [65537] * 3


def test_a_job_that_is_none_fails_alone(box: NamespacesSandbox, program: Executable) -> None:
    wrong = Job(program=program, limits=LIMITS, args=("cat",), stdin=None)  # type: ignore[arg-type]
    good = _cat(program, b"good")
    with ThreadPoolExecutor(4) as threads:
        futures = [threads.submit(box.run, good) for _ in range(20)]
        bad = threads.submit(box.run, wrong)
        assert all(future.result(PATIENCE_S).stdout.read() == b"good" for future in futures)
        with pytest.raises(TypeError):
            bad.result(PATIENCE_S)


def test_a_worker_killed_with_jobs_behind_it_loses_neither_their_order_nor_a_job(
    program: Executable,
) -> None:
    """Found dead when a job is sent, and found dead when a result is awaited."""
    with open_sandbox("namespaces", slots=1) as box:
        assert isinstance(box, NamespacesSandbox)
        outputs = []
        for index, result in enumerate(
            box.run_many(_cat(program, str(i).encode()) for i in range(300))
        ):
            outputs.append(int(result.stdout.read()))
            if index % 60 == 30 and (alive := keepers(box)):
                os.kill(alive[0], signal.SIGKILL)
        assert outputs == list(range(300))
