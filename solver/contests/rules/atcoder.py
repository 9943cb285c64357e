"""AtCoder rules: points of the solved tasks, then the time of the last of them plus 5 minutes for
each rejected submission before an accepted one. A submission that does not compile is free."""

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

PENALTY_S = 5 * 60.0


class AtCoderRules:
    """Points first, then the moment of the last solve plus penalties."""

    name = "atcoder"
    feedback = FeedbackMode.VERDICT
    submission_limit: int | None = None
    interval_s = 0.0
    duration_s = 100 * 60.0
    system_tests = False

    def show(self, result: SubmissionResult, sheet: TaskSheet, *, ended: bool) -> Shown:
        """The verdict alone."""
        return Shown(verdict=result.verdict, free=result.verdict is Verdict.CE)

    def score(self, sheet: TaskSheet, attempts: Sequence[Attempt], duration_s: float) -> TaskScore:
        """The task's worth when solved; its penalty counts only then."""
        failed, solved_at_s = failed_and_solved(attempts)
        return binary_score(
            sheet,
            attempts,
            points=0.0 if solved_at_s is None else sheet.worth,
            worth=sheet.worth,
            failed=failed,
            solved_at_s=solved_at_s,
            penalty_s=0.0 if solved_at_s is None else failed * PENALTY_S,
        )

    def total(self, scores: Sequence[TaskScore]) -> Total:
        """Points, and the last solve's time plus the penalties of the solved tasks."""
        last_s = max((s.solved_at_s for s in scores if s.solved_at_s is not None), default=0.0)
        return sum_of(scores, last_s + sum(score.penalty_s for score in scores))
