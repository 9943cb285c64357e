"""The hidden tests. Only `problems.judging.judge` and a contest's set-up may hold one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from problems.score import ScoreUse
from problems.scoring import ScoreNode
from problems.task import Program
from sandbox.limits import Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Testcase:
    """One hidden test.

    Attributes:
        name: Unique in the set, in the format's own naming ("group1/003-1-02").
        input: Path of the input, links resolved: equal paths are one test, run once.
        answer: Path of the jury's answer; None where the task type has none.
        checker_args: Flags for the checker or interactor on this test.
        validator_args: Flags for the input validators on this test, by the validator's name; those
            of "" are for the validators that are not named.
        full_points: What the test is worth, against which a number in points is measured; None:
            such a number has no bound and counts as it is (legacy Kattis).
        score_use: What becomes of a number that a Kattis validator wrote.
    """

    name: str
    input: Path
    answer: Path | None
    checker_args: tuple[str, ...] = ()
    validator_args: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    full_points: float | None = 1.0
    score_use: ScoreUse = ScoreUse.COUNTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Testset:
    """All that the judge needs beside the task.

    Attributes:
        testcases: By name.
        scoring: The tree that turns outcomes into points; its leaves name test cases.
        checker: The jury's checker as a program, or None for `comparison`.
        comparison: Parameters of the built-in compare (see `problems.jury.checkers`).
        interactor: The jury's interactor or manager, where it differs from the public one.
        validators: Input validators, for `solver problems show` and tests.
        managers: The jury's graders by language id, where they differ from the public ones (they
            hold the secrets by which a checker knows that the grader itself wrote the output).
        jury_limits: What the checker or interactor may use, where the package asks for more than
            is usual here.
        jury_time_s: Limit measured from the jury's solutions where the package states none.
    """

    testcases: Mapping[str, Testcase]
    scoring: ScoreNode
    checker: Program | None = None
    comparison: Mapping[str, float | bool | str] = field(default_factory=dict)
    interactor: Program | None = None
    validators: tuple[Program, ...] = ()
    managers: Mapping[str, Mapping[str, bytes]] = field(default_factory=dict)
    jury_limits: Limits | None = None
    jury_time_s: float | None = None
