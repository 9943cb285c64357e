"""`contest.toml`, this project's own contest description; the other readers translate into it."""

import tomllib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from solver.errors import SolverError


class TaskDocument(BaseModel):
    """One `[[tasks]]` table."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, pattern=r"^[^/\x00]+$")
    """Unique in the contest; also the name of its pool file."""
    path: str | None = None
    """Package, relative to the contest folder; the name where it is left out."""
    day: int = Field(default=1, ge=1)
    worth: float = Field(default=500.0, gt=0)
    pretests: int | None = Field(default=None, ge=1)
    model: str | None = None


class ContestDocument(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid")

    title: str = ""
    rules: str | None = None
    duration_s: float | None = Field(default=None, gt=0)
    """Length of one day."""
    submission_limit: int | None = Field(default=None, ge=1)
    """Per task, over all its subtasks together."""
    submission_interval_s: float | None = Field(default=None, ge=0)
    pools: str | None = None
    model: str | None = None
    standings: str | None = None
    medals: dict[str, float] = Field(default_factory=dict)
    published: dict[str, float] = Field(default_factory=dict)
    """Who to points: what others reported of this contest, printed beside a run's own."""
    tasks: list[TaskDocument] = Field(min_length=1)


def toml_document(path: Path) -> ContestDocument:
    """Reads the file.

    Raises:
        SolverError: It is no TOML, or says something that is not known; names file and key.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SolverError(f"{path}: {error}") from error
    return checked_document(path, content)


def checked_document(path: Path, content: Any) -> ContestDocument:
    """The document that `content` is.

    Raises:
        SolverError: It is none; names file, key and reason.
    """
    try:
        return ContestDocument.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SolverError(f"{path}: {where}: {first['msg']}") from error
