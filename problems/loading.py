"""Role: the solver's door to a package. What it returns has no field for a hidden test."""

from pathlib import Path

from problems.package import load_package, recognised
from problems.task import Task


def load_task(path: Path | str, *, statement_language: str | None = None) -> Task:
    """The task in the package at `path`, without its hidden side.

    Args:
        statement_language: As `problems.package.load_package` takes it.

    Raises:
        PackageError: The package cannot be read; names file and line. Or it has no such statement.
        UnsupportedTask: Nothing here can judge its kind.
    """
    return load_package(path, statement_language=statement_language).task


def is_recognised(folder: Path) -> bool:
    """Whether a folder is a package of some format by its contents; nothing of it is handed out."""
    return recognised(folder)
