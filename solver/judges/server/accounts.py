"""Teams and their passwords: a TOML file of mode 0600 that holds scrypt hashes, never passwords."""

import hashlib
import hmac
import os
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
    """One `[[team]]` of the file."""

    model_config = ConfigDict(extra="forbid")
    id: str = Field(pattern=ID_PATTERN)
    name: str
    salt: str = Field(pattern="^[0-9a-f]{32}$")
    scrypt: str = Field(pattern="^[0-9a-f]{64}$")


class TeamsFile(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid")
    team: list[TeamRow] = Field(min_length=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """Who is logged in. The id is also the user name."""

    id: str
    name: str


def _scrypt(password: str, salt: str) -> str:
    return hashlib.scrypt(password.encode(), salt=bytes.fromhex(salt), **SCRYPT).hex()


class Accounts:
    """Checks names and passwords."""

    def __init__(self, rows: Mapping[str, TeamRow]) -> None:
        self._rows = dict(rows)
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
        rows = {row.id: row for row in parsed.team}
        if len(rows) != len(parsed.team):
            raise AccountsError(f"{file}: two teams have the same id")
        return cls(rows)

    @property
    def teams(self) -> tuple[Team, ...]:
        """All teams, by id."""
        return tuple(Team(id=row.id, name=row.name) for _, row in sorted(self._rows.items()))

    def check(self, user: str, password: str) -> Team | None:
        """The team, or None. Takes as long for an unknown name as for a wrong password."""
        row = self._rows.get(user)
        mark = hmac.digest(self._key, password.encode(), "sha256")
        if row is not None and hmac.compare_digest(self._known.get(user, b""), mark):
            return Team(id=row.id, name=row.name)
        salt = row.salt if row is not None else "00" * 16
        right = hmac.compare_digest(_scrypt(password, salt), row.scrypt if row else "")
        if row is None or not right:
            return None
        self._known[user] = mark
        return Team(id=row.id, name=row.name)


def make_teams(file: Path, count: int, prefix: str = "team") -> dict[str, str]:
    """Writes a new teams file with random passwords and returns them: they are kept nowhere.

    Raises:
        AccountsError: The file is there already.
    """
    passwords: dict[str, str] = {}
    parts: list[str] = []
    for number in range(1, count + 1):
        team = f"{prefix}{number:02d}"
        password, salt = secrets.token_urlsafe(12), secrets.token_hex(16)
        passwords[team] = password
        parts.append(
            f'[[team]]\nid = "{team}"\nname = "Team {number}"\nsalt = "{salt}"\n'
            f'scrypt = "{_scrypt(password, salt)}"\n'
        )
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise AccountsError(f"{file}: is there already; choose another name") from None
    with os.fdopen(descriptor, "w") as stream:
        stream.write("\n".join(parts))
    return passwords
