"""What every rule set answers: what a contestant is shown, and what the attempts are worth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from problems.task import Task
from problems.verdict import SubmissionResult, Verdict
from solver.types import Candidate, Feedback, FeedbackMode, Tried


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskSheet:
    """What the rules must know of a task.

    Attributes:
        subtasks: Name to points at full marks, in the task's order.
        precision: Decimals of a subtask's points (CMS's score_precision).
        worth: Points of a solve under Codeforces and AtCoder rules.
        pretests: Leading test cases that Codeforces rules judge during the contest; None for all.
    """

    name: str
    subtasks: Mapping[str, float]
    precision: int = 2
    worth: float = 1.0
    pretests: int | None = None

    @classmethod
    def of(cls, task: Task, *, worth: float = 1.0, pretests: int | None = None) -> "TaskSheet":
        """The sheet of a task."""
        return cls(
            name=task.name,
            subtasks={subtask.name: subtask.max_points for subtask in task.subtasks},
            precision=task.score_precision,
            worth=worth,
            pretests=pretests,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The part of a result that a contestant sees.

    Attributes:
        points: Subtask name to points, empty where the rules keep them back.
        free: The attempt never counts as a failed one (it did not compile, say).
        verdicts: Subtask name to the verdict of the test that the contest shows of it.
    """

    verdict: Verdict | None
    points: Mapping[str, float] = field(default_factory=dict)
    free: bool = False
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One judged submission, as the rules count it.

    Attributes:
        at_s: Contest time of the submission.
        shown: What came back first.
        final: What the judge says at the end: system tests, or a judgement that was changed.
    """

    at_s: float
    shown: Shown
    final: Shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """A program that was handed in, and what came back: all else that is said of it follows.

    Attributes:
        at_s: Contest time of the submission; None where the judge would not take the program, which
            then was no attempt.
    """

    candidate: Candidate
    at_s: float | None
    shown: Shown

    @property
    def attempt(self) -> Attempt | None:
        """As the rules count it."""
        if self.at_s is None:
            return None
        return Attempt(at_s=self.at_s, shown=self.shown, final=self.shown)

    @property
    def tried(self) -> Tried:
        """As later prompts may quote it."""
        shown = self.shown
        return Tried(
            candidate=self.candidate,
            points=shown.points,
            verdict=shown.verdict,
            verdicts=shown.verdicts,
        )

    def feedback(self, row: int) -> Feedback:
        """As a strategy hears of it in whose view the candidate has this row."""
        shown = self.shown
        return Feedback(
            candidate=row, points=shown.points, verdict=shown.verdict, verdicts=shown.verdicts
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SubtaskScore:
    """Best points of one subtask, as the scoreboard prints them (rounded)."""

    name: str
    points: float
    max_points: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskScore:
    """What one task brings.

    Attributes:
        failed: Attempts that count against the contestant.
        solved_at_s: Contest time of the submission that solved it; None while unsolved.
        penalty_s: Time that this task adds to the contestant's penalty.
    """

    task: str
    points: float
    max_points: float
    subtasks: tuple[SubtaskScore, ...]
    submissions: int
    failed: int = 0
    solved_at_s: float | None = None
    penalty_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """A contestant's line: more points first, then less penalty."""

    points: float
    max_points: float
    penalty_s: float = 0.0


class Rules(Protocol):
    """A contest system's rules.

    Attributes:
        name: As `--rules` takes it.
        feedback: What a strategy may learn from a submission.
        submission_limit: Limit a problem; None for none. The same for every subtask together.
        interval_s: Least time between two submissions to one problem.
        duration_s: Usual length, where a contest folder says nothing.
        system_tests: Results change after the end, so they are asked for again.
    """

    name: str
    feedback: FeedbackMode
    submission_limit: int | None
    interval_s: float
    duration_s: float
    system_tests: bool

    def show(self, result: SubmissionResult, sheet: TaskSheet, *, ended: bool) -> Shown:
        """What the contestant sees of a result, during the contest or after its end."""

    def score(self, sheet: TaskSheet, attempts: Sequence[Attempt], duration_s: float) -> TaskScore:
        """What the attempts on one task, in the order of submission, are worth."""

    def total(self, scores: Sequence[TaskScore]) -> Total:
        """The contestant's line over all tasks."""


def binary_score(
    sheet: TaskSheet,
    attempts: Sequence[Attempt],
    *,
    points: float,
    worth: float,
    failed: int,
    solved_at_s: float | None,
    penalty_s: float = 0.0,
) -> TaskScore:
    """The line of a task that is solved or not: one subtask, named as the task's only one.

    Args:
        worth: Points of a solve.
    """
    name = next(iter(sheet.subtasks)) if len(sheet.subtasks) == 1 else "all"
    return TaskScore(
        task=sheet.name,
        points=points,
        max_points=worth,
        subtasks=(SubtaskScore(name=name, points=points, max_points=worth),),
        submissions=len(attempts),
        failed=failed,
        solved_at_s=solved_at_s,
        penalty_s=penalty_s,
    )


def sum_of(scores: Sequence[TaskScore], penalty_s: float = 0.0) -> Total:
    """A line whose points are those of the tasks added up."""
    return Total(
        points=sum((score.points for score in scores), 0.0),
        max_points=sum((score.max_points for score in scores), 0.0),
        penalty_s=penalty_s,
    )


def failed_and_solved(attempts: Sequence[Attempt]) -> tuple[int, float | None]:
    """Rejected attempts that count before the first accepted one, and when that one came."""
    failed = 0
    for attempt in attempts:
        if attempt.final.verdict is Verdict.AC:
            return failed, attempt.at_s
        if not attempt.final.free:
            failed += 1
    return failed, None
