"""SQLite files whose every transaction survives SIGKILL and a power cut: run folders, the clients'
ledger, the judge server's submissions.

`synchronous=FULL` syncs the write-ahead log at every commit. SQLite finds damage to the structure
of its pages; what the pages hold it takes as it is, so the files above seal what they keep, and
whatever cannot be made sense of is `damaged`.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import zstandard

from solver.errors import RunFolderError
from solver.kept.disk import disk_errors, make_folder

_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_TOOBIG}
_REMEDY = "move it away, with the -wal and -shm files beside it, and run again"


Write = Callable[[sqlite3.Connection], object]
"""Statements within a transaction; run again, they leave the same rows."""


@dataclass(slots=True, eq=False)
class _Turn:
    """A write that a thread waits for: until it has ended, or until the thread is to make the
    next transaction, for all that wait by then."""

    write: Write
    woken: threading.Event = field(default_factory=threading.Event)
    leads: bool = False
    ended: bool = False
    error: Exception | None = None


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
        self._turns: list[_Turn] = []
        self._led = False
        self._turns_lock = threading.Lock()
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
        with self._lock, self._transaction() as connection:
            yield connection

    def commit(self, write: Write) -> None:
        """As `transaction` with these statements, but those that wait at the same time share one:
        a disk syncs some hundred times a second, whoever waits for it.

        Where they fail together each is tried alone, so a failure is only its own writer's.

        Args:
            write: Run again after such a failure: it must leave the same rows.

        Raises:
            RunFolderError: As `transaction` does.
        """
        turn = _Turn(write)
        try:
            with self._turns_lock:
                self._turns.append(turn)
                turn.leads, self._led = not self._led, True
                if turn.leads:
                    turn.woken.set()
            turn.woken.wait()
            if turn.leads:
                with self._lock:
                    self._commit_waiting()
        finally:
            with self._turns_lock:
                if not turn.ended and turn in self._turns:  # Interrupted: nobody waits for it.
                    self._turns.remove(turn)
                if turn.leads:
                    self._hand_on()
        if turn.error is not None:
            raise turn.error

    def _hand_on(self) -> None:
        """The next one that waits makes the next transaction, for all that wait by then."""
        self._led = bool(self._turns)
        if self._turns:
            self._turns[0].leads = True
            self._turns[0].woken.set()

    def _commit_waiting(self) -> None:
        with self._turns_lock:
            turns, self._turns = self._turns, []
        try:
            try:
                self._commit_all(turns)
            except Exception:  # noqa: BLE001  (raised where its writer waits)
                for turn in turns:
                    try:
                        self._commit_all([turn])
                    except Exception as error:  # noqa: BLE001
                        turn.error, turn.ended = error, True
        finally:
            with self._turns_lock:
                # Interrupted: the next one takes them up.
                self._turns[:0] = [turn for turn in turns if not turn.ended]
            for turn in turns:
                if turn.ended:
                    turn.woken.set()

    def _commit_all(self, turns: list[_Turn]) -> None:
        with self._transaction() as connection:
            for turn in turns:
                turn.write(connection)
        for turn in turns:
            turn.ended = True

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with disk_errors(self._where), self._said():
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
