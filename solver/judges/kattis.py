"""Kattis: the protocol of its submit script (`.kattisrc`, a form, a JSON page to poll).

Source: kattis-cli (submit.py) and its documented settings. Kattis shows a number of passed test
cases while it judges, and points on scoring problems.
"""

import configparser
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import urljoin

from bs4 import BeautifulSoup

from problems.submission import Submission
from problems.task import Statement, Subtask, Task, TaskLimits, TaskType
from solver.judges.base import JudgeLimits, Judgement, SubmissionState
from solver.judges.credentials import Credentials, CredentialsError, Secret, read_private
from solver.judges.errors import AccessDenied, BadAnswer, SubmissionRefused
from solver.judges.ledger import Ledger
from solver.judges.remote import Handed, RemoteJudge
from solver.judges.statements import statement_of
from solver.judges.transport import Transport, WouldSend
from solver.judges.verdicts import KATTIS

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
SUBMITTED = re.compile(r"Submission ID: (\d+)")
MEMORY_BYTES = 1024 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class KattisSettings:
    """What `.kattisrc` says.

    Attributes:
        login_url, submission_url, submissions_url: The three pages that the script talks to.
    """

    credentials: Credentials
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
            secret = parser.get("user", "token", fallback=None) or parser.get("user", "password")
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
            login_url=str(urls["loginurl"]),
            submission_url=str(urls["submissionurl"]),
            submissions_url=str(urls["submissionsurl"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
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
        limits: JudgeLimits | None = None,
        yes_submit: bool = False,
    ) -> None:
        """Args:
        transport: Its base URL is the site's root.
        problems: Ids of the problems to play.
        """
        super().__init__(
            transport,
            ledger,
            limits=limits or JudgeLimits(submissions=None),
            yes_submit=yes_submit,
        )
        self._settings = settings
        self._problems = tuple(problems)
        self._logged_in = False
        self.progress: dict[str, Progress] = {}

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
                "token": credentials.secret.reveal(),
                "script": "true",
            },
        )
        self._logged_in = True

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
        main = min(submission.sources)
        needs_main = submission.language in ("java", "python3", "pypy3")
        return {
            "submit": "true",
            "submit_ctr": "2",
            "language": language,
            "mainclass": main.removesuffix(".java") if needs_main else "",
            "problem": task,
            "tag": "",
            "script": "true",
        }

    def describe(self, task: str, submission: Submission) -> WouldSend:
        """The request that `submit` would send."""
        return WouldSend(
            method="POST",
            url=self._settings.submission_url,
            fields=self._form(task, submission),
            files={name: len(content) for name, content in submission.sources.items()},
        )

    def _send(self, task: str, submission: Submission) -> str:
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

    def _handed_in(self, task: str) -> Sequence[Handed]:
        if not self._logged_in:
            self.login()
        user = self._settings.credentials.user
        page = self.transport.get(
            urljoin(self.transport.base_url, f"users/{user}"), tab="submissions", problem=task
        )
        rows = BeautifulSoup(page.text, "lxml").select("[data-submission-id]")
        ids = sorted({int(str(row["data-submission-id"])) for row in rows})
        return [Handed(id=str(each), task=task) for each in ids]

    def poll(self, submission_id: str) -> Judgement:
        """Pending while the status is below 6 or unknown; `progress` has the test cases so far."""
        if not self._logged_in:
            self.login()
        url = f"{self._settings.submissions_url}/{submission_id}"
        answer = self.transport.json_of(self.transport.get(url, json=""))
        status = answer.get("status_id") if isinstance(answer, dict) else None
        if not isinstance(status, int):
            raise BadAnswer(f"{url}: no status_id")
        total = answer.get("testcase_count") or _count(str(answer.get("row_html", "")))
        self.progress[submission_id] = Progress(
            passed=int(answer.get("testcase_index") or 0), total=total
        )
        verdict = KATTIS.get(status)
        if verdict is None:
            return Judgement(submission=submission_id, state=SubmissionState.PENDING)
        score = answer.get("score")
        return Judgement(
            submission=submission_id,
            state=SubmissionState.JUDGED,
            verdict=verdict,
            points={} if score is None else {"all": float(score)},
            score=None if score is None else float(score),
        )


def _count(row_html: str) -> int | None:
    """Number of test cases in the row that Kattis renders for its own page ("3/17")."""
    found = re.search(r"\b\d+/(\d+)\b", row_html) or re.search(r"(\d+)\s*test", row_html)
    return int(found.group(1)) if found else None
