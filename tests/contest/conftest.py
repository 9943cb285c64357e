"""A small contest with recorded results: every part of the engine is the real one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from problems.submission import Submission
from problems.task import Statement, Subtask, Task, TaskLimits, TaskType
from problems.verdict import SubmissionResult, SubtaskResult, TestcaseResult, Verdict
from solver.contests.clock import SimulatedClock, Speeds
from solver.contests.logs.log import SubmissionLog
from solver.contests.logs.recorder import RecordedJudge
from solver.contests.plan import ContestPlan, PlannedTask
from solver.contests.play import play
from solver.contests.rules import rules_named
from solver.contests.rules.base import TaskSheet
from solver.contests.scoreboard import Scoreboard
from solver.contests.settings import PlayerSettings
from solver.contests.simulated import SimulatedJudge, received_before
from solver.prepared import PreparedTask
from solver.strategies.base import Choice, View
from solver.types import Behaviour, Candidate, Clusters, Estimate, Feedback, PrepareRequest


def make_task(name: str, subtasks: Sequence[float]) -> Task:
    return Task(
        name=name,
        title=name.title(),
        type=TaskType.BATCH,
        statement=Statement(text=f"Solve {name}."),
        subtasks=tuple(
            Subtask(name=f"s{i + 1}", max_points=points) for i, points in enumerate(subtasks)
        ),
        examples=(),
        limits=TaskLimits(time_s=1.0, memory_bytes=1 << 28),
        scored=True,
    )


def make_view(task: Task, candidates: Sequence[Candidate], request: PrepareRequest) -> View:
    programs, subtasks = len(candidates), len(task.subtasks)
    return View(
        task=task,
        candidates=candidates,
        behaviour=Behaviour(
            candidate_ids=tuple(candidate.id for candidate in candidates),
            input_ids=(),
            status=np.zeros((programs, 0), np.uint8),
            digest=np.zeros((programs, 0), np.uint64),
            cpu_s=np.zeros((programs, 0), np.float32),
            in_subtask=np.zeros((0, subtasks), np.bool_),
            expected=np.zeros(0, np.uint64),
            subtasks=tuple(subtask.name for subtask in task.subtasks),
        ),
        clusters=Clusters(
            label=np.zeros((programs, subtasks), np.int32),
            near=np.zeros((programs, subtasks), np.int32),
        ),
        estimate=Estimate(
            probability=np.full((programs, subtasks), 0.5),
            features=np.zeros((programs, subtasks, 0), np.float32),
        ),
        feedback_mode=request.feedback_mode,
        limit=request.limit,
    )


class RecordedGrader:
    """Knows the result of every source; counts how often it was asked."""

    def __init__(self, task: Task, points: Mapping[bytes, Sequence[float]]) -> None:
        self._task = task
        self._points = points
        self.testcases_of: Callable[[bool], Sequence[Verdict]] = lambda accepted: ()
        self.judged: list[bytes] = []

    def judge(self, submission: Submission) -> SubmissionResult:
        (source,) = submission.sources.values()
        self.judged.append(source)
        points = self._points[source]
        parts = tuple(
            SubtaskResult(
                subtask=subtask.name,
                points=got,
                max_points=subtask.max_points,
                verdict=Verdict.AC if got == subtask.max_points else Verdict.WA,
            )
            for subtask, got in zip(self._task.subtasks, points, strict=True)
        )
        accepted = all(part.verdict is Verdict.AC for part in parts)
        return SubmissionResult(
            verdict=Verdict.AC if accepted else Verdict.WA,
            points=sum(points),
            subtasks=parts,
            testcases=tuple(
                TestcaseResult(testcase=str(i), verdict=verdict, score=0.0)
                for i, verdict in enumerate(self.testcases_of(accepted))
            ),
        )


class Shuffled:
    """Submits everything once in an order of its own, as long as it is asked."""

    def __init__(self, view: View, rng: np.random.Generator) -> None:
        self._order = [int(row) for row in rng.permutation(len(view.candidates))]

    def next(self, history: Sequence[Feedback]) -> Choice | None:
        tried = {feedback.candidate for feedback in history}
        for row in self._order:
            if row not in tried:
                return Choice(
                    candidate=row, subtask=None, estimate=0.5, expected_gain=None, reason="next"
                )
        return None


@dataclass
class SmallContest:
    """Three tasks of 60 candidates each; source `task-i` scores what `points` says."""

    plan: ContestPlan
    tasks: tuple[Task, ...]
    points: Mapping[str, Mapping[bytes, Sequence[float]]]
    prepared: list[tuple[str, int]]

    def prepare(self, task: Task, request: PrepareRequest) -> PreparedTask:
        self.prepared.append((task.name, request.round))
        sources = list(self.points[task.name])[: 60 * request.round]
        candidates = [
            Candidate(
                id=source.decode(),
                task=task.name,
                subtask=None,
                language="cpp20",
                source=source.decode(),
            )
            for source in sources
        ]
        return PreparedTask(
            view=make_view(task, candidates, request), tokens=100_000, cpu_s=8.0, clusters=3
        )

    def graders(self) -> dict[str, RecordedGrader]:
        return {task.name: RecordedGrader(task, self.points[task.name]) for task in self.tasks}

    def play(
        self,
        folder: Path,
        *,
        strategy: type[Shuffled] = Shuffled,
        rounds: int = 1,
        least_gain_points: float = 0.0,
        graders: Mapping[str, RecordedGrader] | None = None,
    ) -> Scoreboard:
        clock = SimulatedClock()
        with SubmissionLog(folder / "submissions.jsonl") as log:
            judge = SimulatedJudge(
                self.plan,
                self.tasks,
                graders or self.graders(),
                clock,
                received=received_before(log, folder / "submissions"),
            )
            return play(
                self.plan,
                RecordedJudge(judge, log, folder / "submissions"),
                self.prepare,
                PlayerSettings(
                    strategy=strategy,
                    strategy_name=strategy.__name__,
                    rounds=rounds,
                    seed=7,
                    least_gain_points=least_gain_points,
                ),
                clock=clock,
                log=log,
                speeds=Speeds(),
            )


def make_contest(
    rules: str = "ioi", *, limit: int | None = 50, duration_s: float | None = None
) -> SmallContest:
    spec = rules_named(rules)
    length_s = spec.duration_s if duration_s is None else duration_s
    tasks = (
        make_task("apples", (20, 30, 50)),
        make_task("bridges", (100,)),
        make_task("cranes", (10, 90)),
    )
    rng = np.random.default_rng(3)
    points = {}
    for task in tasks:
        full = np.array([subtask.max_points for subtask in task.subtasks])
        solved = rng.random((120, len(full))) < 0.08
        points[task.name] = {
            f"{task.name}-{i}".encode(): [float(p) for p in np.where(solved[i], full, 0.0)]
            for i in range(120)
        }
    return SmallContest(
        plan=ContestPlan(
            name="small",
            rules=spec,
            tasks=tuple(
                PlannedTask(sheet=TaskSheet.of(task, worth=500.0), opens_s=0.0, closes_s=length_s)
                for task in tasks
            ),
            limit=limit,
            interval_s=spec.interval_s,
            duration_s=length_s,
            medals={"gold": 200.0, "silver": 100.0, "bronze": 50.0},
        ),
        tasks=tasks,
        points=points,
        prepared=[],
    )


@pytest.fixture
def contest() -> SmallContest:
    return make_contest()


@pytest.fixture
def contest_of() -> Callable[..., SmallContest]:
    return make_contest
