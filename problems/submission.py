"""What is handed in, and the jury's labelled submissions of a package."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from problems.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """Sources in one language.

    Attributes:
        language: Language id of the sandbox's table.
        sources: Path below the program's folder to content; an OutputOnly submission holds its
        output files, and one to a task with `output_files` may hold some of those beside its
        program or alone.
    entry: The file (in Java the class) that is started, where the package names it.
    """

    language: str
    sources: Mapping[str, bytes]
    entry: str | None = None


class Speech(StrEnum):
    """What a label's verdicts are about, which differs by the package's format.

    POINTS: what a submission or subtask is worth. AC is all of its points, PARTIAL a part of them
        (TPS, Polygon, data sets).
    GRADES: what the package's own graders pass up. AC is an accepted group, at any points; PARTIAL
        an accepted one that lacks points (legacy Kattis).
    TESTS: how test cases end. AC is that none is rejected, at any points (Kattis 2025-09).
    """

    POINTS = "points"
    GRADES = "grades"
    TESTS = "tests"


class TimeBound(StrEnum):
    """What a submission's time says of a limit that is measured."""

    LOWER = "lower"
    """The limit must leave it room: it is not permitted to be too slow."""

    UPPER = "upper"
    """The limit must stop it, with room to spare: it is required to be too slow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TestRule:
    """What is expected of single tests (Kattis 2025-09's `submissions.yaml`).

    Attributes:
        where: The pattern that names the tests, for reports; empty for all of them.
        testcases: Names of the tests; None: all of them.
        permitted: Every test ends with one of these; None says nothing.
        required: At least one test ends with one of these; None says nothing.
        message: What the validator says of at least one test contains this.
        bound: What the rule's tests say of a measured time limit.
    """

    where: str = ""
    testcases: frozenset[str] | None = None
    permitted: frozenset[Verdict] | None = None
    required: frozenset[Verdict] | None = None
    message: str = ""
    bound: TimeBound | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """The jury's label. Fields that are None say nothing.

    Attributes:
        verdicts: Overall verdicts that agree with the label.
        points: Exact total, or the least and the most.
        subtasks: Subtask name to the verdicts that agree there.
        subtask_points: Name of a subtask, or of a group of tests, to its least and most points.
        speaks: What the verdicts are about.
        some_test: At least one test that was judged ends with one of these.
        said: Words of the jury's program or the contestant's grader on a test that stand for
            `some_test` as well, in any case ("protocol violation").
        rules: What is expected of single tests. With any, `verdicts` is for reports only, and
            every test is judged.
        exact: False for labels that only say "not all groups".
        label: The label in the package's own word, for reports; empty where the fields say it.
        source: Where the label was read ("folder", "@EXPECTED_GRADES@", "solutions.json", ...).
    """

    verdicts: frozenset[Verdict] | None = None
    points: float | tuple[float, float] | None = None
    subtasks: Mapping[str, frozenset[Verdict]] | None = None
    subtask_points: Mapping[str, tuple[float, float]] | None = None
    speaks: Speech = Speech.POINTS
    some_test: frozenset[Verdict] | None = None
    said: str = ""
    rules: tuple[TestRule, ...] = ()
    exact: bool = True
    label: str = ""
    source: str = "folder"


@dataclass(frozen=True, slots=True, kw_only=True)
class JurySubmission:
    """A labelled submission of the package."""

    name: str
    path: Path
    submission: Submission
    expected: Expectation
