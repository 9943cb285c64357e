"""Codeforces rules: points that fall with time, 50 off a failed attempt, pretests and system tests.

A task worth x solved at minute t after w failed attempts brings max(0.3 x, x - x t / 250 - 50 w)
in a round of two hours; other lengths scale t. Attempts that do not compile or fail on the first
test are free. The last submission that passed the pretests is the one that the system tests judge;
earlier ones that passed count as failed attempts. Hacks are left out.
"""

from collections.abc import Sequence

from problems.verdict import SubmissionResult, TestcaseResult, Verdict
from solver.contests.rules.base import (
    Attempt,
    Shown,
    TaskScore,
    TaskSheet,
    Total,
    binary_score,
    sum_of,
)
from solver.types import FeedbackMode

FAILED_ATTEMPT_POINTS = 50.0
LEAST_SHARE = 0.3
ROUND_MINUTES = 120.0
MINUTES_TO_ZERO = 250.0
NOT_A_FAILURE = frozenset({Verdict.AC, Verdict.SKIPPED})


class CodeforcesRules:
    """Dynamic points; the verdict on the pretests is all that is shown during the round."""

    name = "codeforces"
    feedback = FeedbackMode.VERDICT
    submission_limit: int | None = None
    interval_s = 0.0
    duration_s = 2 * 3600.0
    system_tests = True

    def show(self, result: SubmissionResult, sheet: TaskSheet, *, ended: bool) -> Shown:
        """The verdict on the pretests; after the end, the one on all tests."""
        if result.verdict is Verdict.CE:
            return Shown(verdict=Verdict.CE, free=True)
        if not result.testcases:
            # A recorded result without its test cases: the pretests are all tests.
            return Shown(verdict=result.verdict)
        pretests = result.testcases[: sheet.pretests]
        failure = _first_failure(pretests)
        if failure is None:
            return Shown(verdict=result.verdict if ended else Verdict.AC)
        return Shown(verdict=failure, free=pretests[0].verdict not in NOT_A_FAILURE)

    def score(self, sheet: TaskSheet, attempts: Sequence[Attempt], duration_s: float) -> TaskScore:
        """Points of the last submission that passed the pretests, if the system tests agree."""
        passed = [i for i, attempt in enumerate(attempts) if attempt.shown.verdict is Verdict.AC]
        last = passed[-1] if passed else len(attempts)
        failed = sum(1 for attempt in attempts[:last] if not attempt.shown.free)
        points, solved_at_s = 0.0, None
        if passed and attempts[last].final.verdict is Verdict.AC:
            solved_at_s = attempts[last].at_s
            minutes = solved_at_s // 60 * ROUND_MINUTES * 60 / duration_s
            points = max(
                LEAST_SHARE * sheet.worth,
                sheet.worth * (1 - minutes / MINUTES_TO_ZERO) - FAILED_ATTEMPT_POINTS * failed,
            )
        return binary_score(
            sheet,
            attempts,
            points=points,
            worth=sheet.worth,
            failed=failed,
            solved_at_s=solved_at_s,
        )

    def total(self, scores: Sequence[TaskScore]) -> Total:
        """The sum of the points."""
        return sum_of(scores)


def _first_failure(cases: Sequence[TestcaseResult]) -> Verdict | None:
    for case in cases:
        if case.verdict not in NOT_A_FAILURE:
            return case.verdict
    return None
