"""Teams and their passwords: a TOML file of mode 0600 that holds scrypt hashes, never passwords."""

import hashlib
import hmac
import os
import re
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from solver.errors import SolverError
from solver.judges.credentials import read_private

SCRYPT = {"n": 2**14, "r": 8, "p": 1, "dklen": 32}
ID_PATTERN = r"^[A-Za-z0-9_]([A-Za-z0-9_.-]{0,34}[A-Za-z0-9_-])?$"


class AccountsError(SolverError):
    """The teams file cannot be used; the message names the file and the fix."""


class TeamRow(BaseModel):
    """One `[[team]]` or `[[admin]]` of the file."""

    model_config = ConfigDict(extra="forbid")
    id: str = Field(pattern=ID_PATTERN)
    name: str
    salt: str = Field(pattern="^[0-9a-f]{32}$")
    scrypt: str = Field(pattern="^[0-9a-f]{64}$")


class TeamsFile(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid")
    team: list[TeamRow] = Field(min_length=1)
    admin: list[TeamRow] = []


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """Who is logged in. The id is also the user name.

    Attributes:
        admin: One who runs the contest: hands nothing in and stands on no scoreboard.
    """

    id: str
    name: str
    admin: bool = False


def _scrypt(password: str, salt: str) -> str:
    return hashlib.scrypt(password.encode(), salt=bytes.fromhex(salt), **SCRYPT).hex()


class Accounts:
    """Checks names and passwords."""

    def __init__(self, rows: Mapping[str, TeamRow], admins: frozenset[str] = frozenset()) -> None:
        self._rows = dict(rows)
        self._admins = admins
        # scrypt is slow on purpose; a password that was right once is known by a keyed hash.
        self._key = secrets.token_bytes(32)
        self._known: dict[str, bytes] = {}

    @classmethod
    def load(cls, file: Path) -> "Accounts":
        """Reads the teams file.

        Raises:
            CredentialsError: Others may read it.
            AccountsError: It is no teams file.
        """
        try:
            parsed = TeamsFile.model_validate(tomllib.loads(read_private(file)))
        except (tomllib.TOMLDecodeError, ValidationError) as error:
            raise AccountsError(f"{file}: {error}; `solver judge teams` writes one") from error
        rows = {row.id: row for row in (*parsed.team, *parsed.admin)}
        if len(rows) != len(parsed.team) + len(parsed.admin):
            raise AccountsError(f"{file}: two accounts have the same id")
        return cls(rows, frozenset(row.id for row in parsed.admin))

    @property
    def teams(self) -> tuple[Team, ...]:
        """All teams, by id; admins are none."""
        return tuple(
            self._team(row) for _, row in sorted(self._rows.items()) if row.id not in self._admins
        )

    @property
    def admins(self) -> tuple[Team, ...]:
        """Who runs the contest, by id."""
        return tuple(self._team(self._rows[each]) for each in sorted(self._admins))

    def _team(self, row: TeamRow) -> Team:
        return Team(id=row.id, name=row.name, admin=row.id in self._admins)

    def known(self, user: str, mark: str) -> Team | None:
        """The account that `mark_of` marked; None where it or its password is another by now."""
        row = self._rows.get(user)
        if row is None or not hmac.compare_digest(mark, self.mark_of(user)):
            return None
        return self._team(row)

    def mark_of(self, user: str) -> str:
        """What changes with the account's password and tells nothing of it."""
        row = self._rows[user]
        return hashlib.sha256(f"{row.salt}{row.scrypt}".encode()).hexdigest()[:32]

    def check(self, user: str, password: str) -> Team | None:
        """The team, or None. Takes as long for an unknown name as for a wrong password."""
        row = self._rows.get(user)
        mark = hmac.digest(self._key, password.encode(), "sha256")
        if row is not None and hmac.compare_digest(self._known.get(user, b""), mark):
            return self._team(row)
        salt = row.salt if row is not None else "00" * 16
        right = hmac.compare_digest(_scrypt(password, salt), row.scrypt if row else "")
        if row is None or not right:
            return None
        self._known[user] = mark
        return self._team(row)


def make_teams(
    file: Path, count: int, prefix: str = "team", admin: str | None = None
) -> dict[str, str]:
    """Writes a new teams file with random passwords and returns them: they are kept nowhere.

    Args:
        file: What to write.
        count: Teams.
        prefix: Of their ids, before the number.
        admin: Id of an account that runs the contest; None makes no such account.

    Raises:
        AccountsError: The file is there already, or a name is none.
    """
    rows = [("team", f"{prefix}{number:02d}", f"Team {number}") for number in range(1, count + 1)]
    rows += [("admin", admin, "Admin")] if admin is not None else []
    passwords: dict[str, str] = {}
    parts: list[str] = []
    for kind, account, name in rows:
        if not re.fullmatch(ID_PATTERN, account):
            raise AccountsError(f"{account!r} is no account's id: letters, digits, _ . - only")
        if account in passwords:
            raise AccountsError(f"{account!r} is a team's id already; name the admin otherwise")
        password, salt = secrets.token_urlsafe(12), secrets.token_hex(16)
        passwords[account] = password
        parts.append(
            f'[[{kind}]]\nid = "{account}"\nname = "{name}"\nsalt = "{salt}"\n'
            f'scrypt = "{_scrypt(password, salt)}"\n'
        )
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise AccountsError(f"{file}: is there already; choose another name") from None
    with os.fdopen(descriptor, "w") as stream:
        stream.write("\n".join(parts))
    return passwords
