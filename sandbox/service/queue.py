"""What waits for a slot: bounded in all and for each client, and clients take turns."""

import threading
from collections import Counter, OrderedDict, deque
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from sandbox.service.work import Ask, Refusal, Trouble

STOPPING = "the service is stopping"
STOPPING_RETRY_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueBounds:
    """How much may wait.

    Attributes:
        asks: In all.
        client_asks: Of one client.
        size_bytes: Of all requests together.
    """

    asks: int = 8192
    client_asks: int = 4096
    size_bytes: int = 1 << 30


class Waiting(Protocol):
    """What the queue holds."""

    @property
    def ask(self) -> Ask:
        """The request."""


T = TypeVar("T", bound=Waiting)


class FairQueue(Generic[T]):
    """First come, first served within a client; clients in turn. Safe to use from threads.

    Whoever takes an item says when it is `done`: a client whose items take long leaves some of the
    takers to others.
    """

    def __init__(self, bounds: QueueBounds, *, client_takes: int = 1 << 30) -> None:
        """Args:
        client_takes: How many of a client's items may be taken and not done at one moment.
        """
        self._bounds = bounds
        self._client_takes = client_takes
        self._taken: Counter[str] = Counter()
        self._clients: OrderedDict[str, deque[T]] = OrderedDict()
        self._back: deque[T] = deque()
        self._count = 0
        self._bytes = 0
        self._closed = False
        self._changed = threading.Condition()

    def __len__(self) -> int:
        return self._count

    @property
    def is_closed(self) -> bool:
        """Whether the service is stopping."""
        return self._closed

    @property
    def is_full(self) -> bool:
        """Whether the next one would be refused."""
        return self._count >= self._bounds.asks or self._bytes >= self._bounds.size_bytes

    def put(self, item: T) -> None:
        """Queues it.

        Raises:
            Refusal: FULL.
        """
        with self._changed:
            if self._closed:
                raise Refusal(Trouble.FULL, STOPPING, STOPPING_RETRY_S)
            mine = self._clients.get(item.ask.client)
            if self.is_full or (mine is not None and len(mine) >= self._bounds.client_asks):
                raise Refusal(Trouble.FULL, f"{self._count} requests wait already", 2.0)
            if mine is None:
                mine = self._clients[item.ask.client] = deque()
            mine.append(item)
            self._count += 1
            self._bytes += item.ask.size_bytes
            self._changed.notify()

    def put_back(self, item: T) -> None:
        """Queues one that was taken already, before all others."""
        with self._changed:
            self._back.append(item)
            self._count += 1
            self._bytes += item.ask.size_bytes
            self._changed.notify()

    def take(self) -> T | None:
        """The next one, waited for; None once the queue is closed and empty."""
        with self._changed:
            while True:
                item = self._next()
                if item is not None:
                    break
                if self._closed and not self._count:
                    return None
                self._changed.wait()
            self._taken[item.ask.client] += 1
            self._count -= 1
            self._bytes -= item.ask.size_bytes
            return item

    def done(self, item: T) -> None:
        """One that was taken is not worked on any more."""
        with self._changed:
            client = item.ask.client
            self._taken[client] -= 1
            if not self._taken[client]:
                del self._taken[client]
            self._changed.notify_all()

    def _next(self) -> T | None:
        if self._back:
            return self._back.popleft()
        for client, mine in self._clients.items():
            if self._taken[client] < self._client_takes:
                item = mine.popleft()
                del self._clients[client]
                if mine:
                    self._clients[client] = mine
                return item
        return None

    def drop(self, item: T) -> bool:
        """Takes one out that nobody waits for any more; False if it was taken already."""
        with self._changed:
            mine = self._clients.get(item.ask.client, deque())
            for place in (mine, self._back):
                if item in place:
                    place.remove(item)
                    if not mine:
                        self._clients.pop(item.ask.client, None)
                    self._count -= 1
                    self._bytes -= item.ask.size_bytes
                    return True
            return False

    def close(self) -> None:
        """Takes nothing more; what waits is still given out."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
