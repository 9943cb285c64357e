"""Puts a contest run together: sandbox, sources of candidates, pipeline, judge, live table."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from rich.console import Console

from problems.task import Task
from sandbox import open_sandbox
from sandbox.compiling.compile import Compiler
from solver import strategies
from solver.config import SolveConfig, keep_config, known_samples
from solver.contests.clock import Speeds
from solver.contests.folders.folder import ContestFolder, PlanOptions
from solver.contests.live import watching
from solver.contests.logs.recorded import check_same_contest, keep_contest
from solver.contests.run import Played, begun, has_ended, open_tasks, run_contest
from solver.contests.settings import PlayerSettings
from solver.errors import RunFolderError
from solver.kept.journal import Journal, driven
from solver.pipeline import Workshop, prepare
from solver.prepared import PreparedTask
from solver.sampling.config import SamplingConfig
from solver.sampling.open import open_source
from solver.sampling.source import Source, Spent
from solver.types import PrepareRequest

DEFAULT_MODEL = "embedded"
CONTEST_MODEL = "contest"
"""Stands in a run's settings for "as the contest folder says"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """What the command line says of a run.

    Attributes:
        model: What draws candidates for every task; None leaves it to the contest folder.
        samples: Candidates a task; a run that is resumed grows to more.
        first_share: Share of the samples given evenly; the rest goes where it promises most.
        settle: Makes the settings and keeps them in the run folder, where there are more than the
            fields here say; their model is "contest" where it is left to the contest folder.
        check: Whether what was asked for can be had of these tasks, before anything is drawn.
        tokens_per_s: Speed of the model in simulated time.
        least_gain_points: A round ends when less is expected of the next submission.
    """

    model: str | None = None
    strategy: str = strategies.DEFAULT
    samples: int = 64
    first_share: float = 1.0
    rounds: int = 1
    seed: int = 0
    backend: str = "namespaces"
    resume: bool = False
    real_time: bool = False
    tokens_per_s: float = 5000.0
    least_gain_points: float = 0.0
    plan: PlanOptions = field(default_factory=PlanOptions)
    settle: Callable[[], SolveConfig] | None = None
    check: Callable[[SolveConfig, Iterable[Task]], None] = lambda config, tasks: None

    def settled(self, run: Path) -> SolveConfig:
        """The settings that the run goes on with.

        Raises:
            RunFolderError: It was begun with others.
        """
        if self.settle is not None:
            return self.settle()
        config = SolveConfig(
            model=self.model or CONTEST_MODEL,
            strategy=self.strategy,
            backend=self.backend,
            sampling=SamplingConfig(
                samples=self.samples, seed=self.seed, first_share=self.first_share
            ),
        )
        return keep_config(run, config, may_grow=True)


def models_of(folder: ContestFolder, model: str | None) -> dict[str, str]:
    """Task name to the model that draws for it.

    The command line goes before the task's own entry, that before a recorded pool in the contest's
    pool folder, that before the contest's model, and the embedded model comes last.
    """
    chosen = {}
    for entry in folder.entries:
        pool = folder.pools / f"{entry.name}.jsonl" if folder.pools is not None else None
        recorded = f"pool:{pool}" if pool is not None and pool.is_file() else None
        chosen[entry.name] = (
            model
            or _relative_pool(folder, entry.model)
            or recorded
            or _relative_pool(folder, folder.model)
            or DEFAULT_MODEL
        )
    return chosen


def _relative_pool(folder: ContestFolder, model: str | None) -> str | None:
    """A pool that a contest names lies relative to the contest's folder."""
    if model is None or not model.startswith("pool:"):
        return model
    return f"pool:{folder.path / model.removeprefix('pool:')}"


class Sources:
    """Opens a model when the first task needs it: a contest of pools alone loads none."""

    def __init__(self, models: Mapping[str, str], run: Path, sampling: SamplingConfig) -> None:
        self._models = models
        self._run = run
        self._sampling = sampling
        self._stack = ExitStack()
        self._open: dict[str, Source] = {}

    def of(self, task: str) -> Source:
        """The task's source.

        Raises:
            ModelUnavailable, PoolError: It is not there.
        """
        model = self._models[task]
        if model not in self._open:
            opened = open_source(model, self._run, self._sampling)
            self._open[model] = self._stack.enter_context(opened)
        return self._open[model]

    def spent(self) -> Spent:
        """What all of them have taken."""
        return sum((source.spent() for source in list(self._open.values())), start=Spent())

    def close(self) -> None:
        """Closes every model."""
        self._stack.close()


@contextmanager
def opened_sources(
    models: Mapping[str, str], run: Path, sampling: SamplingConfig
) -> Iterator[Sources]:
    """Sources that are closed at the end."""
    sources = Sources(models, run, sampling)
    try:
        yield sources
    finally:
        sources.close()


def check_may_grow(run: Path, samples: int) -> None:
    """More samples make sense as long as the contest is played.

    Raises:
        RunFolderError: It was played to its end with fewer.
    """
    known = known_samples(run)
    if known is not None and samples > known and has_ended(run):
        raise RunFolderError(
            f"{run}: this contest was played to its end with {known} samples a task; more of them "
            "change nothing any more: take a new folder with --run"
        )


def run_from_command_line(
    folder: ContestFolder, run: Path, options: RunOptions, console: Console
) -> Played:
    """Plays the contest; progress goes to the console.

    Raises:
        RunFolderError: The run folder holds another contest, one that another process drives, or
            none where one was to be resumed.
    """
    strategies.check_name(options.strategy)
    if begun(run, resume=options.resume):
        if not options.resume:
            check_same_contest(run, folder)
        ended = has_ended(run)
        console.print(
            f"{run}: played to its end before; nothing is played anew (--run names another folder)"
            if ended
            else f"{run}: begun before; going on from there",
            soft_wrap=True,
            markup=False,
            highlight=False,
        )
    with driven(run, "contest") as journal:
        return _drive(folder, run, options, console, journal)


def _drive(
    folder: ContestFolder, run: Path, options: RunOptions, console: Console, journal: Journal
) -> Played:
    check_may_grow(run, options.samples)
    config = options.settled(run)
    models = models_of(folder, None if config.model == CONTEST_MODEL else config.model)
    keep_contest(run, folder, models)
    with (
        open_sandbox(options.backend) as sandbox,
        opened_sources(models, run, config.sampling) as sources,
        watching(console) as watch,
    ):
        compiler = Compiler(sandbox)
        watch.meter(sources.spent)
        watch.stage("contest", "opening packages", 0, len(folder.entries))
        opened = open_tasks(
            folder, sandbox, compiler, statement_language=config.sampling.statement_language
        )
        options.check(config, [item.task for item in opened.values()])

        def prepare_task(task: Task, request: PrepareRequest) -> PreparedTask:
            shop = Workshop(
                source=sources.of(task.name),
                compiler=compiler,
                run=run,
                config=config,
                notify=journal.telling(task.name, partial(watch.stage, task.name)),
            )
            return prepare(task, request, shop)

        settings = PlayerSettings(
            strategy=lambda view, rng: strategies.make(options.strategy, view, rng),
            strategy_name=options.strategy,
            rounds=options.rounds,
            seed=config.sampling.seed,
            least_gain_points=options.least_gain_points,
        )
        speeds = Speeds(tokens_per_s=options.tokens_per_s, workers=max(1, sandbox.slots))
        return run_contest(
            folder,
            opened,
            run,
            prepare_task,
            settings,
            options=options.plan,
            speeds=speeds,
            real_time=options.real_time,
            watch=watch,
        )
