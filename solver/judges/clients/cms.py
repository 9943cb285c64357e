"""CMS, the IOI's contest system: its contestant API, as of version 1.6.

Source: CMS's docs/API.rst and cms/server/contest/handlers/{api,tasksubmission}.py, and a contest
web server of that version that this client was run against. Subtask points are given as an HTML
page only; where it cannot be read, the public score stands alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from problems.submission import Submission
from problems.task import Statement, Subtask, Task, TaskLimits, TaskType
from problems.tasktypes.output_only import LANGUAGE as OUTPUTS
from problems.verdict import Verdict
from sandbox.compiling.languages import extensions_of
from solver.judges.base import JudgeLimits, Judgement, SubmissionState
from solver.judges.clients.cms_points import SubtaskPoints, parse_details
from solver.judges.clients.ledger import Ledger
from solver.judges.clients.remote import Listed, RemoteJudge
from solver.judges.clients.statements import statement_of
from solver.judges.clients.transport import Transport, WouldSend
from solver.judges.credentials import Credentials
from solver.judges.errors import (
    AccessDenied,
    BadAnswer,
    ContestClosed,
    LimitReached,
    NotFound,
    SubmissionRefused,
    TooSoon,
)

IOI_LIMITS = JudgeLimits(submissions=50, interval_s=60.0)

LANGUAGES = {
    "c": "C11 / gcc",
    "cpp17": "C++17 / g++",
    "cpp20": "C++20 / g++",
    "java": "Java / JDK",
    "pypy3": "Python 3 / PyPy",
    "python3": "Python 3 / CPython",
    "rust": "Rust",
}
# Of a file name in a submission format: the source's own extension. A format without it takes files
# as they are (an output-only task), and CMS refuses such a submission where it names a language.
SOURCE_MARK = ".%l"

# Values of `status`: SubmissionResult.COMPILING .. SCORED in CMS.
COMPILATION_FAILED = 2
SCORED = 5

# CMS tells that its minimum interval has not passed, and not how much of it is left.
INTERVAL_RETRY_S = 5.0


class Cms(RemoteJudge):
    """One contest on a CMS contest web server."""

    def __init__(
        self,
        transport: Transport,
        ledger: Ledger,
        credentials: Credentials,
        *,
        limits: JudgeLimits = IOI_LIMITS,
        yes_submit: bool = False,
        started_at: datetime | None = None,
        languages: Mapping[str, str] = LANGUAGES,
        packages: Mapping[str, Task] | None = None,
    ) -> None:
        """Args:
        transport: Its base URL is the contest's page ("https://judge/ioi-day1/").
        languages: Language id to CMS's name of it.
        packages: Task name to its public part where it is at hand: subtasks, examples, header,
            which CMS's API does not give.
        """
        super().__init__(
            transport, ledger, limits=limits, yes_submit=yes_submit, started_at=started_at
        )
        self._credentials = credentials
        self._languages = languages
        self._packages = packages or {}
        self._formats: dict[str, tuple[str, ...]] = {}
        self._task_of: dict[str, str] = {}
        self._logged_in = False

    def login(self) -> None:
        """Logs in; the token goes into every later request.

        Raises:
            AccessDenied: The user or the password is wrong, or the address is not allowed.
        """
        answer = self.transport.json_of(
            self.transport.post(
                "api/login",
                data={
                    "username": self._credentials.user,
                    "password": self._credentials.secret.reveal(),
                },
            )
        )
        token = answer.get("login_data") if isinstance(answer, dict) else None
        if not isinstance(token, str):
            raise AccessDenied(f"{self.transport.base_url}: the login gave no token")
        self.transport.headers["X-CMS-Authorization"] = token
        self._logged_in = True

    def _get(self, path: str) -> Any:
        if not self._logged_in:
            self.login()
        try:
            return self.transport.get(path)
        except AccessDenied as refusal:
            self._check_phase(refusal)
            # The token has run out, or it is a real 403: a fresh login tells which.
            self.login()
            return self.transport.get(path)

    @staticmethod
    def _check_phase(refusal: AccessDenied) -> None:
        """CMS answers 403 to everything before the start and after the end, and says so."""
        if "not open" in str(refusal):
            raise ContestClosed(str(refusal)) from refusal

    def check_open(self) -> None:
        """The contest is open to this user.

        Raises:
            ContestClosed: It has not begun or is over.
        """
        self._get("api/task_list")

    def tasks(self) -> Sequence[Task]:
        """The tasks that are open to this user; subtasks become known with the first result."""
        answer = self.transport.json_of(self._get("api/task_list"))
        rows = answer.get("tasks") if isinstance(answer, dict) else None
        if not isinstance(rows, list):
            raise BadAnswer(f"{self.transport.base_url}api/task_list: no list of tasks")
        return [self._task(row) for row in rows]

    def _task(self, row: Mapping[str, Any]) -> Task:
        name = str(row["name"])
        self._formats[name] = tuple(str(each) for each in row["submission_format"])
        languages = [str(each) for each in row.get("statements", [])]
        # The names are the jury's: "en", "en_US", or whatever a statement's file was called.
        chosen = next((each for each in sorted(languages) if each[:2] == "en"), None)
        chosen = chosen or (languages[0] if languages else None)
        statement = Statement(text="")
        if chosen is not None:
            page = self._get(f"tasks/{name}/statements/{chosen}")
            statement = statement_of(page.content, page.headers.get("Content-Type", ""), chosen)
        if name in self._packages:
            known = self._packages[name]
            return replace(
                known, name=name, statement=known.statement if known.statement.text else statement
            )
        return Task(
            name=name,
            title=name,
            type=TaskType.BATCH,
            statement=statement,
            # CMS does not list subtasks to contestants; one stands for all until a result is read.
            subtasks=(Subtask(name="all", max_points=100.0),),
            examples=(),
            limits=TaskLimits(time_s=None, memory_bytes=256 * 1024 * 1024),
            scored=True,
        )

    def describe(self, task: str, submission: Submission) -> WouldSend:
        """The request that `submit` would send."""
        return WouldSend(
            method="POST",
            url=f"{self.transport.base_url}api/{task}/submit",
            fields=self._fields(task, submission),
            files={
                field: len(content) for field, (_, content) in self._files(task, submission).items()
            },
        )

    def _fields(self, task: str, submission: Submission) -> dict[str, str]:
        # CMS wants a language for sources alone: outputs of a task of both are sent without one.
        if not any(SOURCE_MARK in field for field in self._files(task, submission)):
            return {}
        return {"language": self._language(submission)}

    def _language(self, submission: Submission) -> str:
        name = self._languages.get(submission.language)
        if name is None:
            raise SubmissionRefused(f"CMS has no language for {submission.language!r}")
        return name

    def _format(self, task: str) -> tuple[str, ...]:
        """The file names of a submission to the task.

        Raises:
            NotFound: There is no such task.
        """
        if task not in self._formats:
            self.tasks()
        try:
            return self._formats[task]
        except KeyError:
            raise NotFound(f"{self.transport.base_url}: no task {task!r}") from None

    def _files(self, task: str, submission: Submission) -> dict[str, tuple[str, bytes]]:
        formats = self._format(task)
        outputs = submission.language == OUTPUTS
        extension = "" if outputs else extensions_of(submission.language)[0]
        if len(formats) == 1 and len(submission.sources) == 1:
            (content,) = submission.sources.values()
            return {formats[0]: (formats[0].replace(SOURCE_MARK, extension), content)}
        files: dict[str, tuple[str, bytes]] = {}
        for field in formats:
            name = field.replace(SOURCE_MARK, extension)
            if name in submission.sources:
                files[field] = (name, submission.sources[name])
        if not files:
            wanted = ", ".join(formats)
            raise SubmissionRefused(f"{task}: none of the files that CMS asks for ({wanted})")
        return files

    def _send(self, task: str, submission: Submission, key: str) -> str:
        try:
            answer = self.transport.json_of(
                self.transport.post_once(
                    f"api/{task}/submit",
                    data=self._fields(task, submission),
                    files=self._files(task, submission),
                )
            )
        except SubmissionRefused as refusal:
            # 422 carries CMS's reason; the two about limits are worth a name of their own.
            said = str(refusal)
            if "Submissions too frequent" in said:
                raise TooSoon(f"{task}: {said}", wait_s=INTERVAL_RETRY_S) from refusal
            if "Too many submissions" in said:
                raise LimitReached(f"{task}: {said}") from refusal
            raise
        except AccessDenied as refusal:
            raise ContestClosed(f"{task}: {refusal}") from refusal
        if not isinstance(answer, dict) or "id" not in answer:
            raise BadAnswer(f"{task}: the answer to a submission has no id")
        remote_id = str(answer["id"])
        self._task_of[remote_id] = task
        return remote_id

    def _handed_in(self, task: str) -> Sequence[Listed]:
        answer = self.transport.json_of(self._get(f"api/{task}/submission_list"))
        return [Listed(id=str(row["id"]), task=task) for row in answer.get("list", [])]

    def poll(self, submission_id: str) -> Judgement:
        """Pending until CMS says "scored"; points by subtask where the details page shows them."""
        task = self._task_for(submission_id)
        where = f"tasks/{task}/submissions/{submission_id}"
        answer = self.transport.json_of(self._get(where))
        status = answer.get("status")
        if status == COMPILATION_FAILED:
            return Judgement(
                submission=submission_id,
                state=SubmissionState.JUDGED,
                verdict=Verdict.CE,
                score=0.0,
            )
        if status != SCORED:
            return Judgement(submission=submission_id, state=SubmissionState.PENDING)
        score = answer.get("score", answer.get("public_score"))
        best = answer.get("max_score", answer.get("max_public_score"))
        details = parse_details(self._get(f"{where}/details").text)
        return Judgement(
            submission=submission_id,
            state=SubmissionState.JUDGED,
            verdict=_verdict(score, best),
            points=self._by_subtask(task, details),
            score=None if score is None else float(score),
        )

    def _by_subtask(self, task: str, details: Sequence[SubtaskPoints]) -> Mapping[str, float]:
        """CMS numbers subtasks from 1 (0 where the examples count); a known package names them."""
        known = self._packages.get(task)
        if known is None:
            return {each.name: each.points for each in details}
        worth = [each for each in details if each.max_points > 0]
        if len(worth) != len(known.subtasks):
            worth = list(details)[-len(known.subtasks) :]
        return {
            subtask.name: each.points for subtask, each in zip(known.subtasks, worth, strict=False)
        }

    def _task_for(self, submission_id: str) -> str:
        if submission_id not in self._task_of:
            for task in self._formats or {each.name: () for each in self.tasks()}:
                for handed in self._handed_in(task):
                    self._task_of[handed.id] = task
        try:
            return self._task_of[submission_id]
        except KeyError:
            raise NotFound(f"no submission {submission_id!r} of ours") from None


def _verdict(score: float | None, best: float | None) -> Verdict | None:
    """CMS gives points and no word: full points are AC, none WA, the rest PARTIAL."""
    if score is None or best is None:
        return None
    if score >= best:
        return Verdict.AC
    return Verdict.WA if score <= 0 else Verdict.PARTIAL
