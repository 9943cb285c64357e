"""Handing in a program on a page, and what became of it."""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from problems.submission import Submission
from problems.verdict import Verdict
from sandbox.compiling.languages import extensions_of
from solver.judges.entry import entry_point
from solver.judges.pages.contest import ContestPages, download
from solver.judges.pages.render import Renderer, judged
from solver.judges.server.accounts import Team
from solver.judges.server.app import Parts
from solver.judges.server.archive import read_archive
from solver.judges.server.guard import Refused
from solver.judges.server.stored import StoredSubmission, StoredSubtask
from solver.judges.server.submitting import Sent

SHOWN_BYTES = 512 * 1024
"""Of a program's text on its page; the file itself may be fetched whole."""


class HandingIn:
    """Handlers of a team's own submissions."""

    def __init__(self, parts: Parts, renderer: Renderer, contest: ContestPages) -> None:
        self._parts = parts
        self._renderer = renderer
        self._contest = contest

    async def submit(self, request: Request) -> Response:
        """Takes the form's program; refused, the form comes again with what was typed."""
        form = await request.form()
        problem = self._contest.found(request)["id"]
        language = str(form.get("language", ""))
        typed = str(form.get("program", ""))
        if language in self._parts.contest.languages:
            request.session["language"] = language
        key = str(form.get("key", ""))
        try:
            if not 0 < len(key) <= 100:
                raise Refused(400, "the form's key is missing: load the page again")
            files = await _files(form, language, typed)
            if not files:
                raise Refused(400, "there is no program: type one or choose a file")
            entry = None
            if language == "java":
                entry = entry_point(Submission(language=language, sources=files))
            sent = Sent(problem=problem, language=language, files=files, entry_point=entry)
            stored = await self._parts.submitting.take(sent, request.state.who, f"page-{key}")
        except Refused as refused:
            return await self._contest.problem_page(request, refused=refused, typed=typed)
        where = f"/contests/{self._parts.contest.id}/submissions/{stored.id}"
        return RedirectResponse(where, status_code=303)

    async def submissions(self, request: Request) -> Response:
        """The team's submissions, newest first."""
        team: Team = request.state.who
        own = await asyncio.to_thread(self._parts.store.submissions, team.id, files=False)
        rows = await asyncio.to_thread(self._contest.rows, own, team.id)
        return self._renderer.page(request, "submissions.html", rows=rows)

    async def _found(self, request: Request) -> StoredSubmission:
        """The path's submission: a team's own, and any for an admin.

        Raises:
            Refused: 404; another team's is as if it were not there.
        """
        who: Team = request.state.who
        number = request.path_params["number"]
        stored = None
        if number.isascii() and number.isdigit() and len(number) < 18:
            stored = await asyncio.to_thread(self._parts.store.submission, int(number))
        if stored is None or not (who.admin or stored.team == who.id):
            raise Refused(404, "There is no such submission.")
        return stored

    async def submission(self, request: Request) -> Response:
        """One submission: verdict, subtasks, the compiler's words, the program."""
        stored = await self._found(request)
        rows = await asyncio.to_thread(self._contest.rows, [stored], stored.team)
        details = await asyncio.to_thread(self._parts.store.details, stored.id)
        replaced = await asyncio.to_thread(self._parts.store.again.replaced, stored.team)
        files = await asyncio.to_thread(read_archive, stored.archive)
        shown = {
            name: content[:SHOWN_BYTES].decode(errors="replace") for name, content in files.items()
        }
        return self._renderer.page(
            request,
            "submission.html",
            row=rows[0],
            before=[
                {"at_s": each.end_s, **judged(each, rows[0]["max_points"])}
                for each in replaced
                if each.submission == stored.id
            ],
            message=details.message,
            subtasks=[_subtask(each) for each in details.subtasks],
            files=shown,
        )

    async def file(self, request: Request) -> Response:
        """One file of it, to keep."""
        stored = await self._found(request)
        files = await asyncio.to_thread(read_archive, stored.archive)
        name = request.path_params["name"]
        if name not in files:
            raise Refused(404, "There is no such file.")
        return download(name, files[name])


def _subtask(each: StoredSubtask) -> Mapping[str, Any]:
    verdict = Verdict(each.verdict)
    kinds = {Verdict.AC: "full", Verdict.SKIPPED: "wait"}
    kind = kinds.get(verdict, "part" if each.points else "none")
    return {**asdict(each), "words": verdict.words, "kind": kind}


async def _files(form: FormData, language: str, typed: str) -> Mapping[str, bytes]:
    """Chosen files, else the text, under a name that its language expects."""
    files: dict[str, bytes] = {}
    for upload in form.getlist("files"):
        if isinstance(upload, UploadFile) and upload.filename:
            if upload.filename in files:
                raise Refused(400, f"two files are named {upload.filename!r}")
            files[upload.filename] = await upload.read()
    if files or not typed.strip():
        return files
    # Browsers send a text's lines with CRLF ends.
    source = typed.replace("\r\n", "\n").encode()
    suffixes = extensions_of(language)
    name = f"main{suffixes[0] if suffixes else '.txt'}"
    if language == "java":
        main = entry_point(Submission(language=language, sources={name: source}))
        name = f"{main.rsplit('.', 1)[-1]}.java"
    return {name: source}
