"""A training row: a prompt as sampling asks it, an answer that the judge found right, and where
both come from. A file of rows is JSON lines."""

import json
from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sandbox.data import digest_of
from solver.kept.whole_files import whole_file
from solver.sampling.engine import Message, Role
from solver.training.errors import TrainingError

ROWS_NAME = "rows.jsonl"


class Kind(StrEnum):
    """What a row teaches: to write a program, to repair one, to say whether one is right, or to
    find the input that breaks one."""

    PROGRAM = "program"
    REPAIR = "repair"
    VERDICT = "verdict"
    BREAK = "break"


class Difficulty(StrEnum):
    """Of a subtask, by the share of the candidates that solve it."""

    HARD = "hard"
    MIDDLE = "middle"
    EASY = "easy"

    @classmethod
    def of(cls, share: float) -> "Difficulty":
        """At most one in ten is hard, more than half is easy."""
        return cls.HARD if share <= 0.1 else cls.MIDDLE if share <= 0.5 else cls.EASY


class Turn(BaseModel):
    """One turn of a prompt."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    role: Role
    content: str


class Origin(BaseModel):
    """Where a row's program comes from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    place: str
    """The pool or run folder, as it was named."""
    candidate: str
    """The program's id there."""
    model: str | None = None
    """What drew it."""
    program: str
    """Digest of language and text (`text_digest`)."""
    parent: str | None = None
    """Id of the program that it repairs."""
    contest: str = ""
    """Title of the contest whose package judged it, or of the folder that the package lies in."""
    package: str = ""
    """The package's own name."""


class TrainingRow(BaseModel):
    """One row. It holds nothing of a hidden test but the share of the points."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    kind: Kind
    task: str
    subtask: str | None
    """The one that the prompt asks for; None for the whole task."""
    language: str
    messages: tuple[Turn, ...]
    completion: str
    share: float = Field(ge=0, le=1, allow_inf_nan=False)
    """The judge's points of what the prompt asks for, 0 to 1, for the program that the row is
    about."""
    difficulty: Difficulty
    origin: Origin

    @property
    def prompt(self) -> str:
        """All turns as one text."""
        return "\n\n".join(turn.content for turn in self.messages)


def row_id(messages: Sequence[Message], completion: str) -> str:
    """Equal rows have equal ids, 64 bits in hex."""
    text = json.dumps([[each.role, each.content] for each in messages] + [completion])
    return digest_of(text.encode("utf-8", "replace"))[:16]


def turns(messages: Sequence[Message]) -> tuple[Turn, ...]:
    """A prompt as a row keeps it."""
    return tuple(Turn(role=each.role, content=each.content) for each in messages)


def write_rows(path: Path, rows: Iterable[TrainingRow]) -> None:
    """Writes JSON lines; the file appears whole or not at all.

    Raises:
        RunFolderError: The disk is full, or the folder cannot be written.
    """
    with whole_file(path) as partial, partial.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(row.model_dump_json() + "\n")


def read_rows(place: Path) -> list[TrainingRow]:
    """The rows in a file, or in a folder's `rows.jsonl`.

    Raises:
        TrainingError: There is none, or a line is no row; names file and line.
    """
    path = place / ROWS_NAME if place.is_dir() else place
    if not path.is_file():
        raise TrainingError(f"{path}: no such file of rows; `solver train data` makes one")
    rows = []
    for number, line in enumerate(path.read_bytes().split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            rows.append(TrainingRow.model_validate_json(line))
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or "the line"
            raise TrainingError(
                f"{path}:{number}: {where}: {first['msg']}; `solver train data` writes such rows"
            ) from error
    if not rows:
        raise TrainingError(f"{path}: no row in it")
    return rows
