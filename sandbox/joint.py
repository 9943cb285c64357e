"""Programs that run at the same time, joined by pipes: an interactor or manager and contestants.

Each job has a worker of its own, so that it has its own limits, its own namespaces and its own
result. When a program ends, all its processes are ended and its ends of the pipes close: the others
read end of file, or get SIGPIPE when they write. So nobody waits for ever, and each is also bounded
by its own wall limit.
"""

import os
import select
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence

from sandbox.backend import Job, JoinedResult, Link
from sandbox.engine import ATTEMPTS, Engine
from sandbox.errors import InvalidJob, SandboxError, WorkerDied
from sandbox.jobs import check_job, check_links
from sandbox.slots import WorkSize
from sandbox.wire import Reply
from sandbox.worker import Worker, WorkerProcess

_PIPE_MODE = 0o666
_POLL_S = 0.25


class JointRunner:
    """Keeps workers for joint runs; as many joint runs at once as there are slots."""

    def __init__(
        self, slots: int, engine: Engine, start: Callable[[int, WorkSize], WorkerProcess]
    ) -> None:
        self._engine = engine
        self._start = start
        self._free_cores = list(range(slots))
        self._places = threading.Semaphore(slots)
        self._idle: dict[tuple[int, WorkSize], list[Worker]] = defaultdict(list)
        self._lock = threading.Lock()

    def run(self, jobs: Sequence[Job], links: Sequence[Link]) -> JoinedResult:
        """Runs the jobs together; see `Sandbox.run_joined`."""
        if not jobs:
            raise InvalidJob("no job to run")
        for job in jobs:
            check_job(job)
        check_links(jobs, links)
        with self._places:
            with self._lock:
                core = self._free_cores.pop()
            try:
                for attempt in range(ATTEMPTS):
                    try:
                        return self._run_on(core, jobs, links)
                    except WorkerDied:
                        if attempt == ATTEMPTS - 1:
                            raise
            finally:
                with self._lock:
                    self._free_cores.append(core)
        raise AssertionError("unreachable")

    def close(self) -> None:
        """Ends all workers."""
        with self._lock:
            for workers in self._idle.values():
                for worker in workers:
                    worker.process.end()
            self._idle.clear()

    def _run_on(self, core: int, jobs: Sequence[Job], links: Sequence[Link]) -> JoinedResult:
        sizes = [self._engine.size_for(job) for job in jobs]
        workers: list[Worker] = []
        try:
            for size in sizes:
                workers.append(self._take(core, size))
            self._send(workers, jobs, links)
            replies = _collect(workers)
        except BaseException:
            for worker in workers:  # what they still run is of no use any more
                worker.process.end()
            raise
        alive = [worker for worker in workers if not worker.ended]
        for worker, size in zip(workers, sizes, strict=True):
            if worker in alive:
                self._idle[core, size].append(worker)
        failures = [reply.failure for reply in replies if reply.failure is not None]
        if failures:
            raise failures[0]
        first = min(range(len(replies)), key=lambda index: replies[index].end_s)
        results = tuple(reply.result for reply in replies if reply.result is not None)
        return JoinedResult(results=results, first_to_end=first)

    def _take(self, core: int, size: WorkSize) -> Worker:
        idle = self._idle[core, size]
        while idle:
            worker = idle.pop()
            if not worker.is_gone():
                return worker
            worker.process.end()
        return Worker(self._start(core, size), self._engine.packer)

    def _send(self, workers: Sequence[Worker], jobs: Sequence[Job], links: Sequence[Link]) -> None:
        ends: list[dict[int, int]] = [{} for _ in jobs]
        pipes: list[int] = []
        try:
            for link in links:
                reader, writer = os.pipe2(os.O_CLOEXEC)
                pipes += [reader, writer]
                os.fchmod(reader, _PIPE_MODE)  # so that /dev/fd/N can be opened by a program's uid
                ends[link.reader[0]][link.reader[1]] = reader
                ends[link.writer[0]][link.writer[1]] = writer
            with self._engine.lock:
                for worker, job, own in zip(workers, jobs, ends, strict=True):
                    try:
                        record, items = self._engine.packer.pack(job, tuple(own))
                    except OSError as error:
                        raise InvalidJob(f"content of the job cannot be read: {error}") from error
                    if not worker.send([(job, record, items, tuple(own.values()))]):
                        raise WorkerDied("an idle worker takes no job")
        finally:
            for fd in pipes:
                os.close(fd)


def _collect(workers: Sequence[Worker]) -> list[Reply]:
    """Waits for one reply of each worker."""
    replies: dict[int, Reply] = {}
    while len(replies) < len(workers):
        left = [index for index in range(len(workers)) if index not in replies]
        poller = select.poll()
        for index in left:
            poller.register(workers[index], select.POLLIN)
        wait_s = min(workers[index].deadline_s for index in left) - time.monotonic()
        ready = {fd for fd, _ in poller.poll(1 + 1000 * min(_POLL_S, max(0.0, wait_s)))}
        for index in left:
            worker = workers[index]
            overdue = time.monotonic() > worker.deadline_s
            if worker.fileno() not in ready and not overdue:
                continue
            try:
                received = worker.receive()
            except WorkerDied:
                result = worker.postmortem(overdue=False)
                if result is None:
                    raise
                replies[index] = Reply(result=result, failure=None, end_s=time.monotonic())
                continue
            if received:
                replies[index] = received[0]
            elif overdue:
                result = worker.postmortem(overdue=True)
                if result is None:
                    raise SandboxError("a joint run is overdue and left no result")
                replies[index] = Reply(result=result, failure=None, end_s=time.monotonic())
    return [replies[index] for index in range(len(workers))]
