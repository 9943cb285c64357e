"""Keeps workers busy: a queue of jobs, a few of them on their way to each core.

There is no thread of its own. Whoever waits for a result drives all workers until it is there, and
hands the wheel on to another that waits: so a lone caller pays for no hand-over, and a caller that
stops in the middle of `run_many` to run something else blocks nobody.

Serves every backend whose workers speak the worker protocol; the backend starts the workers.
"""

import select
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from itertools import islice

from sandbox.backend import Job
from sandbox.engine.alone import Quiet, Solitude
from sandbox.engine.bell import Bell
from sandbox.engine.packer import Packer
from sandbox.engine.slots import Batch, Core, Starter, Ticket, WorkSize, WorkSizes
from sandbox.engine.worker import Worker
from sandbox.errors import SandboxError, WorkerDied
from sandbox.host.descriptors import raise_soft_limit
from sandbox.result import RunResult

ATTEMPTS = 3
"""How often a job is given to a worker that then dies, before the job's caller hears of it."""

_PACKET_ROOM = 150 * 1024
_PACKET_ITEMS = 128
_WINDOW = 24
_POLL_S = 0.25


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
        self.solitude = Solitude(self.lock)
        self._cores = [Core(index) for index in range(slots)]
        raise_soft_limit()
        self._sizes = WorkSizes(sizes)
        self._start = start
        self._queue: deque[Ticket] = deque()
        self._waiting: set[Ticket | Quiet] = set()
        self._wheel = threading.Lock()
        self._bell = Bell()
        self._watched: set[int] = set()
        self._closed = False

    def warm_up(self) -> None:
        """Starts one worker, so that what the machine lacks is known at once."""
        with self.lock:
            self._worker(self._cores[0], self._sizes.usual[0])

    def size_for(self, job: Job) -> WorkSize:
        """The smallest work folder for that job; one of its own size if none is large enough."""
        return self._sizes.of(job)

    def is_usual(self, size: WorkSize) -> bool:
        """Whether workers with such a work folder are kept for good."""
        return size in self._sizes.usual

    def run(self, job: Job) -> RunResult:
        """Runs one job; see `Sandbox.run`."""
        ticket = Ticket(job, self.size_for(job))
        try:
            self._submit([ticket])
            self._wait(ticket)
        finally:
            self._cancel([ticket])
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

    def alone(self) -> AbstractContextManager[None]:
        """No job of another thread runs meanwhile; see `Sandbox.alone`."""
        return self.solitude.hold(lambda: self._wait(Quiet(self._cores)))

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
            for ticket in (
                *self._queue,
                *(ticket for core in self._cores for ticket in core.on_way),
            ):
                if not ticket.done:
                    ticket.settle(None, SandboxError("the sandbox was closed"))
            self._queue.clear()
            # Whoever is at the wheel comes back to cores that have nothing to do.
            self._bell.ring()
            for core in self._cores:
                core.on_way.clear()
                core.busy = None
                while core.workers:
                    core.workers.popitem()[1].end()
            self.packer.close()

    def _submit(self, tickets: list[Ticket]) -> None:
        with self.lock:
            if self._closed:
                raise SandboxError("the sandbox is closed")
            self.solitude.queue(tickets, self._queue)
            self._dispatch()
            # Whoever is at the wheel may be waiting for news of other workers only.
            if not self._busy().keys() <= self._watched:
                self._bell.ring()

    def _cancel(self, tickets: Iterable[Ticket]) -> None:
        with self.lock:
            for ticket in tickets:
                if not ticket.done:
                    ticket.settle(None, SandboxError("nobody waits for this run any more"))
                    if ticket in self._queue:
                        self._queue.remove(ticket)

    def _wait(self, ticket: Ticket | Quiet) -> None:
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
                if self._take_in(core) == 0 and core.busy and self._active(core).is_overdue():
                    self._bury(core, core.busy, "the worker does not answer", overdue=True)
            self._dispatch()

    def _busy(self) -> dict[int, Core]:
        """The cores that have work, by the descriptor of the worker that does it."""
        return {self._active(core).fileno(): core for core in self._cores if core.busy}

    def _active(self, core: Core) -> Worker:
        assert core.busy is not None
        return core.workers[core.busy]

    def _take_in(self, core: Core) -> int:
        assert core.busy is not None
        try:
            replies = self._active(core).receive()
        except WorkerDied as error:
            self._bury(core, core.busy, str(error))
            return 0
        except BaseException:  # Ctrl-C in the middle: what was received is not known any more
            self._bury(core, core.busy, "interrupted")
            raise
        for reply in replies:
            ticket = core.on_way.popleft()
            if not ticket.done:
                ticket.settle(reply.result, reply.failure)
            if reply.result is not None:
                core.note(reply.result)
        core.blocked = False
        if not core.on_way:
            core.busy = None
        return len(replies)

    def _bury(self, core: Core, size: WorkSize, reason: str, *, overdue: bool = False) -> None:
        """Ends a core's dead or hanging worker; its first job is judged, the others run again.

        A job is judged for what the worker's end says of it. That it went unreported says so only
        when it happens again: a worker may be stopped, or a machine busy, for reasons of its own.
        """
        worker = core.workers.pop(size)
        core.busy = None
        core.blocked = False
        waiting = [ticket for ticket in core.on_way if not ticket.done]
        first = waiting[0] if waiting and waiting[0] is core.on_way[0] else None
        core.on_way.clear()
        self._queue.extendleft(reversed(waiting))
        result = worker.postmortem(overdue=overdue)
        if first is None:
            return
        first.attempts += 1
        if result is not None and (not overdue or first.was_overdue):
            first.settle(result, None)
        elif first.attempts >= ATTEMPTS:
            first.settle(None, WorkerDied(f"no worker came to the end of the run: {reason}"))
        first.was_overdue = first.was_overdue or overdue
        if first.done:
            self._queue.remove(first)

    def _dispatch(self) -> None:
        """Gives the jobs at the head of the queue to cores that have room."""
        while self.solitude.admits(self._queue):
            size = self._queue[0].size
            fitting = [core for core in self._cores if core.takes(size)]
            if not fitting:
                return
            core = min(fitting, key=lambda core: len(core.on_way))
            room = core.depth - len(core.on_way)
            # An even share, so that one core does not take what another could do now.
            share = -(-len(self._queue) // len(self._cores))
            if not self._send(core, size, max(1, min(room, share))):
                return

    def _send(self, core: Core, size: WorkSize, most: int) -> bool:
        """Sends up to `most` jobs of that size; False if the worker takes no more now."""
        batch = Batch()
        try:
            self._pack(batch, size, most)
            if not batch.tickets:
                return True
            sent = self._worker(core, size).send(batch.packed)
        except WorkerDied as error:
            self._put_back(batch)
            # With nothing on its way it is the first of these that has cost a worker.
            if not core.on_way:
                core.on_way.append(self._queue.popleft())
            self._bury(core, size, str(error))
            return True
        except SandboxError as error:  # there is no worker
            for ticket in batch.tickets:
                ticket.settle(None, error)
            return True
        except BaseException:
            self._put_back(batch)
            if size in core.workers:  # it may have heard of the batch, or not
                self._bury(core, size, "interrupted")
            raise
        if not sent:
            self._put_back(batch)
            core.blocked = bool(core.on_way)
            return not core.blocked
        core.busy = size
        core.on_way += batch.tickets
        return True

    def _put_back(self, batch: Batch) -> None:
        self._queue.extendleft(reversed(batch.tickets))

    def _pack(self, batch: Batch, size: WorkSize, most: int) -> None:
        """Moves jobs from the head of the queue into the batch; one that cannot be run fails."""
        self.packer.next_packet()
        items_in_all = 0
        while self.solitude.admits(self._queue) and len(batch.tickets) < most:
            ticket = self._queue[0]
            if ticket.size != size:
                return
            try:
                record, items = self.packer.pack(ticket.job)
            except Exception as error:  # noqa: BLE001 - a mistake of the caller: he hears of it
                self._queue.popleft().settle(None, error)
                continue
            items_in_all += len(items)
            too_long = batch.size_bytes + len(record) > _PACKET_ROOM
            if batch.tickets and (too_long or items_in_all > _PACKET_ITEMS):
                return
            batch.tickets.append(self._queue.popleft())
            batch.packed.append((ticket.job, record, items, ()))
            batch.size_bytes += len(record)
            if len(items) > 8 or self.packer.store.is_full:
                return

    def _worker(self, core: Core, size: WorkSize) -> Worker:
        worker = core.workers.get(size)
        if worker is None:
            if size not in self._sizes.usual:
                self._retire(core)
            worker = Worker(self._start(core.index, size), self.packer)
            core.workers[size] = worker
        return worker

    def _retire(self, core: Core) -> None:
        """Ends idle workers of unusual sizes, so that a core never holds more than one of them."""
        for size in [size for size in core.workers if size not in self._sizes.usual]:
            core.workers.pop(size).end()
