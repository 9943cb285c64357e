"""What the server must not lose: submissions before they are acknowledged, judgements, events."""

import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from solver.errors import RunFolderError

SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS submissions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    team TEXT NOT NULL,
    problem TEXT NOT NULL,
    language TEXT NOT NULL,
    entry_point TEXT,
    at_s REAL NOT NULL,
    archive BLOB NOT NULL,
    digest TEXT NOT NULL,
    key TEXT,
    UNIQUE (team, key)
);
CREATE INDEX IF NOT EXISTS by_team ON submissions (team, problem);
CREATE TABLE IF NOT EXISTS judgements (
    submission INTEGER PRIMARY KEY REFERENCES submissions (id),
    verdict TEXT NOT NULL,
    score REAL,
    start_s REAL NOT NULL,
    end_s REAL NOT NULL,
    max_run_s REAL NOT NULL
);
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSubmission:
    """A submission as it was received.

    Attributes:
        at_s: Unix time of receipt.
        archive: Zip archive of its files.
        digest: Of problem, language and files.
    """

    id: int
    team: str
    problem: str
    language: str
    entry_point: str | None
    at_s: float
    archive: bytes
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredJudgement:
    """The judge's word on a submission, in the Contest API's terms."""

    submission: int
    verdict: str
    score: float | None
    start_s: float
    end_s: float
    max_run_s: float


class ServerStore:
    """One SQLite file; may be used from any thread."""

    def __init__(self, path: Path) -> None:
        """Opens or makes the file.

        Raises:
            RunFolderError: It is no database of this kind.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        try:
            self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute("PRAGMA synchronous=FULL")
            self._connection.executescript(SCHEMA)
        except sqlite3.DatabaseError as error:
            raise RunFolderError(f"{path}: not a judge's database ({error})") from error

    def close(self) -> None:
        """Closes the file."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def meta(self, name: str, value: Any) -> Any:
        """The value kept under this name; the first one given is kept for good."""
        with self._transaction() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO meta VALUES (?, ?)", (name, json.dumps(value))
            )
            row = connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return json.loads(row[0])

    def add(self, fields: Mapping[str, Any], key: str | None) -> StoredSubmission:
        """Keeps a submission; durable when it returns.

        Args:
            fields: All of `StoredSubmission` but its id.
            key: The client's Idempotency-Key, unique in the team.
        """
        names = ("team", "problem", "language", "entry_point", "at_s", "archive", "digest")
        with self._transaction() as connection:
            cursor = connection.execute(
                f"INSERT INTO submissions ({', '.join(names)}, key) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (*(fields[name] for name in names), key),
            )
            assert cursor.lastrowid is not None
            number = cursor.lastrowid
        found = self.submission(number)
        assert found is not None
        return found

    def by_key(self, team: str, key: str) -> StoredSubmission | None:
        """The team's submission under this Idempotency-Key."""
        with self._lock:
            row = self._connection.execute(
                f"SELECT {self._COLUMNS} FROM submissions WHERE team = ? AND key = ?", (team, key)
            ).fetchone()
        return None if row is None else self._row(row)

    def recent_twin(self, team: str, digest: str, since_s: float) -> int | None:
        """The id of a submission of equal content by the same team after that time."""
        with self._lock:
            row = self._connection.execute(
                "SELECT id FROM submissions WHERE team = ? AND digest = ? AND at_s >= ? "
                "ORDER BY id LIMIT 1",
                (team, digest, since_s),
            ).fetchone()
        return None if row is None else int(row[0])

    def count(self, team: str, problem: str) -> tuple[int, float | None]:
        """How many submissions the team made to the problem, and when the last one came."""
        with self._lock:
            row = self._connection.execute(
                "SELECT COUNT(*), MAX(at_s) FROM submissions WHERE team = ? AND problem = ?",
                (team, problem),
            ).fetchone()
        return int(row[0]), row[1]

    _COLUMNS = "id, team, problem, language, entry_point, at_s, archive, digest"

    @staticmethod
    def _row(row: tuple[Any, ...]) -> StoredSubmission:
        return StoredSubmission(
            id=row[0],
            team=row[1],
            problem=row[2],
            language=row[3],
            entry_point=row[4],
            at_s=row[5],
            archive=row[6],
            digest=row[7],
        )

    def submissions(self, team: str | None = None) -> list[StoredSubmission]:
        """All submissions, or one team's, oldest first."""
        where, values = ("WHERE team = ?", (team,)) if team is not None else ("", ())
        with self._lock:
            rows = self._connection.execute(
                f"SELECT {self._COLUMNS} FROM submissions {where} ORDER BY id", values
            ).fetchall()
        return [self._row(row) for row in rows]

    def submission(self, number: int) -> StoredSubmission | None:
        """The submission of this id."""
        with self._lock:
            row = self._connection.execute(
                f"SELECT {self._COLUMNS} FROM submissions WHERE id = ?", (number,)
            ).fetchone()
        return None if row is None else self._row(row)

    def pending(self) -> list[int]:
        """Ids without a judgement, oldest first."""
        with self._lock:
            rows = self._connection.execute(
                "SELECT id FROM submissions WHERE id NOT IN (SELECT submission FROM judgements) "
                "ORDER BY id"
            ).fetchall()
        return [int(row[0]) for row in rows]

    def judge(self, judgement: StoredJudgement) -> bool:
        """Keeps a judgement; False when the submission had one (it is then left as it is)."""
        with self._transaction() as connection:
            cursor = connection.execute(
                "INSERT OR IGNORE INTO judgements VALUES (?, ?, ?, ?, ?, ?)",
                (
                    judgement.submission,
                    judgement.verdict,
                    judgement.score,
                    judgement.start_s,
                    judgement.end_s,
                    judgement.max_run_s,
                ),
            )
            return cursor.rowcount == 1

    def judgements(self, team: str | None = None) -> list[StoredJudgement]:
        """All judgements, or those of one team's submissions, in the order of submission."""
        where, values = ("WHERE s.team = ?", (team,)) if team is not None else ("", ())
        with self._lock:
            rows = self._connection.execute(
                "SELECT j.submission, j.verdict, j.score, j.start_s, j.end_s, j.max_run_s "
                f"FROM judgements j JOIN submissions s ON s.id = j.submission {where} "
                "ORDER BY s.id",
                values,
            ).fetchall()
        return [
            StoredJudgement(
                submission=row[0],
                verdict=row[1],
                score=row[2],
                start_s=row[3],
                end_s=row[4],
                max_run_s=row[5],
            )
            for row in rows
        ]
