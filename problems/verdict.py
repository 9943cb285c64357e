"""Verdicts and results, the same for every format and judge."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

POINTS_TOLERANCE = 1e-9
"""Points are sums of floats: what lacks no more than this has full marks."""


class Verdict(StrEnum):
    """One word for how a run or a submission ended. Other systems' words are translated in
    `problems/formats/` and `solver/judges/` alone."""

    AC = "AC"
    WA = "WA"
    TLE = "TLE"
    MLE = "MLE"
    OLE = "OLE"
    RE = "RE"
    CE = "CE"
    PARTIAL = "PARTIAL"
    SKIPPED = "SKIPPED"


@dataclass(frozen=True, slots=True, kw_only=True)
class TestcaseResult:
    """One test case's outcome.

    Attributes:
        testcase: Its name in the test set.
        verdict: AC, PARTIAL (0 < score < 1) or a rejection.
        score: Share of full marks, 0 to 1; a checker with an own scale may give more.
        cpu_s: CPU time of the contestant's processes together.
        waited_s: The part of `wall_s` in which other work of the machine ran instead.
        repeats: How often the run was measured again alone, its CPU time being near the limit.
        memory_bytes: Peak memory of the contestant's largest process.
        message: What the checker said; may quote the hidden test, so it never reaches a solver.
    """

    testcase: str
    verdict: Verdict
    score: float
    cpu_s: float = 0.0
    wall_s: float = 0.0
    memory_bytes: int = 0
    message: str = ""
    waited_s: float = 0.0
    repeats: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SubtaskResult:
    """Points of one subtask in one submission (unrounded).

    Attributes:
        verdict: AC at full points, else the first rejection, PARTIAL without one.
        package_verdict: What the package's own graders say of its group, where it has graders:
            Kattis accepts a group as soon as they do, at any points.
    """

    subtask: str
    points: float
    max_points: float
    verdict: Verdict
    package_verdict: Verdict | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionResult:
    """What the judge found. Contest rules decide which part of it a contestant sees.

    Attributes:
        verdict: AC at full points, else the first rejection in test order (CE when it did not
            compile, PARTIAL when points were given without a rejection).
        points: Sum over subtasks; for pass-fail tasks 1 or 0 of a single subtask "all".
        subtasks: In the task's order.
        testcases: In judging order; test cases that could not change the result are SKIPPED.
        compile_message: The compiler's messages where the verdict is CE.
        package_verdict: What the package's own grading says, where it has one that differs in
            kind: Kattis accepts a scoring submission as soon as its graders do, at any points.
        group_points: Points of every group of tests by its node's name (CMS's rules only).
    """

    verdict: Verdict
    points: float
    subtasks: tuple[SubtaskResult, ...]
    testcases: tuple[TestcaseResult, ...]
    compile_message: str = ""
    package_verdict: Verdict | None = None
    group_points: Mapping[str, float] = field(default_factory=dict)

    @property
    def cpu_s(self) -> float:
        """The slowest test case's CPU time."""
        return max((case.cpu_s for case in self.testcases), default=0.0)

    @property
    def waited_s(self) -> float:
        """What all test cases together waited for a processor."""
        return sum(case.waited_s for case in self.testcases)

    @property
    def repeats(self) -> int:
        """How many runs were measured again alone."""
        return sum(case.repeats for case in self.testcases)
