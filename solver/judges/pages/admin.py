"""For those who run the contest: how it goes, everybody's submissions, judging them again,
freezing and thawing."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from solver.judges.pages.contest import ContestPages
from solver.judges.pages.render import Renderer
from solver.judges.server.app import Parts
from solver.judges.server.guard import Refused

PAGE_ROWS = 200
FILTERS = {"team": "team", "problem": "problem", "verdict": "words"}
"""What the page of all submissions may be asked for, and the row's value that this stands for."""


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
            again=sum(row["again"] == "waits" for row in rows),
            again_failed=[row for row in rows if row["again"] == "failed"],
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
        wanted = {name: request.query_params.get(name, "") for name in FILTERS}
        verdicts = sorted({row["words"] for row in rows})
        rows = _filtered(rows, wanted)
        return self._renderer.page(
            request,
            "admin_submissions.html",
            rows=rows[:PAGE_ROWS],
            count=len(rows),
            judged=sum(row["judgement"] is not None for row in rows),
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

    async def rejudge(self, request: Request) -> Response:
        """Has one submission judged again, or all of a team, problem or verdict."""
        form = await request.form()
        base = f"/contests/{self._parts.contest.id}"
        number = str(form.get("submission", ""))
        if number:
            if not (number.isascii() and number.isdigit() and len(number) < 18):
                raise Refused(404, "There is no such submission.")
            numbers, back = [int(number)], f"{base}/submissions/{number}"
        else:
            wanted = {name: str(form.get(name, "")) for name in FILTERS}
            rows = _filtered(await asyncio.to_thread(self._all_rows), wanted)
            # Oldest first, as they came.
            numbers = [row["id"] for row in reversed(rows)]
            back = f"{base}/admin/submissions?{urlencode(wanted)}"
        await asyncio.to_thread(self._parts.store.again.ask, numbers)
        self._parts.queue.wake()
        return RedirectResponse(back, status_code=303)

    def _back(self) -> Response:
        return RedirectResponse(f"/contests/{self._parts.contest.id}/admin", status_code=303)


def _filtered(
    rows: Sequence[Mapping[str, Any]], wanted: Mapping[str, str]
) -> list[Mapping[str, Any]]:
    """Those that have all that is wanted; an empty wish is none."""
    return [
        row
        for row in rows
        if all(not value or row[FILTERS[name]] == value for name, value in wanted.items())
    ]


def _tally(rows: Sequence[Mapping[str, Any]]) -> Mapping[str, int]:
    return {
        "tries": len(rows),
        "waits": sum(row["judgement"] is None for row in rows),
        "full": sum(row["kind"] == "full" for row in rows),
        "some": sum(row["kind"] in ("full", "part") for row in rows),
        "last_s": max((row["at_s"] for row in rows), default=0),
    }
