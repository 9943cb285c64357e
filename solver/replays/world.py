"""Replays, the set-up: one recorded pool with its behaviour, estimates and truth."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from problems.task import Task
from problems.tasktypes.runner import Runner
from sandbox.backend import Sandbox
from sandbox.compiling.compile import Compiler
from solver.observing.behaviour import BehaviourConfig, observe, time_limit_of
from solver.observing.build import compile_all
from solver.observing.cluster import by_behaviour
from solver.observing.equivalence import written_checkers
from solver.observing.inputs import InputsConfig, generate
from solver.observing.separating import SeparatingConfig, refine
from solver.replays.truth import Truth
from solver.scorer import estimate
from solver.strategies.base import View
from solver.types import Behaviour, Clusters, FeedbackMode, Pool

Notify = Callable[[str, int, int], None]
"""Called with (stage, done, all)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What stages 3 to 6 made of a pool."""

    behaviour: Behaviour
    clusters: Clusters


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A view and what each candidate of it is worth; only the simulator holds both."""

    view: View
    truth: Truth


def default_run(pool_path: Path) -> Path:
    """Where a pool's observations are kept unless told otherwise: a folder by its content."""
    digest = hashlib.blake2b(pool_path.read_bytes(), digest_size=8).hexdigest()
    return Path(platformdirs.user_cache_dir("solver")) / "replays" / f"{pool_path.stem}-{digest}"


def observe_pool(
    pool: Pool,
    task: Task,
    sandbox: Sandbox,
    compiler: Compiler,
    run: Path,
    *,
    inputs: InputsConfig | None = None,
    behaviour: BehaviourConfig | None = None,
    separating: SeparatingConfig | None = None,
    notify: Notify = lambda stage, done, total: None,
) -> Observed:
    """Compiles, runs and clusters a pool's candidates; goes on where it was stopped.

    Raises:
        SandboxError: The sandbox failed, not a program.
    """
    behaviour = behaviour or BehaviourConfig()
    runner = Runner(task, sandbox, compiler, time_s=time_limit_of(task, behaviour))
    programs = compile_all(
        pool.candidates,
        task,
        sandbox,
        compiler,
        runner=runner,
        progress=lambda done, total: notify("compiling", done, total),
    )
    made = generate(
        task,
        pool.helpers,
        run,
        inputs,
        sandbox=sandbox,
        compiler=compiler,
    )
    seen = observe(
        programs,
        made,
        runner,
        task,
        run,
        behaviour,
        checkers=written_checkers(task, pool.helpers, sandbox, compiler),
        slots=sandbox.slots,
        progress=lambda done, total: notify("running", done, total),
    )
    seen = refine(
        task,
        pool.helpers,
        programs,
        made,
        seen,
        runner,
        run,
        separating,
        behaviour,
        sandbox=sandbox,
        compiler=compiler,
        progress=lambda done, total: notify("separating", done, total),
    )
    return Observed(behaviour=seen, clusters=by_behaviour(seen, task))


def view_of(
    pool: Pool,
    task: Task,
    observed: Observed,
    *,
    limit: int,
    mode: FeedbackMode = FeedbackMode.FULL,
    weights: Path | None = None,
) -> View:
    """The view that a strategy gets, estimates by the scorer in `weights`."""
    return View(
        task=task,
        candidates=pool.candidates,
        behaviour=observed.behaviour,
        clusters=observed.clusters,
        estimate=estimate(
            pool.candidates, observed.behaviour, observed.clusters, task, weights=weights
        ),
        feedback_mode=mode,
        limit=limit,
    )
