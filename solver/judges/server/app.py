"""The ASGI application: the Contest API's endpoints for teams, under `/api/` (and `/api/v4/`, where
clients made for DOMjudge look for it).

A team sees the contest, its own submissions and its own judgements; no endpoint serves a test.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp

from solver.judges.server.accounts import Accounts
from solver.judges.server.feed import Feed
from solver.judges.server.guard import BodyLimit, Refused, RequestLimits, refusal
from solver.judges.server.judging import JudgingQueue
from solver.judges.server.login import login
from solver.judges.server.reading import Reading
from solver.judges.server.routes import Handler
from solver.judges.server.served import ServedContest, Shown
from solver.judges.server.store import ServerStore
from solver.judges.server.submitting import Submitting

__all__ = ["JudgeServer", "ServedContest"]

ROOTS = ("/api/v4", "/api")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What every door of the server shares."""

    contest: ServedContest
    accounts: Accounts
    store: ServerStore
    shown: Shown
    submitting: Submitting
    queue: JudgingQueue
    limits: RequestLimits


class JudgeServer:
    """The application and what its handlers share.

    Attributes:
        left_waiting: Submissions that waited for the judge when the server had ended.
    """

    def __init__(
        self,
        contest: ServedContest,
        accounts: Accounts,
        store: ServerStore,
        limits: RequestLimits | None = None,
        pages: Callable[[Parts], ASGIApp] | None = None,
        end_judging: Callable[[], object] | None = None,
    ) -> None:
        """Args:
        contest: What is served.
        accounts: Who may log in.
        store: What is kept.
        limits: What the server puts up with.
        pages: Makes what people see below `/`; None serves the API alone.
        end_judging: Closes the graders' sandbox, so that no end waits for a program; None leaves
            it open.
        """
        self._end_judging = end_judging
        self.left_waiting = 0
        self._contest = contest
        self._accounts = accounts
        self._store = store
        self._queue = JudgingQueue(
            store,
            contest.graders,
            scored={task.name: task.scored for task in contest.tasks},
        )
        limits = limits or RequestLimits()
        shown = Shown(contest, accounts, store)
        self._reading = Reading(contest, shown, store)
        self._feed = Feed(contest, shown, store)
        submitting = Submitting(contest, shown, store, self._queue, limits)
        self.parts = Parts(
            contest=contest,
            accounts=accounts,
            store=store,
            shown=shown,
            submitting=submitting,
            queue=self._queue,
            limits=limits,
        )
        below = () if pages is None else (Mount("/", app=pages(self.parts)),)
        self.app = Starlette(
            routes=[*(Mount(root, routes=self._routes()) for root in ROOTS), *below],
            lifespan=self._lifespan,
            middleware=[Middleware(BodyLimit, limits=limits)],
            exception_handlers={HTTPException: self._http_error, Refused: self._refused},
        )

    def _routes(self) -> list[BaseRoute]:
        base = "/contests/{cid}"
        get = {base + path: handler for path, handler in self._reading.routes().items()}
        get |= {
            "/contests": self._reading.contests,
            f"{base}/event-feed": self._feed.event_feed,
        }
        submit = self._guarded(self.parts.submitting.submit)
        return [
            Route("/", self._guarded(self._reading.version, open_to_all=True), methods=["GET"]),
            *(
                Route(path, self._guarded(handler), methods=["GET"])
                for path, handler in get.items()
            ),
            Route(f"{base}/submissions", submit, methods=["POST"]),
        ]

    def stop(self) -> None:
        """The server is about to end: event feeds do, and nothing more is judged."""
        self._feed.stop()
        self._queue.stop()

    @asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        self._queue.start()
        try:
            yield
        finally:
            self.stop()
            if self._end_judging is not None:
                await asyncio.to_thread(self._end_judging)
            await asyncio.to_thread(self._queue.close)
            self.left_waiting = len(self._store.pending())
            self._store.close()

    @staticmethod
    async def _http_error(_: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        refused = Refused(error.status_code, str(error.detail), dict(error.headers or {}))
        return refusal(refused)

    @staticmethod
    async def _refused(_: Request, error: Exception) -> Response:
        assert isinstance(error, Refused)
        return refusal(error)

    def _guarded(self, handler: Handler, *, open_to_all: bool = False) -> Handler:
        async def guarded(request: Request) -> Response:
            if not open_to_all:
                request.state.team = await login(request, self._accounts)
                cid = request.path_params.get("cid")
                if cid is not None and cid != self._contest.id:
                    raise Refused(404, "no such contest")
            return await handler(request)

        return guarded
