"""The ASGI application: the Contest API's endpoints for teams, under `/api/`.

A team sees the contest, its own submissions and its own judgements; no endpoint serves a test.
"""

import asyncio
import base64
import binascii
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from problems.task import Task
from sandbox.data import digest_of
from solver.judges.server import present
from solver.judges.server.accounts import Accounts, Team
from solver.judges.server.archive import BadArchive, pack_files, unpack
from solver.judges.server.guard import BodyLimit, Refused, RequestLimits, TeamRate, refusal
from solver.judges.server.judging import Grader, JudgingQueue
from solver.judges.server.present import Window
from solver.judges.server.store import ServerStore, StoredSubmission

KEEP_ALIVE_S = 60.0
FEED_POLL_S = 0.25
Handler = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedContest:
    """What is served.

    Attributes:
        id: The contest's id in the API.
        tests: Problem to its number of hidden tests.
        languages: Language id to its name.
        submission_limit: Submissions a problem and team; None for no limit.
        interval_s: Least time between two submissions of a team to one problem.
        window: When submissions are taken.
    """

    id: str
    title: str
    tasks: tuple[Task, ...]
    graders: Mapping[str, Grader]
    tests: Mapping[str, int]
    languages: Mapping[str, str]
    window: Window
    submission_limit: int | None = None
    interval_s: float = 0.0

    @property
    def scored(self) -> bool:
        """Any problem gives points."""
        return any(task.scored for task in self.tasks)

    def task(self, name: str) -> Task | None:
        """The problem of this id."""
        return next((task for task in self.tasks if task.name == name), None)


