"""A front process's line to the owner: asks go out, answers come back, and an owner that dies
and is started again is asked again. Work is not durable, and need not be: equal asks are equal."""

import asyncio
import contextlib
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sandbox.service.frames import HEAD, Kind, frame
from sandbox.service.metrics import Status
from sandbox.service.owner import STATUS
from sandbox.service.queue import STOPPING, STOPPING_RETRY_S
from sandbox.service.work import Ask, Refusal, Trouble

MOST_SENDS = 4
"""How often one ask is given to an owner that then dies: it may be why."""

_RECONNECT_S = 0.05


class _Waiting:
    """An ask on its way."""

    def __init__(self, ask: Ask, on_part: Callable[[Any], None] | None) -> None:
        self.content = pickle.dumps(ask)
        self.on_part = on_part
        self.told = 0
        self.skip = 0
        self.sends = 0
        self.answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

    def refuse(self, refusal: Refusal) -> None:
        """Ends it, unless it has ended."""
        if not self.answer.done():
            self.answer.set_exception(refusal)


class OwnerLink:
    """The line; used from one event loop."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._waiting: dict[int, _Waiting] = {}
        self._next = 0
        self._is_stopping = False
        self._writer: asyncio.StreamWriter | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Connects, and again whenever the line breaks."""
        self._task = asyncio.get_running_loop().create_task(self._keep_up())

    def stop(self) -> None:
        """The service stops: an owner that is gone is not started again, and what it was asked is
        refused at once, so that callers ask another service. One that is there still answers."""
        self._is_stopping = True

    async def close(self) -> None:
        """Lets the line go."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def ask(self, ask: Ask, on_part: Callable[[Any], None] | None = None) -> Any:
        """The answer. Cancelled, it tells the owner that nobody waits.

        Raises:
            Refusal: There is none.
        """
        if self._is_stopping and self._writer is None:
            raise Refusal(Trouble.FULL, STOPPING, STOPPING_RETRY_S)
        number = self._next = (self._next + 1) % (1 << 32)
        waiting = _Waiting(ask, on_part)
        self._waiting[number] = waiting
        self._send(number, waiting)
        try:
            return await waiting.answer
        finally:
            del self._waiting[number]
            if not waiting.answer.done() or waiting.answer.cancelled():
                self._write(frame(Kind.CANCEL, number))

    async def status(self, within_s: float = 5.0) -> Status:
        """What the owner says of itself.

        Raises:
            TimeoutError: It does not answer.
        """
        ask = Ask(
            kind=STATUS,
            key="",
            client="",
            door="",
            begin_before_s=0.0,
            size_bytes=0,
            payload=None,
        )
        answer: Status = await asyncio.wait_for(self.ask(ask), within_s)
        return answer

    def _send(self, number: int, waiting: _Waiting) -> None:
        if self._writer is None:
            return  # sent when there is a line
        waiting.sends += 1
        waiting.skip = waiting.told
        self._write(frame(Kind.ASK, number, waiting.content))

    def _write(self, content: bytes) -> None:
        if self._writer is not None:
            self._writer.write(content)

    async def _keep_up(self) -> None:
        while True:
            try:
                reader, writer = await asyncio.open_unix_connection(str(self._path))
            except OSError:
                if self._is_stopping:
                    for waiting in self._waiting.values():
                        waiting.refuse(Refusal(Trouble.FULL, STOPPING, STOPPING_RETRY_S))
                await asyncio.sleep(_RECONNECT_S)
                continue
            self._writer = writer
            for number, waiting in list(self._waiting.items()):
                if waiting.sends >= MOST_SENDS:
                    said = f"the service ended {waiting.sends} times in the middle of this request"
                    waiting.refuse(Refusal(Trouble.BROKEN, said))
                else:
                    self._send(number, waiting)
            try:
                await self._hear(reader)
            except (OSError, asyncio.IncompleteReadError):
                pass
            finally:
                self._writer = None
                writer.close()

    async def _hear(self, reader: asyncio.StreamReader) -> None:
        while True:
            kind, number, size_bytes = HEAD.unpack(await reader.readexactly(HEAD.size))
            content = await reader.readexactly(size_bytes)
            waiting = self._waiting.get(number)
            if waiting is None or waiting.answer.done():
                continue
            value = pickle.loads(content)
            if kind == Kind.PART:
                # After a new start the owner tells again what was told already.
                if waiting.skip:
                    waiting.skip -= 1
                elif waiting.on_part is not None:
                    waiting.told += 1
                    waiting.on_part(value)
            elif kind == Kind.END:
                waiting.answer.set_result(value)
            else:
                waiting.answer.set_exception(value)
