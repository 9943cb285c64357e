"""What a team may read: the contest, and its own submissions and judgements."""

import asyncio
import base64
import time
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from solver.judges.server import present
from solver.judges.server.accounts import Team
from solver.judges.server.archive import read_archive
from solver.judges.server.guard import Refused
from solver.judges.server.routes import Handler, found, found_own, objects
from solver.judges.server.served import ServedContest, Shown
from solver.judges.server.store import ServerStore


class Reading:
    """The handlers of GET, the event feed left out."""

    def __init__(self, contest: ServedContest, shown: Shown, store: ServerStore) -> None:
        self._contest = contest
        self._shown = shown
        self._store = store

    def routes(self) -> dict[str, Handler]:
        """Path below a contest to its handler; "" is the contest itself."""
        return {
            "": self._contest_object,
            "/state": self._state,
            "/access": self._access,
            "/account": self._account,
            "/judgement-types": self._judgement_types,
            "/languages": self._languages,
            "/problems": self._problems,
            "/problems/{id}": self._problem,
            "/problems/{id}/statement": self._statement,
            "/teams": self._teams,
            "/teams/{id}": self._team,
            "/organizations": self._none,
            "/groups": self._none,
            "/clarifications": self._none,
            "/scoreboard": self._scoreboard,
            "/submissions": self._submissions,
            "/submissions/{id}": self._submission,
            "/submissions/{id}/files": self._files,
            "/submissions/{id}/source-code": self._source_code,
            "/judgements": self._judgements,
            "/judgements/{id}": self._judgement,
        }

    # Public parts of the contest.

    async def version(self, _: Request) -> Response:
        """What API this is; open to all."""
        return JSONResponse(present.API_VERSION)

    async def contests(self, _: Request) -> Response:
        """The one contest, as a list."""
        return JSONResponse([self._shown.contest()])

    async def _contest_object(self, _: Request) -> Response:
        return JSONResponse(self._shown.contest())

    async def _state(self, _: Request) -> Response:
        return JSONResponse(self._shown.state())

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
        return JSONResponse(self._shown.languages())

    def _check_started(self) -> None:
        if time.time() < self._contest.window.start_s:
            raise Refused(403, "the contest has not started")

    async def _problems(self, _: Request) -> Response:
        self._check_started()
        return JSONResponse(self._shown.problems())

    async def _problem(self, request: Request) -> Response:
        self._check_started()
        return JSONResponse(found(self._shown.problems(), request.path_params["id"]))

    async def _statement(self, request: Request) -> Response:
        self._check_started()
        task = self._contest.task(request.path_params["id"])
        if task is None:
            raise Refused(404, "no such problem")
        return Response(task.statement.text, media_type="text/markdown")

    async def _teams(self, _: Request) -> Response:
        return JSONResponse(self._shown.teams())

    async def _team(self, request: Request) -> Response:
        return JSONResponse(found(self._shown.teams(), request.path_params["id"]))

    async def _none(self, _: Request) -> Response:
        """A contest of ours has no objects of this kind; clients ask all the same."""
        return JSONResponse([])

    async def _scoreboard(self, _: Request) -> Response:
        return JSONResponse(await asyncio.to_thread(self._shown.scoreboard))

    # A team's own part.

    async def _submissions(self, request: Request) -> Response:
        rows = await asyncio.to_thread(self._shown.submissions, request.state.team.id)
        return objects(rows, request)

    async def _submission(self, request: Request) -> Response:
        return JSONResponse(self._shown.submission(await found_own(self._store, request)))

    async def _files(self, request: Request) -> Response:
        stored = await found_own(self._store, request)
        headers = {"Content-Disposition": 'attachment; filename="files.zip"'}
        return Response(stored.archive, media_type="application/zip", headers=headers)

    async def _source_code(self, request: Request) -> Response:
        """DOMjudge's way to the same files, which clients made for it use."""
        stored = await found_own(self._store, request)
        files: list[dict[str, Any]] = [
            {
                "id": f"{stored.id}-{number}",
                "submission_id": str(stored.id),
                "filename": name,
                "source": base64.b64encode(content).decode(),
            }
            for number, (name, content) in enumerate(read_archive(stored.archive).items())
        ]
        return JSONResponse(files)

    async def _judgements(self, request: Request) -> Response:
        rows = await asyncio.to_thread(self._shown.judgements, request.state.team.id)
        return objects(rows, request)

    async def _judgement(self, request: Request) -> Response:
        rows = await asyncio.to_thread(self._shown.judgements, request.state.team.id)
        return JSONResponse(found(rows, request.path_params["id"]))
