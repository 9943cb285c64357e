"""`solver.replays.play`: what strategies would have scored on a recorded pool."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox import open_sandbox
from sandbox.compiling.compile import Compiler
from solver import strategies
from solver.api.tables import Tabled
from solver.observing.bench import Notify, silent
from solver.replays.opening import WorldOptions, open_world
from solver.replays.play import replay_all
from solver.replays.table import table_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayedStrategy:
    """What one strategy scored.

    Attributes:
        points: Expected points with all submissions of the limit.
        gap_closed: (points - random) / (oracle - random); None where there is no gap.
        low, high: 95 % paired bootstrap interval of the gap closed.
        curve: Expected points after 1, 2, ... submissions.
    """

    name: str
    points: float
    gap_closed: float | None
    low: float
    high: float
    curve: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed(Tabled):
    """Strategies on one recorded pool.

    Attributes:
        task: The task's name.
        candidates: In the pool.
        limit: Submissions.
        random: Expected points of `limit` candidates drawn without repetition (exact).
        oracle: Points of the whole pool.
        strategies: In the order asked for.
        document: What `solver replay --json` prints.
    """

    task: str
    candidates: int
    limit: int
    random: float
    oracle: float
    strategies: tuple[ReplayedStrategy, ...]
    document: Mapping[str, Any]

    def rows(self) -> Sequence[Mapping[str, Any]]:
        """One row a strategy and number of submissions."""
        return [
            {"task": self.task, "strategy": one.name, "submissions": k, "points": points}
            for one in self.strategies
            for k, points in enumerate(one.curve, start=1)
        ]


def replay(
    pool: Path | str,
    task: Path | str,
    *,
    strategy: str | Sequence[str] = "all",
    limit: int = 50,
    seeds: int = 100,
    truth: Path | str | None = None,
    notify: Notify = silent,
) -> Replayed:
    """Replays strategies on a recorded pool: what would each have scored with so many submissions?

    Candidates are compiled, run on made inputs and labelled once; all of it is kept in the cache
    folder, so that the next replay of the same pool takes seconds.

    Args:
        pool: JSONL file of candidates (`solver sample --pool` writes one).
        task: The package that judges them.
        strategy: "all", a name, or several.
        limit: Submissions.
        seeds: Replays a strategy, each on the pool in another order.
        truth: Table that `solver pool label` wrote; None labels now.
        notify: Called with (stage, done, all).

    Raises:
        PoolError: The pool is broken; names file and line.
        PackageError: The package cannot be read; names the file.
        SolverError: No strategy has that name, or the truth is another task's.
        SandboxError: The sandbox failed; what was run is kept.
    """
    names = strategy_names(strategy)
    options = WorldOptions(limit=limit, truth=None if truth is None else Path(truth))
    with open_sandbox() as sandbox:
        world = open_world(Path(pool), Path(task), sandbox, Compiler(sandbox), options, notify)
    name = world.view.task.name
    worlds = {name: world}
    processes = max(1, min(len(names), len(os.sched_getaffinity(0))))
    document = table_of(worlds, replay_all(worlds, names, seeds, processes=processes), limit)
    row = document["tasks"][0]
    return Replayed(
        task=name,
        candidates=row["candidates"],
        limit=limit,
        random=row["random"],
        oracle=row["oracle"],
        strategies=tuple(
            ReplayedStrategy(
                name=one,
                points=found["points"],
                gap_closed=found["gap_closed"],
                low=found["low"],
                high=found["high"],
                curve=tuple(found["curve"]),
            )
            for one, found in row["strategies"].items()
        ),
        document=document,
    )


def strategy_names(strategy: str | Sequence[str]) -> list[str]:
    """The strategies that a word, several with commas, or a list names.

    Raises:
        SolverError: No strategy has a name of it.
    """
    if strategy == "all":
        return list(strategies.NAMES)
    names = strategy.split(",") if isinstance(strategy, str) else list(strategy)
    for name in names:
        strategies.check_name(name)
    return names
