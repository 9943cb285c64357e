"""What sandboxes whose slots are elsewhere share: jobs in lots, the lots on their way, in order."""

import itertools
import threading
from abc import abstractmethod
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

from sandbox.backend import Job, JoinedResult, Link
from sandbox.data import Blob
from sandbox.engine.jobs import check_job, check_links
from sandbox.engine.sandbox import ClosedAtExit
from sandbox.errors import InvalidJob
from sandbox.limits import MIB
from sandbox.remote.coding import Batch
from sandbox.result import RunResult

_BATCH_JOBS = 32
_BATCH_BYTES = 8 * MIB
BATCHES_A_SLOT = 2
"""Batches on their way for each slot: one is run while the next one travels."""


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
        batches = _batches(jobs, self.slots)
        waiting: deque[Future[JoinedResult]] = deque()
        try:
            while True:
                room = max(1, BATCHES_A_SLOT * self.slots - len(waiting))
                for batch in itertools.islice(batches, room):
                    work = Batch(jobs=tuple(batch), alone=alone)
                    waiting.append(self._threads.submit(self._run, work))
                if not waiting:
                    return
                yield from waiting.popleft().result().results
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

    @property
    def _is_alone(self) -> bool:
        return bool(getattr(self._here, "alone", False))


def _batches(jobs: Iterable[Job], slots: int) -> Iterator[list[Job]]:
    """Jobs in lots; the first lots are small, so that all slots have something to do."""
    batch: list[Job] = []
    size_bytes = made = 0
    for job in jobs:
        check_job(job)
        batch.append(job)
        stdin = job.stdin
        size_bytes += stdin.size_bytes if isinstance(stdin, Blob) else len(stdin)
        most = 4 if made < 2 * slots else _BATCH_JOBS
        if len(batch) >= most or size_bytes > _BATCH_BYTES:
            yield batch
            batch, size_bytes = [], 0
            made += 1
    if batch:
        yield batch
