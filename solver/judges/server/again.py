"""Judging again: what an admin asked for, and the judgements that were replaced.

A judgement stands until the new one is there, and is kept after that. What was asked for is
durable: a server that was killed goes on with it.
"""

import time
from collections.abc import Iterable, Mapping

from solver.judges.server.stored import Details, StoredJudgement
from solver.kept.durable import DurableFile

SCHEMA = """
CREATE TABLE IF NOT EXISTS asked_again (
    submission INTEGER PRIMARY KEY REFERENCES submissions (id),
    at_s REAL NOT NULL,
    failed INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS replaced (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    submission INTEGER NOT NULL REFERENCES submissions (id),
    verdict TEXT NOT NULL,
    score REAL,
    start_s REAL NOT NULL,
    end_s REAL NOT NULL,
    max_run_s REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS replaced_of ON replaced (submission);
"""
_COLUMNS = "submission, verdict, score, start_s, end_s, max_run_s"


class Again:
    """A part of the server's database."""

    def __init__(self, file: DurableFile) -> None:
        self._file = file
        file.script(SCHEMA)

    def ask(self, numbers: Iterable[int]) -> int:
        """Has these submissions judged again; how many of them are.

        One that waits for its first judgement, or for this already, is left as it is.
        """
        with self._file.transaction() as connection:
            return sum(
                connection.execute(
                    "INSERT INTO asked_again SELECT submission, ?, 0 FROM judgements "
                    "WHERE submission = ? ON CONFLICT (submission) DO UPDATE "
                    "SET at_s = excluded.at_s, failed = 0 WHERE failed = 1",
                    (time.time(), number),
                ).rowcount
                for number in numbers
            )

    def pending(self) -> list[int]:
        """Ids that are to be judged again, in the order in which they were asked for."""
        rows = self._file.rows(
            "SELECT submission FROM asked_again WHERE failed = 0 ORDER BY at_s, submission"
        )
        return [int(row[0]) for row in rows]

    def states(self) -> Mapping[int, str]:
        """Of each that was asked for: "waits", or "failed" where the judge itself failed."""
        rows = self._file.rows("SELECT submission, failed FROM asked_again")
        return {int(row[0]): "failed" if row[1] else "waits" for row in rows}

    def judge(self, judgement: StoredJudgement, details: Details) -> None:
        """Puts the judgement in the place of the one before, which is kept among the replaced."""
        number = judgement.submission
        with self._file.transaction() as connection:
            connection.execute(
                f"INSERT INTO replaced ({_COLUMNS}) "
                f"SELECT {_COLUMNS} FROM judgements WHERE submission = ?",
                (number,),
            )
            connection.execute(
                f"INSERT OR REPLACE INTO judgements ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)",
                (
                    number,
                    judgement.verdict,
                    judgement.score,
                    judgement.start_s,
                    judgement.end_s,
                    judgement.max_run_s,
                ),
            )
            connection.execute(
                "INSERT OR REPLACE INTO details VALUES (?, ?, ?)", details.row(number)
            )
            connection.execute("DELETE FROM asked_again WHERE submission = ?", (number,))

    def fail(self, number: int) -> None:
        """The judge itself failed: the judgement of before stands, until it is asked for anew."""
        with self._file.transaction() as connection:
            connection.execute("UPDATE asked_again SET failed = 1 WHERE submission = ?", (number,))

    def replaced(self, team: str | None = None) -> list[StoredJudgement]:
        """Judgements that hold no longer, of all or of one team's submissions, oldest first."""
        where, values = ("WHERE s.team = ?", (team,)) if team is not None else ("", ())
        rows = self._file.rows(
            "SELECT r.submission, r.verdict, r.score, r.start_s, r.end_s, r.max_run_s FROM "
            f"replaced r JOIN submissions s ON s.id = r.submission {where} ORDER BY r.id",
            values,
        )
        seen: dict[int, int] = {}
        found = []
        for row in rows:
            seen[row[0]] = seen.get(row[0], 0) + 1
            found.append(
                StoredJudgement(
                    submission=row[0],
                    verdict=row[1],
                    score=row[2],
                    start_s=row[3],
                    end_s=row[4],
                    max_run_s=row[5],
                    number=seen[row[0]],
                    current=False,
                )
            )
        return found
