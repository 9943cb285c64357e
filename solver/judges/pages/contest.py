"""A contest's pages: its problems, their statements, the scoreboard."""

import asyncio
import secrets
import time
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from problems.task import Task
from problems.verdict import POINTS_TOLERANCE
from solver.judges.pages.render import Renderer, judged, points_text
from solver.judges.pages.statement import statement_html
from solver.judges.server.accounts import Team
from solver.judges.server.app import Parts
from solver.judges.server.guard import Refused
from solver.judges.server.stored import StoredSubmission


class ContestPages:
    """Handlers, and the rows that other pages show as well."""

    def __init__(self, parts: Parts, renderer: Renderer) -> None:
        self._parts = parts
        self._renderer = renderer

    def check_started(self, who: Team) -> None:
        """Lets a team see nothing before the start.

        Raises:
            Refused: 403.
        """
        if not who.admin and time.time() < self._parts.contest.window.start_s:
            raise Refused(403, "The contest has not started.")

    def labelled(self) -> list[Mapping[str, Any]]:
        """The problems as the API shows them, each with its task."""
        tasks = self._parts.contest.tasks
        shown = self._parts.shown.problems()
        return [{**row, "task": task} for row, task in zip(shown, tasks, strict=True)]

    def rows(
        self, submissions: Sequence[StoredSubmission], team: str | None
    ) -> list[Mapping[str, Any]]:
        """Submissions as people read them, newest first.

        Args:
            submissions: Of one team, or of all.
            team: Whose judgements to look at; None for everybody's.
        """
        by_id = {each.submission: each for each in self._parts.store.judgements(team)}
        again = self._parts.store.again.states()
        labels = {row["id"]: row for row in self.labelled()}
        languages = self._parts.contest.languages
        names = {each.id: each.name for each in self._parts.accounts.teams}
        window = self._parts.contest.window
        rows: list[Mapping[str, Any]] = []
        for each in reversed(submissions):
            problem = labels.get(each.problem)
            judgement = by_id.get(each.id)
            max_points = problem.get("max_score") if problem else None
            rows.append(
                {
                    "id": each.id,
                    "at_s": each.at_s,
                    "contest_s": each.at_s - window.start_s,
                    "team": each.team,
                    "team_name": names.get(each.team, each.team),
                    "problem": each.problem,
                    "label": problem["label"] if problem else "?",
                    "title": problem["name"] if problem else each.problem,
                    "language": languages.get(each.language, each.language),
                    "judgement": judgement,
                    "again": again.get(each.id, ""),
                    **judged(judgement, max_points),
                }
            )
        return rows

    def _own(self, who: Team) -> list[StoredSubmission]:
        return self._parts.store.submissions(who.id, files=False)

    async def overview(self, request: Request) -> Response:
        """Problems, rules, and how the team stands in each."""
        who: Team = request.state.who
        contest = self._parts.contest
        now_s = time.time()
        started = who.admin or now_s >= contest.window.start_s
        problems = self.labelled() if started else []
        submissions = await asyncio.to_thread(self._own, who)
        rows = await asyncio.to_thread(self.rows, submissions, who.id)
        return self._renderer.page(
            request,
            "contest.html",
            problems=[{**row, **_standing(row["id"], rows)} for row in problems],
            recent=rows[:8],
            now_s=now_s,
            ice=self._parts.shown.freeze.ice(),
        )

    def found(self, request: Request) -> Mapping[str, Any]:
        """The path's problem.

        Raises:
            Refused: 404, or 403 before the start.
        """
        self.check_started(request.state.who)
        for row in self.labelled():
            if row["id"] == request.path_params["id"]:
                return row
        raise Refused(404, "There is no such problem.")

    async def problem(self, request: Request) -> Response:
        """Statement, form, and the team's submissions to it."""
        return await self.problem_page(request)

    async def problem_page(
        self, request: Request, *, refused: Refused | None = None, typed: str = ""
    ) -> Response:
        """The problem's page, with what the form held and why it was refused."""
        row = self.found(request)
        task: Task = row["task"]
        who: Team = request.state.who
        contest = self._parts.contest
        own = await asyncio.to_thread(self._own, who)
        own = [each for each in own if each.problem == task.name]
        allowed = {
            each: name
            for each, name in contest.languages.items()
            if not task.languages or each in task.languages
        }
        spent = len(own)
        limit = contest.submission_limit
        return self._renderer.page(
            request,
            "problem.html",
            status=200 if refused is None else refused.status,
            headers=None if refused is None else refused.headers,
            problem=row,
            task=task,
            statement=await asyncio.to_thread(statement_html, task.statement.text, task.title),
            languages=allowed,
            chosen=request.session.get("language"),
            running=contest.window.start_s <= time.time() < contest.window.end_s,
            left=None if limit is None else max(0, limit - spent),
            refused="" if refused is None else refused.message,
            typed=typed,
            # One key is one submission: who presses twice hands in once.
            form_key=secrets.token_hex(16),
            rows=await asyncio.to_thread(self.rows, own, who.id),
        )

    async def file(self, request: Request) -> Response:
        """A file that contestants are given."""
        task: Task = self.found(request)["task"]
        content = task.attachments.get(request.path_params["name"])
        if content is None:
            raise Refused(404, "There is no such file.")
        name = request.path_params["name"].rsplit("/", 1)[-1]
        return download(name, content)

    async def scoreboard(self, request: Request) -> Response:
        """All teams' results, as far as they are not frozen; an admin may look below the ice."""
        who: Team | None = request.state.who
        below = who is not None and who.admin and "all" in request.query_params
        shown = self._parts.shown
        board = await asyncio.to_thread(lambda: shown.scoreboard(frozen=not below))
        started = time.time() >= self._parts.contest.window.start_s
        names = {each.id: each.name for each in self._parts.accounts.teams}
        max_points = {row["id"]: row.get("max_score") for row in self.labelled()}
        return self._renderer.page(
            request,
            "scoreboard.html",
            problems=self.labelled() if started or (who is not None and who.admin) else [],
            rows=[_board_row(row, names, max_points) for row in board["rows"]],
            started=started,
            below=below,
            now_s=time.time(),
            ice=shown.freeze.ice(),
        )


