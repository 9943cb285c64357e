"""What all adapters share: the tasks at a place, and a judge that turns answers into numbers.

The hidden tests stay in the judge's process: what is handed out is a public task, and numbers.
"""

import atexit
import math
import threading
from collections import OrderedDict
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

from problems.loading import load_task
from problems.submission import Submission
from problems.task import Task
from problems.tasktypes.runner import Runner
from problems.verdict import POINTS_TOLERANCE, SubmissionResult, Verdict
from sandbox import open_sandbox
from sandbox.compiling.compile import Compiler
from solver.contests.folders.folder import PlanOptions, read_contest
from solver.contests.folders.packages import is_package
from solver.contests.graders import open_graders
from solver.contests.plan import ContestPlan, PlannedTask
from solver.contests.rules import rules_named
from solver.contests.rules.base import Shown, TaskSheet
from solver.errors import SolverError
from solver.judges.base import TaskJudge
from solver.sampling.answers.extraction import extract, wanted_of
from solver.sampling.plan import allowed_languages
from solver.submissions import as_submission, submission_digest
from solver.types import Candidate

BUNDLED = Path(__file__).parents[2] / "problems/bundled/contest"
_REMEMBERED = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Tasks that lie together: a contest's, or a package by itself.

    Attributes:
        packages: The tasks' names in the contest to their packages.
        tasks: Their public sides, under the same names.
        plan: Rules and limits; a package by itself is played as the IOI does.
    """

    packages: Mapping[str, Path]
    tasks: Mapping[str, Task]
    plan: ContestPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """What an answer is worth.

    Attributes:
        subtasks: Name to points, in the task's order.
        source: The program that was judged; empty where the answer held none.
        no_program: Why the answer held none; empty where it did.
    """

    task: str
    points: float
    max_points: float
    verdict: Verdict
    subtasks: Mapping[str, float]
    source: str = ""
    no_program: str = ""
    result: SubmissionResult | None = field(default=None, repr=False, compare=False)

    @property
    def share(self) -> float:
        """Points as a share of all, 0 to 1: what trainers call a reward.

        Raises:
            SolverError: The judge's points are no number between 0 and the most.
        """
        return share_of(self.points, self.max_points)


def share_of(points: float, max_points: float) -> float:
    """Points as a share of all, 0 to 1.

    Raises:
        SolverError: They are no number in that range: a reward must not be made up from it.
    """
    share = points / max_points if max_points else math.nan
    if not -POINTS_TOLERANCE <= share <= 1 + POINTS_TOLERANCE:
        raise SolverError(f"{points} of {max_points} points are no share of full marks")
    return min(1.0, max(0.0, share))


def read_place(path: Path | str, options: PlanOptions | None = None) -> Place:
    """The tasks of a contest folder, of a folder of packages, or of one package.

    Args:
        options: What goes before the contest's own rules and limits.

    Raises:
        SolverError, PackageError: It is none of these; names the file.
    """
    options = options or PlanOptions()
    folder = Path(path)
    single = is_package(folder)
    if single or not folder.is_dir():
        task = load_task(path)
        return Place(
            packages={task.name: folder}, tasks={task.name: task}, plan=_plan_of(task, options)
        )
    contest = read_contest(folder)
    packages = {entry.name: entry.path for entry in contest.entries}
    tasks = {name: replace(load_task(one), name=name) for name, one in packages.items()}
    return Place(packages=packages, tasks=tasks, plan=contest.plan(tasks, options))


def _plan_of(task: Task, options: PlanOptions) -> ContestPlan:
    rules = rules_named(options.rules or "ioi")
    duration_s = options.duration_s or rules.duration_s
    planned = PlannedTask(sheet=TaskSheet.of(task), opens_s=0.0, closes_s=duration_s)
    return ContestPlan(
        name=task.name,
        rules=rules,
        tasks=(planned,),
        limit=options.limit or rules.submission_limit,
        interval_s=rules.interval_s if options.interval_s is None else options.interval_s,
        duration_s=duration_s,
    )


def language_for(task: Task, wanted: str) -> str:
    """The language that is asked for, or the first that the task takes."""
    allowed = allowed_languages(task)
    return wanted if not allowed or wanted in allowed else allowed[0]


class Grading:
    """A place's judges over one sandbox. Threads may share it; equal answers are judged once."""

    def __init__(self, place: Place, *, backend: str = "namespaces") -> None:
        """Opens the sandbox and the hidden tests.

        Raises:
            PackageError, UnsupportedTask: A package cannot be read or judged.
            SandboxError: The sandbox cannot be started.
        """
        self.place = place
        self._sandbox = open_sandbox(backend)
        try:
            self._compiler = Compiler(self._sandbox)
            opened = open_graders(place.packages, self._sandbox, self._compiler)
        except BaseException:
            self._sandbox.close()
            raise
        self._judges: Mapping[str, TaskJudge] = {name: one.grader for name, one in opened.items()}
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, str], Future[SubmissionResult]] = OrderedDict()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the sandbox."""
        self._sandbox.close()

    def judge(self, task: str, submission: Submission) -> SubmissionResult:
        """The full result; whoever asks for the same while it is found waits for it.

        Raises:
            KeyError: There is no such task.
            UnknownLanguage, CompilerMissing, JudgeError, SandboxError: As judging does: a failure
                of ours is never a result, and is not remembered.
        """
        judge = self._judges[task]
        key = task, submission_digest(submission)
        with self._lock:
            known = self._kept.get(key)
            if known is None:
                mine: Future[SubmissionResult] = Future()
                self._kept[key] = mine
                while len(self._kept) > _REMEMBERED:
                    self._kept.popitem(last=False)
        if known is not None:
            return known.result()
        try:
            result = judge.judge(submission)
        except BaseException as error:
            with self._lock:
                self._kept.pop(key, None)
            mine.set_exception(error)
            raise
        mine.set_result(result)
        return result

    def public_runner(self, task: str) -> Runner:
        """Runs programs on inputs as the task says; it knows no hidden test and judges nothing."""
        return Runner(self.place.tasks[task], self._sandbox, self._compiler)

    def grade(self, task: str, submission: Submission) -> Grade:
        """What a submission is worth, whatever the contest shows of it."""
        result = self.judge(task, submission)
        return Grade(
            task=task,
            points=result.points,
            max_points=self.place.tasks[task].max_points,
            verdict=result.verdict,
            subtasks={one.subtask: one.points for one in result.subtasks},
            result=result,
        )

    def grade_answer(self, task: str, text: str, language: str, finish: str = "stop") -> Grade:
        """What a model's whole answer is worth: its program is found as in every run of ours.

        Args:
            finish: Why the model stopped: an answer that was cut off holds no program.
        """
        public = self.place.tasks[task]
        found = extract(text, language, finish, wanted_of(public, language))
        if found.source is None:
            return Grade(
                task=task,
                points=0.0,
                max_points=public.max_points,
                verdict=Verdict.SKIPPED,
                subtasks={subtask.name: 0.0 for subtask in public.subtasks},
                no_program=str(found.reason),
            )
        candidate = Candidate(
            id=task, task=task, subtask=None, language=language, source=found.source
        )
        return replace(self.grade(task, as_submission(public, candidate)), source=found.source)

    def shown(self, grade: Grade, *, ended: bool) -> Shown:
        """The part of a grade that the contest's rules show."""
        if grade.result is None:
            return Shown(verdict=grade.verdict, free=True)
        rules = self.place.plan.rules
        return rules.show(grade.result, self.place.plan.task(grade.task).sheet, ended=ended)


_OPENED: dict[tuple[str, str, str | None], Grading] = {}
_OPENING = threading.Lock()


def shared_grading(path: Path | str, *, rules: str | None = None, backend: str) -> Grading:
    """One grading a place and process, which ends with the process: for hosts that give an adapter
    no moment at which to close anything."""
    key = str(Path(path).absolute()), backend, rules
    with _OPENING:
        if key not in _OPENED:
            place = read_place(path, PlanOptions(rules=rules))
            _OPENED[key] = Grading(place, backend=backend)
            atexit.register(_OPENED[key].close)
        return _OPENED[key]
