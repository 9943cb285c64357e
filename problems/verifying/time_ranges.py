"""Role: for which time limits would a jury's label hold?

A label about time was made on another machine, often under a limit that was measured there. Where
it does not hold here, the runs say whether a limit exists under which it would: then this
machine is only faster or slower. Where there is none, the judge or the label is wrong.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from problems.judging.judge import Judge
from problems.submission import Expectation, JurySubmission
from problems.verdict import SubmissionResult, Verdict
from problems.verifying.labels import disagreements

MOST_LIMITS = 64
"""How many limits are tried of a submission, the largest first: each may run a package's grader."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeRange:
    """The limits under which a label holds: from `from_s` to below `below_s`.

    Attributes:
        from_s: 0 where every limit is long enough.
        below_s: None where no limit was seen to be too long.
    """

    from_s: float
    below_s: float | None

    def as_json(self) -> dict[str, float | None]:
        """Seconds, rounded to 0.1 ms."""
        below_s = None if self.below_s is None else round(self.below_s, 4)
        return {"from_s": round(self.from_s, 4), "below_s": below_s}

    def __str__(self) -> str:
        if self.below_s is None:
            return f"{self.from_s:.3g} s or more"
        if self.from_s == 0.0:
            return f"less than {self.below_s:.3g} s"
        return f"{self.from_s:.3g} s to less than {self.below_s:.3g} s"


def about_time(expected: Expectation, result: SubmissionResult, *, holds: bool) -> bool:
    """Whether a time limit has a part in the label or in the result: something was too slow or
    should be, or was in time and should be."""
    words = set(expected.verdicts or ()) | set(expected.some_test or ())
    for verdicts in (expected.subtasks or {}).values():
        words |= verdicts
    slow = any(case.verdict is Verdict.TLE for case in result.testcases)
    return slow or Verdict.TLE in words or (holds and Verdict.AC in words)


def range_of(
    judge: Judge, jury: JurySubmission, result: SubmissionResult, limit_s: float
) -> TimeRange | None:
    """The limits for which the label holds, as far as the runs tell.

    Args:
        judge: The package's.
        result: What came of the submission under `limit_s`.

    Returns:
        The range around `limit_s` where the label holds there, else the one of the longest limits;
        None where it holds for none.
    """
    # What was ended at the limit took longer by an unknown time: no longer limit is tried.
    times = sorted({c.cpu_s for c in result.testcases if c.verdict is not Verdict.TLE and c.cpu_s})
    starts = ([0.0] + [time_s for time_s in times if time_s <= limit_s])[-MOST_LIMITS:]
    below_s: float | None = None
    found: TimeRange | None = None
    for start_s in reversed(starts):  # the same verdicts from one test's time to the next one's
        graded = judge.regraded(result, start_s)
        holds = graded is not None and not disagreements(judge.task, graded, jury.expected)
        if holds:
            end_s = found.below_s if found is not None else below_s
            found = TimeRange(from_s=start_s, below_s=end_s)
        elif found is not None:
            break
        below_s = start_s
    return found


def common(ranges: Sequence[TimeRange]) -> TimeRange | None:
    """The limits for which all labels hold; None where no limit does."""
    from_s = max((each.from_s for each in ranges), default=0.0)
    ends = [each.below_s for each in ranges if each.below_s is not None]
    below_s = min(ends, default=None)
    if below_s is not None and below_s <= from_s:
        return None
    return TimeRange(from_s=from_s, below_s=below_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageTimes:
    """A package's time limit, and the limits that its labels ask for.

    Attributes:
        limit_s: The limit in force here; None of a package without submissions.
        slowest_s: CPU time of the slowest accepted submission, measured alone; None where the
            package states its limit.
        spread_s: How far those measurements lay apart.
        submission: The slowest.
        ranges: Of the labels that hold under some limit.
        impossible: Names of submissions whose label holds under none that was seen.
    """

    package: str
    limit_s: float | None
    slowest_s: float | None
    spread_s: float | None
    submission: str | None
    ranges: tuple[TimeRange, ...]
    impossible: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """An entry of `time_limits` of `solver problems verify --json`."""
        fits = common(self.ranges)
        return {
            "package": self.package,
            "limit_s": self.limit_s,
            "source": "stated" if self.slowest_s is None else "measured",
            "slowest_s": self.slowest_s,
            "spread_s": self.spread_s,
            "submission": self.submission,
            "labels_hold": None if fits is None else fits.as_json(),
            "never_hold": list(self.impossible),
        }
