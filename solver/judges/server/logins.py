"""Who is logged in on the pages. A cookie names its login; what ends is ended here, so that a copy
of the cookie is worth nothing after the logout."""

import secrets
import time
from collections.abc import Callable

from solver.kept.durable import DurableFile

SCHEMA = """
CREATE TABLE IF NOT EXISTS logins (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    begun_s REAL NOT NULL
);
"""
LONGEST_S = 7 * 24 * 3600.0
"""However often its pages are looked at: a scoreboard that follows the contest does so for ever."""


class Logins:
    """Logins of accounts, durable: a restart of the server logs nobody out."""

    def __init__(self, file: DurableFile, now_s: Callable[[], float] = time.time) -> None:
        """Args:
        file: The server's database.
        now_s: The clock.
        """
        self._file = file
        self._now_s = now_s
        file.script(SCHEMA)

    def begin(self, account: str) -> str:
        """A new login; its id is for the cookie."""
        login = secrets.token_urlsafe(24)
        now_s = self._now_s()
        with self._file.transaction() as connection:
            connection.execute("DELETE FROM logins WHERE begun_s < ?", (now_s - LONGEST_S,))
            connection.execute("INSERT INTO logins VALUES (?, ?, ?)", (login, account, now_s))
        return login

    def holds(self, login: str, account: str) -> bool:
        """It is the account's, and has not ended."""
        row = self._file.row(
            "SELECT account FROM logins WHERE id = ? AND begun_s >= ?",
            (login, self._now_s() - LONGEST_S),
        )
        return row is not None and row[0] == account

    def end(self, login: str) -> None:
        """Whoever has its cookie is nobody from now on."""
        with self._file.transaction() as connection:
            connection.execute("DELETE FROM logins WHERE id = ?", (login,))