class JudgeServer:
    """The handlers and what they share."""

    def __init__(
        self,
        contest: ServedContest,
        accounts: Accounts,
        store: ServerStore,
        limits: RequestLimits | None = None,
    ) -> None:
        self._contest = contest
        self._accounts = accounts
        self._store = store
        self._limits = limits or RequestLimits()
        self._rate = TeamRate(self._limits)
        self._queue = JudgingQueue(
            store,
            contest.graders,
            scored={task.name: task.scored for task in contest.tasks},
        )
        # One writer at a time: limits are checked and the submission is kept in one step.
        self._submitting = asyncio.Lock()
        self.app = self._build()

    def _build(self) -> Starlette:
        base = "/api/contests/{cid}"
        get: dict[str, Handler] = {
            "/api/contests": self._contests,
            base: self._contest_object,
            f"{base}/state": self._state,
            f"{base}/access": self._access,
            f"{base}/account": self._account,
            f"{base}/judgement-types": self._judgement_types,
            f"{base}/languages": self._languages,
            f"{base}/problems": self._problems,
            f"{base}/problems/{{id}}": self._problem,
            f"{base}/problems/{{id}}/statement": self._statement,
            f"{base}/teams": self._teams,
            f"{base}/teams/{{id}}": self._team,
            f"{base}/submissions": self._submissions,
            f"{base}/submissions/{{id}}": self._submission,
            f"{base}/submissions/{{id}}/files": self._files,
            f"{base}/judgements": self._judgements,
            f"{base}/judgements/{{id}}": self._judgement,
            f"{base}/event-feed": self._event_feed,
        }
        routes = [Route("/api/", self._guarded(self._version, open_to_all=True), methods=["GET"])]
        routes += [
            Route(path, self._guarded(handler), methods=["GET"]) for path, handler in get.items()
        ]
        routes.append(Route(f"{base}/submissions", self._guarded(self._submit), methods=["POST"]))

        @asynccontextmanager
        async def lifespan(_: Starlette) -> AsyncIterator[None]:
            self._queue.start()
            try:
                yield
            finally:
                await asyncio.to_thread(self._queue.close)
                self._store.close()

        return Starlette(
            routes=routes,
            lifespan=lifespan,
            middleware=[Middleware(BodyLimit, limits=self._limits)],
            exception_handlers={HTTPException: self._http_error, Refused: self._refused},
        )

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
                request.state.team = await self._login(request)
                cid = request.path_params.get("cid")
                if cid is not None and cid != self._contest.id:
                    raise Refused(404, "no such contest")
            return await handler(request)

        return guarded

    async def _login(self, request: Request) -> Team:
        """The team of the request's Basic credentials.

        Raises:
            Refused: 401.
        """
        missing = Refused(
            401, "log in with a team's id and password", {"WWW-Authenticate": "Basic"}
        )
        kind, _, encoded = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "basic":
            raise missing
        try:
            decoded = base64.b64decode(encoded, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise missing from None
        user, colon, password = decoded.partition(":")
        if not colon:
            raise missing
        # scrypt takes its time: not on the loop.
        team = await asyncio.to_thread(self._accounts.check, user, password)
        if team is None:
            raise missing
        return team

    # Public parts of the contest.

    async def _version(self, _: Request) -> Response:
        return JSONResponse(present.API_VERSION)

    def _shown_contest(self) -> dict[str, Any]:
        contest = self._contest
        return present.contest(contest.id, contest.title, contest.window, scored=contest.scored)

    async def _contests(self, _: Request) -> Response:
        return JSONResponse([self._shown_contest()])

    async def _contest_object(self, _: Request) -> Response:
        return JSONResponse(self._shown_contest())

    async def _state(self, _: Request) -> Response:
        return JSONResponse(present.state(self._contest.window, time.time()))

    async def _access(self, _: Request) -> Response:
        return JSONResponse(present.access())

    async def _account(self, request: Request) -> Response:
        team: Team = request.state.team
        return JSONResponse(
            {"id": team.id, "username": team.id, "type": "team", "team_id": team.id}
        )

    async def _judgement_types(self, _: Request) -> Response:
        return JSONResponse(list(present.JUDGEMENT_TYPES))

    async def _languages(self, _: Request) -> Response:
        return JSONResponse(
            [present.language(each, name) for each, name in self._contest.languages.items()]
        )

    def _open(self) -> None:
        if time.time() < self._contest.window.start_s:
            raise Refused(403, "the contest has not started")

    def _shown_problems(self) -> list[dict[str, Any]]:
        contest = self._contest
        return [
            present.problem(contest.id, task, ordinal, tests=contest.tests[task.name])
            for ordinal, task in enumerate(contest.tasks)
        ]

    async def _problems(self, _: Request) -> Response:
        self._open()
        return JSONResponse(self._shown_problems())

    async def _problem(self, request: Request) -> Response:
        self._open()
        return JSONResponse(_found(self._shown_problems(), request.path_params["id"]))

    async def _statement(self, request: Request) -> Response:
        self._open()
        task = self._contest.task(request.path_params["id"])
        if task is None:
            raise Refused(404, "no such problem")
        return Response(task.statement.text, media_type="text/markdown")

    def _shown_teams(self) -> list[dict[str, Any]]:
        return [present.team(each) for each in self._accounts.teams]

    async def _teams(self, _: Request) -> Response:
        return JSONResponse(self._shown_teams())

    async def _team(self, request: Request) -> Response:
        return JSONResponse(_found(self._shown_teams(), request.path_params["id"]))

    # A team's own part.

    def _shown_submission(self, stored: StoredSubmission) -> dict[str, Any]:
        return present.submission(self._contest.id, stored, self._contest.window)

    async def _submissions(self, request: Request) -> Response:
        stored = await asyncio.to_thread(self._store.submissions, request.state.team.id)
        return JSONResponse(_filtered([self._shown_submission(each) for each in stored], request))

    async def _own(self, request: Request) -> StoredSubmission:
        """The team's own submission of the path's id; another team's is as if it were not there."""
        number = request.path_params["id"]
        found = None
        if number.isascii() and number.isdigit() and len(number) < 18:
            found = await asyncio.to_thread(self._store.submission, int(number))
        if found is None or found.team != request.state.team.id:
            raise Refused(404, "no such submission")
        return found

    async def _submission(self, request: Request) -> Response:
        return JSONResponse(self._shown_submission(await self._own(request)))

    async def _files(self, request: Request) -> Response:
        stored = await self._own(request)
        headers = {"Content-Disposition": 'attachment; filename="files.zip"'}
        return Response(stored.archive, media_type="application/zip", headers=headers)

    def _shown_judgements(self, team: str) -> list[dict[str, Any]]:
        return [
            present.judgement(each, self._contest.window) for each in self._store.judgements(team)
        ]

    async def _judgements(self, request: Request) -> Response:
        rows = await asyncio.to_thread(self._shown_judgements, request.state.team.id)
        return JSONResponse(_filtered(rows, request))

    async def _judgement(self, request: Request) -> Response:
        rows = await asyncio.to_thread(self._shown_judgements, request.state.team.id)
        return JSONResponse(_found(rows, request.path_params["id"]))

    # Submitting.

    async def _submit(self, request: Request) -> Response:
        team: Team = request.state.team
        now_s = time.time()
        window = self._contest.window
        if not window.start_s <= now_s < window.end_s:
            raise Refused(403, "the contest is not running")
        fields = await asyncio.to_thread(self._checked, await request.body(), team, now_s)
        key = request.headers.get("Idempotency-Key")
        if key is not None and not 0 < len(key) <= 200:
            raise Refused(400, "Idempotency-Key is empty or too long")
        async with self._submitting:
            stored, new = await asyncio.to_thread(self._keep, fields, key, team, now_s)
        if new:
            self._queue.wake()
        shown = self._shown_submission(stored)
        location = f"/api/contests/{self._contest.id}/submissions/{stored.id}"
        return JSONResponse(shown, headers={"Location": location})

    def _checked(self, body: bytes, team: Team, now_s: float) -> dict[str, Any]:
        """The fields of a submission.

        Raises:
            Refused: 400 or 413, saying what is wrong.
        """
        try:
            parsed = json.loads(body)
        except (ValueError, RecursionError):
            raise Refused(400, "the body is not JSON") from None
        if not isinstance(parsed, dict):
            raise Refused(400, "the body is not an object")
        for name in ("id", "time", "contest_time"):
            if name in parsed:
                raise Refused(400, f"a team may not set {name!r}")
        if parsed.get("team_id", team.id) != team.id:
            raise Refused(403, "team_id is not the team that is logged in")
        task = self._contest.task(_text(parsed, "problem_id"))
        if task is None:
            raise Refused(400, "no such problem")
        language = _text(parsed, "language_id")
        if language not in self._contest.languages:
            raise Refused(400, "no such language")
        if task.languages and language not in task.languages:
            raise Refused(400, "the problem does not allow this language")
        entry_point = parsed.get("entry_point")
        if entry_point is None and language == "java":
            raise Refused(400, "entry_point is required for java")
        if entry_point is not None and not isinstance(entry_point, str):
            raise Refused(400, "entry_point is not a string")
        try:
            files = unpack(_data(parsed), limit_bytes=task.limits.code_bytes)
        except BadArchive as error:
            raise Refused(413 if error.too_large else 400, str(error)) from None
        archive = pack_files(files)
        return {
            "team": team.id,
            "problem": task.name,
            "language": language,
            "entry_point": entry_point,
            "at_s": now_s,
            "archive": archive,
            "digest": digest_of(f"{task.name}\0{language}\0".encode() + archive),
        }

    def _keep(
        self, fields: Mapping[str, Any], key: str | None, team: Team, now_s: float
    ) -> tuple[StoredSubmission, bool]:
        if key is not None:
            known = self._store.by_key(team.id, key)
            if known is not None:
                if known.digest != fields["digest"]:
                    raise Refused(422, "this Idempotency-Key was used for another submission")
                return known, False
        twin = self._store.recent_twin(team.id, fields["digest"], now_s - self._limits.replay_s)
        if twin is not None and key is None:
            raise Refused(409, f"the same content came just now as submission {twin}")
        contest = self._contest
        count, last_s = self._store.count(team.id, fields["problem"])
        if contest.submission_limit is not None and count >= contest.submission_limit:
            raise Refused(403, f"all {contest.submission_limit} submissions are spent")
        if contest.interval_s and last_s is not None and now_s - last_s < contest.interval_s:
            wait_s = int(contest.interval_s - (now_s - last_s)) + 1
            raise Refused(429, "too soon after the last one", {"Retry-After": str(wait_s)})
        self._rate.spend(team.id)
        return self._store.add(fields, key), True

    # The event feed.

    async def _event_feed(self, request: Request) -> Response:
        token = request.query_params.get("since_token", "0")
        if not (token.isascii() and token.isdigit() and len(token) < 12):
            raise Refused(400, "since_token is none of ours")
        return StreamingResponse(
            self._feed(request, request.state.team.id, int(token)),
            media_type="application/x-ndjson",
        )

    def _events(self, team: str) -> list[tuple[str, dict[str, Any]]]:
        """All that the team may see, each object once, in an order that only ever grows."""
        contest = self._contest
        events: list[tuple[str, dict[str, Any]]] = [("contest", self._shown_contest())]
        events += [("judgement-types", dict(each)) for each in present.JUDGEMENT_TYPES]
        events += [
            ("languages", present.language(each, name)) for each, name in contest.languages.items()
        ]
        events += [("teams", each) for each in self._shown_teams()]
        if time.time() >= contest.window.start_s:
            events += [("problems", each) for each in self._shown_problems()]
            events.append(("state", present.state(contest.window, contest.window.start_s)))
        submissions = self._store.submissions(team)
        happened = [
            (each.at_s, 0, each.id, "submissions", self._shown_submission(each))
            for each in submissions
        ]
        happened += [
            (each.end_s, 1, each.submission, "judgements", present.judgement(each, contest.window))
            for each in self._store.judgements(team)
        ]
        events += [(kind, shown) for *_, kind, shown in sorted(happened, key=lambda row: row[:3])]
        if time.time() >= contest.window.end_s and not self._store.pending():
            events.append(("state", present.state(contest.window, time.time())))
        return events

    async def _feed(self, request: Request, team: str, sent: int) -> AsyncIterator[bytes]:
        quiet_since_s = time.monotonic()
        while not await request.is_disconnected():
            events = await asyncio.to_thread(self._events, team)
            for number, (kind, shown) in enumerate(events[sent:], start=sent + 1):
                # Objects that there is one of have no id in a notification.
                single = kind in ("contest", "state")
                line = {
                    "token": str(number),
                    "type": kind,
                    "id": None if single else shown["id"],
                    "data": shown,
                }
                yield json.dumps(line).encode() + b"\n"
                quiet_since_s = time.monotonic()
                if kind == "state" and shown["end_of_updates"] is not None:
                    return
            sent = max(sent, len(events))
            if time.monotonic() - quiet_since_s > KEEP_ALIVE_S:
                yield b"\n"
                quiet_since_s = time.monotonic()
            await asyncio.sleep(FEED_POLL_S)


def _text(parsed: Mapping[str, Any], name: str) -> str:
    value = parsed.get(name)
    if not isinstance(value, str):
        raise Refused(400, f"{name} is missing or not a string")
    return value


def _data(parsed: Mapping[str, Any]) -> str:
    files = parsed.get("files")
    if not isinstance(files, list) or len(files) != 1 or not isinstance(files[0], dict):
        raise Refused(400, "files is not a list of one object")
    mime = files[0].get("mime", "application/zip")
    if mime != "application/zip":
        raise Refused(400, "files[0].mime is not application/zip")
    return _text(files[0], "data")


def _found(rows: list[dict[str, Any]], wanted: str) -> dict[str, Any]:
    for row in rows:
        if row["id"] == wanted:
            return row
    raise Refused(404, "no such object")


def _filtered(rows: list[dict[str, Any]], request: Request) -> list[dict[str, Any]]:
    """Contest API, "Filtering": equality on the object's own properties."""
    wanted = dict(request.query_params)
    return [row for row in rows if all(row.get(name) == value for name, value in wanted.items())]
