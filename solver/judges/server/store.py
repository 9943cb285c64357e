"""What the server must not lose: submissions before they are acknowledged, judgements, events."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from solver.judges.server.again import Again
from solver.judges.server.logins import Logins
from solver.judges.server.stored import Details, StoredJudgement, StoredSubmission, StoredSubtask
from solver.kept.durable import DurableFile

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
CREATE TABLE IF NOT EXISTS details (
    submission INTEGER PRIMARY KEY REFERENCES submissions (id),
    subtasks TEXT NOT NULL,
    message TEXT NOT NULL
);
"""


class ServerStore:
    """One SQLite file; may be used from any thread.

    Attributes:
        again: What is to be judged again, and the judgements that were replaced.
        logins: Who is logged in on the pages.
    """

    def __init__(self, path: Path) -> None:
        """Opens or makes the file.

        Raises:
            RunFolderError: It is no database of this kind.
        """
        self._file = DurableFile(path, what="a judge's database")
        self._file.script(SCHEMA)
        self.again = Again(self._file)
        self.logins = Logins(self._file)

    def close(self) -> None:
        """Closes the file."""
        self._file.close()

    def meta(self, name: str, value: Any) -> Any:
        """The value kept under this name; the first one given is kept for good."""
        with self._file.transaction() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO meta VALUES (?, ?)", (name, json.dumps(value))
            )
            row = connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return json.loads(row[0])

    def told(self, name: str) -> Any:
        """The value last said under this name; None where nothing was."""
        row = self._file.row("SELECT value FROM meta WHERE name = ?", (name,))
        return None if row is None else json.loads(row[0])

    def tell(self, name: str, value: Any) -> None:
        """Keeps the value under this name in place of the one before."""
        with self._file.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, json.dumps(value))
            )

    def add(self, fields: Mapping[str, Any], key: str | None) -> StoredSubmission:
        """Keeps a submission; durable when it returns.

        Args:
            fields: All of `StoredSubmission` but its id.
            key: The client's Idempotency-Key, unique in the team.
        """
        names = ("team", "problem", "language", "entry_point", "at_s", "archive", "digest")
        with self._file.transaction() as connection:
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
        row = self._file.row(
            f"SELECT {self._COLUMNS} FROM submissions WHERE team = ? AND key = ?", (team, key)
        )
        return None if row is None else self._row(row)

    def recent_twin(self, team: str, digest: str, since_s: float) -> int | None:
        """The id of a submission of equal content by the same team after that time."""
        row = self._file.row(
            "SELECT id FROM submissions WHERE team = ? AND digest = ? AND at_s >= ? "
            "ORDER BY id LIMIT 1",
            (team, digest, since_s),
        )
        return None if row is None else int(row[0])

    def count(self, team: str, problem: str) -> tuple[int, float | None]:
        """How many submissions the team made to the problem, and when the last one came."""
        row = self._file.row(
            "SELECT COUNT(*), MAX(at_s) FROM submissions WHERE team = ? AND problem = ?",
            (team, problem),
        )
        assert row is not None
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

    def submissions(self, team: str | None = None, *, files: bool = True) -> list[StoredSubmission]:
        """All submissions, or one team's, oldest first.

        Args:
            team: Whose; None for everybody's.
            files: False leaves the archives empty: a scoreboard needs no program.
        """
        columns = self._COLUMNS if files else self._COLUMNS.replace("archive", "X''")
        where, values = ("WHERE team = ?", (team,)) if team is not None else ("", ())
        rows = self._file.rows(f"SELECT {columns} FROM submissions {where} ORDER BY id", values)
        return [self._row(row) for row in rows]

    def submission(self, number: int) -> StoredSubmission | None:
        """The submission of this id."""
        row = self._file.row(f"SELECT {self._COLUMNS} FROM submissions WHERE id = ?", (number,))
        return None if row is None else self._row(row)

    def pending(self) -> list[int]:
        """Ids that wait for the judge: those without a judgement, then those to be judged again."""
        return self.unjudged() + self.again.pending()

    def unjudged(self) -> list[int]:
        """Ids without a judgement, oldest first."""
        rows = self._file.rows(
            "SELECT id FROM submissions WHERE id NOT IN (SELECT submission FROM judgements) "
            "ORDER BY id"
        )
        return [int(row[0]) for row in rows]

    def judge(self, judgement: StoredJudgement, details: Details | None = None) -> bool:
        """Keeps a judgement; False when the submission had one (it is then left as it is)."""
        with self._file.transaction() as connection:
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
            if cursor.rowcount == 1 and details is not None:
                connection.execute(
                    "INSERT OR REPLACE INTO details VALUES (?, ?, ?)",
                    details.row(judgement.submission),
                )
            return cursor.rowcount == 1

    def details(self, number: int) -> Details:
        """What the judgement of this submission says in detail; empty for those of an older server.

        Raises:
            RunFolderError: The row cannot be read.
        """
        row = self._file.row(
            "SELECT subtasks, message FROM details WHERE submission = ?", (number,)
        )
        if row is None:
            return Details()
        with self._file.making_sense():
            subtasks = tuple(StoredSubtask(**each) for each in json.loads(row[0]))
        return Details(subtasks=subtasks, message=row[1])

    def judgements(self, team: str | None = None) -> list[StoredJudgement]:
        """What holds of all submissions, or of one team's, in the order of submission."""
        where, values = ("WHERE s.team = ?", (team,)) if team is not None else ("", ())
        rows = self._file.rows(
            "SELECT j.submission, j.verdict, j.score, j.start_s, j.end_s, j.max_run_s, "
            "1 + (SELECT COUNT(*) FROM replaced r WHERE r.submission = j.submission) "
            f"FROM judgements j JOIN submissions s ON s.id = j.submission {where} "
            "ORDER BY s.id",
            values,
        )
        return [
            StoredJudgement(
                submission=row[0],
                verdict=row[1],
                score=row[2],
                start_s=row[3],
                end_s=row[4],
                max_run_s=row[5],
                number=row[6],
            )
            for row in rows
        ]
