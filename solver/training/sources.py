"""What rows are made from: recorded programs with their truth and behaviour, task by task."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from problems.loading import load_task
from problems.task import Task
from sandbox.backend import Sandbox
from sandbox.compiling.compile import Compiler
from solver.adapters.grading import read_place
from solver.breaking.config import BreakingConfig
from solver.contests.folders.folder import read_contest
from solver.contests.logs.recorded import contest_of, is_run, pools_of_runs
from solver.errors import PoolError, SolverError
from solver.replays.opening import WorldOptions, open_world
from solver.replays.truth import Truth
from solver.sampling.pools.pool import read_pool
from solver.types import Behaviour, Candidate

Told = Callable[[str, str, int, int], None]
"""Called with (task, stage, done, all)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingTask:
    """A task to train or to be measured on.

    Attributes:
        package: Its package; the judge alone opens it.
        contest: Title of the contest that it is of, or the name of the folder that it lies in.
    """

    task: Task
    package: Path
    contest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """P recorded programs of one task.

    Attributes:
        place: The pool or run, as it was named.
        truth: Their points, in the candidates' order.
        behaviour: What they did on inputs made at solve time; None where nobody looked.
    """

    of: TrainingTask
    place: str
    candidates: Sequence[Candidate]
    truth: Truth
    behaviour: Behaviour | None = None


def tasks_in(places: Sequence[Path]) -> dict[str, TrainingTask]:
    """The tasks of packages, folders of packages and contests, by name.

    Raises:
        SolverError: Two tasks are called alike, or a place is none of these; names it.
        PackageError: A package cannot be read.
    """
    found: dict[str, TrainingTask] = {}
    for path in places:
        place = read_place(path)
        for name, package in place.packages.items():
            if name in found and found[name].package.resolve() != package.resolve():
                raise SolverError(
                    f"{path}: a task {name!r} is named already ({found[name].package}); rows and "
                    "figures go by the name: leave one out"
                )
            task = place.tasks[name]
            found[name] = TrainingTask(task=task, package=package, contest=contest_title(package))
    return found


def contest_title(package: Path) -> str:
    """The title of the contest beside a package, or the name of the folder that it lies in."""
    folder = package.resolve().parent
    if (folder / "contest.toml").is_file() or (folder / "contest.yaml").is_file():
        contest = read_contest(folder)
        if any(each.path.resolve() == package.resolve() for each in contest.entries):
            return contest.title
    return folder.name


def open_sources(
    places: Sequence[Path],
    tasks: Mapping[str, TrainingTask],
    sandbox: Sandbox,
    compiler: Compiler,
    notify: Told,
) -> list[Source]:
    """Labels and observes what lies at the places; what was run before is not run again.

    Args:
        places: Runs of `contest run`, pool files, folders of `TASK.jsonl`.
        tasks: Of the pools; a run knows its own.

    Raises:
        PoolError: A pool is broken, or of no task that was named.
        RunFolderError, PackageError: A run or package cannot be read.
        SandboxError: The sandbox failed; what was run is kept.
    """
    sources = []
    for place in places:
        known = tasks
        if is_run(place):
            known = _of_run(place)
        for file in _files_of(place):
            own = read_pool(file).task
            if own not in known:
                raise PoolError(
                    f"{file}: of task {own!r}, and no --task is of it (given: "
                    f"{', '.join(known) or 'none'}); name its package or its contest with --task"
                )
            sources.append(_source(place, file, known[own], sandbox, compiler, notify))
    return sources


def _of_run(run: Path) -> dict[str, TrainingTask]:
    """A run's tasks under the names that they have in its contest."""
    contest = contest_of(run)
    return {
        entry.name: TrainingTask(
            task=load_task(entry.path), package=entry.path, contest=contest.title
        )
        for entry in contest.entries
    }


def _files_of(place: Path) -> list[Path]:
    if is_run(place):
        return pools_of_runs([place])
    if not place.exists():
        raise PoolError(f"{place}: no such run, pool or folder of pools")
    files = sorted(place.glob("*.jsonl")) if place.is_dir() else [place]
    if not files:
        raise PoolError(f"{place}: neither a run of `contest run` nor a folder of TASK.jsonl")
    return files


def _source(
    place: Path,
    file: Path,
    of: TrainingTask,
    sandbox: Sandbox,
    compiler: Compiler,
    notify: Told,
) -> Source:
    def told(stage: str, done: int, total: int) -> None:
        notify(of.task.name, stage, done, total)

    # Plain inputs tell doubles; nothing is attacked for that.
    options = WorldOptions(breaking=BreakingConfig(on=False), task_name=read_pool(file).task)
    world = open_world(file, of.package, sandbox, compiler, options, told)
    return Source(
        of=of,
        place=str(place),
        candidates=world.view.candidates,
        truth=world.truth,
        behaviour=world.view.behaviour,
    )
