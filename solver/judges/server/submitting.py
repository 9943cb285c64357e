"""Taking a submission: what a team may send, the contest's limits, and no submission twice."""

import asyncio
import json
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from problems.task import Task
from sandbox.data import digest_of
from solver.judges.server.accounts import Team
from solver.judges.server.archive import BadArchive, check_files, pack_files, unpack
from solver.judges.server.guard import Refused, RequestLimits, TeamRate
from solver.judges.server.judging import JudgingQueue
from solver.judges.server.served import ServedContest, Shown
from solver.judges.server.store import ServerStore
from solver.judges.server.stored import StoredSubmission

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What a team hands in, by whichever door.

    Attributes:
        files: Plain name to content.
        entry_point: Java's main class; None for other languages.
    """

    problem: str
    language: str
    files: Mapping[str, bytes]
    entry_point: str | None = None


class Submitting:
    """The handler of POST."""

    def __init__(
        self,
        contest: ServedContest,
        shown: Shown,
        store: ServerStore,
        queue: JudgingQueue,
        limits: RequestLimits,
    ) -> None:
        self._contest = contest
        self._shown = shown
        self._store = store
        self._queue = queue
        self._limits = limits
        self._rate = TeamRate(limits)
        # One writer at a time: limits are checked and the submission is kept in one step.
        self._submitting = asyncio.Lock()

    async def submit(self, request: Request) -> Response:
        """Keeps the submission and hands it to the queue; answers once it is durable."""
        team: Team = request.state.team
        self._check_running(time.time())
        sent = await asyncio.to_thread(self._parsed, await request.body(), team)
        key = request.headers.get("Idempotency-Key")
        if key is not None and not 0 < len(key) <= 200:
            raise Refused(400, "Idempotency-Key is empty or too long")
        stored = await self.take(sent, team, key)
        shown = self._shown.submission(stored)
        location = f"/api/contests/{self._contest.id}/submissions/{stored.id}"
        return JSONResponse(shown, headers={"Location": location})

    async def take(self, sent: Sent, team: Team, key: str | None) -> StoredSubmission:
        """Keeps the submission and hands it to the queue; it is durable when this returns.

        Args:
            sent: What the team hands in.
            team: Who is logged in.
            key: One key is one submission, however often it comes.

        Raises:
            Refused: What is wrong with it, or why it is not taken now.
        """
        now_s = time.time()
        self._check_running(now_s)
        fields = await asyncio.to_thread(self._checked, sent, team, now_s)
        async with self._submitting:
            stored, new = await asyncio.to_thread(self._keep, fields, key, team, now_s)
        if new:
            log.info("submission %s, %s on %s: received", stored.id, team.id, stored.problem)
            self._queue.wake()
        return stored

    def _check_running(self, now_s: float) -> None:
        window = self._contest.window
        if not window.start_s <= now_s < window.end_s:
            raise Refused(403, "the contest is not running")

    def _parsed(self, body: bytes, team: Team) -> Sent:
        """The request's JSON.

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
        task = self._task(_text(parsed, "problem_id"))
        language = _text(parsed, "language_id")
        self._check_language(task, language)
        entry_point = parsed.get("entry_point")
        if entry_point is None and language == "java":
            raise Refused(400, "entry_point is required for java")
        if entry_point is not None and not isinstance(entry_point, str):
            raise Refused(400, "entry_point is not a string")
        try:
            files = unpack(_data(parsed), limit_bytes=task.limits.code_bytes)
        except BadArchive as error:
            raise Refused(413 if error.too_large else 400, str(error)) from None
        return Sent(problem=task.name, language=language, files=files, entry_point=entry_point)

    def _task(self, name: str) -> Task:
        task = self._contest.task(name)
        if task is None:
            raise Refused(400, "no such problem")
        return task

    def _check_language(self, task: Task, language: str) -> None:
        if language not in self._contest.languages:
            raise Refused(400, "no such language")
        if task.languages and language not in task.languages:
            raise Refused(400, "the problem does not allow this language")

    def _checked(self, sent: Sent, team: Team, now_s: float) -> dict[str, Any]:
        """The fields of a submission.

        Raises:
            Refused: 400 or 413, saying what is wrong.
        """
        task = self._task(sent.problem)
        self._check_language(task, sent.language)
        try:
            check_files(sent.files, limit_bytes=task.limits.code_bytes)
        except BadArchive as error:
            raise Refused(413 if error.too_large else 400, str(error)) from None
        archive = pack_files(sent.files)
        return {
            "team": team.id,
            "problem": task.name,
            "language": sent.language,
            "entry_point": sent.entry_point,
            "at_s": now_s,
            "archive": archive,
            "digest": digest_of(f"{task.name}\0{sent.language}\0".encode() + archive),
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
