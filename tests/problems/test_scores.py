"""Numbers of a jury's programs have a unit and bounds, and stand beside no rejection."""

import pytest

from problems.errors import JudgeError
from problems.jury.check import Check, kattis_check
from problems.jury.check import testlib_check as read_testlib
from problems.score import Score, ScoreFile, ScoreUse, Unit
from problems.verdict import Verdict
from sandbox.data import Blob
from sandbox.result import ExitStatus, RunResult


def ended(code: int, stderr: str = "", **feedback: str) -> RunResult:
    return RunResult(
        status=ExitStatus.EXITED,
        exit_code=code,
        signal=None,
        limit=None,
        cpu_s=0.0,
        wall_s=0.0,
        memory_bytes=0,
        memory_source="rusage",
        stdout=Blob.of_bytes(b""),
        stderr=stderr.encode(),
        kept={
            f"feedback/{name}.{'in' if name == 'nextpass' else 'txt'}": Blob.of_bytes(text.encode())
            for name, text in feedback.items()
        },
    )


@pytest.mark.parametrize(
    ("value", "unit", "full_points", "share"),
    [
        (0.25, Unit.SHARE, 40.0, 0.25),
        (10.0, Unit.POINTS, 40.0, 0.25),
        (25.0, Unit.PERCENT, 40.0, 0.25),
        (40.0, Unit.POINTS, 40.0, 1.0),
        (1.0000001, Unit.SHARE, 1.0, 1.0),
        (500.0, Unit.POINTS, None, 500.0),
        (0.0, Unit.POINTS, 0.0, 0.0),
    ],
)
def test_a_share(value: float, unit: Unit, full_points: float | None, share: float) -> None:
    assert Score(value=value, unit=unit).share(full_points) == pytest.approx(share)


@pytest.mark.parametrize(
    ("value", "unit"),
    [
        (1.1, Unit.SHARE),
        (-0.1, Unit.SHARE),
        (41.0, Unit.POINTS),
        (-1.0, Unit.POINTS),
        (101.0, Unit.PERCENT),
        (-1.0, Unit.PERCENT),
    ],
)
def test_out_of_bounds_is_a_judge_error(value: float, unit: Unit) -> None:
    with pytest.raises(JudgeError, match=r"above the maximum|below zero"):
        Score(value=value, unit=unit).share(40.0)


def test_accepted_stays_accepted_at_no_points() -> None:
    check = kattis_check(ended(42, score="0"), ScoreFile.STRICT)
    assert check.outcome(30.0) == (Verdict.PARTIAL, 0.0)
    assert check.outcome(30.0, ScoreUse.IGNORED) == (Verdict.AC, 1.0)
    with pytest.raises(JudgeError, match="pass-fail"):
        check.outcome(30.0, ScoreUse.FORBIDDEN)


@pytest.mark.parametrize(
    ("result", "rule"),
    [
        (ended(42, score="10", score_multiplier="0.5"), ScoreFile.STRICT),
        (ended(43, score="10"), ScoreFile.STRICT),
        (ended(43, score_multiplier="0.1"), ScoreFile.STRICT),
        (ended(43, nextpass="1"), ScoreFile.STRICT),
        (ended(42, score="1"), ScoreFile.FORBIDDEN),
        (ended(42), ScoreFile.REQUIRED),
        (ended(42, score="much"), ScoreFile.OPTIONAL),
    ],
)
def test_a_kattis_validator_that_contradicts_itself(result: RunResult, rule: ScoreFile) -> None:
    with pytest.raises(JudgeError):
        kattis_check(result, rule)


@pytest.mark.parametrize(
    ("result", "rule", "check"),
    [
        (ended(43), ScoreFile.STRICT, Check(accepted=False)),
        (ended(43, score="10"), ScoreFile.REQUIRED, Check(accepted=False)),
        (ended(42), ScoreFile.STRICT, Check(accepted=True)),
        (
            ended(42, score="7.5"),
            ScoreFile.REQUIRED,
            Check(accepted=True, score=Score(value=7.5, unit=Unit.POINTS)),
        ),
        (
            ended(42, score_multiplier="0.5"),
            ScoreFile.STRICT,
            Check(accepted=True, score=Score(value=0.5)),
        ),
    ],
)
def test_what_a_kattis_validator_says(result: RunResult, rule: ScoreFile, check: Check) -> None:
    assert kattis_check(result, rule) == check


@pytest.mark.parametrize("code", [0, 1, 3, 7, 30, 116])
def test_testlibs_partial_result_is_read_from_its_words(code: int) -> None:
    """Exit codes of `_pc(k)` are those of other verdicts."""
    check = read_testlib(ended(code, "partially correct (30) near"))
    assert check.outcome() == (Verdict.PARTIAL, 0.3)


def test_testlibs_points_have_the_packages_unit() -> None:
    said = ended(7, "points 20 well")
    assert read_testlib(said).outcome(40.0) == (Verdict.PARTIAL, 0.5)
    assert read_testlib(said, Unit.PERCENT).outcome(40.0) == (Verdict.PARTIAL, 0.2)
    with pytest.raises(JudgeError, match="above"):
        read_testlib(said).outcome(10.0)


@pytest.mark.parametrize("percent", [0, 7, 55, 100])
def test_testlibs_partial_result_after_lines_of_the_checkers_own(percent: int) -> None:
    said = f"looking at 3 points\n\npartially correct ({percent}) near"
    assert read_testlib(ended(percent, said)).outcome()[1] == percent / 100


def test_testlibs_points_after_lines_of_the_checkers_own() -> None:
    said = ended(7, "the jury has points 39\npoints 20 well")
    assert read_testlib(said).outcome(40.0) == (Verdict.PARTIAL, 0.5)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (1, "wrong answer expected 4, found\npartially correct (1)"),
        (2, "wrong output format\npartially correct (100)"),
    ],
)
def test_no_contestant_writes_a_partial_result_into_a_message(code: int, said: str) -> None:
    assert not read_testlib(ended(code, said)).accepted
