"""Joint runs and their workers: none outlives its sandbox, none is kept that nobody asks for."""

import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from sandbox import Executable, Job, Limits, Link, open_sandbox
from sandbox.backends.namespaces import NamespacesSandbox
from sandbox.errors import SandboxError
from sandbox.faults.traces import children, own_groups
from sandbox.limits import MIB
from tests.sandbox.core.shortage import descriptors_left, until

PATIENCE_S = 60
LINKS = (Link(writer=(0, 1), reader=(1, 0)), Link(writer=(1, 1), reader=(0, 0)))
PROGRAM = """
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
int main(int n, char **a) {
  int answer = -1;
  if (n > 1) usleep(1e6 * atof(a[1]));
  printf("7\\n");
  fflush(stdout);
  return scanf("%d", &answer) != 1 || answer != 7;
}
"""


@pytest.fixture(scope="module")
def talker(build: Callable[..., Executable]) -> Executable:
    return build(PROGRAM)


@pytest.fixture
def box() -> Iterator[NamespacesSandbox]:
    with open_sandbox("namespaces", slots=2) as opened:
        assert isinstance(opened, NamespacesSandbox)
        yield opened


def _pair(talker: Executable, delay: str = "0", **limits: float) -> list[Job]:
    job = Job(program=talker, limits=Limits(**limits), args=(delay,))  # type: ignore[arg-type]
    return [job, job]


def _idle_keepers(box: NamespacesSandbox) -> list[int]:
    idle = box._joint._idle
    return [worker.process.pid for workers in idle.values() for worker in workers]  # type: ignore[attr-defined]


def _our_children() -> set[int]:
    return set(children(os.getpid()))


def _talking(before: set[int], pairs: int) -> None:
    """Waits until that many pairs of programs run in workers that were not there before."""

    def programs() -> int:
        fresh = _our_children() - before
        slots = [slot for keeper in fresh for slot in children(keeper)]
        return sum(len(children(slot)) for slot in slots)

    until(lambda: programs() >= 2 * pairs, "the pairs talk")


def test_closing_ends_joint_runs_and_their_workers(talker: Executable) -> None:
    groups, before = set(own_groups()), _our_children()
    box = open_sandbox("namespaces", slots=2)
    with ThreadPoolExecutor(3) as threads:
        jobs = _pair(talker, "80", wall_s=90.0)
        futures = [threads.submit(box.run_joined, jobs, LINKS) for _ in range(3)]
        _talking(before, 2)
        box.close()
        for future in futures:
            with pytest.raises(SandboxError, match="closed"):
                future.result(PATIENCE_S)
    assert set(own_groups()) == groups
    assert _our_children() <= before
    with pytest.raises(SandboxError, match="closed"):
        box.run_joined(_pair(talker), LINKS)
    assert _our_children() <= before


def test_closing_at_any_moment_of_joint_runs(talker: Executable) -> None:
    """Workers start, run, are given back: wherever close() meets them, nothing is left."""
    groups, before = set(own_groups()), _our_children()
    for finished in (0, 0, 1, 2, 5, 9):
        box = open_sandbox("namespaces", slots=2)
        done: list[bool] = []

        def talk(box: object = box, done: list[bool] = done) -> None:
            assert isinstance(box, NamespacesSandbox)
            while True:
                joined = box.run_joined(_pair(talker), LINKS)
                done.append(all(result.ok for result in joined.results))

        with ThreadPoolExecutor(3) as threads:
            futures = [threads.submit(talk) for _ in range(3)]
            until(lambda: len(done) >= finished, "some are done")  # noqa: B023
            box.close()
            for future in futures:
                with pytest.raises(SandboxError, match="closed"):
                    future.result(PATIENCE_S)
        assert all(done)
        assert set(own_groups()) == groups
        assert _our_children() <= before


def test_workers_of_unusual_sizes_are_not_hoarded(
    box: NamespacesSandbox, talker: Executable
) -> None:
    for mib in range(600, 606):
        assert box.run_joined(_pair(talker, disk_bytes=mib * MIB), LINKS).results[0].ok
        assert len(_idle_keepers(box)) <= 2 * box.slots
    usual = box.run_joined(_pair(talker), LINKS)
    assert usual.results[0].ok
    assert len(_idle_keepers(box)) <= 2 * box.slots


def test_workers_of_one_size_are_used_again(box: NamespacesSandbox, talker: Executable) -> None:
    for _ in range(3 * box.slots):
        assert box.run_joined(_pair(talker, disk_bytes=600 * MIB), LINKS).results[0].ok
    first = set(_idle_keepers(box))
    assert box.run_joined(_pair(talker, disk_bytes=600 * MIB), LINKS).results[0].ok
    assert set(_idle_keepers(box)) == first


def test_a_stopped_worker_is_no_time_limit(box: NamespacesSandbox, talker: Executable) -> None:
    assert box.run_joined(_pair(talker), LINKS).results[0].ok
    for keeper in _idle_keepers(box):
        os.kill(children(keeper)[0], signal.SIGSTOP)
    joined = box.run_joined(_pair(talker, wall_s=0.6), LINKS)
    assert [result.limit for result in joined.results] == [None, None]
    assert all(result.ok for result in joined.results)


def test_every_shortage_of_descriptors_is_an_error_of_ours(
    box: NamespacesSandbox, talker: Executable
) -> None:
    outcomes = set()
    for count in range(0, 70, 3):
        with descriptors_left(count):
            try:
                joined = box.run_joined(_pair(talker), LINKS)
                outcomes.add(all(result.ok for result in joined.results))
            except SandboxError:
                outcomes.add("error")
    assert outcomes == {True, "error"}
    assert box.run_joined(_pair(talker), LINKS).results[0].ok
