"""The front page, logging in and logging out."""

import asyncio
import time

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from solver.judges.pages.render import Renderer
from solver.judges.pages.session import Sessions, way_back
from solver.judges.server.app import Parts
from solver.judges.server.guard import Refused, RequestLimits, TeamRate

TRIES = RequestLimits(burst=10, per_minute=10.0)
"""Of one account from one address: people mistype, programs guess."""
WRONG = "This name and this password do not belong together."


class Door:
    """Handlers of what everybody may open."""

    def __init__(self, parts: Parts, sessions: Sessions, renderer: Renderer) -> None:
        self._parts = parts
        self._sessions = sessions
        self._renderer = renderer
        self._names = {each.id for each in (*parts.accounts.teams, *parts.accounts.admins)}
        self._tries = TeamRate(TRIES, what="tries to log in")

    async def front(self, request: Request) -> Response:
        """The contests of this server: one."""
        return self._renderer.page(request, "front.html", now_s=time.time())

    async def form(self, request: Request) -> Response:
        """The login form."""
        back = way_back(request.query_params.get("next"))
        if request.state.who is not None:
            return RedirectResponse(back, status_code=303)
        return self._renderer.page(request, "login.html", back=back, user="", wrong="")

    async def log_in(self, request: Request) -> Response:
        """Begins a session, or shows the form again."""
        form = await request.form()
        user, password = str(form.get("user", ""))[:200], str(form.get("password", ""))[:1000]
        back = way_back(form.get("next"))
        address = request.client.host if request.client else ""
        # Names that nobody has share a bucket: a guesser fills no memory with them.
        known = user if user in self._names else "?"
        try:
            self._tries.spend(f"{address} {known}")
        except Refused as refused:
            wait_s = refused.headers["Retry-After"]
            return self._again(request, back, user, f"Too many tries: wait {wait_s} s.", refused)
        account = await asyncio.to_thread(self._parts.accounts.check, user, password)
        if account is None:
            return self._again(request, back, user, WRONG, Refused(401, WRONG))
        await asyncio.to_thread(self._sessions.log_in, request, account)
        if back == "/":
            back = f"/contests/{self._parts.contest.id}{'/admin' if account.admin else ''}"
        return RedirectResponse(back, status_code=303)

    def _again(
        self, request: Request, back: str, user: str, wrong: str, refused: Refused
    ) -> Response:
        return self._renderer.page(
            request,
            "login.html",
            status=refused.status,
            headers=refused.headers,
            back=back,
            user=user,
            wrong=wrong,
        )

    async def log_out(self, request: Request) -> Response:
        """Ends the session."""
        await asyncio.to_thread(self._sessions.log_out, request)
        return RedirectResponse("/", status_code=303)
