"""The owner of all slots: hears asks from the front processes, lets clients take turns, answers."""

import contextlib
import logging
import pickle
import socket
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sandbox.errors import CompilerMissing, InvalidJob, SandboxError, UnknownLanguage
from sandbox.service.answers import Answers, Pending
from sandbox.service.frames import Kind, frame, read_frame
from sandbox.service.metrics import OwnerMetrics
from sandbox.service.programs import Parked
from sandbox.service.queue import STOPPING, STOPPING_RETRY_S, FairQueue, QueueBounds
from sandbox.service.work import Ask, Refusal, Trouble

STATUS = "status"
"""Kind of an ask that is answered at once, beside the queue."""

_SEND_S = 30.0
_BACKLOG = 64

Emit = Callable[[object], None]


Handler = Callable[[Any, Emit, Callable[[], None]], object]
"""Serves one kind of asks, from any thread: gets the payload, `emit` for a piece of the answer, and
`resume`. It returns the answer, or raises Parked (it is taken up again once `resume` is called),
or a Refusal, or one of the sandbox's errors."""


class Owner:
    """Serves asks that come over a socket of the file system until it is told to stop."""

    def __init__(
        self,
        path: Path,
        handlers: Mapping[str, Handler],
        *,
        threads: int,
        slots: int,
        bounds: QueueBounds | None = None,
        answers: Answers | None = None,
    ) -> None:
        """Args:
        path: Of the socket; its folder is nobody else's.
        handlers: By the kind of ask.
        threads: How many asks are worked on at once.
        slots: Of the sandbox, for the report of how busy it is.
        """
        self._handlers = handlers
        self.answers = answers or Answers()
        self.queue: FairQueue[Pending] = FairQueue(
            bounds or QueueBounds(), client_takes=max(1, threads - 1)
        )
        self.busy = 0
        self.slots = slots
        self._lock = threading.Lock()
        self.metrics = OwnerMetrics(self.queue, self.answers, lambda: self.busy, slots)
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(str(path))
        self._listener.listen(_BACKLOG)
        self._workers = [
            threading.Thread(target=self._work, name=f"work-{number}", daemon=True)
            for number in range(threads)
        ]

    def start(self) -> None:
        """Begins to hear and to work; returns at once."""
        for worker in self._workers:
            worker.start()
        threading.Thread(target=self._accept, name="accept", daemon=True).start()

    def stop(self, within_s: float) -> bool:
        """Takes no more asks, finishes what waits; whether it was done in time."""
        self.queue.close()
        until_s = time.monotonic() + within_s
        for worker in self._workers:
            worker.join(max(0.0, until_s - time.monotonic()))
        return not any(worker.is_alive() for worker in self._workers)

    def _accept(self) -> None:
        while True:
            try:
                stream, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._hear, args=(stream,), daemon=True).start()

    def _hear(self, stream: socket.socket) -> None:
        """One front process, until it is gone; then nobody waits for what it asked."""
        line = _Line(stream)
        keys: dict[int, str] = {}
        while (message := read_frame(stream)) is not None:
            kind, number, content = message
            if kind is Kind.ASK:
                ask: Ask = pickle.loads(content)
                keys[number] = ask.key
                self._take_in(ask, line, number, keys)
            elif kind is Kind.CANCEL and (key := keys.pop(number, None)) is not None:
                self._leave(key, (line, number))
        line.close()
        for number, left in list(keys.items()):
            self._leave(left, (line, number))

    def _take_in(self, ask: Ask, line: "_Line", number: int, keys: dict[int, str]) -> None:
        def deliver(kind: Kind, content: bytes) -> None:
            if kind is not Kind.PART:
                keys.pop(number, None)
            line.send(frame(kind, number, content))

        if ask.kind == STATUS:
            deliver(Kind.END, pickle.dumps(self.metrics.status()))
            return
        try:
            fresh = self.answers.ask(ask, (line, number), deliver)
            if fresh is None:
                return
            try:
                self.queue.put(fresh)
            except Refusal as refusal:
                self.metrics.refused(ask.door, refusal)
                self.answers.refuse(fresh, refusal)
        except Refusal as refusal:
            deliver(Kind.REFUSED, pickle.dumps(refusal))

    def _leave(self, key: str, listener: object) -> None:
        dropped = self.answers.leave(key, listener)
        if dropped is not None:
            self.metrics.gone(dropped.ask.door)
            self.queue.drop(dropped)

    def _work(self) -> None:
        while (pending := self.queue.take()) is not None:
            with self._lock:
                self.busy += 1
            try:
                if self.answers.begin(pending):
                    self._serve(pending)
            finally:
                with self._lock:
                    self.busy -= 1
                self.queue.done(pending)

    def _serve(self, pending: Pending) -> None:
        ask = pending.ask
        begun_s = time.monotonic()
        try:
            if begun_s > ask.begin_before_s:
                raise Refusal(Trouble.EXPIRED, "it waited too long for a slot", 2.0)
            handler = self._handlers.get(ask.kind)
            if handler is None:
                raise Refusal(Trouble.INVALID, f"nothing here serves {ask.kind!r}")
            value = handler(
                ask.payload,
                lambda part: self.answers.part(pending, part),
                lambda: self.queue.put_back(pending),
            )
        except Parked:
            return
        except Refusal as refusal:
            self._tell(pending, refusal)
        except (InvalidJob, UnknownLanguage, CompilerMissing) as error:
            self._refuse(pending, Trouble.INVALID, str(error))
        except SandboxError as error:
            self._fail(pending, f"{type(error).__name__}: {error}")
        except Exception as error:  # a thread that ends serves nobody any more
            logging.getLogger(__name__).exception("an ask of kind %s failed", ask.kind)
            self._fail(pending, f"{type(error).__name__}")
        else:
            self.metrics.answered(ask.door, value, time.monotonic() - begun_s)
            self.answers.settle(pending, value)

    def _fail(self, pending: Pending, message: str) -> None:
        """What was running when the sandbox was closed under it has not failed: another service,
        or the next one, runs it."""
        if self.queue.is_closed:
            self._tell(pending, Refusal(Trouble.FULL, STOPPING, STOPPING_RETRY_S))
        else:
            self._refuse(pending, Trouble.BROKEN, message)

    def _refuse(self, pending: Pending, trouble: Trouble, message: str) -> None:
        self._tell(pending, Refusal(trouble, message))

    def _tell(self, pending: Pending, refusal: Refusal) -> None:
        self.metrics.refused(pending.ask.door, refusal)
        self.answers.refuse(pending, refusal)


class _Line:
    """The sending end of a connection; threads take turns."""

    def __init__(self, stream: socket.socket) -> None:
        # A front process that is stopped must not hold up the threads that answer it.
        seconds = int(_SEND_S)
        stream.setsockopt(
            socket.SOL_SOCKET,
            socket.SO_SNDTIMEO,
            seconds.to_bytes(8, "little") + (0).to_bytes(8, "little"),
        )
        self._stream = stream
        self._lock = threading.Lock()
        self._closed = False

    def send(self, content: bytes) -> None:
        """Sends; where that fails, the line is closed and its reader sees it end."""
        with self._lock:
            if self._closed:
                return
            try:
                self._stream.sendall(content)
            except OSError:
                self._closed = True
                with contextlib.suppress(OSError):
                    self._stream.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Closes it."""
        with self._lock:
            self._closed = True
            self._stream.close()
