"""Replays, the set-up of one task: its pool observed and labelled, as far as it is not yet."""

from dataclasses import dataclass, field
from pathlib import Path

from problems.loading import load_task
from sandbox.backend import Sandbox
from sandbox.compiling.compile import Compiler
from solver.breaking.config import BreakingConfig
from solver.errors import SolverError
from solver.observed import ObservingConfig, observe_all
from solver.observing.bench import Bench, Notify, silent
from solver.observing.inputs import InputsConfig
from solver.replays.play import check_same_task
from solver.replays.suite import qualities
from solver.replays.truth import Labeller, read_truth
from solver.replays.world import World, default_run, view_of
from solver.sampling.pools.pool import pool_of
from solver.types import FeedbackMode


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldOptions:
    """How a pool is looked at.

    Attributes:
        limit: Submissions.
        mode: What a submission tells.
        inputs: How test inputs are made.
        breaking: How programs are attacked.
        weights: Of the scorer; None takes the shipped ones.
        truth: Table of `solver pool label`; None labels now.
        run: Folder that keeps what was observed; None takes one of the cache by the pool's content.
        time_s: CPU seconds a hidden test, where the package states none.
        task_name: What the pool calls the task, where that is another name than the package's.
    """

    limit: int = 50
    mode: FeedbackMode = FeedbackMode.FULL
    inputs: InputsConfig = field(default_factory=InputsConfig)
    breaking: BreakingConfig = field(default_factory=BreakingConfig)
    weights: Path | None = None
    truth: Path | None = None
    run: Path | None = None
    time_s: float | None = None
    task_name: str | None = None


def open_world(
    pool: Path,
    package: Path,
    sandbox: Sandbox,
    compiler: Compiler,
    options: WorldOptions,
    notify: Notify = silent,
) -> World:
    """One pool with its behaviour, estimates and truth.

    Raises:
        PoolError: The pool is broken or of another task; names file and line.
        PackageError: The package cannot be read; names the file.
        SolverError: The truth table is of another task.
        SandboxError: The sandbox failed; what was run is kept.
    """
    task = load_task(package)
    recorded = pool_of(pool, task.name, options.task_name)
    if options.truth is not None:
        truth = read_truth(options.truth)
    else:
        labeller = Labeller(package, sandbox, compiler, time_s=options.time_s)
        truth = labeller.truth(
            recorded.candidates, lambda done, total: notify("labelling", done, total)
        )
    if not check_same_task(task, truth):
        raise SolverError(f"{options.truth}: the truth of other subtasks than {package}'s")
    bench = Bench.of(task, compiler, options.run or default_run(pool), tell=notify)
    observing = ObservingConfig(inputs=options.inputs, breaking=options.breaking)
    observed = observe_all(recorded.candidates, recorded.helpers, bench, observing)
    view = view_of(
        recorded, task, observed, limit=options.limit, mode=options.mode, weights=options.weights
    )
    known = truth.of(recorded.candidates)
    return World(view=view, truth=known, suite=qualities(observed, known))
