"""The ICPC Contest API as a team's client: read problems, submit, follow judgements.

Source: the CCS specification's Contest_API.md and JSON_Format.md (draft of 2026). DOMjudge's
dialect is in `domjudge.py`.
"""

import base64
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

from httpx import Response

from problems.submission import Submission
from problems.task import Example, Statement, Subtask, Task, TaskLimits, TaskType
from problems.verdict import Verdict
from sandbox.data import digest_of
from solver.judges.base import JudgeLimits, Judgement, SubmissionState
from solver.judges.clients.ledger import Ledger
from solver.judges.clients.remote import Listed, RemoteJudge
from solver.judges.clients.statements import statement_of
from solver.judges.clients.transport import Transport, WouldSend
from solver.judges.clients.verdicts import verdict_of
from solver.judges.entry import entry_point
from solver.judges.errors import AccessDenied, BadAnswer, ContestClosed, NotFound
from solver.judges.server.archive import pack_files
from solver.submissions import files_digest

MIB = 1024 * 1024
DURATION = re.compile(r"(-?)(\d+):(\d\d):(\d\d(?:\.\d+)?)")
ICPC_LIMITS = JudgeLimits(submissions=None, interval_s=0.0)

# Candidates for each of our ids, best first, matched with the contest's own list of languages.
LANGUAGE_IDS: Mapping[str, tuple[str, ...]] = {
    "c": ("c",),
    "cpp17": ("cpp", "cpp17"),
    "cpp20": ("cpp", "cpp20"),
    "cpp23": ("cpp", "cpp23"),
    "java": ("java",),
    "pypy3": ("pypy3", "python3", "py3", "python"),
    "python3": ("python3", "py3", "python", "pypy3"),
    "rust": ("rust", "rs"),
}


def parse_time(text: str) -> datetime:
    """An absolute time of the Contest API ("2014-06-25T11:22:05.034+01").

    Raises:
        BadAnswer: It is none.
    """
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise BadAnswer(f"not a time: {text!r}") from error


def parse_duration(text: str) -> timedelta:
    """A duration of the Contest API ("4:59:59.999").

    Raises:
        BadAnswer: It is none.
    """
    found = DURATION.fullmatch(text)
    if found is None:
        raise BadAnswer(f"not a duration: {text!r}")
    hours, minutes, seconds = int(found[2]), int(found[3]), float(found[4])
    length = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return -length if found[1] else length


def pack(submission: Submission) -> str:
    """The files as a base64 zip archive, as a submission carries them."""
    return base64.b64encode(pack_files(submission.sources)).decode()


