"""The memory that makes a retry free: equal requests are run once, and answered again for a while.

A request is in flight until it is answered; who asks the same meanwhile joins. An answer is kept
for `KEPT_S`, up to a bound of bytes.
A failure of ours is not kept: the next one to ask tries again.
"""

import pickle
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox.service.frames import Kind
from sandbox.service.work import Ask, Refusal, Trouble

KEPT_S = 60.0
KEPT_BYTES = 256 * 1024 * 1024
MOST_FAILURES = 2
"""A request on which the service failed this often is not tried again: it may be the reason."""

FAILURES_KEPT_S = 600.0
_FAILURES_KEPT = 10_000
_ENTRY_BYTES = 1024
"""What an answer takes up besides its content, as measured over 30,000 of them."""

Deliver = Callable[[Kind, bytes], None]
"""Sends a message to one who waits; does not fail when he is gone."""


@dataclass(slots=True, eq=False)
class Pending:
    """A request that is known: waiting, running or answered.

    Attributes:
        parts: What was told so far, pickled, for those who join late.
        end: The answer, pickled, once there is one.
        begun: A thread works on it.
        size_bytes: Of all that is kept.
    """

    ask: Ask
    listeners: dict[object, Deliver] = field(default_factory=dict)
    parts: list[bytes] = field(default_factory=list)
    end: bytes | None = None
    end_s: float = 0.0
    begun: bool = False
    size_bytes: int = 0


class Answers:
    """All requests that are known, by key. Safe to use from threads."""

    def __init__(
        self,
        *,
        kept_s: float = KEPT_S,
        kept_bytes: int = KEPT_BYTES,
        failures_kept_s: float = FAILURES_KEPT_S,
    ) -> None:
        self.joined = 0
        self.replayed = 0
        self._kept_s = kept_s
        self._failures_kept_s = failures_kept_s
        self._kept_bytes = kept_bytes
        self._open: dict[str, Pending] = {}
        self._done: OrderedDict[str, Pending] = OrderedDict()
        self._done_bytes = 0
        self._failures: OrderedDict[str, tuple[int, float]] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def kept_bytes(self) -> int:
        """How much the kept answers take up."""
        return self._done_bytes

    def ask(self, ask: Ask, listener: object, deliver: Deliver) -> Pending | None:
        """Takes a request in; what is known of it already is delivered at once.

        Returns:
            The request where it is new and must be queued, else None.

        Raises:
            Refusal: BROKEN, where the service failed on it too often.
        """
        with self._lock:
            self._forget_old()
            found = self._done.get(ask.key)
            if found is not None:
                self.replayed += 1
                for part in found.parts:
                    deliver(Kind.PART, part)
                assert found.end is not None
                deliver(Kind.END, found.end)
                return None
            found = self._open.get(ask.key)
            if found is not None:
                self.joined += 1
                for part in found.parts:
                    deliver(Kind.PART, part)
                found.listeners[listener] = deliver
                return None
            if self._failed(ask.key) >= MOST_FAILURES:
                said = "the service failed on this request before and does not try it again"
                raise Refusal(Trouble.BROKEN, said)
            fresh = Pending(ask=ask, listeners={listener: deliver})
            self._open[ask.key] = fresh
            return fresh

    def leave(self, key: str, listener: object) -> Pending | None:
        """One who asked is gone.

        Returns:
            The request, where nobody else waits for it and nobody has begun it: drop it.
        """
        with self._lock:
            found = self._open.get(key)
            if found is None or found.listeners.pop(listener, None) is None:
                return None
            if found.listeners or found.begun:
                return None
            del self._open[key]
            return found

    def begin(self, pending: Pending) -> bool:
        """A thread takes it up; False if it was dropped meanwhile."""
        with self._lock:
            if self._open.get(pending.ask.key) is not pending:
                return False
            pending.begun = True
            return True

    def part(self, pending: Pending, value: object) -> None:
        """Tells all who wait a piece of the answer."""
        content = pickle.dumps(value)
        with self._lock:
            pending.parts.append(content)
            pending.size_bytes += len(content)
            for deliver in pending.listeners.values():
                deliver(Kind.PART, content)

    def settle(self, pending: Pending, value: object) -> None:
        """Tells all who wait the answer, and keeps it."""
        content = pickle.dumps(value)
        with self._lock:
            self._open.pop(pending.ask.key, None)
            pending.end = content
            pending.end_s = time.monotonic()
            pending.size_bytes += len(content) + _ENTRY_BYTES
            if pending.size_bytes <= self._kept_bytes // 8:
                self._done[pending.ask.key] = pending
                self._done_bytes += pending.size_bytes
            self._forget_old()
            listeners = list(pending.listeners.values())
            pending.listeners.clear()
            # The payload may be large, and is not needed for a replay.
            pending.ask = _without_payload(pending.ask)
        for deliver in listeners:
            deliver(Kind.END, content)

    def refuse(self, pending: Pending, refusal: Refusal) -> None:
        """Tells all who wait that there is no answer; nothing is kept."""
        with self._lock:
            self._open.pop(pending.ask.key, None)
            if refusal.trouble is Trouble.BROKEN:
                key = pending.ask.key
                self._failures[key] = self._failed(key) + 1, time.monotonic()
                while len(self._failures) > _FAILURES_KEPT:
                    self._failures.popitem(last=False)
            listeners = list(pending.listeners.values())
            pending.listeners.clear()
        for deliver in listeners:
            deliver(Kind.REFUSED, pickle.dumps(refusal))

    def _failed(self, key: str) -> int:
        """How often the service failed on this request of late."""
        times, last_s = self._failures.get(key, (0, 0.0))
        if times and time.monotonic() - last_s > self._failures_kept_s:
            del self._failures[key]
            return 0
        return times

    def _forget_old(self) -> None:
        before_s = time.monotonic() - self._kept_s
        while self._done:
            key, oldest = next(iter(self._done.items()))
            if oldest.end_s >= before_s and self._done_bytes <= self._kept_bytes:
                return
            del self._done[key]
            self._done_bytes -= oldest.size_bytes


def _without_payload(ask: Ask) -> Ask:
    return Ask(
        kind=ask.kind,
        key=ask.key,
        client=ask.client,
        door=ask.door,
        begin_before_s=ask.begin_before_s,
        size_bytes=0,
        payload=None,
    )
