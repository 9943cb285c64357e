"""Role: keeps the reports of finished packages, so that a stopped `verify` goes on where it was."""

import json
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from problems.errors import PackageError

Document = dict[str, Any]
"""A report as `solver problems verify --json` prints it, or one of its rows."""


class KeptReports:
    """A JSONL file, a line a package: `{"folder": PATH, "report": DOCUMENT}`.

    A last line that was cut off is dropped, and its package verified again. A package that was
    changed since is not noticed: remove its line.
    """

    def __init__(self, path: Path) -> None:
        """Reads what is kept.

        Raises:
            PackageError: A whole line is something else.
        """
        self._path = path
        self._lock = threading.Lock()
        self._reports: dict[str, Document] = {}
        text = path.read_bytes() if path.exists() else b""
        whole = text[: text.rfind(b"\n") + 1]
        for number, line in enumerate(whole.splitlines(), 1):
            try:
                record = json.loads(line)
                self._reports[record["folder"]] = record["report"]
            except (ValueError, KeyError, TypeError) as error:
                raise PackageError(path, "no line of `verify --keep`; remove it", number) from error
        if whole != text:
            path.write_bytes(whole)

    def take(self, paths: Sequence[Path]) -> tuple[list[Path], list[Document]]:
        """Folders that are still to be verified, and the reports of the others."""
        unverified = [path for path in paths if _key(path) not in self._reports]
        kept = [self._reports[_key(path)] for path in paths if _key(path) in self._reports]
        return unverified, kept

    def add(self, path: Path, report: Document) -> None:
        """Keeps a finished package's report; from any thread."""
        line = json.dumps({"folder": _key(path), "report": report})
        with self._lock, self._path.open("a") as file:
            file.write(line + "\n")
            file.flush()
            os.fsync(file.fileno())


def _key(path: Path) -> str:
    return str(path.resolve())
