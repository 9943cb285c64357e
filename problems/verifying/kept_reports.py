"""Role: keeps what `verify` has finished, so that a stopped one goes on where it was.

That are the reports of packages, and of a package that is not finished what came of each
submission that is.
"""

import hashlib
import json
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from problems.errors import PackageError
from problems.judging.verdict_key import code_version
from problems.verdict import SubmissionResult

Document = dict[str, Any]
"""A report as `solver problems verify --json` prints it, or one of its rows."""


_RESULT = TypeAdapter(SubmissionResult)

_Judged = tuple[str, str, str, float]
"""Folder, its state, the submission's name, the time limit in seconds that it was judged with."""


class KeptReports:
    """A JSONL file. A line a package: `{"folder": PATH, "state": DIGEST, "report": DOCUMENT}`;
    before it one for each judgement: `{"folder", "state", "submission", "limit_s", "result"}`.

    A last line that was cut off is dropped, and what it told is done again; so is all of a package
    whose files are not what they were (names, sizes, times of change, links), or that another judge
    than ours of today verified.
    """

    def __init__(self, path: Path) -> None:
        """Reads what is kept.

        Raises:
            PackageError: A whole line is something else.
        """
        self._path = path
        self._lock = threading.Lock()
        self._reports: dict[tuple[str, str], Document] = {}
        self._results: dict[_Judged, SubmissionResult] = {}
        self._states: dict[Path, str] = {}
        text = path.read_bytes() if path.exists() else b""
        whole = text[: text.rfind(b"\n") + 1]
        for number, line in enumerate(whole.splitlines(), 1):
            try:
                self._read(json.loads(line))
            except (ValueError, KeyError, TypeError) as error:
                raise PackageError(path, "no line of `verify --keep`; remove it", number) from error
        if whole != text:
            path.write_bytes(whole)

    def take(self, paths: Sequence[Path]) -> tuple[list[Path], list[Document]]:
        """Folders that are still to be verified, and the reports of the others."""
        # As they are now: what changes while a package is verified makes it a changed one.
        self._states |= {path: _state(path) for path in paths}
        unverified = [path for path in paths if self._key(path) not in self._reports]
        kept = [self._reports[self._key(path)] for path in paths if path not in unverified]
        return unverified, kept

    def add(self, path: Path, report: Document) -> None:
        """Keeps a finished package's report; from any thread."""
        folder, state = self._key(path)
        self._append({"folder": folder, "state": state, "report": report})

    def result_of(self, path: Path, submission: str, limit_s: float) -> SubmissionResult | None:
        """What an earlier call found of a submission of a package, as both are now."""
        return self._results.get((*self._key(path), submission, limit_s))

    def add_result(
        self, path: Path, submission: str, limit_s: float, result: SubmissionResult
    ) -> None:
        """Keeps what came of one submission; from any thread."""
        folder, state = self._key(path)
        self._append(
            {
                "folder": folder,
                "state": state,
                "submission": submission,
                "limit_s": limit_s,
                "result": _RESULT.dump_python(result, mode="json"),
            }
        )

    def _read(self, record: Document) -> None:
        key = record["folder"], record["state"]
        if "report" in record:
            self._reports[key] = record["report"]
        else:
            judged = (*key, record["submission"], record["limit_s"])
            self._results[judged] = _RESULT.validate_python(record["result"])

    def _append(self, record: Document) -> None:
        with self._lock, self._path.open("a") as file:
            file.write(json.dumps(record) + "\n")
            file.flush()
            os.fsync(file.fileno())

    def _key(self, path: Path) -> tuple[str, str]:
        return str(path.resolve()), self._states[path]


def _state(path: Path) -> str:
    """Digest of the names, sizes, times and links of a package's files, and of our own code."""
    digest = hashlib.sha256(code_version("problems.verifying.verify").encode())
    for file in sorted([path, *path.rglob("*")]):
        try:
            told = file.lstat()
            link = str(file.readlink()) if file.is_symlink() else ""
        except OSError:
            continue
        size = 0 if file.is_dir() else told.st_size
        changed = 0 if file.is_dir() else told.st_mtime_ns
        digest.update(f"{file.relative_to(path)}\0{size}\0{changed}\0{link}\0".encode())
    return digest.hexdigest()
