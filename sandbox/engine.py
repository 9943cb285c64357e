"""Keeps workers busy: a queue of jobs, a few of them on their way to each core.

There is no thread of its own. Whoever waits for a result drives all workers until it is there, and
hands the wheel on to another that waits: so a lone caller pays for no hand-over, and a caller that
stops in the middle of `run_many` to run something else blocks nobody.

Serves every backend whose workers speak the worker protocol; the backend starts the workers.
"""

import contextlib
import select
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from sandbox.backend import Job
from sandbox.bell import Bell
from sandbox.content import Item
from sandbox.errors import InvalidJob, SandboxError, WorkerDied
from sandbox.packer import Packer
from sandbox.result import RunResult
from sandbox.slots import Core, Ticket, WorkSize
from sandbox.worker import Worker, WorkerProcess

ATTEMPTS = 3
"""How often a job is given to a worker that then dies, before the job's caller hears of it."""

DEEP_S = 0.006
"""How much work, in seconds, may wait in a worker; more jobs of it at once means fewer wake-ups."""

MAX_DEPTH = 16
_PACKET_ROOM = 150 * 1024
_WINDOW = 24
_POLL_S = 0.25


Starter = Callable[[int, WorkSize], WorkerProcess]


class Engine:
    """Runs jobs on `slots` cores by workers that `start` makes when they are first needed."""

    def __init__(self, slots: int, sizes: tuple[WorkSize, ...], start: Starter) -> None:
        """Args:
        slots: How many jobs run at once.
        sizes: Work folders, smallest first; a job goes to the first that it fits into.
        start: Starts the worker of a core, with a work folder of that size.
        """
        self.packer = Packer()
        self.lock = threading.RLock()
        self._cores = [Core(index) for index in range(slots)]
        self._sizes = sizes
        self._start = start
        self._queue: deque[Ticket] = deque()
        self._waiting: set[Ticket] = set()
        self._wheel = threading.Lock()
        self._bell = Bell()
        self._watched: set[int] = set()
        self._closed = False

    def warm_up(self) -> None:
        """Starts one worker, so that what the machine lacks is known at once."""
        with self.lock:
            self._worker(self._cores[0], self._sizes[0])

    def size_for(self, job: Job) -> WorkSize:
        """The smallest work folder for that job; one of its own size if none is large enough."""
        for size in self._sizes:
            if size.fits(job.limits):
                return size
        return WorkSize(disk_bytes=job.limits.disk_bytes, files=job.limits.files)

    def run(self, job: Job) -> RunResult:
        """Runs one job; see `Sandbox.run`."""
        ticket = Ticket(job, self.size_for(job))
        self._submit([ticket])
        self._wait(ticket)
        return ticket.value()

    def run_many(self, jobs: Iterable[Job]) -> Iterator[RunResult]:
        """Runs jobs on all slots; see `Sandbox.run_many`."""
        source = iter(jobs)
        window: deque[Ticket] = deque()
        most = _WINDOW * len(self._cores)
        more = True
        try:
            while True:
                if more and len(window) <= most // 2:
                    fresh = [
                        Ticket(job, self.size_for(job))
                        for job in islice(source, most - len(window))
                    ]
                    more = bool(fresh)
                    window += fresh
                    self._submit(fresh)
                if not window:
                    return
                ticket = window.popleft()
                self._wait(ticket)
                yield ticket.value()
        finally:
            self._cancel(window)

    def workers_cpu_s(self) -> float:
        """CPU time of the workers' control groups so far."""
        with self.lock:
            workers = [worker for core in self._cores for worker in core.workers.values()]
            groups = [worker.process.group for worker in workers]
            return sum(group.cpu_s() for group in groups if group is not None)

    def close(self) -> None:
        """Ends all workers; jobs that still wait fail."""
        with self.lock:
            self._closed = True
            for ticket in self._queue:
                ticket.settle(None, SandboxError("the sandbox was closed"))
            self._queue.clear()
            for core in self._cores:
                for worker in core.workers.values():
                    worker.process.end()
                for ticket in core.on_way:
                    ticket.settle(None, SandboxError("the sandbox was closed"))
                core.workers.clear()
                core.on_way.clear()
            self.packer.close()

    def _submit(self, tickets: list[Ticket]) -> None:
        with self.lock:
            if self._closed:
                raise SandboxError("the sandbox is closed")
            self._queue += tickets
            self._dispatch()
            # Whoever is at the wheel may be waiting for news of other workers only.
            if not self._busy().keys() <= self._watched:
                self._bell.ring()

    def _cancel(self, tickets: Iterable[Ticket]) -> None:
        with self.lock:
            for ticket in tickets:
                if not ticket.done:
                    ticket.settle(None, SandboxError("nobody waits for this run any more"))
                    with contextlib.suppress(ValueError):
                        self._queue.remove(ticket)

    def _wait(self, ticket: Ticket) -> None:
        while not ticket.done:
            if self._wheel.acquire(blocking=False):
                try:
                    while not ticket.done:
                        self._drive()
                finally:
                    self._wheel.release()
                    self._hand_on()
            else:
                with self.lock:
                    self._waiting.add(ticket)
                # The wheel may have been let go before we were known to wait: look again soon.
                ticket.wake.wait(_POLL_S)
                with self.lock:
                    self._waiting.discard(ticket)
                    if not ticket.done:
                        ticket.wake.clear()

    def _hand_on(self) -> None:
        with self.lock:
            for ticket in self._waiting:
                if not ticket.done:
                    ticket.wake.set()
                    return

    def _drive(self) -> None:
        """Waits for news of any worker, takes it in, and sends what can be sent."""
        poller = select.poll()
        poller.register(self._bell, select.POLLIN)
        with self.lock:
            self._bell.hush()
            busy = self._busy()
            self._watched = set(busy)
            for fd in busy:
                poller.register(fd, select.POLLIN)
            deadline = min((self._active(core).deadline_s for core in busy.values()), default=0.0)
        left_s = min(_POLL_S, max(0.0, deadline - time.monotonic()))
        ready = poller.poll(left_s * 1000 + 1)
        with self.lock:
            for fd, _ in ready:
                core = busy.get(fd)  # none for the bell
                if core is not None and core.busy and self._active(core).fileno() == fd:
                    self._take_in(core)
            now = time.monotonic()
            for core in self._cores:
                if not core.busy or now <= self._active(core).deadline_s:
                    continue
                # The last word counts: it may have come while we were not looking.
                if self._take_in(core) == 0 and core.busy:
                    self._bury(core, overdue=True)
            self._dispatch()

    def _busy(self) -> dict[int, Core]:
        """The cores that have work, by the descriptor of the worker that does it."""
        return {self._active(core).fileno(): core for core in self._cores if core.busy}

    def _active(self, core: Core) -> Worker:
        assert core.busy is not None
        return core.workers[core.busy]

    def _take_in(self, core: Core) -> int:
        worker = self._active(core)
        try:
            replies = worker.receive()
        except WorkerDied:
            self._bury(core, overdue=False)
            return 0
        for reply in replies:
            ticket = core.on_way.popleft()
            if not ticket.done:
                ticket.settle(reply.result, reply.failure)
            if reply.result is not None:
                # On a busy machine the clock says nothing about how much work a run is.
                work_s = max(reply.result.cpu_s, reply.result.wall_s / 20)
                core.usual_s += 0.2 * (work_s - core.usual_s)
        core.blocked = False
        if not core.on_way:
            core.busy = None
        return len(replies)

    def _bury(self, core: Core, *, overdue: bool) -> None:
        """Ends a dead or hanging worker; its first job is judged, the others run again."""
        assert core.busy is not None
        worker = core.workers.pop(core.busy)
        result = worker.postmortem(overdue=overdue)
        core.busy = None
        core.blocked = False
        on_way = list(core.on_way)
        core.on_way.clear()
        first = on_way.pop(0) if on_way else None
        if first is not None and not first.done:
            first.attempts += 1
            if result is not None:
                first.settle(result, None)
            elif first.attempts >= ATTEMPTS:
                first.settle(None, WorkerDied("the worker ended in the middle of the run"))
            else:
                on_way.insert(0, first)
        self._queue.extendleft(ticket for ticket in reversed(on_way) if not ticket.done)

    def _dispatch(self) -> None:
        """Gives the jobs at the head of the queue to cores that have room."""
        while self._queue:
            core = self._roomiest(self._queue[0].size)
            if core is None:
                return
            size = self._queue[0].size
            room = self._depth(core) - len(core.on_way)
            # An even share, so that one core does not take what another could do now.
            share = -(-len(self._queue) // len(self._cores))
            if not self._send(core, size, max(1, min(room, share))):
                return

    def _depth(self, core: Core) -> int:
        if core.usual_s > 0.02:
            return 1 if core.usual_s > 0.1 else 2
        return max(2, min(MAX_DEPTH, int(DEEP_S / max(core.usual_s, 1e-4))))

    def _roomiest(self, size: WorkSize) -> Core | None:
        """The core with the fewest jobs on their way that can take one of that size."""
        fitting = [
            core
            for core in self._cores
            if (core.busy is None or core.busy == size)
            and not core.blocked
            and len(core.on_way) < self._depth(core)
        ]
        return min(fitting, key=lambda core: len(core.on_way), default=None)

    def _send(self, core: Core, size: WorkSize, most: int) -> bool:
        """Sends up to `most` jobs of that size; False if the worker takes no more now."""
        batch: list[tuple[Job, bytes, list[Item], tuple[int, ...]]] = []
        tickets: list[Ticket] = []
        total = 0
        while self._queue and len(tickets) < most and self._queue[0].size == size:
            ticket = self._queue[0]
            try:
                record, items = self.packer.pack(ticket.job)
            except SandboxError as error:
                self._queue.popleft().settle(None, error)
                continue
            except OSError as error:
                failure = InvalidJob(f"content of the job cannot be read: {error}")
                self._queue.popleft().settle(None, failure)
                continue
            except BaseException:  # a mistake of the caller must not stay at the head of the queue
                self._queue.popleft().settle(None, SandboxError("the job is none"))
                raise
            if batch and (total + len(record) > _PACKET_ROOM or len(items) > 64):
                break
            self._queue.popleft()
            batch.append((ticket.job, record, items, ()))
            tickets.append(ticket)
            total += len(record)
            if len(items) > 8:
                break
        if not batch:
            return True
        sent = False
        try:
            worker = self._worker(core, size)
            sent = worker.send(batch)
        except WorkerDied:
            dead = core.workers.pop(size)
            dead.postmortem(overdue=False)
            core.busy = None
            self._queue.extendleft(reversed(core.on_way))
            core.on_way.clear()
        except SandboxError as error:
            for ticket in tickets:
                ticket.settle(None, error)
            return True
        if not sent:
            core.blocked = bool(core.on_way)
            self._queue.extendleft(reversed(tickets))
            return not core.blocked
        core.busy = size
        core.on_way += tickets
        return True

    def _worker(self, core: Core, size: WorkSize) -> Worker:
        worker = core.workers.get(size)
        if worker is None:
            if size not in self._sizes:
                self._retire(core)
            worker = Worker(self._start(core.index, size), self.packer)
            core.workers[size] = worker
        return worker

    def _retire(self, core: Core) -> None:
        """Ends idle workers of unusual sizes, so that a core never holds more than one of them."""
        for size in [size for size in core.workers if size not in self._sizes]:
            core.workers.pop(size).process.end()
