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
from sandbox.engine.engine import ATTEMPTS, Engine
from sandbox.engine.jobs import check_job, check_links
from sandbox.engine.slots import WorkSize
from sandbox.engine.wire import Reply
from sandbox.engine.worker import Worker, WorkerProcess
from sandbox.errors import InvalidJob, SandboxError, WorkerDied

_PIPE_MODE = 0o666
_POLL_S = 0.25
_CLOSE_S = 60.0


class JointRunner:
    """Keeps workers for joint runs; as many joint runs at once as there are slots."""

    def __init__(
        self, slots: int, engine: Engine, start: Callable[[int, WorkSize], WorkerProcess]
    ) -> None:
        self._engine = engine
        self._start = start
        self._slots = slots
        self._free_cores = list(range(slots))
        self._places = threading.Semaphore(slots)
        self._idle: dict[tuple[int, WorkSize], list[Worker]] = defaultdict(list)
        self._running: list[Worker] = []
        self._closed = False
        self._lock = threading.Condition()

    def run(self, jobs: Sequence[Job], links: Sequence[Link]) -> JoinedResult:
        """Runs the jobs together; see `Sandbox.run_joined`."""
        if not jobs:
            raise InvalidJob("no job to run")
        for job in jobs:
            check_job(job)
        check_links(jobs, links)
        with self._engine.solitude.beside(), self._places:
            with self._lock:
                self._require_open()
                core = self._free_cores.pop()
            try:
                for attempt in range(ATTEMPTS):
                    try:
                        return self._run_on(core, jobs, links, is_last=attempt == ATTEMPTS - 1)
                    except WorkerDied:
                        self._require_open("was")
                        if attempt == ATTEMPTS - 1:
                            raise
            finally:
                with self._lock:
                    self._free_cores.append(core)
                    self._lock.notify_all()
        raise AssertionError("unreachable")

    def close(self) -> None:
        """Ends all workers; runs that go on fail, and their own threads end their workers."""
        with self._lock:
            self._closed = True
            idle = [worker for workers in self._idle.values() for worker in workers]
            self._idle.clear()
            for worker in self._running:
                worker.hang_up()
            self._lock.wait_for(lambda: len(self._free_cores) == self._slots, _CLOSE_S)
        for worker in idle:
            worker.end()

    def _require_open(self, when: str = "is") -> None:
        if self._closed:
            raise SandboxError(f"the sandbox {when} closed")

    def _run_on(
        self, core: int, jobs: Sequence[Job], links: Sequence[Link], *, is_last: bool
    ) -> JoinedResult:
        sizes = [self._engine.size_for(job) for job in jobs]
        workers: list[Worker] = []
        finished = False
        try:
            for size in sizes:
                self._take(core, size, workers)
            self._send(workers, jobs, links)
            replies = _collect(workers, judge_overdue=is_last)
            finished = True
        finally:
            self._give_back(core, sizes, workers, usable=finished)
        failures = [reply.failure for reply in replies if reply.failure is not None]
        if failures:
            raise failures[0]
        first = min(range(len(replies)), key=lambda index: replies[index].end_s)
        results = tuple(reply.result for reply in replies if reply.result is not None)
        return JoinedResult(results=results, first_to_end=first)

    def _take(self, core: int, size: WorkSize, workers: list[Worker]) -> None:
        """Adds an idle worker, or a new one, to `workers`; close() knows of it from then on."""
        while True:
            with self._lock:
                self._require_open()
                idle = self._idle[core, size]
                worker = idle.pop() if idle else None
                if worker is not None and not worker.is_gone():
                    self._running.append(worker)
                    workers.append(worker)
                    return
            if worker is None:
                break
            worker.end()
        worker = Worker(self._start(core, size), self._engine.packer)
        with self._lock:
            self._running.append(worker)
            workers.append(worker)
            self._require_open("was")  # close() may have looked while it started

    def _give_back(
        self, core: int, sizes: Sequence[WorkSize], workers: Sequence[Worker], *, usable: bool
    ) -> None:
        """Keeps the workers for the next run; those of a run that came to nothing are ended.

        Of work folders that nobody else asks for, only those of the last run are kept.
        """
        with self._lock:
            keep = usable and not self._closed
            ended = [worker for worker in workers if not keep and not worker.ended]
            if keep:
                unusual = [key for key in self._idle if key[0] == core]
                for key in unusual:
                    if not self._engine.is_usual(key[1]) and key[1] not in sizes:
                        ended += self._idle.pop(key)
                for worker, size in zip(workers, sizes, strict=True):
                    if not worker.ended:
                        self._idle[core, size].append(worker)
        try:
            for worker in ended:
                worker.end()
        finally:
            with self._lock:
                for worker in workers:
                    self._running.remove(worker)

    def _send(self, workers: Sequence[Worker], jobs: Sequence[Job], links: Sequence[Link]) -> None:
        ends: list[dict[int, int]] = [{} for _ in jobs]
        pipes: list[int] = []
        try:
            for link in links:
                try:
                    reader, writer = os.pipe2(os.O_CLOEXEC)
                except OSError as error:
                    raise SandboxError(f"no pipe for a joint run: {error}") from error
                pipes += [reader, writer]
                os.fchmod(reader, _PIPE_MODE)  # so that /dev/fd/N can be opened by a program's uid
                ends[link.reader[0]][link.reader[1]] = reader
                ends[link.writer[0]][link.writer[1]] = writer
            with self._engine.lock:
                for worker, job, own in zip(workers, jobs, ends, strict=True):
                    self._engine.packer.next_packet()
                    record, items = self._engine.packer.pack(job, tuple(own))
                    if not worker.send([(job, record, items, tuple(own.values()))]):
                        raise WorkerDied("an idle worker takes no job")
        finally:
            for fd in pipes:
                os.close(fd)


def _collect(workers: Sequence[Worker], *, judge_overdue: bool) -> list[Reply]:
    """Waits for one reply of each worker.

    Raises:
        WorkerDied: One of them ended for a reason of its own, or went silent (that is its program's
            wall limit only with `judge_overdue`, when it has happened before).
    """
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
            late = time.monotonic() > worker.deadline_s
            if worker.fileno() not in ready and not late:
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
            elif late and worker.is_overdue():
                result = worker.postmortem(overdue=True)
                if result is None or not judge_overdue:
                    raise WorkerDied("a worker of a joint run does not answer")
                replies[index] = Reply(result=result, failure=None, end_s=time.monotonic())
    return [replies[index] for index in range(len(workers))]
