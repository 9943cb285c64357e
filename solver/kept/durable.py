"""SQLite files whose every transaction survives SIGKILL and a power cut: run folders, the clients'
ledger, the judge server's submissions.

`synchronous=FULL` syncs the write-ahead log at every commit. SQLite finds damage to the structure
of its pages; what the pages hold it takes as it is, so the files above seal what they keep, and
whatever cannot be made sense of is `damaged`.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import zstandard

from solver.errors import RunFolderError
from solver.kept.disk import disk_errors, make_folder

_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_TOOBIG}
_REMEDY = "move it away, with the -wal and -shm files beside it, and run again"


class DurableFile:
    """One database; may be used from any thread, and other processes may read at the same time."""

    def __init__(self, path: Path | None, *, what: str, remedy: str = _REMEDY) -> None:
        """Opens or makes the file and its folder.

        Args:
            path: None keeps it in memory.
            what: What the file is, for the message where it is something else.
            remedy: What to do where it is damaged, for that message.

        Raises:
            RunFolderError: It is no database, the disk is full, or it cannot be written.
        """
        self._where = path or Path(":memory:")
        self._what = what
        self._remedy = remedy
        self._lock = threading.Lock()
        with disk_errors(self._where):
            if path is not None:
                make_folder(path.parent)
            with self._said():
                self._connection = sqlite3.connect(
                    self._where, isolation_level=None, check_same_thread=False, timeout=60
                )
                try:
                    self._connection.execute("PRAGMA journal_mode=WAL")
                    self._connection.execute("PRAGMA synchronous=FULL")
                except BaseException:
                    self._connection.close()
                    raise

    def close(self) -> None:
        """Closes the file.

        Raises:
            RunFolderError: The disk failed.
        """
        with self._lock, disk_errors(self._where), self._said():
            self._connection.close()

    def damaged(self, reason: object) -> RunFolderError:
        """The error for a file that does not hold what was kept; names it and the remedy."""
        return RunFolderError(f"{self._where}: damaged ({reason}); {self._remedy}")

    @contextmanager
    def making_sense(self) -> Iterator[None]:
        """For a block that turns rows into values: what it cannot turn is damage.

        Raises:
            RunFolderError: The block raised an error of decoding.
        """
        try:
            yield
        except (ValueError, TypeError, LookupError, OverflowError, zstandard.ZstdError) as error:
            raise self.damaged(error) from error

    def script(self, statements: str) -> None:
        """Runs statements as one transaction.

        Raises:
            RunFolderError: As `transaction` does.
        """
        with self._lock, disk_errors(self._where), self._said():
            try:
                self._connection.executescript(f"BEGIN IMMEDIATE; {statements} COMMIT;")
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

    def rows(self, query: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """The answer of a query.

        Raises:
            RunFolderError: The database is damaged, or the disk failed.
        """
        with self._lock, disk_errors(self._where), self._said():
            return self._connection.execute(query, values).fetchall()

    def row(self, query: str, values: tuple[Any, ...] = ()) -> tuple[Any, ...] | None:
        """The first row of the answer, None where there is none.

        Raises:
            RunFolderError: As `rows` does.
        """
        found = self.rows(query, values)
        return found[0] if found else None

    def check(self) -> None:
        """Reads the whole file and holds its tables against their indexes (35 ms for 50 MB): a row
        that was lost shows in no query.

        Raises:
            RunFolderError: The database is damaged.
        """
        (told,) = self.row("PRAGMA integrity_check(1)") or ("no answer",)
        if told != "ok":
            raise self.damaged(str(told).replace("\n", " "))

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing; on the disk when the block has ended.

        Raises:
            RunFolderError: The disk is full or the database damaged; nothing of it is kept.
        """
        with self._lock, disk_errors(self._where), self._said():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                # On a full disk SQLite has rolled back by itself already.
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    @contextmanager
    def _said(self) -> Iterator[None]:
        """Says damage that SQLite, or its Python module, has found."""
        try:
            yield
        except sqlite3.DatabaseError as error:
            # The low byte is the primary code. A text that is no UTF-8 is found by the Python
            # module, which gives no code.
            code = getattr(error, "sqlite_errorcode", None)
            if code is None and isinstance(error, sqlite3.OperationalError):
                raise self.damaged("a text in it is not UTF-8") from error
            if code is None or code & 0xFF not in _DAMAGE:
                raise
            if code & 0xFF == sqlite3.SQLITE_NOTADB:
                raise RunFolderError(
                    f"{self._where}: not {self._what} ({error}); {self._remedy}"
                ) from error
            raise self.damaged(error) from error
