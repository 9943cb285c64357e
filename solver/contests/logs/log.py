"""The submission log: JSON lines, appended only, each bound to the one before by its hash.

A line is `{"seq", "prev", "kind", ..., "hash"}`; `hash` is SHA-256 over the line without it,
in canonical JSON. A change, a removal or a swap of lines breaks the chain; lines missing at the end
are found against the head hash that the contest prints when it is over.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from problems.verdict import Verdict
from solver.errors import SolverError
from solver.kept.disk import make_folder, sync

GENESIS = "0" * 64

LogLine = Mapping[str, Any]


def verdicts_of(record: LogLine) -> dict[str, Verdict]:
    """What a judgement's line says of one test of each subtask; older logs say nothing."""
    return {name: Verdict(word) for name, word in record.get("verdicts", {}).items()}


class LogDamaged(SolverError):
    """A line of a log is not what was written. The message names file and line. Exit code 1."""

    exit_code = 1

    def __init__(self, path: Path, line: int, reason: str) -> None:
        super().__init__(f"{path}:{line}: {reason}")
        self.path = path
        self.line = line


class NoRecord(LogDamaged):
    """The line is no record at all, of this or another log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogContent:
    """A checked log.

    Attributes:
        head: Hash of the last line, `GENESIS` for an empty log.
        torn_bytes: Length of an unfinished last line: a crash in the middle of a write.
    """

    records: tuple[LogLine, ...]
    head: str
    torn_bytes: int = 0


def _digest(record: LogLine) -> str:
    body = {key: value for key, value in record.items() if key != "hash"}
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def read_log(path: Path) -> LogContent:
    """Reads a log and checks every line.

    Raises:
        LogDamaged: A line was changed, removed, swapped or is no record.
        FileNotFoundError: There is no such file.
    """
    data = path.read_bytes()
    complete, _, torn = data.rpartition(b"\n")
    records: list[LogLine] = []
    head = GENESIS
    for number, line in enumerate(complete.split(b"\n") if complete else [], start=1):
        record = _parse(path, number, line)
        if record["seq"] != number - 1 or record["prev"] != head:
            raise LogDamaged(path, number, "does not follow the line before it")
        if record["hash"] != _digest(record):
            raise LogDamaged(path, number, "was changed after it was written")
        head = str(record["hash"])
        records.append(record)
    return LogContent(records=tuple(records), head=head, torn_bytes=len(torn))


def _parse(path: Path, number: int, line: bytes) -> LogLine:
    try:
        record = json.loads(line)
    except ValueError as error:
        raise NoRecord(path, number, f"is not JSON ({error})") from error
    if not isinstance(record, dict) or not {"seq", "prev", "kind", "hash"} <= record.keys():
        raise NoRecord(path, number, "is not a record (seq, prev, kind, hash)")
    return record


class SubmissionLog:
    """A log that is open for appending. A line is on the disk before `append` returns."""

    def __init__(self, path: Path) -> None:
        """Opens or creates the log; an unfinished last line (a crash) is cut off.

        Raises:
            LogDamaged: What is there does not check.
            SolverError: Another process has it open.
        """
        self.path = path
        make_folder(path.parent)
        self._descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        # A line that is on the disk is lost all the same if the file's name is not.
        sync(path.parent)
        try:
            # Freed by the kernel when the process ends, however it ends.
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._descriptor)
            raise SolverError(f"{path}: another process plays this contest") from None
        self._records: list[LogLine] = []
        self._head = GENESIS
        try:
            content = read_log(path)
        except LogDamaged:
            os.close(self._descriptor)
            raise
        self._records = list(content.records)
        self._head = content.head
        if content.torn_bytes:
            os.truncate(path, path.stat().st_size - content.torn_bytes)

    def close(self) -> None:
        """Closes the file; what was appended is on the disk already."""
        os.close(self._descriptor)

    def __enter__(self) -> "SubmissionLog":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def head(self) -> str:
        """Hash of the last line."""
        return self._head

    @property
    def records(self) -> Sequence[LogLine]:
        """All records so far."""
        return self._records

    def of_kind(self, kind: str) -> Iterator[LogLine]:
        """The records of one kind, in order."""
        return (record for record in self._records if record["kind"] == kind)

    def append(self, kind: str, fields: LogLine) -> LogLine:
        """Writes one line and syncs it to the disk."""
        record: dict[str, Any] = {"seq": len(self._records), "prev": self._head, "kind": kind}
        record.update(fields)
        # Through JSON once, so that a record reads the same now as after a restart.
        record = json.loads(json.dumps(record, allow_nan=False))
        record["hash"] = _digest(record)
        line = json.dumps(record, separators=(",", ":"), allow_nan=False).encode() + b"\n"
        written = 0
        while written < len(line):
            written += os.write(self._descriptor, line[written:])
        os.fsync(self._descriptor)
        self._records.append(record)
        self._head = record["hash"]
        return record
