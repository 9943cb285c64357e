"""Limits on every request before a handler sees it: body size, its pace, and a team's rate."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass

from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLimits:
    """What the server puts up with.

    Attributes:
        body_bytes: Of one request, as sent (base64 of a zip archive).
        body_s: From the request's head to the end of its body.
        burst: Submissions of a team at once.
        per_minute: Submissions of a team in the long run.
        replay_s: The same content again within this time is a replay, not a new submission.
    """

    body_bytes: int = 2 * 1024 * 1024
    body_s: float = 10.0
    burst: int = 20
    per_minute: float = 60.0
    replay_s: float = 2.0


class Refused(Exception):
    """A request that ends with this status and message."""

    def __init__(self, status: int, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = headers or {}


def refusal(refused: Refused) -> JSONResponse:
    """The answer to a refused request."""
    body = {"code": refused.status, "message": refused.message}
    return JSONResponse(body, status_code=refused.status, headers=refused.headers)


def _answer(refused: Refused, scope: Scope) -> Response:
    """JSON for the API's clients, words for people."""
    if scope["path"].startswith("/api"):
        return refusal(refused)
    return PlainTextResponse(
        f"{refused.message}\n", status_code=refused.status, headers=refused.headers
    )


_DROPPED = 8
"""Bodies of this many times the limit are still read to their end before they are refused."""


class BodyLimit:
    """ASGI middleware: a body that is too large or too slow ends the request, never kept.

    The rest of one that is not much too large is read and dropped first: a connection that is
    closed over unread bytes is reset, and the client may never see why.
    """

    def __init__(self, app: ASGIApp, limits: RequestLimits) -> None:
        self._app = app
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on with its body counted."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        stated = dict(scope["headers"]).get(b"content-length", b"0")
        if not stated.isdigit():
            await _answer(Refused(400, "Content-Length is no number"), scope)(scope, receive, send)
            return
        if int(stated) > self._limits.body_bytes:
            await self._drop(receive)
            await _answer(self._too_large(), scope)(scope, receive, send)
            return
        try:
            body = await asyncio.wait_for(self._read(receive), self._limits.body_s)
        except TimeoutError:
            slow = Refused(408, "the body came too slowly", {"Connection": "close"})
            await _answer(slow, scope)(scope, receive, send)
            return
        except Refused as refused:
            await self._drop(receive)
            await _answer(refused, scope)(scope, receive, send)
            return
        if body is None:
            return
        await self._app(scope, _replay(body, receive), send)

    async def _drop(self, receive: Receive) -> None:
        """Reads on, as far as `_DROPPED` limits and for as long as a body may take."""
        left = _DROPPED * self._limits.body_bytes

        async def rest() -> None:
            nonlocal left
            more = True
            while more and left > 0:
                message = await receive()
                left -= len(message.get("body", b""))
                more = message["type"] != "http.disconnect" and message.get("more_body", False)

        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(rest(), self._limits.body_s)

    def _too_large(self) -> Refused:
        return Refused(
            413, f"the body is over {self._limits.body_bytes} bytes", {"Connection": "close"}
        )

    async def _read(self, receive: Receive) -> bytes | None:
        """The whole body; None when the client has gone."""
        parts: list[bytes] = []
        size = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            part = message.get("body", b"")
            size += len(part)
            if size > self._limits.body_bytes:
                raise self._too_large()
            parts.append(part)
            if not message.get("more_body", False):
                return b"".join(parts)


def _replay(body: bytes, receive: Receive) -> Receive:
    """A receive channel that gives the body once, then whatever the server says (disconnects)."""
    given = False

    async def channel() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return channel


class TeamRate:
    """A token bucket a team."""

    def __init__(
        self,
        limits: RequestLimits,
        now_s: Callable[[], float] = time.monotonic,
        *,
        what: str = "submissions",
    ) -> None:
        self._limits = limits
        self._what = what
        self._now_s = now_s
        self._buckets: dict[str, tuple[float, float]] = {}

    def spend(self, team: str) -> None:
        """Counts one submission.

        Raises:
            Refused: 429 with Retry-After.
        """
        now_s = self._now_s()
        per_s = self._limits.per_minute / 60.0
        left, at_s = self._buckets.get(team, (float(self._limits.burst), now_s))
        left = min(float(self._limits.burst), left + (now_s - at_s) * per_s)
        if left < 1.0:
            self._buckets[team] = (left, now_s)
            wait_s = int((1.0 - left) / per_s) + 1
            raise Refused(429, f"too many {self._what} at once", {"Retry-After": str(wait_s)})
        self._buckets[team] = (left - 1.0, now_s)
