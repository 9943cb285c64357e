"""One caller at a time may have a sandbox to itself: what it measures is not disturbed by us.

Runs of other threads wait meanwhile; those that go on are waited for. Other processes of the
machine, another sandbox of ours among them, are not held back.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from sandbox.engine.slots import Core, Ticket


class Solitude:
    """Who may run now: everybody, or the one thread that holds it."""

    def __init__(self, lock: "threading.RLock | None" = None) -> None:
        """Args:
        lock: Guards it; None takes a lock of its own.
        """
        self._turn = threading.Lock()
        self._changed = threading.Condition(lock)
        self._holder: int | None = None
        self.runs = 0

    @contextmanager
    def beside(self) -> Iterator[None]:
        """A run beside others: waits while somebody else holds the sandbox."""
        me = threading.get_ident()
        with self._changed:
            self._changed.wait_for(lambda: self._holder in (None, me))
            self.runs += 1
        try:
            yield
        finally:
            with self._changed:
                self.runs -= 1
                self._changed.notify_all()

    @contextmanager
    def hold(self, wait: Callable[[], None] | None = None) -> Iterator[None]:
        """Keeps others out, waits until those inside have ended (by `wait`); then lets them in.

        Not to be entered twice by one thread.
        """
        with self._turn:
            with self._changed:
                self._holder = threading.get_ident()
            try:
                if wait is not None:
                    wait()
                with self._changed:
                    self._changed.wait_for(lambda: self.runs == 0)
                yield
            finally:
                with self._changed:
                    self._holder = None
                    self._changed.notify_all()

    def queue(self, tickets: Sequence[Ticket], queue: deque[Ticket]) -> None:
        """Puts tickets at their place: the holder's come before all that wait for him."""
        if self._holder != threading.get_ident():
            queue += tickets
            return
        for ticket in tickets:
            ticket.is_alone = True
        queue.extendleft(reversed(tickets))

    def admits(self, queue: deque[Ticket]) -> bool:
        """Whether there is a ticket at the head that may be sent now."""
        return bool(queue) and (self._holder is None or queue[0].is_alone)


class Quiet:
    """Waits among an engine's tickets: done when no core has work, as they are with a result."""

    def __init__(self, cores: Sequence[Core]) -> None:
        self._cores = cores
        self.wake = threading.Event()

    @property
    def done(self) -> bool:
        """No core has work."""
        return not any(core.busy for core in self._cores)
