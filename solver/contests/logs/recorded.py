"""A folder of `contest run` as a replay takes it: which contest was played, and what was sampled
for each task, as pools."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from problems.loading import load_task
from solver.contests.folders.folder import ContestFolder, read_contest
from solver.contests.run import LOG_NAME
from solver.errors import RunFolderError
from solver.kept.samples import RunFolder
from solver.sampling.draw import collect
from solver.sampling.pools.pool import write_pool
from solver.types import Pool

CONTEST_NAME = "contest.json"
POOLS_NAME = "pools"
ALL_ROUNDS = 1_000_000


def keep_contest(run: Path, folder: ContestFolder, models: Mapping[str, str]) -> None:
    """Writes down what the run plays, so that it can be replayed by itself."""
    run.mkdir(parents=True, exist_ok=True)
    document = {"contest": str(folder.path.resolve()), "models": dict(models)}
    (run / CONTEST_NAME).write_text(json.dumps(document, indent=1) + "\n")


def is_run(path: Path) -> bool:
    """The folder is one of `contest run`."""
    return (path / LOG_NAME).is_file() and (path / CONTEST_NAME).is_file()


def contest_of(run: Path) -> ContestFolder:
    """The contest that a run plays.

    Raises:
        RunFolderError: Its packages are not where they were.
    """
    path = Path(json.loads((run / CONTEST_NAME).read_text())["contest"])
    if not path.exists():
        raise RunFolderError(f"{run}: the contest that was played is not at {path} any more")
    return read_contest(path)


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


def _pools_of(run: Path) -> list[Path]:
    models: Mapping[str, str] = json.loads((run / CONTEST_NAME).read_text())["models"]
    files = []
    with RunFolder(run) as samples:
        for entry in contest_of(run).entries:
            model = models.get(entry.name, "")
            if model.startswith("pool:"):
                pool = Path(model.removeprefix("pool:"))
                files.append(pool / f"{entry.name}.jsonl" if pool.is_dir() else pool)
                continue
            task = replace(load_task(entry.path), name=entry.name)
            drawn = collect(task, samples, ALL_ROUNDS, 0, 0, "")
            if not drawn.candidates:
                continue  # the run ended before this task's turn
            file = run / POOLS_NAME / f"{entry.name}.jsonl"
            file.parent.mkdir(exist_ok=True)
            pool_ = Pool(task=entry.name, candidates=drawn.candidates, helpers=drawn.helpers)
            write_pool(file, pool_)
            files.append(file)
    return files
