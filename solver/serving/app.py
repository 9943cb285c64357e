"""The ASGI application of one front process: all doors over one line to the owner."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.service.link import OwnerLink
from sandbox.service.work import Refusal
from solver.serving.config import ServiceConfig
from solver.serving.doors.fusion import FusionDoor
from solver.serving.doors.jobs import JobsDoor
from solver.serving.doors.native import NativeDoor, refusal
from solver.serving.doors.piston import PistonDoor
from solver.serving.gate import GONE, CallerGone, Gate, Refused
from solver.serving.openapi import document

Handler = Callable[[Request], Awaitable[Response]]


class Front:
    """The application and its line to the owner.

    Attributes:
        app: The ASGI application.
        routes: All doors.
        stopping: `/readyz` says no, so that a balancer sends nothing more.
    """

    def __init__(self, config: ServiceConfig) -> None:
        self._link = OwnerLink(config.socket)
        self.stopping = False
        gate = Gate(config, self._link)
        fusion = FusionDoor(gate)
        native = NativeDoor(gate)
        jobs = JobsDoor(gate)
        piston = PistonDoor(gate)
        post: dict[str, Handler] = {
            "/run_code": fusion.run_code,
            "/api/v2/execute": piston.execute,
            "/v1/run": native.run,
            "/v1/judge": native.judge,
            "/v1/jobs": jobs.jobs,
            "/v1/packages": native.upload,
            "/v1/testsets": native.upload_tests,
        }
        get: dict[str, Handler] = {
            "/v1/packages/{id}": native.describe,
            "/api/v2/runtimes": piston.runtimes,
            "/v1/service": jobs.service,
            "/v1/ping": _ping,
            "/healthz": _alive,
            "/readyz": self._ready,
            "/metrics": self._metrics,
            "/openapi.json": _openapi,
        }
        self.routes = [
            *(Route(path, handler, methods=["POST"]) for path, handler in post.items()),
            *(Route(path, handler, methods=["GET"]) for path, handler in get.items()),
        ]
        starlette = Starlette(
            routes=self.routes,
            lifespan=self._lifespan,
            exception_handlers={
                HTTPException: _http_error,
                Refused: _refused,
                Refusal: _refusal,
                CallerGone: _gone,
            },
        )
        self.app: ASGIApp = LastWord(UrlToken(starlette), lambda: self.stopping)

    def stop(self) -> None:
        """Takes nothing more, finishes what it has."""
        self.stopping = True
        self._link.stop()

    @asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        self._link.start()
        try:
            yield
        finally:
            await self._link.close()

    async def _ready(self, _: Request) -> Response:
        try:
            status = await self._link.status()
        except (TimeoutError, Refusal):
            return PlainTextResponse("the owner of the slots does not answer\n", status_code=503)
        if self.stopping or not status.ready:
            return PlainTextResponse("full or stopping\n", status_code=503)
        return PlainTextResponse(f"{status.slots} slots, {status.queue} waiting\n")

    async def _metrics(self, _: Request) -> Response:
        try:
            status = await self._link.status()
        except (TimeoutError, Refusal):
            return PlainTextResponse("the owner of the slots does not answer\n", status_code=503)
        return Response(status.metrics, media_type="text/plain; version=0.0.4; charset=utf-8")


class LastWord:
    """ASGI: whoever still waits when a service that stops has waited long enough is told so.

    Without it the server answers such a request with a bare "Internal Server Error", and its log
    shows our own stop as a failure of ours.
    """

    def __init__(self, app: ASGIApp, stopping: Callable[[], bool]) -> None:
        self._app = app
        self._stopping = stopping

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers 503 where the request was cancelled before its answer began."""
        begun = False

        async def noting(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, noting)
        except asyncio.CancelledError:
            if scope["type"] != "http" or not self._stopping():
                raise
            if not begun:
                said = "the service stops, and this was not done yet: ask again, or another one"
                body = {"message": said, "detail": said}
                await JSONResponse(body, 503, {"Connection": "close"})(scope, receive, send)


class UrlToken:
    """ASGI: `/t/TOKEN/path` is `path` with that token, for clients that can send no header."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Takes the token out of the path."""
        if scope["type"] == "http" and scope["path"].startswith("/t/"):
            token, slash, path = scope["path"][3:].partition("/")
            scope = {**scope, "url_token": token, "path": slash + path, "raw_path": b""}
        await self._app(scope, receive, send)


async def _ping(_: Request) -> Response:
    return JSONResponse("pong")


async def _alive(_: Request) -> Response:
    return PlainTextResponse("alive\n")


async def _openapi(_: Request) -> Response:
    return JSONResponse(document())


async def _http_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return JSONResponse(
        {"message": error.detail}, status_code=error.status_code, headers=error.headers
    )


async def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    body = {"message": error.message, "detail": error.message}
    return JSONResponse(body, status_code=error.status, headers=error.headers)


async def _refusal(_: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    return refusal(error)


async def _gone(_: Request, __: Exception) -> Response:
    return GONE
