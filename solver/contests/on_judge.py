"""Plays a contest on a real judge with the same loop, log and strategies as a simulated one."""

import itertools
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from rich.console import Console

from problems.loading import load_task
from problems.submission import Submission
from problems.task import Task
from sandbox import open_sandbox
from sandbox.compiling.compile import Compiler
from solver import strategies
from solver.config import SolveConfig
from solver.contests.clock import RealClock, Speeds
from solver.contests.live import Onlooker, watching
from solver.contests.logs.log import SubmissionLog
from solver.contests.logs.recorder import RecordedJudge
from solver.contests.plan import ContestPlan, PlannedTask
from solver.contests.play import play
from solver.contests.rules import rules_named
from solver.contests.rules.base import TaskSheet
from solver.contests.run import LOG_NAME, SOURCES_NAME
from solver.contests.scoreboard import scoreboard_record
from solver.contests.settings import PlayerSettings
from solver.errors import SolverError
from solver.judges.base import Judgement
from solver.judges.clients.remote import RemoteJudge
from solver.judges.clients.transport import check_may_submit
from solver.judges.open import JudgeAddress, check_kind, open_judge
from solver.kept.journal import driven
from solver.pipeline import Workshop, plan, plan_request, prepare
from solver.prepared import PreparedTask
from solver.sampling.open import open_source
from solver.submissions import as_submission
from solver.types import PrepareRequest

DRY_RUN_LIMIT = 5
DRY_RUN_NAME = "would-send"
MOST_SPLIT = 12
SCORE_TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayOptions:
    """What `solver judge play` was told; see its --help.

    Attributes:
        settle: The settings, checked against those of the run folder and kept there.
        check: Whether what was asked for can be had of these tasks, before anything is drawn.
    """

    kind: str
    url: str
    contest_id: str | None
    problems: tuple[str, ...]
    packages: Path | None
    credentials: Path | None
    settle: Callable[[], SolveConfig]
    check: Callable[[SolveConfig, Iterable[Task]], None]
    strategy: str
    limit: int | None
    interval_s: float | None
    duration_s: float
    backend: str
    run: Path
    dry_run: bool
    yes_submit: bool
    as_json: bool = False


def play_remote(options: PlayOptions, console: Console) -> dict[str, Any]:
    """Plays, or with `dry_run` shows what would be sent.

    Args:
        options: What was asked for.
        console: Shows how it goes: stages, every submission and result, outages of the judge.

    Returns:
        The document that `--json` prints.

    Raises:
        NotAllowedHere: Not loopback and no --yes-submit (before anything is sampled).
        ContestClosed: The contest takes no submissions (before anything is sampled).
        SolverError: As the judge, the model or the run folder say.
    """
    if not options.dry_run:
        check_may_submit(options.url, yes_submit=options.yes_submit)
    strategies.check_name(options.strategy)
    check_kind(options.kind)
    with driven(options.run, "play"):
        return _drive(options, console)


def _drive(options: PlayOptions, console: Console) -> dict[str, Any]:
    config = options.settle()
    options.check(config, [])
    address = JudgeAddress(
        kind=options.kind,
        url=options.url,
        contest=options.contest_id,
        problems=options.problems,
        credentials=options.credentials,
        yes_submit=options.yes_submit,
        limit=options.limit,
        interval_s=options.interval_s,
        packages=_packages(options.packages, config.sampling.statement_language),
    )
    with (
        watching(console) as watch,
        open_judge(address, options.run, watch.say) as judge,
    ):
        # The judge first: who is not there is heard of before a model is loaded.
        if not options.dry_run:
            judge.check_open()
        tasks = [_merged(task, address) for task in judge.tasks()]
        options.check(config, tasks)
        with _workshop(options, config) as shop:
            watch.meter(shop.source.spent)
            if options.dry_run:
                return {
                    "dry_run": True,
                    "would_send": _would_send(judge, tasks, shop, options, watch),
                }
            return _played(judge, tasks, shop, options, watch)


def _packages(folder: Path | None, language: str | None) -> dict[str, Task]:
    """The public part of every package in the folder, by the folder's name."""
    if folder is None:
        if language is not None:
            raise SolverError("a judge has one statement: --statement-language wants --packages")
        return {}
    return {
        path.name: load_task(path, statement_language=language)
        for path in sorted(folder.iterdir())
        if path.is_dir()
    }


def _merged(task: Task, address: JudgeAddress) -> Task:
    """A package at hand tells examples, header and time limit; the judge's name stays."""
    known = (address.packages or {}).get(task.name)
    return task if known is None else replace(known, name=task.name)


@contextmanager
def _workshop(options: PlayOptions, config: SolveConfig) -> Iterator[Workshop]:
    with (
        open_sandbox(options.backend) as sandbox,
        open_source(config.model, options.run, config.sampling) as source,
    ):
        yield Workshop(
            source=source,
            compiler=Compiler(sandbox),
            run=options.run,
            config=config,
        )


def _watched(shop: Workshop, task: Task, watch: Onlooker) -> Workshop:
    """The workshop, with its stages under the task's name."""
    return replace(
        shop, notify=lambda stage, done, total: watch.stage(task.name, stage, done, total)
    )


