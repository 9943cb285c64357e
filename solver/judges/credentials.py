"""Credentials come from the environment or from a file of mode 0600; they never leave this module
in a form that a log, a run folder or a report could print."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from solver.errors import SolverError


class CredentialsError(SolverError):
    """The credentials cannot be read safely; the message names the file and the fix."""


class Secret:
    """A string that shows itself only where it is sent."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The value itself: for the request that needs it, and nothing else."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(...)"

    __str__ = __repr__

    def __reduce__(self) -> str:
        raise TypeError("a secret is not to be pickled")


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """A user and a password or token."""

    user: str
    secret: Secret

    @classmethod
    def load(cls, name: str, file: Path | None = None) -> Self:
        """Reads `SOLVER_<NAME>_USER` and `SOLVER_<NAME>_PASSWORD`, or the file.

        Args:
            name: Which judge ("cms", "contest_api", "domjudge").
            file: Two lines, user and password; mode 0600.

        Raises:
            CredentialsError: Neither is there, or others may read the file.
        """
        if file is not None:
            return cls._from_file(file)
        prefix = f"SOLVER_{name.upper()}"
        user, password = os.environ.get(f"{prefix}_USER"), os.environ.get(f"{prefix}_PASSWORD")
        if user is None or password is None:
            raise CredentialsError(
                f"no credentials: set {prefix}_USER and {prefix}_PASSWORD, "
                "or give --credentials FILE (two lines, mode 0600)"
            )
        return cls(user=user, secret=Secret(password))

    @classmethod
    def _from_file(cls, file: Path) -> Self:
        lines = read_private(file).splitlines()
        if len(lines) < 2 or not lines[0].strip():
            raise CredentialsError(f"{file}: wants two lines, user and password")
        return cls(user=lines[0].strip(), secret=Secret(lines[1]))


def read_private(file: Path) -> str:
    """The text of a file that nobody else may read.

    Raises:
        CredentialsError: It is not there, or its mode lets others in.
    """
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError as error:
        raise CredentialsError(f"{file}: {error.strerror}") from error
    with os.fdopen(descriptor, encoding="utf-8") as stream:
        mode = stat.S_IMODE(os.fstat(stream.fileno()).st_mode)
        if mode & 0o077:
            raise CredentialsError(
                f"{file}: others may read it (mode {mode:04o}); run: chmod 600 {file}"
            )
        try:
            return stream.read()
        except UnicodeDecodeError as error:
            raise CredentialsError(f"{file}: not text in UTF-8") from error
