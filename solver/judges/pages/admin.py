"""For those who run the contest: how it goes, everybody's submissions, freezing and thawing."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from solver.judges.pages.contest import ContestPages
from solver.judges.pages.render import Renderer
from solver.judges.server.app import Parts

PAGE_ROWS = 200


class AdminPages:
    """Handlers for admins; the table of routes lets nobody else in."""

    def __init__(self, parts: Parts, renderer: Renderer) -> None:
        self._parts = parts
        self._renderer = renderer
        self._contest = ContestPages(parts, renderer)

    async def overview(self, request: Request) -> Response:
        """The clock, the queue, each problem's and each team's numbers."""
        rows = await asyncio.to_thread(self._all_rows)
        now_s = time.time()
        return self._renderer.page(
            request,
            "admin.html",
            now_s=now_s,
            ice=self._parts.shown.freeze.ice(),
            waiting=sum(row["judgement"] is None for row in rows),
            failed=[row for row in rows if row["words"] == "not judged"],
            count=len(rows),
            problems=[
                {**problem, **_tally([row for row in rows if row["problem"] == problem["id"]])}
                for problem in self._contest.labelled()
            ],
            teams=[
                {
                    "id": team.id,
                    "name": team.name,
                    **_tally([row for row in rows if row["team"] == team.id]),
                }
                for team in self._parts.accounts.teams
            ],
            recent=rows[:10],
        )

    def _all_rows(self) -> list[Mapping[str, Any]]:
        return self._contest.rows(self._parts.store.submissions(files=False), None)

    async def submissions(self, request: Request) -> Response:
        """Everybody's submissions, newest first, of a team, problem or verdict."""
        rows = await asyncio.to_thread(self._all_rows)
        wanted = {
            name: request.query_params.get(name, "") for name in ("team", "problem", "verdict")
        }
        verdicts = sorted({row["words"] for row in rows})
        fields = {"team": "team", "problem": "problem", "verdict": "words"}
        for name, value in wanted.items():
            rows = [row for row in rows if not value or row[fields[name]] == value]
        return self._renderer.page(
            request,
            "admin_submissions.html",
            rows=rows[:PAGE_ROWS],
            count=len(rows),
            wanted=wanted,
            verdicts=verdicts,
            teams=self._parts.accounts.teams,
            problems=self._contest.labelled(),
        )

    async def freeze(self, request: Request) -> Response:
        """Hides results from now on."""
        await asyncio.to_thread(self._parts.shown.freeze.freeze)
        return self._back()

    async def thaw(self, request: Request) -> Response:
        """Shows everything."""
        await asyncio.to_thread(self._parts.shown.freeze.thaw)
        return self._back()

    def _back(self) -> Response:
        return RedirectResponse(f"/contests/{self._parts.contest.id}/admin", status_code=303)


def _tally(rows: Sequence[Mapping[str, Any]]) -> Mapping[str, int]:
    return {
        "tries": len(rows),
        "waits": sum(row["judgement"] is None for row in rows),
        "full": sum(row["kind"] == "full" for row in rows),
        "some": sum(row["kind"] in ("full", "part") for row in rows),
        "last_s": max((row["at_s"] for row in rows), default=0),
    }
