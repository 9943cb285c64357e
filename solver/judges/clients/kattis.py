"""Kattis: the protocol of its submit script (`.kattisrc`, a form, a JSON page to poll).

Source: kattis-cli (submit.py) and its documented settings. Kattis shows a number of passed test
cases while it judges. Points on scoring problems are in no source that could be read: a number
named `score` in the JSON page is taken, else one in brackets after the row's status.
"""

import configparser
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import urljoin

from bs4 import BeautifulSoup
from httpx import Response

from problems.submission import Submission
from problems.task import Statement, Subtask, Task, TaskLimits, TaskType
from problems.verdict import KATTIS_RUNNING, Verdict
from solver.judges.base import JudgeLimits, Judgement, SubmissionState
from solver.judges.clients.ledger import Ledger
from solver.judges.clients.remote import Listed, RemoteJudge
from solver.judges.clients.statements import statement_of
from solver.judges.clients.transport import Transport, WouldSend
from solver.judges.credentials import Credentials, CredentialsError, Secret, read_private
from solver.judges.entry import entry_point
from solver.judges.errors import AccessDenied, BadAnswer, SubmissionRefused

LANGUAGES = {
    "c": "C",
    "cpp17": "C++",
    "cpp20": "C++",
    "cpp23": "C++",
    "java": "Java",
    "pypy3": "Python 3",
    "python3": "Python 3",
    "rust": "Rust",
}
SCORE = re.compile(r"\((\d+(?:\.\d+)?)(?:\s*/\s*(\d+(?:\.\d+)?))?\)")
# Where the page does not tell the maximum: that of most scoring problems.
USUAL_POINTS = 100.0
SUBMITTED = re.compile(r"Submission ID: (\d+)")
MEMORY_BYTES = 1024 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class KattisSettings:
    """What `.kattisrc` says.

    Attributes:
        secret_field: Name of the login form's field for the secret: "token" or "password".
        login_url, submission_url, submissions_url: The three pages that the script talks to.
    """

    credentials: Credentials
    secret_field: str
    login_url: str
    submission_url: str
    submissions_url: str

    @classmethod
    def load(cls, file: Path) -> Self:
        """Reads a `.kattisrc`; it holds a token, so others must not be able to read it.

        Raises:
            CredentialsError: Not there, readable by others, or a setting is missing.
        """
        parser = configparser.ConfigParser(interpolation=None)
        try:
            parser.read_string(read_private(file), source=str(file))
            user = parser.get("user", "username")
            field = "token" if parser.has_option("user", "token") else "password"
            secret = parser.get("user", field)
            host = parser.get("kattis", "hostname", fallback="")
            urls = {
                key: parser.get("kattis", key, fallback=f"https://{host}/{path}" if host else None)
                for key, path in (
                    ("loginurl", "login"),
                    ("submissionurl", "submit"),
                    ("submissionsurl", "submissions"),
                )
            }
        except configparser.Error as error:
            raise CredentialsError(f"{file}: {error}") from error
        if not all(urls.values()):
            raise CredentialsError(f"{file}: [kattis] has neither hostname nor the three URLs")
        return cls(
            credentials=Credentials(user=user, secret=Secret(secret)),
            secret_field=field,
            login_url=str(urls["loginurl"]),
            submission_url=str(urls["submissionurl"]),
            submissions_url=str(urls["submissionsurl"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TestsDone:
    """How far Kattis is with a submission."""

    passed: int
    total: int | None


class Kattis(RemoteJudge):
    """Problems of one Kattis site."""

    def __init__(
        self,
        transport: Transport,
        ledger: Ledger,
        settings: KattisSettings,
        problems: Sequence[str],
        *,
        contest: str | None = None,
        limits: JudgeLimits | None = None,
        yes_submit: bool = False,
    ) -> None:
        """Args:
        transport: Its base URL is the site's root.
        problems: Ids of the problems to play.
        contest: The contest to submit to; None leaves it to the site.
        """
        super().__init__(
            transport,
            ledger,
            limits=limits or JudgeLimits(submissions=None),
            yes_submit=yes_submit,
        )
        self._settings = settings
        self._problems = tuple(problems)
        self._contest = contest
        self._logged_in = False
        self.progress: dict[str, TestsDone] = {}

    def login(self) -> None:
        """Logs in; the session's cookie goes with every later request.

        Raises:
            AccessDenied: The token is wrong or has run out.
        """
        credentials = self._settings.credentials
        self.transport.post(
            self._settings.login_url,
            data={
                "user": credentials.user,
                self._settings.secret_field: credentials.secret.reveal(),
                "script": "true",
            },
        )
        self._logged_in = True

    def _get(self, url: str, **params: str) -> Response:
        """A page for those who are logged in; a session that has run out is renewed once."""
        if not self._logged_in:
            self.login()
        try:
            return self.transport.get(url, **params)
        except AccessDenied:
            self.login()
            return self.transport.get(url, **params)

    def check_open(self) -> None:
        """The account can log in; Kattis tells nothing of a contest beforehand."""
        self.login()

    def tasks(self) -> Sequence[Task]:
        """The problems, with the statement as their page shows it."""
        return [self._task(problem) for problem in self._problems]

    def _task(self, problem: str) -> Task:
        page = self.transport.get(f"problems/{problem}")
        body = BeautifulSoup(page.text, "lxml").select_one("div.problembody")
        statement = Statement(text="")
        if body is not None:
            statement = statement_of(str(body).encode(), "text/html")
        return Task(
            name=problem,
            title=problem,
            type=TaskType.BATCH,
            statement=statement,
            subtasks=(Subtask(name="all", max_points=1.0),),
            examples=(),
            limits=TaskLimits(time_s=None, memory_bytes=MEMORY_BYTES),
            scored=False,
        )

    def _form(self, task: str, submission: Submission) -> dict[str, str]:
        language = LANGUAGES.get(submission.language)
        if language is None:
            raise SubmissionRefused(f"Kattis has no language for {submission.language!r}")
        form = {
            "submit": "true",
            "submit_ctr": "2",
            "language": language,
            "mainclass": _main(submission),
            "problem": task,
            "tag": "",
            "script": "true",
        }
        return form if self._contest is None else form | {"contest": self._contest}

    def describe(self, task: str, submission: Submission) -> WouldSend:
        """The request that `submit` would send."""
        return WouldSend(
            method="POST",
            url=self._settings.submission_url,
            fields=self._form(task, submission),
            files={name: len(content) for name, content in submission.sources.items()},
        )

    def _send(self, task: str, submission: Submission, key: str) -> str:
        if not self._logged_in:
            self.login()
        files = [
            ("sub_file[]", (name, content, "application/octet-stream"))
            for name, content in sorted(submission.sources.items())
        ]
        try:
            page = self.transport.post_once(
                self._settings.submission_url, data=self._form(task, submission), files=files
            )
        except AccessDenied:
            # The session has run out; nothing was taken.
            self.login()
            page = self.transport.post_once(
                self._settings.submission_url, data=self._form(task, submission), files=files
            )
        text = page.text.replace("<br />", "\n")
        found = SUBMITTED.search(text)
        if found is None:
            raise SubmissionRefused(f"{task}: {' '.join(text.split())[:200]}")
        return found.group(1)

    def _handed_in(self, task: str) -> Sequence[Listed]:
        user = self._settings.credentials.user
        url = urljoin(self.transport.base_url, f"users/{user}")
        page = self._get(url, tab="submissions", problem=task)
        rows = BeautifulSoup(page.text, "lxml").select("[data-submission-id]")
        ids = sorted({int(str(row["data-submission-id"])) for row in rows})
        return [Listed(id=str(each), task=task) for each in ids]

    def poll(self, submission_id: str) -> Judgement:
        """Pending while it waits, compiles or runs; `progress` has the test cases so far.

        A scoring problem says "Accepted" with whatever points there are: below the maximum that is
        PARTIAL.

        Raises:
            BadAnswer: The status is none that Kattis is known to give.
        """
        url = f"{self._settings.submissions_url}/{submission_id}"
        answer = self.transport.json_of(self._get(url, json=""))
        status = answer.get("status_id") if isinstance(answer, dict) else None
        if not isinstance(status, int):
            raise BadAnswer(f"{url}: no status_id")
        row = str(answer.get("row_html", ""))
        self.progress[submission_id] = TestsDone(
            passed=int(answer.get("testcase_index") or 0), total=_count(row)
        )
        if status <= KATTIS_RUNNING:
            return Judgement(submission=submission_id, state=SubmissionState.PENDING)
        verdict = Verdict.of_kattis_status(status)
        if verdict is None:
            raise BadAnswer(f"{url}: the status {status} is none of Kattis's")
        score, most = _score(answer.get("score"), row)
        if verdict is Verdict.AC and score is not None and score < (most or USUAL_POINTS):
            verdict = Verdict.PARTIAL
        return Judgement(
            submission=submission_id,
            state=SubmissionState.JUDGED,
            verdict=verdict,
            points={} if score is None else {"all": score},
            score=score,
            free=verdict in (Verdict.CE, Verdict.SKIPPED),
        )


def _main(submission: Submission) -> str:
    """Java's main class; the main file of several Python or Rust files; else nothing."""
    several = len(submission.sources) > 1
    if submission.language == "java" or (
        several and submission.language in ("python3", "pypy3", "rust")
    ):
        return entry_point(submission)
    return ""


def _count(row_html: str) -> int | None:
    """Number of test cases: the row has a mark (an `<i>`) for each, and one more."""
    marks = len(BeautifulSoup(row_html, "lxml").find_all("i"))
    return marks - 1 if marks > 1 else None


def _score(stated: object, row_html: str) -> tuple[float | None, float | None]:
    """The points and their maximum; None on a problem without any, and where none is told."""
    status = BeautifulSoup(row_html, "lxml").select_one('[data-type="status"]')
    found = SCORE.search(status.get_text(" ", strip=True)) if status is not None else None
    most = float(found.group(2)) if found and found.group(2) else None
    if isinstance(stated, int | float | str):
        try:
            return float(stated), most
        except ValueError:
            return None, None
    return (float(found.group(1)) if found else None), most
