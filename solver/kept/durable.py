"""SQLite files whose every transaction survives SIGKILL and a power cut: run folders, the clients'
ledger, the judge server's submissions."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from solver.errors import RunFolderError
from solver.kept.blobs import disk_errors


class DurableFile:
    """One database; may be used from any thread, and other processes may read at the same time."""

    def __init__(self, path: Path | None, *, what: str) -> None:
        """Opens or makes the file and its folder.

        Args:
            path: None keeps it in memory.
            what: What the file is, for the message where it is something else.

        Raises:
            RunFolderError: It is no database, the disk is full, or it cannot be written.
        """
        self._where = path or Path(":memory:")
        self._lock = threading.Lock()
        try:
            with disk_errors(self._where):
                if path is not None:
                    path.parent.mkdir(parents=True, exist_ok=True)
                self._connection = sqlite3.connect(
                    self._where, isolation_level=None, check_same_thread=False, timeout=60
                )
                self._connection.execute("PRAGMA journal_mode=WAL")
                self._connection.execute("PRAGMA synchronous=FULL")
        except sqlite3.DatabaseError as error:
            raise RunFolderError(f"{path}: not {what} ({error}); move it away") from error

    def close(self) -> None:
        """Closes the file."""
        with self._lock:
            self._connection.close()

    def script(self, statements: str) -> None:
        """Runs statements as one transaction."""
        with self._lock, disk_errors(self._where):
            self._connection.executescript(f"BEGIN IMMEDIATE; {statements} COMMIT;")

    def rows(self, query: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """The answer of a query."""
        with self._lock:
            return self._connection.execute(query, values).fetchall()

    def row(self, query: str, values: tuple[Any, ...] = ()) -> tuple[Any, ...] | None:
        """The first row of the answer, None where there is none."""
        found = self.rows(query, values)
        return found[0] if found else None

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing; on the disk when the block has ended.

        Raises:
            RunFolderError: The disk is full or the database damaged; nothing of it is kept.
        """
        with self._lock, disk_errors(self._where):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                # On a full disk SQLite has rolled back by itself already.
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
