"""ICPC rules: accepted or not; penalty = minutes until accepted + 20 for each rejected one before.

Contest API scoreboard, `penalty_time` 20; a submission that does not compile costs nothing.
"""

from collections.abc import Sequence

from problems.verdict import SubmissionResult, Verdict
from solver.contests.rules.base import (
    Attempt,
    Shown,
    TaskScore,
    TaskSheet,
    Total,
    binary_score,
    failed_and_solved,
    sum_of,
)
from solver.types import FeedbackMode

PENALTY_S = 20 * 60.0


class IcpcRules:
    """Solved tasks first, then penalty."""

    name = "icpc"
    feedback = FeedbackMode.VERDICT
    submission_limit: int | None = None
    interval_s = 0.0
    duration_s = 5 * 3600.0
    system_tests = False

    def show(self, result: SubmissionResult, sheet: TaskSheet, *, ended: bool) -> Shown:
        """The verdict alone."""
        return Shown(verdict=result.verdict, free=result.verdict is Verdict.CE)

    def score(self, sheet: TaskSheet, attempts: Sequence[Attempt], duration_s: float) -> TaskScore:
        """One point and the penalty when solved; rejected attempts on unsolved tasks are free."""
        failed, solved_at_s = failed_and_solved(attempts)
        points, penalty_s = 0.0, 0.0
        if solved_at_s is not None:
            # Contest time counts in whole minutes, rounded down.
            points, penalty_s = 1.0, solved_at_s // 60 * 60 + failed * PENALTY_S
        return binary_score(
            sheet,
            attempts,
            points=points,
            worth=1.0,
            failed=failed,
            solved_at_s=solved_at_s,
            penalty_s=penalty_s,
        )

    def total(self, scores: Sequence[TaskScore]) -> Total:
        """Solved tasks, and their penalties added up."""
        return sum_of(scores, sum(score.penalty_s for score in scores))
