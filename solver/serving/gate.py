"""Before every handler: the body's size and pace, who asks, and whether he is still there."""

import asyncio
import hashlib
import hmac
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive

from sandbox.service.link import OwnerLink
from sandbox.service.work import Ask
from solver.serving.config import ServiceConfig

FRESH = "x-solver-fresh"
"""Header: do not answer this plain run from memory."""

KEY = "idempotency-key"
CLIENT = "x-solver-client"
_KEY_BYTES = 200


class Refused(Exception):
    """A request that ends with this status; the door says it in its own shape."""

    def __init__(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = dict(headers or {})


class CallerGone(Exception):
    """Whoever asked has closed the connection: there is nobody to answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who sent a request.

    Attributes:
        name: Clients of equal names share a turn and a memory.
        body: What was sent.
    """

    name: str
    body: bytes


class Gate:
    """Takes requests in for all doors."""

    def __init__(self, config: ServiceConfig, link: OwnerLink) -> None:
        self.config = config
        self.link = link

    async def admit(self, request: Request) -> Caller:
        """Checks the token and reads the body.

        Raises:
            Refused: 401, 400, 408 or 413.
            CallerGone: The connection closed in the middle of the body.
        """
        name = self._client(request)
        return Caller(name=name, body=await self._body(request))

    async def ask(
        self,
        request: Request,
        caller: Caller,
        *,
        kind: str,
        door: str,
        payload: object,
        begin_within_s: float,
        may_be_fresh: bool = False,
        on_part: Callable[[Any], None] | None = None,
    ) -> Any:
        """Has it done. An equal request that is in flight is joined; one of just now is replayed.

        Args:
            may_be_fresh: The caller may ask for a run of its own (never for what is judged).

        Raises:
            Refusal: The owner's.
            CallerGone: Who asked is gone; what was not begun is dropped.
        """
        ask = Ask(
            kind=kind,
            key=self._key(request, caller, f"{door} {kind}", may_be_fresh),
            client=caller.name,
            door=door,
            begin_before_s=time.monotonic() + begin_within_s,
            size_bytes=len(caller.body),
            payload=payload,
        )
        answer = asyncio.ensure_future(self.link.ask(ask, on_part))
        gone = asyncio.ensure_future(_disconnected(request.receive))
        try:
            await asyncio.wait((answer, gone), return_when=asyncio.FIRST_COMPLETED)
            if not answer.done():
                raise CallerGone
            return answer.result()
        finally:
            gone.cancel()
            if not answer.done():
                answer.cancel()

    def _client(self, request: Request) -> str:
        """The client's name.

        Raises:
            Refused: 401.
        """
        if not self.config.tokens:
            named = request.headers.get(CLIENT, "")[:100]
            return named or (request.client.host if request.client else "")
        kind, _, said = request.headers.get("authorization", "").partition(" ")
        token = said.strip() if kind.lower() == "bearer" else ""
        token = token or request.headers.get("x-api-key", "") or request.scope.get("url_token", "")
        for known, name in self.config.tokens.items():
            if hmac.compare_digest(known.encode(), token.encode(errors="replace")):
                return name
        raise Refused(401, "a token is needed", {"WWW-Authenticate": "Bearer"})

    async def _body(self, request: Request) -> bytes:
        most = self.config.body_bytes
        stated = request.headers.get("content-length", "0")
        if not (stated.isascii() and stated.isdigit()):
            raise Refused(400, "Content-Length is no number")
        too_large = Refused(413, f"the body is over {most} bytes", {"Connection": "close"})
        if int(stated) > most:
            raise too_large
        try:
            async with asyncio.timeout(self.config.body_s):
                parts: list[bytes] = []
                size = 0
                while True:
                    message = await request.receive()
                    if message["type"] == "http.disconnect":
                        raise CallerGone
                    part = message.get("body", b"")
                    size += len(part)
                    if size > most:
                        raise too_large
                    parts.append(part)
                    if not message.get("more_body", False):
                        return parts[0] if len(parts) == 1 else b"".join(parts)
        except TimeoutError:
            raise Refused(408, "the body came too slowly", {"Connection": "close"}) from None

    @staticmethod
    def _key(request: Request, caller: Caller, door: str, may_be_fresh: bool) -> str:
        state = hashlib.sha256(caller.body)
        for word in (door, caller.name, str(request.query_params)):
            state.update(b"\0" + word.encode(errors="replace"))
        given = request.headers.get(KEY)
        if given is not None:
            if not 0 < len(given) <= _KEY_BYTES:
                raise Refused(400, "Idempotency-Key is empty or too long")
            # With the body's digest: the same key on another body is another request.
            state.update(b"\0key\0" + given.encode(errors="replace"))
        if may_be_fresh and given is None and request.headers.get(FRESH) == "1":
            state.update(
                b"\0" + time.time_ns().to_bytes(16, "big") + id(request).to_bytes(8, "big")
            )
        return state.hexdigest()


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


GONE = Response(status_code=499)
"""For a caller that is gone; nothing of it is sent."""