def download(name: str, content: bytes) -> Response:
    """A file that the browser keeps and never shows: it may be anything."""
    plain = "".join(
        each if each.isascii() and (each.isalnum() or each in "._-+") else "_" for each in name
    )
    headers = {"Content-Disposition": f'attachment; filename="{plain}"'}
    return Response(content, media_type="application/octet-stream", headers=headers)


def _standing(problem: str, rows: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The team's best submission to the problem."""
    own = [row for row in rows if row["problem"] == problem]
    order = {"full": 3, "part": 2, "none": 1, "wait": 0}
    best = max(own, key=lambda row: (row["points"] or 0, order[row["kind"]]), default=None)
    return {"best": best, "tries": len(own)}


def _board_row(
    row: Mapping[str, Any], names: Mapping[str, str], max_points: Mapping[str, float | None]
) -> Mapping[str, Any]:
    """A team's row of the API's scoreboard as people read it."""
    cells = {each["problem_id"]: _cell(each, max_points) for each in row["problems"]}
    hours, minutes, _ = row["score"].get("total_time", "0:00:00").split(":")
    return {
        **row,
        "name": names.get(row["team_id"], row["team_id"]),
        "cells": cells,
        "penalty": int(hours) * 60 + int(minutes),
    }


def _cell(problem: Mapping[str, Any], max_points: Mapping[str, float | None]) -> Mapping[str, str]:
    judged, pending = problem["num_judged"], problem["num_pending"]
    if not judged and not pending:
        return {"kind": "", "text": "", "more": ""}
    tries = f"{judged} {'try' if judged == 1 else 'tries'}"
    more = f"{pending} waiting" if pending else tries
    if "solved" in problem:
        if problem["solved"]:
            hours, minutes, _ = problem["time"].split(":")
            return {"kind": "full", "text": str(int(hours) * 60 + int(minutes)), "more": more}
        kind = "wait" if pending else "none"
        return {"kind": kind, "text": "?" if pending else "-", "more": more}
    points, most = problem["score"], max_points[problem["problem_id"]]
    if not judged:
        return {"kind": "wait", "text": "?", "more": more}
    full = most is not None and points >= most - POINTS_TOLERANCE
    kind = "full" if full else "part" if points else "none"
    return {"kind": kind, "text": points_text(points), "more": more}
