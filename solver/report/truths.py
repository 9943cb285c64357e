"""A run beside what it could have been: random choice, its own strategy replayed, the whole pool.

Only where every candidate's worth on the hidden tests is known (`solver report --label`).
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from solver import strategies
from solver.errors import PoolError
from solver.replays.play import random_curve, replay
from solver.replays.table import gap_closed
from solver.replays.tokens import cut_to
from solver.replays.truth import Truth, read_truth
from solver.replays.world import World
from solver.strategies.base import View
from solver.strategies.views import KeptView

TRUTH_NAME = "truth.parquet"
"""In a task's run folder; `solver report --label` writes it."""
_DRAWS = 400
_MOST_SEEDS = 40
_SECONDS = 3.0
"""A task's replays take about so long; a large pool gets fewer of them, and says so."""
_PARTS = (1 / 64, 1 / 32, 1 / 16, 1 / 8, 1 / 4, 1 / 2, 3 / 4, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Expected points at each mark, and what 95 % of single tries lie between."""

    mean: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """One task.

    Attributes:
        random: After 0, 1, 2, ... submissions of candidates drawn at random; its mean is exact.
        strategy: The run's strategy on the run's candidates, its ties drawn anew each time.
        seeds: Replays behind it.
        oracle: Points of all candidates together.
        sampled: Marks of the next two: candidates that were sampled.
        pool: Points of the best of so many candidates.
        chosen: Points that the strategy makes of so many, with all submissions.
        total: (seeds,) points of each replay, for the contest's sum.
        random_total: (draws,) the same at random.
    """

    random: Band
    strategy: Band
    seeds: int
    oracle: float
    sampled: tuple[int, ...]
    pool: Band
    chosen: Band
    total: NDArray[np.float64]
    random_total: NDArray[np.float64]


def truth_of(run: Path, kept: KeptView, truths: Path | None) -> Truth | None:
    """A task's truth: of the folder that was named, or as the run keeps it; None: not known, or
    not of all candidates.

    Raises:
        PoolError: The table is damaged.
    """
    name = kept.view.task.name
    places = [] if truths is None else [truths / f"{name}.parquet"]
    for file in [*places, run / name / TRUTH_NAME]:
        if file.is_file():
            truth = read_truth(file)
            try:
                return truth.of(kept.view.candidates)
            except PoolError:
                continue  # a run that has grown since
    return None


def beside(kept: KeptView, truth: Truth, strategy: str, limit: int | None) -> Beside:
    """The three curves of a task.

    Args:
        strategy: Of the run; one that no longer exists is not replayed: `random` stands for it.
        limit: Submissions allowed; None: as many as there are candidates, at most 200.
    """
    programs = len(truth.candidate_ids)
    limit = min(limit or 200, programs)
    view = kept.view if limit == kept.view.limit else _limited(kept, limit)
    world = World(view=view, truth=truth)
    rng = np.random.default_rng(0)
    orders = [rng.permutation(programs) for _ in range(_DRAWS if programs <= 4000 else 100)]
    drawn = np.stack([_best_so_far(truth.points[order[:limit]]) for order in orders])
    known = strategy if strategy in strategies.NAMES else "random"
    played = _replayed(world, known)
    marks = sorted({max(1, round(part * programs)) for part in _PARTS})
    pools = np.stack(
        [
            [truth.points[order[:mark]].max(axis=0, initial=0.0).sum() for mark in marks]
            for order in orders
        ]
    )
    pool = _band(pools, from_zero=False)
    return Beside(
        random=_band(drawn, exact=random_curve(truth.points, limit).tolist()),
        strategy=_band(played),
        seeds=len(played),
        oracle=truth.oracle,
        sampled=tuple(marks),
        pool=pool,
        chosen=_chosen(world, known, marks, orders, pool),
        total=played[:, -1],
        random_total=drawn[:, -1],
    )


def _limited(kept: KeptView, limit: int) -> View:
    return replace(kept.view, limit=limit)


def _best_so_far(points: NDArray[np.float64]) -> NDArray[np.float64]:
    best: NDArray[np.float64] = np.maximum.accumulate(points, axis=0).sum(axis=1)
    return best


def _replayed(world: World, strategy: str) -> NDArray[np.float64]:
    """(seeds, L) points after each submission."""
    factory, begun_s = strategies.factory_of(strategy), time.monotonic()
    curves: list[NDArray[np.float64]] = []
    while len(curves) < _MOST_SEEDS and (len(curves) < 2 or time.monotonic() - begun_s < _SECONDS):
        curves.append(replay(world, factory, [len(curves)]).points[0])
    return np.stack(curves)


def _chosen(
    world: World,
    strategy: str,
    marks: Sequence[int],
    orders: Sequence[NDArray[np.int64]],
    pool: Band,
) -> Band:
    """What the strategy makes of the first so many of each order.

    There is time for fewer orders than the pool's own curve has. So its mean is the pool's, less
    what the strategy leaves lying on the orders that it played: it never passes the pool's.
    """
    factory = strategies.factory_of(strategy)
    tries: list[list[float]] = []
    begun_s = time.monotonic()
    for seed, order in enumerate(orders[:20]):
        if len(tries) >= 2 and time.monotonic() - begun_s > _SECONDS:
            break
        row = []
        for mark in marks:
            # Clustered and estimated anew, as it would have been of so few.
            cut = cut_to(world, np.sort(order[:mark]))
            view = replace(cut.view, limit=min(cut.view.limit, mark))
            one = replay(World(view=view, truth=cut.truth), factory, [seed])
            row.append(float(one.points[0, -1]))
        tries.append(row)
    played = np.array(tries)
    held = np.array(
        [
            [world.truth.points[order[:mark]].max(axis=0, initial=0.0).sum() for mark in marks]
            for order in orders[: len(tries)]
        ]
    )
    left = (held - played).mean(axis=0)
    band = _band(played, from_zero=False)
    return replace(band, mean=tuple((np.array(pool.mean) - left).tolist()))


def _band(
    points: NDArray[np.float64], *, exact: Sequence[float] | None = None, from_zero: bool = True
) -> Band:
    """Mean and the middle 95 % of (N, L) points."""
    start = [0.0] if from_zero else []
    low, high = np.quantile(points, [0.025, 0.975], axis=0)
    mean = points.mean(axis=0).tolist() if exact is None else list(exact)
    return Band(mean=(*start, *mean), low=(*start, *low.tolist()), high=(*start, *high.tolist()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """The whole contest beside random choice and the whole pool, over the tasks whose truth is
    known.

    Attributes:
        points: What the run scored on them.
        strategy, strategy_low, strategy_high: Mean and middle 95 % of its strategy's replays.
        gap_closed: (strategy - random) / (oracle - random); None where there is no gap.
    """

    tasks: int
    points: float
    random: float
    random_low: float
    random_high: float
    strategy: float
    strategy_low: float
    strategy_high: float
    oracle: float
    gap_closed: float | None


def summed(found: Mapping[str, Beside], points: Mapping[str, float]) -> Sum | None:
    """The sum over tasks; None where no truth is known."""
    if not found:
        return None
    rng = np.random.default_rng(1)
    draws = 2000
    strategy = np.zeros(draws)
    at_random = np.zeros(draws)
    for one in found.values():
        strategy += rng.choice(one.total, draws)
        at_random += rng.choice(one.random_total, draws)
    random = sum(one.random.mean[-1] for one in found.values())
    mean = sum(one.strategy.mean[-1] for one in found.values())
    oracle = sum(one.oracle for one in found.values())
    low, high = np.quantile(strategy, [0.025, 0.975])
    random_low, random_high = np.quantile(at_random, [0.025, 0.975])
    return Sum(
        tasks=len(found),
        points=sum(points[task] for task in found),
        random=random,
        random_low=float(random_low),
        random_high=float(random_high),
        strategy=mean,
        strategy_low=float(low),
        strategy_high=float(high),
        oracle=oracle,
        gap_closed=gap_closed(mean, random, oracle),
    )
