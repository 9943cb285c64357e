"""The run folder's samples: SQLite in WAL mode for rows, content-addressed zstd files for texts.

    run/
      config.json        settings, written once
      samples.sqlite     a row a sample, keyed by what it was drawn with
      blobs/ab/cdef...   long texts, named by their digest
      <task>/            what the later stages keep of a task (observations.sqlite, ...)

A batch of rows is one transaction; a text is on the disk before the row that names it. So a SIGKILL
or a power cut at any moment loses at most what had not been reported as kept. A row is sealed with
a digest of itself: of a damaged file nothing is taken for a sample that is not one.
"""

import json
import math
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.data import digest_of
from solver.errors import RunFolderError
from solver.kept.blobs import BlobStore
from solver.kept.durable import DurableFile
from solver.source_text import encoded

SCHEMA_VERSION = 2
"""1: a row of an older run has no seal. 2: every row has one."""
INLINE_BYTES = 16 * 1024
_SEAL = re.compile(r"#([0-9a-f]{16}) ")
"""The column `extra` begins with a digest of the row, "#0123456789abcdef {...}"; that of a row of
version 1 may begin with its brace."""
_REMEDY = (
    "put back a copy of it or begin a new run with another --run; "
    "`sqlite3 FILE .recover` saves what can be read"
)

SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS samples (
    key TEXT PRIMARY KEY,
    task TEXT NOT NULL,
    kind TEXT NOT NULL,
    subtask TEXT,
    number INTEGER NOT NULL,
    text TEXT,
    blob TEXT,
    logprob REAL,
    tokens INTEGER NOT NULL,
    prompt_tokens INTEGER NOT NULL,
    finish TEXT NOT NULL,
    model TEXT NOT NULL,
    elapsed_s REAL NOT NULL,
    extra TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS samples_by_task ON samples (task, kind, number);
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSample:
    """One answer of a model, as it came.

    Attributes:
        key: Hash of engine, model, prompt, parameters, seed and index.
        kind: candidate, generator, validator or checker.
        number: Order in the run.
        logprob: Mean log-probability a token, where the engine gave it.
        finish: Why the model stopped: stop, length, ...
        extra: What else is worth keeping (temperature, language, ...).
    """

    key: str
    task: str
    kind: str
    subtask: str | None
    number: int
    text: str
    logprob: float | None
    tokens: int
    prompt_tokens: int
    finish: str
    model: str
    elapsed_s: float
    extra: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What the samples of a task and subtask cost."""

    task: str
    subtask: str | None
    samples: int
    tokens: int
    prompt_tokens: int
    elapsed_s: float


class RunFolder:
    """A run's samples. May be used from any thread; other processes may read at the same time."""

    def __init__(self, path: Path) -> None:
        """Opens or makes the folder.

        Raises:
            RunFolderError: It is a file, of another version, damaged, or cannot be written.
        """
        self.path = path
        self.blobs = BlobStore(path / "blobs")
        database = path / "samples.sqlite"
        self._file = DurableFile(database, what="a run's database", remedy=_REMEDY)
        try:
            self._file.check()
            version = self._version()
            if version < SCHEMA_VERSION:
                version = self._migrated(version)
            if version == SCHEMA_VERSION:
                self._check_seals()
        except RunFolderError:
            self._file.close()
            raise
        if version != SCHEMA_VERSION:
            self._file.close()
            raise RunFolderError(
                f"{database}: written by version {version} of the format, this is "
                f"{SCHEMA_VERSION}; a newer solver reads it"
            )

    def close(self) -> None:
        """Closes the database."""
        self._file.close()

    def __enter__(self) -> "RunFolder":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _version(self) -> int:
        """The database's version; makes the tables where it has none.

        Only a new database is written to: readers open a run while another process draws into it.
        """
        if self._file.row("SELECT 1 FROM sqlite_master WHERE name = 'samples'") is None:
            self._file.script(
                f"{SCHEMA} INSERT OR IGNORE INTO meta VALUES ('version', '{SCHEMA_VERSION}');"
            )
        row = self._file.row("SELECT value FROM meta WHERE name = 'version'")
        with self._file.making_sense():
            return int((row or ("no version",))[0])

    def _migrated(self, version: int) -> int:
        """Brings an older database to this version, whole or not at all, and tells the version.

        Two processes may try at once: the second one finds the work done.
        """
        if version < 1:
            return version
        with self._file.transaction() as connection:
            rows = connection.execute("SELECT * FROM samples WHERE extra LIKE '{%'").fetchall()
            sealed = [(f"#{_digest(row[:13], row[13])} {row[13]}", row[0]) for row in rows]
            connection.executemany("UPDATE samples SET extra = ? WHERE key = ?", sealed)
            connection.execute(
                "UPDATE meta SET value = ? WHERE name = 'version'", (str(SCHEMA_VERSION),)
            )
        return SCHEMA_VERSION

    def _check_seals(self) -> None:
        """Reads every row once (0.2 s for 10,000): counts and sums are taken without reading."""
        last = ""
        while rows := self._file.rows(
            "SELECT * FROM samples WHERE key > ? ORDER BY key LIMIT 500", (last,)
        ):
            for row in rows:
                self._extra(row)
            last = rows[-1][0]

    def _extra(self, row: tuple[Any, ...]) -> dict[str, Any]:
        """A row's `extra`, once the row is seen to be what was kept."""
        with self._file.making_sense():
            text = str(row[13])
            seal = _SEAL.match(text)
            text = text[seal.end() :] if seal else text
            if seal is None or seal[1] != _digest(row[:13], text):
                raise ValueError(f"sample {row[4]} is not what was kept")
            extra: dict[str, Any] = json.loads(text)
            return extra

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing. Any stage may keep tables of its own here.

        Raises:
            RunFolderError: The disk is full or the database damaged; nothing of it is kept.
        """
        with self._file.transaction() as connection:
            yield connection

    def add(self, samples: Iterable[StoredSample]) -> None:
        """Keeps samples in one transaction; one that is there already stays as it is."""
        rows = [self._row(sample) for sample in samples]
        with self.transaction() as connection:
            connection.executemany(
                f"INSERT OR IGNORE INTO samples VALUES ({', '.join('?' * 14)})", rows
            )

    def _row(self, sample: StoredSample) -> tuple[Any, ...]:
        # A model may answer with a lone surrogate escape; UTF-8 has no place for it.
        content = encoded(sample.text)
        text: str | None = content.decode()
        blob: str | None = None
        if len(content) > INLINE_BYTES:
            text, blob = None, self.blobs.put(content)
        # SQLite keeps NaN as NULL and makes an integer of these columns a real number.
        logprob = None if sample.logprob is None else float(sample.logprob)
        row = (
            sample.key,
            sample.task,
            sample.kind,
            sample.subtask,
            sample.number,
            text,
            blob,
            None if logprob is not None and math.isnan(logprob) else logprob,
            sample.tokens,
            sample.prompt_tokens,
            sample.finish,
            sample.model,
            float(sample.elapsed_s),
        )
        extra = json.dumps(sample.extra, sort_keys=True)
        return *row, f"#{_digest(row, extra)} {extra}"

    def known(self, keys: Sequence[str]) -> dict[str, int]:
        """Those of the keys that are kept already, with their samples' tokens."""
        found: dict[str, int] = {}
        for start in range(0, len(keys), 500):
            part = tuple(keys[start : start + 500])
            marks = ", ".join("?" * len(part))
            found.update(
                self._file.rows(f"SELECT key, tokens FROM samples WHERE key IN ({marks})", part)
            )
        return found

    def samples(self, task: str, kind: str) -> list[StoredSample]:
        """A task's samples of one kind, in the run's order."""
        rows = self._file.rows(
            "SELECT * FROM samples WHERE task = ? AND kind = ? ORDER BY number, key",
            (task, kind),
        )
        return [self._sample(row) for row in rows]

    def _sample(self, row: tuple[Any, ...]) -> StoredSample:
        extra = self._extra(row)
        text = row[5] if row[5] is not None else self.blobs.get(row[6]).decode()
        return StoredSample(
            key=row[0],
            task=row[1],
            kind=row[2],
            subtask=row[3],
            number=row[4],
            text=text,
            logprob=row[7],
            tokens=row[8],
            prompt_tokens=row[9],
            finish=row[10],
            model=row[11],
            elapsed_s=row[12],
            extra=extra,
        )

    def kinds(self) -> list[tuple[str, str]]:
        """The (task, kind) pairs of which there are samples."""
        rows = self._file.rows("SELECT DISTINCT task, kind FROM samples ORDER BY task, kind")
        return [(row[0], row[1]) for row in rows]

    def keys(self) -> set[str]:
        """Of all samples."""
        return {row[0] for row in self._file.rows("SELECT key FROM samples")}

    def named_blobs(self) -> set[str]:
        """Digests of the texts that samples name."""
        rows = self._file.rows("SELECT DISTINCT blob FROM samples WHERE blob IS NOT NULL")
        return {row[0] for row in rows}

    def usage(self) -> list[Usage]:
        """What was spent, a row a task and subtask."""
        rows = self._file.rows(
            "SELECT task, subtask, COUNT(*), SUM(tokens), SUM(prompt_tokens), SUM(elapsed_s) "
            "FROM samples GROUP BY task, subtask ORDER BY task, subtask"
        )
        return [
            Usage(
                task=row[0],
                subtask=row[1],
                samples=row[2],
                tokens=row[3],
                prompt_tokens=row[4],
                elapsed_s=row[5],
            )
            for row in rows
        ]


def _digest(row: tuple[Any, ...], extra: str) -> str:
    """Of all that a row holds, 64 bits in hex."""
    return digest_of(encoded(repr((row, extra))))[:16]
