"""A judge that owns the hidden tests, keeps the rules, and says no more than they allow.

It knows the tasks' test sets; whoever plays sees `solver.judges.base.Judge` alone and cannot tell
it from a real one. The limits are enforced here, whatever the player does.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from problems.submission import Submission
from problems.task import Task
from problems.verdict import SubmissionResult
from solver.contests.clock import Clock
from solver.contests.logs.log import SubmissionLog
from solver.contests.plan import ContestPlan
from solver.errors import LimitReached, SolverError, TooSoon
from solver.judges.base import JudgeLimits, Judgement, SubmissionState, TaskJudge
from solver.submissions import submission_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A submission that the judge has taken."""

    id: str
    key: str
    task: str
    at_s: float
    submission: Submission


def received_before(log: SubmissionLog, sources: Path) -> list[Received]:
    """What a log says was taken, with the programs kept beside it."""
    return [
        Received(
            id=record["id"],
            key=record["key"],
            task=record["task"],
            at_s=record["at_s"],
            submission=submission_in(sources / record["source_sha256"], record["language"]),
        )
        for record in log.of_kind("submission")
    ]


class SimulatedJudge:
    """Holds a contest over test sets that only it can see."""

    def __init__(
        self,
        plan: ContestPlan,
        tasks: Sequence[Task],
        graders: Mapping[str, TaskJudge],
        clock: Clock,
        *,
        latency_s: float = 5.0,
        received: Iterable[Received] = (),
    ) -> None:
        """Args:
        received: What was taken before a restart; it counts against the limits.
        """
        self._plan = plan
        self._tasks = tuple(tasks)
        self._graders = graders
        self._clock = clock
        self._latency_s = latency_s
        self._by_key: dict[str, Received] = {}
        self._by_id: dict[str, Received] = {}
        self._by_task: dict[str, list[Received]] = {task.name: [] for task in plan.tasks}
        self._results: dict[str, SubmissionResult] = {}
        for taken in received:
            self._take(taken)

    def tasks(self) -> Sequence[Task]:
        """The contest's tasks as contestants see them."""
        return self._tasks

    def limits(self, task: str) -> JudgeLimits:
        """The plan's limits, the same for every task."""
        self._plan.task(task)
        return JudgeLimits(submissions=self._plan.limit, interval_s=self._plan.interval_s)

    def now_s(self) -> float:
        """The contest's clock."""
        return self._clock.now_s()

    def submit(self, task: str, submission: Submission, key: str) -> str:
        """Takes a submission; the same key gives the same id and costs nothing again.

        Raises:
            TooSoon: The interval has not passed; the same key may be tried again.
            LimitReached: The problem's limit is spent, or the task is not open.
        """
        known = self._by_key.get(key)
        if known is not None:
            if known.task != task or known.submission != submission:
                raise SolverError(f"key {key} was used for another submission")
            return known.id
        planned = self._plan.task(task)
        now_s = self._clock.now_s()
        before = self._by_task[task]
        if not planned.opens_s <= now_s < planned.closes_s:
            raise LimitReached(f"{task} takes no submissions at {now_s:.0f} s")
        if self._plan.limit is not None and len(before) >= self._plan.limit:
            raise LimitReached(f"{task}: all {self._plan.limit} submissions are spent")
        if before and now_s < before[-1].at_s + self._plan.interval_s:
            raise TooSoon(
                f"{task}: {self._plan.interval_s:.0f} s must pass between two submissions",
                wait_s=before[-1].at_s + self._plan.interval_s - now_s,
            )
        taken = Received(
            id=f"{task}-{len(before) + 1}", key=key, task=task, at_s=now_s, submission=submission
        )
        self._take(taken)
        return taken.id

    def _take(self, taken: Received) -> None:
        self._by_key[taken.key] = taken
        self._by_id[taken.id] = taken
        self._by_task[taken.task].append(taken)

    def poll(self, submission_id: str) -> Judgement:
        """The result, once the judge's latency has passed.

        Raises:
            KeyError: No such submission.
        """
        taken = self._by_id[submission_id]
        now_s = self._clock.now_s()
        if now_s < taken.at_s + self._latency_s:
            return Judgement(submission=submission_id, state=SubmissionState.PENDING)
        if submission_id not in self._results:
            self._results[submission_id] = self._graders[taken.task].judge(taken.submission)
        planned = self._plan.task(taken.task)
        shown = self._plan.rules.show(
            self._results[submission_id], planned.sheet, ended=now_s >= planned.closes_s
        )
        return Judgement(
            submission=submission_id,
            state=SubmissionState.JUDGED,
            verdict=shown.verdict,
            points=shown.points,
            score=sum(shown.points.values()) if shown.points else None,
            free=shown.free,
            verdicts=shown.verdicts,
        )
