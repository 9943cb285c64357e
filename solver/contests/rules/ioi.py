"""IOI rules: each subtask counts its best submission; full feedback; 50 a problem, 60 s apart.

Rounding is CMS's (`score_mode: max_subtask`, used since 2017): a submission's points stay
unrounded, the maxima are rounded to the task's precision, then added up.
"""

from collections.abc import Sequence

from problems.verdict import POINTS_TOLERANCE, SubmissionResult
from solver.contests.rules.base import (
    Attempt,
    Shown,
    SubtaskScore,
    TaskScore,
    TaskSheet,
    Total,
)
from solver.types import FeedbackMode


class IoiRules:
    """Maximum per subtask over submissions, then the sum."""

    name = "ioi"
    feedback = FeedbackMode.FULL
    submission_limit: int | None = 50
    interval_s = 60.0
    duration_s = 5 * 3600.0
    system_tests = False

    def show(self, result: SubmissionResult, sheet: TaskSheet, *, ended: bool) -> Shown:
        """The verdict, every subtask's points, and how one test of each ended: CMS's
        `oi_restricted` shows the first with the least score, without time and memory."""
        points = {part.subtask: part.points for part in result.subtasks}
        return Shown(
            verdict=result.verdict,
            points={name: points.get(name, 0.0) for name in sheet.subtasks},
            verdicts={
                part.subtask: part.verdict
                for part in result.subtasks
                if part.subtask in sheet.subtasks
            },
        )

    def score(self, sheet: TaskSheet, attempts: Sequence[Attempt], duration_s: float) -> TaskScore:
        """Each subtask's best submission, rounded, then added up."""
        subtasks = tuple(
            SubtaskScore(
                name=name,
                points=round(
                    max((attempt.final.points.get(name, 0.0) for attempt in attempts), default=0.0),
                    sheet.precision,
                ),
                max_points=max_points,
            )
            for name, max_points in sheet.subtasks.items()
        )
        points = round(sum(subtask.points for subtask in subtasks), sheet.precision)
        max_points = sum(sheet.subtasks.values())
        return TaskScore(
            task=sheet.name,
            points=points,
            max_points=max_points,
            subtasks=subtasks,
            submissions=len(attempts),
            solved_at_s=self._solved_at_s(sheet, attempts),
        )

    def _solved_at_s(self, sheet: TaskSheet, attempts: Sequence[Attempt]) -> float | None:
        open_subtasks = {name for name, worth in sheet.subtasks.items() if worth > 0}
        for attempt in attempts:
            open_subtasks -= {
                name
                for name, points in attempt.final.points.items()
                if points >= sheet.subtasks.get(name, float("inf")) - POINTS_TOLERANCE
            }
            if not open_subtasks:
                return attempt.at_s
        return None

    def total(self, scores: Sequence[TaskScore]) -> Total:
        """The sum; time plays no part."""
        return Total(
            points=_exact_sum([score.points for score in scores]),
            max_points=sum(score.max_points for score in scores),
        )


def _exact_sum(points: Sequence[float]) -> float:
    # Points are decimals of a few digits: the shortest decimal near the float sum is the true one.
    return round(sum(points), 6)
