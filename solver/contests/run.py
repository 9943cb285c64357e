"""A whole contest in a run folder: opens the packages for the simulated judge, plays, or goes on
with what a killed run has left."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from sandbox.backend import Sandbox
from sandbox.compiling.compile import Compiler
from solver.contests.clock import Clock, RealClock, SimulatedClock, Speeds
from solver.contests.folders.folder import ContestFolder, PlanOptions
from solver.contests.graders import OpenedTask, open_graders
from solver.contests.logs.log import SubmissionLog, read_log
from solver.contests.logs.recorder import RecordedJudge
from solver.contests.play import Watcher, play
from solver.contests.scoreboard import Scoreboard
from solver.contests.settings import PlayerSettings
from solver.contests.simulated import SimulatedJudge, received_before
from solver.errors import RunFolderError, SolverError
from solver.prepared import Preparer

LOG_NAME = "submissions.jsonl"
SOURCES_NAME = "submissions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """A contest that was played to its end.

    Attributes:
        head: Hash of the log's last line.
    """

    board: Scoreboard
    log: Path
    head: str


def begun(run: Path, *, resume: bool) -> bool:
    """A contest was begun in the run folder: the same command goes on with it.

    Args:
        resume: One has to be there.

    Raises:
        RunFolderError: `resume`, and there is no such folder.
    """
    if resume and not run.exists():
        raise RunFolderError(f"{run}: nothing to resume")
    log = run / LOG_NAME
    return log.exists() and log.stat().st_size > 0


def has_ended(run: Path) -> bool:
    """The contest of a run folder was played to its end.

    Raises:
        LogDamaged: The log is not what was written.
    """
    log = run / LOG_NAME
    return log.exists() and any(each["kind"] == "end" for each in read_log(log).records)


def open_tasks(
    folder: ContestFolder,
    sandbox: Sandbox,
    compiler: Compiler,
    *,
    statement_language: str | None = None,
) -> Mapping[str, OpenedTask]:
    """The contest's tasks with their graders, under their names in the contest.

    Raises:
        PackageError, UnsupportedTask: A package cannot be read or judged.
    """
    opened = open_graders(
        {entry.name: entry.path for entry in folder.entries},
        sandbox,
        compiler,
        statement_language=statement_language,
    )
    return {
        name: replace(item, task=replace(item.task, name=name)) for name, item in opened.items()
    }


def run_contest(
    folder: ContestFolder,
    opened: Mapping[str, OpenedTask],
    run: Path,
    prepare: Preparer,
    settings: PlayerSettings,
    *,
    options: PlanOptions,
    speeds: Speeds,
    real_time: bool = False,
    watch: Watcher = lambda state: None,
) -> Played:
    """Plays the contest of a folder against the simulated judge.

    Args:
        opened: `open_tasks(folder, ...)`.
        run: Its log and programs are kept here; a log that is there already is gone on with.
        real_time: Time passes as on the wall; otherwise work costs what `speeds` says.

    Raises:
        RunFolderError: The run belongs to another contest or was begun with other options.
        LogDamaged: The log is not what was written.
    """
    if not opened:
        raise SolverError(f"{folder.path}: a contest without tasks")
    plan = folder.plan({name: item.task for name, item in opened.items()}, options)
    with SubmissionLog(run / LOG_NAME) as log:
        clock: Clock = SimulatedClock()
        if real_time:
            clock = RealClock(elapsed_s=_last_at_s(log))
        judge = SimulatedJudge(
            plan,
            [item.task for item in opened.values()],
            {name: item.grader for name, item in opened.items()},
            clock,
            latency_s=speeds.judge_latency_s,
            received=received_before(log, run / SOURCES_NAME),
        )
        board = play(
            plan,
            RecordedJudge(judge, log, run / SOURCES_NAME),
            prepare,
            settings,
            clock=clock,
            log=log,
            speeds=speeds,
            watch=watch,
        )
        return Played(board=board, log=log.path, head=log.head)


def _last_at_s(log: SubmissionLog) -> float:
    times = [record[key] for record in log.records for key in ("at_s", "ready_s") if key in record]
    return max(times, default=0.0)
