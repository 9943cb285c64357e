"""The client's own book of what it handed in: written before sending, so that a crash or an
answer of 500 never leads to a second submission of the same program."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from solver.kept.durable import DurableFile

SCHEMA = """
CREATE TABLE IF NOT EXISTS handed_in (
    judge TEXT NOT NULL,
    key TEXT NOT NULL,
    task TEXT NOT NULL,
    language TEXT NOT NULL,
    digest TEXT NOT NULL,
    intended_at_s REAL NOT NULL,
    remote_id TEXT,
    refused TEXT,
    seen TEXT NOT NULL,
    PRIMARY KEY (judge, key)
) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One submission in the book.

    Attributes:
        digest: Digest of the language and the files.
        intended_at_s: Wall time (Unix) before it was first sent.
        remote_id: The judge's id; None while it is unknown whether the judge has it.
        refused: Why the judge did not take it, None where it did or where that is unknown.
        seen: Ids that the judge listed for the task before this one was sent: none of them is it.
    """

    key: str
    task: str
    language: str
    digest: str
    intended_at_s: float
    remote_id: str | None
    refused: str | None
    seen: frozenset[str]


class Ledger:
    """The book of one judge, in a SQLite file that may be shared with other judges' books."""

    def __init__(self, path: Path | None, judge: str) -> None:
        """Args:
            path: The file; None keeps the book in memory (a dry run).
            judge: Names the judge and contest, so that ids of two contests never mix.

        Raises:
            RunFolderError: The file is no SQLite database.
        """
        self.judge = judge
        self._file = DurableFile(path, what="a ledger")
        # Every entry is on the disk before the request leaves: no double submission.
        self._file.script(SCHEMA)

    def close(self) -> None:
        """Closes the file."""
        self._file.close()

    def find(self, key: str) -> Entry | None:
        """The entry of this key."""
        rows = self._entries("key = ?", key)
        return rows[0] if rows else None

    def of_task(self, task: str) -> list[Entry]:
        """All entries of a task, in the order in which they were intended."""
        return self._entries("task = ?", task)

    def _entries(self, where: str, value: str) -> list[Entry]:
        rows = self._file.rows(
            "SELECT key, task, language, digest, intended_at_s, remote_id, refused, "
            "seen FROM handed_in "
            f"WHERE judge = ? AND {where} ORDER BY intended_at_s, key",
            (self.judge, value),
        )
        return [
            Entry(
                key=row[0],
                task=row[1],
                language=row[2],
                digest=row[3],
                intended_at_s=row[4],
                remote_id=row[5],
                refused=row[6],
                seen=frozenset(json.loads(row[7])),
            )
            for row in rows
        ]

    def intend(
        self,
        key: str,
        task: str,
        language: str,
        digest: str,
        *,
        at_s: float,
        seen: Iterable[str],
    ) -> Entry:
        """Writes down that this will be sent at that (Unix) time, before it is."""
        ids = frozenset(seen)
        with self._file.transaction() as connection:
            connection.execute(
                "INSERT INTO handed_in VALUES (?, ?, ?, ?, ?, ?, NULL, NULL, ?)",
                (
                    self.judge,
                    key,
                    task,
                    language,
                    digest,
                    at_s,
                    json.dumps(sorted(ids)),
                ),
            )
        return Entry(
            key=key,
            task=task,
            language=language,
            digest=digest,
            intended_at_s=at_s,
            remote_id=None,
            refused=None,
            seen=ids,
        )

    def taken(self, key: str, remote_id: str) -> None:
        """The judge has it under this id."""
        with self._file.transaction() as connection:
            connection.execute(
                "UPDATE handed_in SET remote_id = ? WHERE judge = ? AND key = ?",
                (remote_id, self.judge, key),
            )

    def refused(self, key: str, reason: str) -> None:
        """The judge will not take it."""
        with self._file.transaction() as connection:
            connection.execute(
                "UPDATE handed_in SET refused = ? WHERE judge = ? AND key = ?",
                (reason, self.judge, key),
            )

    def retract(self, key: str) -> None:
        """It certainly never reached the judge; the key may be used again."""
        with self._file.transaction() as connection:
            connection.execute(
                "DELETE FROM handed_in WHERE judge = ? AND key = ? AND remote_id IS NULL",
                (self.judge, key),
            )
