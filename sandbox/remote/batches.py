"""What sandboxes whose slots are elsewhere share: jobs in lots, the lots on their way, in order."""

import itertools
import threading
from abc import abstractmethod
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager

from sandbox.backend import Job, JoinedResult, Link
from sandbox.data import Blob
from sandbox.engine.jobs import check_job, check_links
from sandbox.engine.sandbox import ClosedAtExit
from sandbox.errors import InvalidJob
from sandbox.limits import MIB
from sandbox.remote.coding import Batch
from sandbox.result import RunResult

_FEWEST_JOBS = 4
_MOST_JOBS = 128
_BATCH_S = 0.1
"""How much work a batch is meant to be: the shorter the runs, the more of them travel together."""

_BATCH_BYTES = 8 * MIB
BATCHES_A_SLOT = 2
"""Batches on their way for each slot: one is run while the next one travels."""

_AHEAD = 8
"""Batches for each slot that are done or on their way while the first is waited for: a slow program
keeps one slot, and the others go on with what comes after it."""


class BatchSandbox(ClosedAtExit):
    """A sandbox that has batches run. Safe to use from threads."""

    slots: int

    def __init__(self, threads: int, name: str) -> None:
        """Args:
        threads: How many batches may be waited for at once.
        name: Of the threads.
        """
        self._here = threading.local()
        self._turn = threading.Lock()
        self._usual_s = 0.003
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix=name)

    @abstractmethod
    def _run(self, batch: Batch) -> JoinedResult:
        """Has one batch run, wherever that is; waits for it."""

    def run(self, job: Job) -> RunResult:
        """Runs one job; see `Sandbox.run`."""
        check_job(job)
        return self._run(Batch(jobs=(job,), alone=self._is_alone)).results[0]

    def run_many(self, jobs: Iterable[Job]) -> Iterator[RunResult]:
        """Runs jobs wherever there is room; see `Sandbox.run_many`."""
        alone = self._is_alone
        batches = _batches(jobs, self.slots, lambda: int(_BATCH_S / self._usual_s))
        waiting: deque[Future[JoinedResult]] = deque()
        try:
            while True:
                going = [future for future in waiting if not future.done()]
                room = min(
                    BATCHES_A_SLOT * self.slots - len(going), _AHEAD * self.slots - len(waiting)
                )
                for batch in itertools.islice(batches, max(room, 0 if waiting else 1)):
                    work = Batch(jobs=tuple(batch), alone=alone)
                    going.append(self._threads.submit(self._run, work))
                    waiting.append(going[-1])
                if not waiting:
                    return
                if not waiting[0].done():
                    # Whoever ended since `going` was counted is among them: it is not slept over.
                    wait(going, return_when=FIRST_COMPLETED)
                    continue
                results = waiting.popleft().result().results
                self._note(results)
                yield from results
        finally:
            for future in waiting:
                future.cancel()

    def run_joined(self, jobs: Sequence[Job], links: Sequence[Link]) -> JoinedResult:
        """Runs jobs joined by pipes, in one place; see `Sandbox.run_joined`."""
        if not jobs:
            raise InvalidJob("no job to run")
        for job in jobs:
            check_job(job)
        check_links(jobs, links)
        batch = Batch(jobs=tuple(jobs), links=tuple(links), joined=True, alone=self._is_alone)
        return self._run(batch)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Jobs of this thread have the place where they run to themselves; see `Sandbox.alone`."""
        with self._turn:
            self._here.alone = True
            try:
                yield
            finally:
                self._here.alone = False

    def close(self) -> None:
        """Begins no batch any more."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _note(self, results: Sequence[RunResult]) -> None:
        """Learns how long a run usually is; on a busy machine the clock does not say it."""
        work_s = sum(max(result.cpu_s, result.wall_s / 20) for result in results) / len(results)
        self._usual_s = max(1e-4, self._usual_s + 0.2 * (work_s - self._usual_s))

    @property
    def _is_alone(self) -> bool:
        return bool(getattr(self._here, "alone", False))


def _batches(jobs: Iterable[Job], slots: int, usual: Callable[[], int]) -> Iterator[list[Job]]:
    """Jobs in lots. The first lots are small, and none is more than its part of what went before,
    so that all slots have something to do however few jobs there are.

    Args:
        usual: How many jobs make up a batch of the usual length.
    """
    batch: list[Job] = []
    size_bytes = made = 0
    for job in jobs:
        check_job(job)
        batch.append(job)
        stdin = job.stdin
        size_bytes += stdin.size_bytes if isinstance(stdin, Blob) else len(stdin)
        most = max(_FEWEST_JOBS, min(made // (2 * max(1, slots)), usual(), _MOST_JOBS))
        if len(batch) >= most or size_bytes > _BATCH_BYTES:
            yield batch
            made += len(batch)
            batch, size_bytes = [], 0
    if batch:
        yield batch
