"""Opens what a contest replay needs: for each task its recorded candidates, what they did on made
inputs, and what they are worth on the hidden tests."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from problems.task import Task
from sandbox.backend import Sandbox
from sandbox.compiling.compile import Compiler
from solver.contests.folders.folder import ContestFolder
from solver.errors import PoolError
from solver.observed import observe_all
from solver.observing.bench import Bench
from solver.replays.truth import Labeller, Truth, read_truth
from solver.replays.world import World, default_run, view_of
from solver.sampling.pools.pool import read_pool
from solver.types import FeedbackMode, Pool

Notify = Callable[[str, str, int, int], None]
"""Called with (task, stage, done, all)."""


def pools_of(folder: ContestFolder, sources: list[Path]) -> Mapping[str, Path]:
    """Task name to its recorded pool.

    Args:
        sources: Pool files (named after their tasks) or folders of pools; none takes the contest's
            own pools.

    Raises:
        PoolError: A task has no recorded candidates.
    """
    places = sources or ([folder.pools] if folder.pools is not None else [])
    found: dict[str, Path] = {}
    for entry in folder.entries:
        for place in places:
            file = place if place.is_file() else place / f"{entry.name}.jsonl"
            if file.is_file() and file.stem == entry.name:
                found[entry.name] = file
        if entry.name not in found:
            raise PoolError(
                f"no recorded candidates of {entry.name} among "
                f"{', '.join(str(place) for place in places) or 'nothing'}: name its pool file, or "
                "the folder of pools"
            )
    return found


def open_worlds(
    folder: ContestFolder,
    pools: Mapping[str, Path],
    sandbox: Sandbox,
    compiler: Compiler,
    *,
    mode: FeedbackMode,
    truths: Path | None = None,
    notify: Notify = lambda task, stage, done, total: None,
) -> dict[str, World]:
    """The worlds of all tasks, in the contest's order.

    Args:
        truths: Folder of `<task>.parquet` as `solver pool label` writes them; what is missing
            there is labelled now, with results kept by program.

    Raises:
        PoolError: A pool or truth table is broken or belongs to another task.
    """
    worlds = {}
    for entry in folder.entries:
        name = entry.name

        def told(stage: str, done: int, total: int, name: str = name) -> None:
            notify(name, stage, done, total)

        pool = read_pool(pools[name])
        labeller = Labeller(entry.path, sandbox, compiler)
        truth = _truth(pool, labeller, name, truths, told)
        kept = set(truth.candidate_ids)
        pool = Pool(
            task=pool.task,
            candidates=tuple(one for one in pool.candidates if one.id in kept),
            helpers=pool.helpers,
        )
        task: Task = replace(labeller.task, name=name)
        run = default_run(pools[name])
        bench = Bench.of(task, compiler, run, tell=told)
        observed = observe_all(pool.candidates, pool.helpers, bench)
        view = view_of(pool, task, observed, limit=50, mode=mode)
        worlds[name] = World(view=view, truth=truth.of(pool.candidates))
    return worlds


def _truth(
    pool: Pool,
    labeller: Labeller,
    name: str,
    truths: Path | None,
    told: Callable[[str, int, int], None],
) -> Truth:
    file = truths / f"{name}.parquet" if truths is not None else None
    if file is not None and file.is_file():
        truth = read_truth(file)
        expected = tuple(subtask.name for subtask in labeller.task.subtasks)
        if truth.subtasks != expected:
            raise PoolError(f"{file}: of another task: subtasks {', '.join(truth.subtasks)}")
        return truth
    truth = labeller.truth(pool.candidates, lambda done, total: told("labelling", done, total))
    for candidate, reason in labeller.failures.items():
        told(f"left out {candidate} ({reason})", 0, 1)
    if file is not None:
        truth.write(file)
    return truth
