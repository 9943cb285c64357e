"""A folder of `contest run` as a replay takes it: which contest was played, and what was sampled
for each task, as pools."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from problems.loading import load_task
from solver.contests.folders.folder import ContestFolder, read_contest
from solver.contests.run import LOG_NAME
from solver.errors import RunFolderError
from solver.kept.samples import RunFolder
from solver.kept.whole_files import whole_file
from solver.sampling.answers.collect import collect
from solver.sampling.pools.pool import write_pool
from solver.types import Pool

CONTEST_NAME = "contest.json"
POOLS_NAME = "pools"
ALL_ROUNDS = 1_000_000


def keep_contest(run: Path, folder: ContestFolder, models: Mapping[str, str]) -> None:
    """Writes down what the run plays, so that it can be replayed by itself."""
    place = folder.path.resolve()
    document = {
        "contest": str(place),
        # Where both are moved together, to another machine say, this way leads there still.
        "from_run": os.path.relpath(place, run.resolve()),
        "models": dict(models),
    }
    with whole_file(run / CONTEST_NAME) as partial:
        partial.write_text(json.dumps(document, indent=1) + "\n")


def check_same_contest(run: Path, folder: ContestFolder) -> None:
    """Whoever gives a command again does not mean another contest of the same name.

    Raises:
        RunFolderError: The run was begun with another contest, which is still where it was.
    """
    try:
        place = _noted(run)[0]
    except (RunFolderError, OSError):
        return  # Lost or damaged: it is written again, and the log knows what was begun.
    if place.exists() and place.resolve() != folder.path.resolve():
        raise RunFolderError(
            f"{run}: this run plays {place}, not {folder.path}; take a new folder with --run, or "
            "add --resume where they are copies of one contest"
        )


def is_run(path: Path) -> bool:
    """The folder is one of `contest run`."""
    return (path / LOG_NAME).is_file() and (path / CONTEST_NAME).is_file()


def contest_of(run: Path) -> ContestFolder:
    """The contest that a run plays.

    Raises:
        RunFolderError: Its packages are not where they were, or the run's note of them is damaged.
    """
    path = _noted(run)[0]
    if not path.exists():
        raise RunFolderError(f"{run}: the contest that was played is not at {path} any more")
    return read_contest(path)


def _noted(run: Path) -> tuple[Path, dict[str, str]]:
    """What `keep_contest` wrote: the contest's folder, and the model of each task."""
    file = run / CONTEST_NAME
    try:
        document = json.loads(file.read_bytes())
        models = {str(task): str(model) for task, model in document["models"].items()}
        place = Path(document["contest"])
        if not place.exists() and "from_run" in document:
            moved = Path(os.path.normpath(run.resolve() / document["from_run"]))
            place = moved if moved.exists() else place
        return place, models
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        raise RunFolderError(
            f"{file}: damaged ({error}); `solver contest run` with the same --run writes it again"
        ) from error


def pools_of_runs(places: Sequence[Path]) -> list[Path]:
    """The places with each run folder in it replaced by the pools of its tasks.

    What a model sampled, in all rounds, is written as `pools/<task>.jsonl` in the run folder; a
    task that was played from a recorded pool has that one.

    Raises:
        RunFolderError: The run's database or its contest cannot be read.
    """
    found: list[Path] = []
    for place in places:
        found += _pools_of(place) if is_run(place) else [place]
    return found


def recorded_pools(run: Path) -> list[Path]:
    """The recorded pools that a contest was played from; none where a model was asked.

    Raises:
        RunFolderError: The run's note of them is damaged.
    """
    models = _noted(run)[1]
    return [file for task, model in models.items() if (file := _pool_file(task, model))]


def _pool_file(task: str, model: str) -> Path | None:
    if not model.startswith("pool:"):
        return None
    pool = Path(model.removeprefix("pool:"))
    return pool / f"{task}.jsonl" if pool.is_dir() else pool


def _pools_of(run: Path) -> list[Path]:
    models = _noted(run)[1]
    files = []
    with RunFolder(run) as samples:
        for entry in contest_of(run).entries:
            pool = _pool_file(entry.name, models.get(entry.name, ""))
            if pool is not None:
                files.append(pool)
                continue
            task = replace(load_task(entry.path), name=entry.name)
            drawn = collect(task, samples, ALL_ROUNDS, tokens=0, spent=0, stopped="")
            if not drawn.candidates:
                continue  # the run ended before this task's turn
            file = run / POOLS_NAME / f"{entry.name}.jsonl"
            file.parent.mkdir(exist_ok=True)
            pool_ = Pool(task=entry.name, candidates=drawn.candidates, helpers=drawn.helpers)
            write_pool(file, pool_)
            files.append(file)
    return files
