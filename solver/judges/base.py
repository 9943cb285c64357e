"""One protocol for the simulator and for real judges: the strategy cannot tell them apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from problems.submission import Submission
from problems.task import Task
from problems.verdict import SubmissionResult, Verdict


class SubmissionState(StrEnum):
    """Where a submission stands at the judge."""

    PENDING = "pending"
    JUDGED = "judged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What the judge tells a contestant.

    Attributes:
        submission: The judge's id of the submission.
        points: Subtask name to points, where the contest shows them.
        score: Total points, where the contest shows them.
        free: The rules do not count it as a failed attempt (it did not compile, say).
        verdicts: Subtask name to the verdict of the one test that the contest shows of it (CMS's
            `oi_restricted`: the first with the least score); empty where it shows none.
    """

    submission: str
    state: SubmissionState
    verdict: Verdict | None = None
    points: Mapping[str, float] = field(default_factory=dict)
    score: float | None = None
    free: bool = False
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeLimits:
    """What the judge allows for one task.

    Attributes:
        submissions: Limit a problem; None for no limit.
        interval_s: Minimum time between two submissions to one problem.
    """

    submissions: int | None = 50
    interval_s: float = 0.0


class Judge(Protocol):
    """Tasks, statements, submit, poll, feedback, limits, clock."""

    def tasks(self) -> Sequence[Task]:
        """The contest's tasks, statement and examples included."""

    def limits(self, task: str) -> JudgeLimits:
        """What is allowed for this task."""

    def submit(self, task: str, submission: Submission, key: str) -> str:
        """Hands in; returns the judge's id.

        Args:
            key: The caller's own idempotency key: the same key is never handed in twice.

        Raises:
            TooSoon: The interval has not passed; the same key may be tried again.
            LimitReached: The limit of the problem is spent, or the task is not open.
        """

    def poll(self, submission_id: str) -> Judgement:
        """The present state of a submission."""

    def now_s(self) -> float:
        """The contest's clock: seconds since its start."""


class TaskJudge(Protocol):
    """What finds the full result of submissions to one task, behind a judge that a contestant
    meets: `problems.judging.judge.Judge`, or what was recorded in a replay."""

    def judge(self, submission: Submission) -> SubmissionResult:
        """The full result, on the task's hidden tests."""
