"""What `solver compare` is given: run folders and pools, each to an entry with its worlds."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from problems.loading import load_task
from sandbox.backend import Sandbox
from sandbox.compiling.compile import Compiler
from solver.contests.logs.recorded import contest_of, is_run, pools_of_runs
from solver.errors import PoolError
from solver.replays.opening import WorldOptions, open_world
from solver.replays.world import World
from solver.report.comparing.compare import Entry
from solver.report.truths import truth_of
from solver.sampling.pools.pool import read_pool
from solver.strategies.views import kept_views

Told = Callable[[str, str, int, int], None]
"""Called with (task, stage, done, all)."""


def open_entries(
    places: Sequence[Path],
    names: Sequence[str],
    packages: Sequence[Path],
    sandbox: Sandbox,
    compiler: Compiler,
    limit: int,
    notify: Told,
) -> list[Entry]:
    """One entry a place, in order.

    A run folder of `contest run` knows its packages, and its candidates are not run again where
    they were labelled (`solver report --label`). A pool is of the package with its task's name, or
    of the only package.

    Args:
        names: What the entries are called; missing ones are the places' own names.

    Raises:
        PoolError: No package is of a pool's task, or a pool is broken.
        RunFolderError, PackageError: A run or package cannot be read.
    """
    known = {load_task(package).name: package for package in packages}
    entries = []
    for number, place in enumerate(places):
        name = names[number] if number < len(names) else name_of(place, places)
        if is_run(place):
            worlds = _of_run(place, sandbox, compiler, limit, notify)
        else:
            files = sorted(place.glob("*.jsonl")) if place.is_dir() else [place]
            if not files:
                raise PoolError(f"{place}: neither a run of `contest run` nor a folder of pools")
            worlds = {}
            for file in files:
                task, package = _package_of(file, known)
                worlds[task] = _world(file, package, task, sandbox, compiler, limit, notify)
        entries.append(Entry(name=name, about=models_in(worlds.values()), worlds=worlds))
    return entries


def name_of(place: Path, places: Sequence[Path]) -> str:
    """The place's own name; with its folder where two are called alike."""
    stems = [each.resolve().stem for each in places]
    own = place.resolve()
    return own.stem if stems.count(own.stem) == 1 else f"{own.parent.name}/{own.stem}"


def models_in(worlds: Iterable[World]) -> str:
    """The models that candidates name, few words."""
    found: dict[str, None] = {}
    for world in worlds:
        for candidate in world.view.candidates:
            if candidate.model:
                found.setdefault(candidate.model)
    return ", ".join(list(found)[:3]) + (" ..." if len(found) > 3 else "")


def _package_of(file: Path, known: dict[str, Path]) -> tuple[str, Path]:
    own = read_pool(file).task
    if own in known:
        return own, known[own]
    if len(known) == 1 and file.stem in known:
        return next(iter(known.items()))
    given = ", ".join(known) or "none"
    raise PoolError(
        f"{file}: of task {own!r}, and no --task package is of it (given: {given}); "
        "name its package with --task"
    )


def _of_run(
    run: Path, sandbox: Sandbox, compiler: Compiler, limit: int, notify: Told
) -> dict[str, World]:
    worlds: dict[str, World] = {}
    places = {entry.name: entry.path for entry in contest_of(run).entries}
    missing = []
    for task in places:
        kept = kept_views(run / task)
        truth = truth_of(run, kept[-1], None) if kept else None
        if truth is None:
            missing.append(task)
        else:
            worlds[task] = World(view=kept[-1].view, truth=truth)
    if missing:
        for file in pools_of_runs([run]):
            if file.stem in missing:
                own = file.stem
                worlds[own] = _world(file, places[own], own, sandbox, compiler, limit, notify)
    return {task: worlds[task] for task in places if task in worlds}


def _world(
    file: Path,
    package: Path,
    task: str,
    sandbox: Sandbox,
    compiler: Compiler,
    limit: int,
    notify: Told,
) -> World:
    def told(stage: str, done: int, total: int) -> None:
        notify(task, stage, done, total)

    options = WorldOptions(limit=limit, task_name=read_pool(file).task)
    return open_world(file, package, sandbox, compiler, options, told)
