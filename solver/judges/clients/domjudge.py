"""DOMjudge: its API v4 is a Contest API with habits of its own.

Source: DOMjudge's webapp/src/Controller/API and Service/DOMJudgeService.php (April 2026).
Submissions go as multipart forms, statements (PDF alone) have an endpoint, examples come for the
whole contest in folders named by the problems' labels, a judgement shows only once it is verified,
a rejudged one is replaced by another, and a team sees the submissions of all public teams.
"""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from mimetypes import guess_type
from pathlib import PurePosixPath
from typing import Any

from problems.submission import Submission
from problems.task import Example, Statement, Task
from solver.judges.base import JudgeLimits
from solver.judges.clients.contest_api import ICPC_LIMITS, ContestApi
from solver.judges.clients.ledger import Ledger
from solver.judges.clients.statements import statement_of
from solver.judges.clients.transport import Transport, WouldSend
from solver.judges.entry import entry_point
from solver.judges.errors import (
    AccessDenied,
    BadAnswer,
    ContestClosed,
    NotFound,
    SubmissionRefused,
)

MAX_SAMPLES_BYTES = 64 * 1024 * 1024
# 400 with these words is about the contest or the problem and not about the program.
CLOSED_WORDS = ("(temporarily) disabled", "not submittable")


class DomJudge(ContestApi):
    """One contest on a DOMjudge server; the transport's base URL ends in `/api/v4/`."""

    def __init__(
        self,
        transport: Transport,
        ledger: Ledger,
        contest: str,
        *,
        limits: JudgeLimits = ICPC_LIMITS,
        yes_submit: bool = False,
    ) -> None:
        super().__init__(transport, ledger, contest, limits=limits, yes_submit=yes_submit)
        self._samples: Archive | None = None
        self._labels: dict[str, str] = {}
        self._team: str | None = None

    def _task(self, row: Mapping[str, Any]) -> Task:
        # The archive of the examples knows a problem by its label.
        self._labels[str(row["id"])] = str(row.get("label", row["id"]))
        return super()._task(row)

    def _form(self, task: str, submission: Submission) -> dict[str, str]:
        language = self.language_for(submission.language)
        form = {"problem": task, "language": str(language["id"])}
        if language.get("entry_point_required"):
            form["entry_point"] = entry_point(submission)
        return form

    def describe(self, task: str, submission: Submission) -> WouldSend:
        """The request that `submit` would send."""
        return WouldSend(
            method="POST",
            url=self.transport.base_url + self.path("submissions"),
            fields=self._form(task, submission),
            files={name: len(content) for name, content in submission.sources.items()},
        )

    def _send(self, task: str, submission: Submission, key: str) -> str:
        files = [("code[]", (name, body)) for name, body in sorted(submission.sources.items())]
        try:
            return self._sent_id(
                lambda: self.transport.post_once(
                    self.path("submissions"), data=self._form(task, submission), files=files
                )
            )
        except SubmissionRefused as refusal:
            if any(word in str(refusal) for word in CLOSED_WORDS):
                raise ContestClosed(f"{task}: {refusal}") from refusal
            raise

    def _team_id(self) -> str:
        """Our team: without it another team's submission could be taken for ours.

        Raises:
            AccessDenied: The account belongs to no team, so it cannot submit.
        """
        if self._team is None:
            self._team = super()._team_id()
        if self._team is None:
            raise AccessDenied(f"{self.transport.base_url}: the account belongs to no team")
        return self._team

    def _statement(self, row: Mapping[str, Any]) -> Statement:
        """The PDF of the endpoint, else what lies beside the examples: HTML and text are there."""
        try:
            page = self.transport.get(self.path("problems", str(row["id"]), "statement"))
        except NotFound:
            name, content = self._archive().statements.get(
                self._labels[str(row["id"])], ("statement.txt", b"")
            )
            return statement_of(content, guess_type(name)[0] or "text/plain")
        return statement_of(page.content, page.headers.get("Content-Type", ""))

    def _examples(self, task: str) -> tuple[Example, ...]:
        return self._archive().examples.get(self._labels[task], ())

    def _archive(self) -> "Archive":
        if self._samples is None:
            try:
                self._samples = read_samples(self.transport.get(self.path("samples.zip")).content)
            except NotFound:
                self._samples = Archive()
        return self._samples


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """What `samples.zip` holds, by the problem's label.

    Attributes:
        statements: File name and content.
    """

    examples: Mapping[str, tuple[Example, ...]] = field(default_factory=dict)
    statements: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)


def read_samples(archive: bytes) -> Archive:
    """Reads `samples.zip`: `<label>/<number>.in` and `.ans` (or `.out`), `<label>/statement.*`.

    Read in memory and by name: nothing is written to the disk. Attachments are left alone, whatever
    they are called.

    Raises:
        BadAnswer: It is no zip archive, or larger than any samples are.
    """
    pairs: dict[tuple[str, str], dict[str, bytes]] = {}
    statements: dict[str, tuple[str, bytes]] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            infos = [info for info in opened.infolist() if not info.is_dir()]
            if sum(info.file_size for info in infos) > MAX_SAMPLES_BYTES:
                raise BadAnswer("samples.zip is larger than 64 MiB when unpacked")
            for info in infos:
                path = PurePosixPath(info.filename)
                if len(path.parts) != 2:
                    continue
                if path.stem == "statement":
                    statements[path.parts[0]] = (path.name, opened.read(info))
                elif path.suffix in (".in", ".ans", ".out"):
                    found = pairs.setdefault((path.parts[0], path.stem), {})
                    found[path.suffix] = opened.read(info)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise BadAnswer(f"samples.zip cannot be read ({error})") from error
    examples: dict[str, list[Example]] = {}
    for (label, name), files in sorted(pairs.items(), key=lambda each: _by_number(*each[0])):
        if ".in" in files:
            answer = files.get(".ans", files.get(".out"))
            example = Example(name=name, input=files[".in"], output=answer)
            examples.setdefault(label, []).append(example)
    return Archive(
        examples={label: tuple(each) for label, each in examples.items()}, statements=statements
    )


def _by_number(label: str, name: str) -> tuple[str, int, str]:
    """DOMjudge numbers examples from 1: the tenth comes after the ninth."""
    return label, int(name) if name.isdigit() else 0, name
