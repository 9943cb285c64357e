"""DOMjudge: its API v4 is a Contest API with habits of its own.

Source: DOMjudge's webapp/src/Controller/API (2026). Submissions go as multipart forms, statements
and examples have endpoints of their own, and a judgement shows only once it is verified.
"""

import io
import zipfile
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from problems.submission import Submission
from problems.task import Example, Statement
from solver.judges.contest_api import ContestApi, entry_point
from solver.judges.errors import AccessDenied, BadAnswer, NotFound
from solver.judges.statements import statement_of
from solver.judges.transport import WouldSend

MAX_SAMPLES_BYTES = 64 * 1024 * 1024


class DomJudge(ContestApi):
    """One contest on a DOMjudge server; the transport's base URL ends in `/api/v4/`."""

    _samples: Mapping[str, tuple[Example, ...]] | None = None

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

    def _send(self, task: str, submission: Submission) -> str:
        files = [("code[]", (name, body)) for name, body in sorted(submission.sources.items())]
        return self._sent_id(
            lambda: self.transport.post_once(
                self.path("submissions"), data=self._form(task, submission), files=files
            )
        )

    def _team_id(self) -> str | None:
        try:
            account = self.transport.json_of(self.transport.get("user"))
        except (NotFound, AccessDenied):
            return None
        team = account.get("team_id") if isinstance(account, dict) else None
        return None if team is None else str(team)

    def _statement(self, row: Mapping[str, Any]) -> Statement:
        try:
            page = self.transport.get(self.path("problems", str(row["id"]), "statement"))
        except NotFound:
            return Statement(text="")
        return statement_of(page.content, page.headers.get("Content-Type", ""))

    def _examples(self, task: str) -> tuple[Example, ...]:
        if self._samples is None:
            try:
                archive = self.transport.get(self.path("samples.zip")).content
            except NotFound:
                archive = b""
            self._samples = read_samples(archive) if archive else {}
        return self._samples.get(task, ())


def read_samples(archive: bytes) -> Mapping[str, tuple[Example, ...]]:
    """The examples of `samples.zip`, by problem: `<problem>/<name>.in` and `.ans`.

    Read in memory and by name: nothing is written to the disk.

    Raises:
        BadAnswer: It is no zip archive, or larger than any samples are.
    """
    pairs: dict[tuple[str, str], dict[str, bytes]] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            infos = [info for info in opened.infolist() if not info.is_dir()]
            if sum(info.file_size for info in infos) > MAX_SAMPLES_BYTES:
                raise BadAnswer("samples.zip is larger than 64 MiB when unpacked")
            for info in infos:
                path = PurePosixPath(info.filename)
                if path.suffix not in (".in", ".ans", ".out") or len(path.parts) < 2:
                    continue
                # An archive of one problem has "samples/1.in", one of a contest "A/samples/1.in".
                pairs.setdefault((path.parts[0], path.stem), {})[path.suffix] = opened.read(info)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise BadAnswer(f"samples.zip cannot be read ({error})") from error
    examples: dict[str, list[Example]] = {}
    for (problem, name), files in sorted(pairs.items()):
        if ".in" in files:
            answer = files.get(".ans", files.get(".out"))
            example = Example(name=name, input=files[".in"], output=answer)
            examples.setdefault(problem, []).append(example)
    return {problem: tuple(each) for problem, each in examples.items()}