class ContestApi(RemoteJudge):
    """One contest of a Contest API server."""

    def __init__(
        self,
        transport: Transport,
        ledger: Ledger,
        contest: str,
        *,
        limits: JudgeLimits = ICPC_LIMITS,
        yes_submit: bool = False,
    ) -> None:
        """Args:
        transport: Its base URL is the API's root ("https://judge/api/").
        contest: The contest's id.
        """
        super().__init__(transport, ledger, limits=limits, yes_submit=yes_submit)
        self.contest = contest
        self._languages: list[Mapping[str, Any]] | None = None
        self._types: dict[str, Mapping[str, Any]] | None = None
        self._max_scores: dict[str, float] = {}
        self._problem_of: dict[str, str] = {}

    # Reading.

    def path(self, *parts: str) -> str:
        """The contest's endpoint, relative to the API's root."""
        return "/".join(("contests", self.contest, *parts))

    def rows(self, *parts: str, **params: str) -> list[Mapping[str, Any]]:
        """All objects of an endpoint.

        Raises:
            BadAnswer: It is no list of objects.
        """
        answer = self.transport.json_of(self.transport.get(self.path(*parts), **params))
        if not isinstance(answer, list) or not all(isinstance(row, dict) for row in answer):
            raise BadAnswer(f"{self.transport.base_url}{self.path(*parts)}: not a list of objects")
        return answer

    def describe_contest(self) -> Mapping[str, Any]:
        """The contest object; its start becomes the clock's zero, its end closes `submit`."""
        answer = self.transport.json_of(self.transport.get(self.path()))
        if not isinstance(answer, dict):
            raise BadAnswer(f"{self.transport.base_url}{self.path()}: not an object")
        start = answer.get("start_time")
        self._started_at = parse_time(start) if isinstance(start, str) else None
        length = answer.get("duration")
        if self._started_at is not None and isinstance(length, str):
            self._ends_at = self._started_at + parse_duration(length)
        return answer

    def check_open(self) -> None:
        """The contest takes submissions from us now.

        Raises:
            ContestClosed: It has not started, has ended, or this account may not submit.
        """
        contest = self.describe_contest()
        if contest.get("allow_submit") is False:
            raise ContestClosed(f"{self.contest}: the contest takes no submissions (allow_submit)")
        state = self.transport.json_of(self.transport.get(self.path("state")))
        if not state.get("started"):
            raise ContestClosed(f"{self.contest}: the contest has not started")
        if state.get("ended"):
            raise ContestClosed(f"{self.contest}: the contest ended at {state['ended']}")
        try:
            access = self.transport.json_of(self.transport.get(self.path("access")))
        except (NotFound, AccessDenied):
            # Not every server has it, and DOMjudge keeps it from teams.
            return
        if "team_submit" not in access.get("capabilities", []):
            raise ContestClosed(f"{self.contest}: this account may not submit (no team_submit)")

    def tasks(self) -> Sequence[Task]:
        """The problems in the contest's order, with statements and examples where served."""
        problems = sorted(self.rows("problems"), key=lambda row: row.get("ordinal", 0))
        return [self._task(row) for row in problems]

    def _task(self, row: Mapping[str, Any]) -> Task:
        name = str(row["id"])
        max_score = row.get("max_score")
        if max_score is not None:
            self._max_scores[name] = float(max_score)
        return Task(
            name=name,
            title=str(row.get("name", name)),
            type=TaskType.BATCH,
            statement=self._statement(row),
            subtasks=(Subtask(name="all", max_points=float(max_score or 1.0)),),
            examples=self._examples(name),
            limits=TaskLimits(
                time_s=row.get("time_limit"),
                memory_bytes=int(row.get("memory_limit") or 2048) * MIB,
                output_bytes=int(row.get("output_limit") or 8) * MIB,
                code_bytes=int(row.get("code_limit") or 128) * 1024,
            ),
            scored=max_score is not None,
        )

    def _statement(self, row: Mapping[str, Any]) -> Statement:
        files = row.get("statement") or []
        order = {"text/markdown": 0, "text/html": 1, "text/plain": 2, "application/pdf": 3}
        for file in sorted(files, key=lambda each: order.get(str(each.get("mime")), 9)):
            page = self.transport.get(self.resolve(str(file["href"])))
            mime = str(file.get("mime") or page.headers.get("Content-Type", ""))
            return statement_of(page.content, mime)
        return Statement(text="")

    def _examples(self, task: str) -> tuple[Example, ...]:
        """Examples are in the package attachment where there is one; the API has no other place."""
        return ()

    def resolve(self, href: str) -> str:
        """A file reference against the API's root; another host gets none of our credentials.

        Raises:
            BadAnswer: The reference leaves the judge's host.
        """
        url = urljoin(self.transport.base_url, href)
        if urlsplit(url).netloc != urlsplit(self.transport.base_url).netloc:
            raise BadAnswer(f"a file reference leaves the judge: {href}")
        return url

    # Submitting.

    def language_for(self, language: str) -> Mapping[str, Any]:
        """The contest's language object for one of our language ids.

        Raises:
            ContestClosed: The contest has none that fits.
        """
        if self._languages is None:
            self._languages = self.rows("languages")
        for wanted in LANGUAGE_IDS.get(language, (language,)):
            for row in self._languages:
                if row["id"] == wanted:
                    return row
        offered = ", ".join(str(row["id"]) for row in self._languages)
        raise ContestClosed(f"{self.contest}: no language for {language!r} (it has: {offered})")

    def _body(self, task: str, submission: Submission) -> dict[str, Any]:
        language = self.language_for(submission.language)
        body: dict[str, Any] = {
            "language_id": language["id"],
            "problem_id": task,
            "files": [{"data": pack(submission)}],
        }
        if language.get("entry_point_required"):
            body["entry_point"] = entry_point(submission)
        return body

    def describe(self, task: str, submission: Submission) -> WouldSend:
        """The request that `submit` would send."""
        fields = {k: str(v) for k, v in self._body(task, submission).items() if k != "files"}
        return WouldSend(
            method="POST",
            url=self.transport.base_url + self.path("submissions"),
            fields=fields,
            files={name: len(content) for name, content in submission.sources.items()},
        )

    def submit(self, task: str, submission: Submission, key: str) -> str:
        """As `RemoteJudge.submit`; remembers the problem, whose maximum tells a partial result.

        Raises:
            ContestClosed: Also where the contest is over by its own clock: DOMjudge takes what
                comes late and never shows a judgement of it.
        """
        if self._ends_at is not None and self.transport.judge_time() >= self._ends_at:
            raise ContestClosed(f"{self.contest}: the contest is over")
        submission_id = super().submit(task, submission, key)
        self._problem_of[submission_id] = task
        return submission_id

    def _send(self, task: str, submission: Submission, key: str) -> str:
        # The specification knows no such header; a server that does (ours) takes a key once. A run
        # that was thrown away used the same keys: hence the content as well.
        identity = digest_of(f"{key}\0{files_digest(submission.sources)}".encode())
        return self._sent_id(
            lambda: self.transport.post_once(
                self.path("submissions"),
                json=self._body(task, submission),
                headers={"Idempotency-Key": str(identity)},
            )
        )

    def _sent_id(self, post: Callable[[], Response]) -> str:
        try:
            answer = self.transport.json_of(post())
        except AccessDenied as refusal:
            raise ContestClosed(str(refusal)) from refusal
        # DOMjudge of old answers with the bare id.
        found = answer.get("id") if isinstance(answer, dict) else answer
        if not isinstance(found, str | int):
            raise BadAnswer("the answer to a submission has no id")
        return str(found)

    def _handed_in(self, task: str) -> Sequence[Listed]:
        rows = [row for row in self.rows("submissions") if str(row.get("problem_id")) == task]
        mine = self._team_id()
        return [
            Listed(
                id=str(row["id"]),
                task=task,
                language=str(row.get("language_id")),
                at_s=parse_time(str(row["time"])).timestamp() if row.get("time") else None,
            )
            for row in rows
            if mine is None or str(row.get("team_id")) == mine
        ]

    def _team_id(self) -> str | None:
        """Our team, where the server tells; a team account sees its own submissions only."""
        try:
            account = self.transport.json_of(self.transport.get(self.path("account")))
        except (NotFound, AccessDenied):
            return None
        team = account.get("team_id") if isinstance(account, dict) else None
        return None if team is None else str(team)

    # Judgements.

    def judgement_types(self) -> Mapping[str, Mapping[str, Any]]:
        """The contest's judgement types by id."""
        if self._types is None:
            self._types = {str(row["id"]): row for row in self.rows("judgement-types")}
        return self._types

    def poll(self, submission_id: str) -> Judgement:
        """The current judgement; pending while there is none, or none that is decided."""
        rows = self.rows("judgements", submission_id=submission_id)
        # A server that ignores the filter sends all of them.
        return self._judgement(
            submission_id, [row for row in rows if str(row["submission_id"]) == submission_id]
        )

    def _judgement(self, submission_id: str, rows: Sequence[Mapping[str, Any]]) -> Judgement:
        current = [row for row in rows if row.get("current") is not False]
        for row in reversed(current):
            kind = row.get("judgement_type_id")
            kind = row.get("simplified_judgement_type_id") if kind is None else kind
            if kind is None:
                break
            verdict = verdict_of(str(kind), self.judgement_types().get(str(kind)))
            score = row.get("score")
            if verdict is Verdict.AC and self._is_partial(submission_id, score):
                verdict = Verdict.PARTIAL
            return Judgement(
                submission=submission_id,
                state=SubmissionState.JUDGED,
                verdict=verdict,
                points={} if score is None else {"all": float(score)},
                score=None if score is None else float(score),
                free=verdict is not Verdict.AC
                and self.judgement_types().get(str(kind), {}).get("penalty") is False,
            )
        return Judgement(submission=submission_id, state=SubmissionState.PENDING)

    def _is_partial(self, submission_id: str, score: Any) -> bool:
        """A scored problem's "accepted" below its maximum."""
        best = self._max_scores.get(self._problem_of.get(submission_id, ""))
        return score is not None and best is not None and float(score) < best

    def follow(self, since_token: str | None = None) -> Iterator[Mapping[str, Any]]:
        """The event feed: one notification at a time, `token` included where the server has one.

        Ends when the server closes the feed; call again with the last token to go on.
        """
        yield from self.transport.stream_json_lines(
            self.path("event-feed"), **({"since_token": since_token} if since_token else {})
        )