def _would_send(
    judge: RemoteJudge,
    tasks: list[Task],
    shop: Workshop,
    options: PlayOptions,
    watch: Onlooker,
) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for task in tasks:
        request = plan_request(options.limit or DRY_RUN_LIMIT)
        prepared = prepare(task, request, _watched(shop, task, watch))
        for rank, choice in enumerate(plan(prepared, options.strategy), start=1):
            submission = as_submission(task, prepared.view.candidates[choice.candidate])
            sent = asdict(judge.describe(task.name, submission))
            kept = _kept_program(options.run / DRY_RUN_NAME / task.name, rank, submission)
            told = {
                "task": task.name,
                "rank": rank,
                "candidate": prepared.view.candidates[choice.candidate].id,
                "reason": choice.reason,
                "programs": [str(path) for path in kept],
            }
            rows.append(told | sent)
    return rows


def _kept_program(folder: Path, rank: int, submission: Submission) -> list[Path]:
    """Writes what would be sent, to be read by whoever asks what it is."""
    paths = []
    for name, content in submission.sources.items():
        path = folder / f"{rank:02d}-{name.replace('/', '-')}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        paths.append(path)
    return paths


def _played(
    judge: RemoteJudge,
    tasks: list[Task],
    shop: Workshop,
    options: PlayOptions,
    watch: Onlooker,
) -> dict[str, Any]:
    rules = rules_named("ioi" if any(task.scored for task in tasks) else "icpc")
    limits = [judge.limits(task.name) for task in tasks]
    contest = ContestPlan(
        name=options.contest_id or options.url,
        rules=rules,
        tasks=tuple(
            PlannedTask(sheet=TaskSheet.of(task), opens_s=0.0, closes_s=options.duration_s)
            for task in tasks
        ),
        limit=min((each.submissions for each in limits if each.submissions), default=None),
        interval_s=max((each.interval_s for each in limits), default=0.0),
        duration_s=options.duration_s,
    )
    settings = PlayerSettings(
        strategy=lambda view, rng: strategies.make(options.strategy, view, rng),
        strategy_name=options.strategy,
        poll_s=1.0,
    )

    def prepare_task(task: Task, request: PrepareRequest) -> PreparedTask:
        return prepare(task, request, _watched(shop, task, watch))

    with SubmissionLog(options.run / LOG_NAME) as log:
        elapsed_s = max((r["at_s"] for r in log.records if "at_s" in r), default=0.0)
        known = OwnClock(judge, tasks, RealClock(elapsed_s=elapsed_s), options.duration_s)
        board = play(
            contest,
            RecordedJudge(known, log, options.run / SOURCES_NAME),
            prepare_task,
            settings,
            clock=known.clock,
            log=log,
            speeds=Speeds(),
            watch=watch,
            recheck=True,
        )
        return scoreboard_record(board) | {"log": str(log.path), "head": log.head}


class OwnClock:
    """The judge with tasks that were merged with their packages, on the run's own clock: a
    contest's start may lie days back, and the plan counts from the run's."""

    def __init__(
        self, judge: RemoteJudge, tasks: list[Task], clock: RealClock, duration_s: float
    ) -> None:
        """Args:
        clock: The run's.
        duration_s: When the run hands in nothing more, by that clock.
        """
        self._judge = judge
        judge.closes_s = judge.transport.wall.monotonic_s() + duration_s - clock.now_s()
        self._tasks = {task.name: task for task in tasks}
        self._task_of: dict[str, Task] = {}
        self.clock = clock
        self.limits = judge.limits

    def tasks(self) -> list[Task]:
        """The merged tasks."""
        return list(self._tasks.values())

    def now_s(self) -> float:
        """Seconds since the run began."""
        return self.clock.now_s()

    def submit(self, task: str, submission: Submission, key: str) -> str:
        """Hands in at the judge."""
        identifier = self._judge.submit(task, submission, key)
        self._task_of[identifier] = self._tasks[task]
        return identifier

    def poll(self, submission_id: str) -> Judgement:
        """The judge's word; a total is split into subtasks where that can be meant in one way."""
        judgement = self._judge.poll(submission_id)
        task = self._task_of.get(submission_id)
        if task is None or judgement.score is None or set(judgement.points) != {"all"}:
            return judgement
        return replace(judgement, points=split_score(task, judgement.score))


def split_score(task: Task, score: float) -> dict[str, float]:
    """Points by subtask where the judge tells the total alone.

    Returns:
        Each subtask full or 0, if exactly one choice of subtasks sums to the score; else nothing:
        a guess would be evidence that nobody gave.
    """
    subtasks = task.subtasks
    if len(subtasks) > MOST_SPLIT:
        return {}
    fitting = [
        chosen
        for chosen in itertools.product((False, True), repeat=len(subtasks))
        if abs(
            sum(each.max_points for each, one in zip(subtasks, chosen, strict=True) if one) - score
        )
        < SCORE_TOLERANCE
    ]
    if len(fitting) != 1:
        return {subtasks[0].name: score} if len(subtasks) == 1 else {}
    return {
        each.name: each.max_points if one else 0.0
        for each, one in zip(subtasks, fitting[0], strict=True)
    }
