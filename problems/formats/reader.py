"""Role: what every format's reader yields, and the shape of a reader."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from problems.statement.translations import StatementParts
from problems.submission import JurySubmission
from problems.task import Task
from problems.testset import Testset


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """What lies among the jury's submissions and is not judged, with the reason."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A task with its hidden side, as read from one folder or file.

    Attributes:
        path: The folder (links resolved) or file it was read from.
        format: The reader's name.
        task: What a solver may know.
        testset: What the judge alone may know.
        submissions: The jury's labelled programs.
        left_out: What else lies among them; `verify` lists it as skipped.
        notes: Oddities met while reading, for `solver problems show` and `verify`.
        statement_parts: What belongs into a statement in any language; None: the task's examples.
    """

    path: Path
    format: str
    task: Task
    testset: Testset
    submissions: tuple[JurySubmission, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[str, ...] = ()
    statement_parts: StatementParts | None = None


class Reader(Protocol):
    """Reads one format."""

    @property
    def name(self) -> str:
        """The format's name, as `solver problems show` prints it."""

    def detect(self, path: Path) -> bool:
        """Whether this reader is meant for what lies at `path`, judged by its contents.

        Must not raise for anything that a stranger may put there.
        """

    def read(self, path: Path) -> Package:
        """Reads it.

        Raises:
            PackageError: It is broken; names file and line.
            UnsupportedTask: It is sound, and nothing here can judge its kind.
        """
