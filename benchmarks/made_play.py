"""The contest of a made run, played for real: log, strategy and judge are the product's."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from problems.submission import Submission
from problems.task import Task
from problems.verdict import SubmissionResult, SubtaskResult, Verdict
from solver import strategies
from solver.contests.clock import SimulatedClock, Speeds
from solver.contests.logs.log import SubmissionLog
from solver.contests.logs.recorder import RecordedJudge
from solver.contests.plan import ContestPlan, PlannedTask
from solver.contests.play import play
from solver.contests.rules import rules_named
from solver.contests.rules.base import TaskSheet
from solver.contests.settings import PlayerSettings
from solver.contests.simulated import SimulatedJudge
from solver.prepared import PreparedTask
from solver.replays.truth import Truth
from solver.strategies.base import View
from solver.types import PrepareRequest


class _Grader:
    """Knows what every program is worth."""

    def __init__(self, task: Task, points: Mapping[bytes, NDArray[np.float64]]) -> None:
        self._task = task
        self._points = points

    def judge(self, submission: Submission) -> SubmissionResult:
        """As the hidden tests would."""
        (source,) = submission.sources.values()
        parts = tuple(
            SubtaskResult(
                subtask=subtask.name,
                points=got,
                max_points=subtask.max_points,
                verdict=Verdict.AC if got == subtask.max_points else Verdict.WA,
            )
            for subtask, got in zip(self._task.subtasks, self._points[source].tolist(), strict=True)
        )
        right = all(part.verdict is Verdict.AC for part in parts)
        return SubmissionResult(
            verdict=Verdict.AC if right else Verdict.WA,
            points=sum(part.points for part in parts),
            subtasks=parts,
            testcases=(),
        )


def play_contest(folder: Path, views: Mapping[str, View], truths: Mapping[str, Truth]) -> None:
    rules = rules_named("ioi")
    tasks = [view.task for view in views.values()]
    length_s = rules.duration_s
    most = sum(subtask.max_points for task in tasks for subtask in task.subtasks)
    plan = ContestPlan(
        name="Quayside Open",
        rules=rules,
        tasks=tuple(
            PlannedTask(sheet=TaskSheet.of(task, worth=500.0), opens_s=0.0, closes_s=length_s)
            for task in tasks
        ),
        limit=50,
        interval_s=rules.interval_s,
        duration_s=length_s,
        medals={"gold": 0.7 * most, "silver": 0.5 * most, "bronze": 0.3 * most},
    )
    graders = {
        name: _Grader(
            view.task,
            {
                candidate.source.encode(): truths[name].points[row]
                for row, candidate in enumerate(view.candidates)
            },
        )
        for name, view in views.items()
    }

    def prepare(task: Task, request: PrepareRequest) -> PreparedTask:
        view = views[task.name]
        return PreparedTask(
            view=view,
            tokens=400 * len(view.candidates),
            cpu_s=float(view.behaviour.cpu_s.sum()),
            clusters=int(view.clusters.label.max()) + 1,
        )

    clock = SimulatedClock()
    with SubmissionLog(folder / "submissions.jsonl") as log:
        judge = SimulatedJudge(plan, tasks, graders, clock)
        play(
            plan,
            RecordedJudge(judge, log, folder / "submissions"),
            prepare,
            PlayerSettings(
                strategy=lambda view, rng: strategies.make("expected_gain", view, rng),
                strategy_name="expected_gain",
            ),
            clock=clock,
            log=log,
            speeds=Speeds(),
        )
