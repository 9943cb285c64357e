"""The pages' routes, and who may see which: one table to read."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from solver.judges.pages.admin import AdminPages
from solver.judges.pages.contest import ContestPages
from solver.judges.pages.door import Door
from solver.judges.pages.handing_in import HandingIn
from solver.judges.pages.headers import SecurityHeaders
from solver.judges.pages.render import Renderer
from solver.judges.pages.session import COOKIE, SESSION_S, Sessions, login_path
from solver.judges.server.app import Parts
from solver.judges.server.guard import Refused

STATIC = Path(__file__).parent / "static"


class Sees(Enum):
    """Who may open a page."""

    ALL = "all"
    SCOREBOARD = "whoever may see the scoreboard"
    ACCOUNTS = "whoever is logged in"
    TEAMS = "teams"
    ADMINS = "admins"


@dataclass(frozen=True, slots=True, kw_only=True)
class PagesOptions:
    """How the pages are shown.

    Attributes:
        key: Signs the cookies.
        public_scoreboard: The scoreboard is open to people who are not logged in.
        tls: The server speaks TLS: cookies are sent over nothing else.
    """

    key: str
    public_scoreboard: bool = False
    tls: bool = False


Handler = Callable[[Request], Awaitable[Response]]


def pages(options: PagesOptions) -> Callable[[Parts], ASGIApp]:
    """What `JudgeServer` puts below `/`."""
    return lambda parts: _Site(parts, options).app


class _Site:
    def __init__(self, parts: Parts, options: PagesOptions) -> None:
        self._parts = parts
        self._options = options
        self._sessions = Sessions(parts.accounts, parts.store.logins, options.key)
        self._renderer = Renderer(parts, public_scoreboard=options.public_scoreboard)
        door = Door(parts, self._sessions, self._renderer)
        contest = ContestPages(parts, self._renderer)
        hand = HandingIn(parts, self._renderer, contest)
        admin = AdminPages(parts, self._renderer)
        base = "/contests/{cid}"
        table = (
            ("/", "GET", Sees.ALL, door.front),
            ("/login", "GET", Sees.ALL, door.form),
            ("/login", "POST", Sees.ALL, door.log_in),
            ("/logout", "POST", Sees.ALL, door.log_out),
            (base, "GET", Sees.ACCOUNTS, contest.overview),
            (f"{base}/scoreboard", "GET", Sees.SCOREBOARD, contest.scoreboard),
            (f"{base}/problems/{{id}}", "GET", Sees.ACCOUNTS, contest.problem),
            (f"{base}/problems/{{id}}/files/{{name:path}}", "GET", Sees.ACCOUNTS, contest.file),
            (f"{base}/problems/{{id}}", "POST", Sees.TEAMS, hand.submit),
            (f"{base}/submissions", "GET", Sees.TEAMS, hand.submissions),
            (f"{base}/submissions/{{number}}", "GET", Sees.ACCOUNTS, hand.submission),
            (f"{base}/submissions/{{number}}/{{name}}", "GET", Sees.ACCOUNTS, hand.file),
            (f"{base}/admin", "GET", Sees.ADMINS, admin.overview),
            (f"{base}/admin/submissions", "GET", Sees.ADMINS, admin.submissions),
            (f"{base}/admin/freeze", "POST", Sees.ADMINS, admin.freeze),
            (f"{base}/admin/thaw", "POST", Sees.ADMINS, admin.thaw),
            (f"{base}/admin/rejudge", "POST", Sees.ADMINS, admin.rejudge),
        )
        routes = [
            Route(path, self._guarded(handler, sees, checked=method == "POST"), methods=[method])
            for path, method, sees, handler in table
        ]
        self.app = Starlette(
            routes=[*routes, Mount("/static", app=StaticFiles(directory=STATIC))],
            middleware=[
                Middleware(SecurityHeaders, tls=options.tls),
                Middleware(
                    SessionMiddleware,
                    secret_key=options.key,
                    session_cookie=COOKIE,
                    max_age=SESSION_S,
                    same_site="lax",
                    https_only=options.tls,
                ),
            ],
            exception_handlers={HTTPException: self._http_error, Refused: self._refused},
        )

    def _guarded(self, handler: Handler, sees: Sees, *, checked: bool) -> Handler:
        async def guarded(request: Request) -> Response:
            await asyncio.to_thread(self._prepare, request)
            who = request.state.who
            if request.path_params.get("cid", self._parts.contest.id) != self._parts.contest.id:
                raise Refused(404, "There is no such contest.")
            is_open = sees is Sees.ALL or (
                sees is Sees.SCOREBOARD and self._options.public_scoreboard
            )
            if not is_open and who is None:
                return RedirectResponse(login_path(request), status_code=303)
            if sees is Sees.ADMINS and not who.admin:
                raise Refused(403, "This page is for those who run the contest.")
            if sees is Sees.TEAMS and who.admin:
                raise Refused(403, "An admin is no team and hands nothing in.")
            if not checked:
                return await handler(request)
            # The form is kept with the request: the handler gets the same one. Closed at the end,
            # as uploads may lie in temporary files.
            async with request.form(max_part_size=self._parts.limits.body_bytes) as form:
                self._sessions.check(request, form)
                return await handler(request)

        return guarded

    def _prepare(self, request: Request) -> None:
        if not hasattr(request.state, "who"):
            request.state.who = self._sessions.who(request)
            request.state.token = self._sessions.token(request)

    async def _http_error(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        known = {404: "There is no such page.", 405: "This page cannot do that."}
        message = known.get(error.status_code, str(error.detail))
        return await self._refused(
            request, Refused(error.status_code, message, dict(error.headers or {}))
        )

    async def _refused(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, Refused)
        await asyncio.to_thread(self._prepare, request)
        return self._renderer.page(
            request,
            "error.html",
            status=error.status,
            headers=error.headers,
            message=error.message,
            code=error.status,
        )
