"""What is asked of the owner's judging handlers, and what they answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from problems.submission import Submission
from problems.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A package's archive.

    Attributes:
        client: Who may name it later.
        suffix: Of the archive's kind: ".zip", ".tar", ".tar.gz", ".tar.xz", ".tar.bz2".
    """

    client: str
    suffix: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenTest:
    """One test of a test set. `group` names the subtask."""

    input: bytes
    answer: bytes
    group: str = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadTests:
    """A test set without a package: inputs, answers, and how outputs are compared.

    Attributes:
        comparison: As `problems.jury.checkers.Checker` reads it: `kind`, `flags`.
        checker: A checker's source, where there is one.
        checker_language: Its language.
        checker_role: Its calling convention ("testlib-checker", ...).
        points: Group to its points; without any, the set is pass-fail.
    """

    client: str
    tests: tuple[HiddenTest, ...]
    comparison: Mapping[str, str]
    checker: Mapping[str, bytes] = field(default_factory=dict)
    checker_language: str = "cpp17"
    checker_role: str = "testlib-checker"
    points: Mapping[str, float] = field(default_factory=dict)
    time_s: float = 2.0
    memory_bytes: int = 256 * 1024 * 1024
    output_bytes: int = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """The public side of what was handed over: all that can ever be read of it."""

    id: str
    name: str
    title: str
    type: str
    scored: bool
    subtasks: Mapping[str, float]
    tests: int
    time_s: float
    memory_bytes: int
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Describe:
    """Asks for `Described`."""

    client: str
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeWork:
    """A submission to a package that is here.

    Attributes:
        streamed: Each test is told as soon as it is judged.
    """

    client: str
    id: str
    submission: Submission
    streamed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TestRow:
    """What is told of one hidden test: nothing that was read from it or written for it."""

    test: str
    verdict: Verdict
    share: float
    cpu_s: float
    memory_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SubtaskRow:
    """Points of one subtask."""

    subtask: str
    points: float
    max_points: float
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeAnswer:
    """What the judge found.

    Attributes:
        compile_message: The compiler's words, where it did not compile.
    """

    verdict: Verdict
    points: float
    max_points: float
    subtasks: tuple[SubtaskRow, ...]
    tests: tuple[TestRow, ...]
    compile_message: str

    def document(self) -> dict[str, Any]:
        """As JSON; `reward` is the share of all points, between 0 and 1."""
        return {
            "verdict": str(self.verdict),
            "points": self.points,
            "max_points": self.max_points,
            "reward": self.points / self.max_points if self.max_points else 0.0,
            "subtasks": [
                {
                    "name": row.subtask,
                    "points": row.points,
                    "max_points": row.max_points,
                    "verdict": str(row.verdict),
                }
                for row in self.subtasks
            ],
            "tests": [test_document(row) for row in self.tests],
            "compile_message": self.compile_message,
        }


def test_document(row: TestRow) -> dict[str, Any]:
    """One test as JSON."""
    return {
        "name": row.test,
        "verdict": str(row.verdict),
        "share": row.share,
        "cpu_s": row.cpu_s,
        "memory_bytes": row.memory_bytes,
    }
