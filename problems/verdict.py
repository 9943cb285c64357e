"""Verdicts, with every way to say and to read one, and results: the same for every format and
judge."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sandbox.limits import LimitKind

POINTS_TOLERANCE = 1e-9
"""Points are sums of floats: what lacks no more than this has full marks."""


class Verdict(StrEnum):
    """One word for how a run or a submission ended; its value is the short form.

    Judges' and graders' words are translated here; what a jury's label of a package means is its
    format's to say (`problems/formats/`).
    """

    AC = "AC"
    WA = "WA"
    TLE = "TLE"
    MLE = "MLE"
    OLE = "OLE"
    RE = "RE"
    CE = "CE"
    PARTIAL = "PARTIAL"
    SKIPPED = "SKIPPED"

    @property
    def words(self) -> str:
        """As a sentence says it: "time limit exceeded"."""
        return _WORDS[self]

    @property
    def colour(self) -> str:
        """On a terminal, by rich's name: green, yellow, red, or a grey where nothing was judged."""
        return _COLOURS.get(self, "red")

    @property
    def ccs(self) -> str:
        """The id of the Contest API's judgement type, which is also what Kattis's graders read.

        PARTIAL is "AC", as DOMjudge and Kattis say of a scored problem's partial result.
        """
        return _CCS_OF.get(self, self.value)

    @classmethod
    def of_ccs(cls, word: str) -> "Verdict | None":
        """What a judgement type of the Contest API says; None where the specification has no such
        id (CCS specification, JSON_Format.md, "Judgement types")."""
        return _OF_CCS.get(word)

    @classmethod
    def of_grade(cls, word: str) -> "Verdict | None":
        """What a legacy Kattis grader says of a group; None where it is no such word."""
        return cls.__members__.get("RE" if word == "RTE" else word)

    @classmethod
    def of_kattis_status(cls, status: int) -> "Verdict | None":
        """What the number on a Kattis submission's page says; None while it is being judged, and
        for numbers that nobody has written down (kattis-cli, submit.py, `_STATUS_MAP`)."""
        return _OF_KATTIS_STATUS.get(status)

    @classmethod
    def of_limit(cls, limit: LimitKind) -> "Verdict":
        """The verdict of a program that the sandbox ended at a limit."""
        return _OF_LIMIT[limit]


_WORDS: Mapping[Verdict, str] = {
    Verdict.AC: "accepted",
    Verdict.WA: "wrong answer",
    Verdict.TLE: "time limit exceeded",
    Verdict.MLE: "memory limit exceeded",
    Verdict.OLE: "output limit exceeded",
    Verdict.RE: "run-time error",
    Verdict.CE: "compile error",
    Verdict.PARTIAL: "partly right",
    Verdict.SKIPPED: "not judged",
}
_COLOURS = {Verdict.AC: "green", Verdict.PARTIAL: "yellow", Verdict.SKIPPED: "bright_black"}
_CCS_OF = {Verdict.RE: "RTE", Verdict.PARTIAL: "AC", Verdict.SKIPPED: "JE"}
# The big five of the specification and their common variants.
_OF_CCS: Mapping[str, Verdict] = {
    "AC": Verdict.AC,
    "RE": Verdict.WA,  # "rejected", where a contest does not say why
    "NO": Verdict.WA,
    "WA": Verdict.WA,
    "TLE": Verdict.TLE,
    "WTL": Verdict.TLE,
    "ILE": Verdict.TLE,
    "TCO": Verdict.TLE,
    "RTE": Verdict.RE,
    "CE": Verdict.CE,
    "CTL": Verdict.CE,
    "APE": Verdict.AC,
    "PE": Verdict.WA,
    "EO": Verdict.WA,
    "IO": Verdict.WA,
    "OLE": Verdict.OLE,
    "MLE": Verdict.MLE,
    "SV": Verdict.RE,
    "IF": Verdict.RE,
    "RCO": Verdict.RE,
    "RWA": Verdict.RE,
    "TWA": Verdict.TLE,
    "CS": Verdict.SKIPPED,
    "SE": Verdict.SKIPPED,
    "JE": Verdict.SKIPPED,
}
KATTIS_RUNNING = 5
"""Kattis's statuses up to this one are of submissions that are not judged yet."""
_OF_KATTIS_STATUS: Mapping[int, Verdict] = {
    6: Verdict.SKIPPED,  # "Judge Error"
    8: Verdict.CE,
    9: Verdict.RE,
    10: Verdict.MLE,
    11: Verdict.OLE,
    12: Verdict.TLE,
    13: Verdict.RE,  # "Illegal Function"
    14: Verdict.WA,
    16: Verdict.AC,
}
_OF_LIMIT: Mapping[LimitKind, Verdict] = {
    LimitKind.CPU: Verdict.TLE,
    LimitKind.WALL: Verdict.TLE,
    LimitKind.MEMORY: Verdict.MLE,
    LimitKind.OUTPUT: Verdict.OLE,
    LimitKind.DISK: Verdict.OLE,
    LimitKind.PROCESSES: Verdict.RE,
}


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
