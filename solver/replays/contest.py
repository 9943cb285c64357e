"""Replays of a whole contest from recorded candidates and known results: the o1-ioi table.

For each limit a problem (1, 10, 50, and 10,000 for none): the contest's points by random choice, by
each strategy, and of the whole pool. Nothing is compiled or run while replaying.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solver.replays.play import random_curve, replay_all
from solver.replays.table import gap_closed
from solver.replays.world import World

RESAMPLES = 2000
UNLIMITED = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Contest points over simulated contests.

    Attributes:
        mean: Expected points.
        low: Lower end of the 95 % bootstrap interval of the mean, over seeds.
        least: Points that 97.5 % of the simulated contests reach.
        most: Points that 2.5 % of them exceed.
    """

    mean: float
    low: float
    high: float
    least: float
    most: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitRow:
    """One line of the table.

    Attributes:
        random: Submissions drawn at random without repetition.
        submissions: Strategy to the submissions that it made on average, over all tasks.
        points: Strategy (and "random") to the points of every simulated contest.
    """

    limit: int
    random: Outcome
    strategies: Mapping[str, Outcome]
    submissions: Mapping[str, float]
    oracle: float
    points: Mapping[str, tuple[float, ...]] = field(default_factory=dict)


def rounded_world(world: World) -> World:
    """The world under CMS's rounding: the maximum of rounded points is the rounded maximum."""
    points = np.round(world.truth.points, world.view.task.score_precision)
    return World(view=world.view, truth=replace(world.truth, points=points))


def random_contests(
    worlds: Sequence[World], limit: int, contests: int, seed: int
) -> NDArray[np.float64]:
    """(N,) points of contests in which everything is submitted at random.

    Vectorised over contests: a random order of the candidates, the best of the first `limit`.
    """
    rng = np.random.default_rng([seed, 2])
    total = np.zeros(contests)
    for world in worlds:
        points = world.truth.points
        programs = len(points)
        taken = min(limit, programs)
        # In blocks: (block, P) random keys, whose `taken` smallest are a draw without repetition.
        for start in range(0, contests, 1000):
            block = min(1000, contests - start)
            keys = rng.random((block, programs))
            rows = np.argpartition(keys, taken - 1, axis=1)[:, :taken]
            total[start : start + block] += points[rows].max(axis=1).sum(axis=1)
    return total


def contest_table(
    worlds: Mapping[str, World],
    names: Sequence[str],
    limits: Sequence[int],
    *,
    seeds: int,
    processes: int = 1,
    seed: int = 0,
) -> list[LimitRow]:
    """The table, one row a limit.

    Args:
        worlds: Task to its world, all of one contest.
        names: Strategies beside random.
        seeds: Simulated contests a strategy; a limit above every pool's size takes a twentieth,
            since such replays are long and differ in nothing but their order.
    """
    rounded = {task: rounded_world(world) for task, world in worlds.items()}
    rows = []
    for limit in limits:
        limited = {
            task: World(view=replace(world.view, limit=limit), truth=world.truth)
            for task, world in rounded.items()
        }
        largest = max(len(world.truth.candidate_ids) for world in limited.values())
        count = seeds if limit < largest else max(2, seeds // 20)
        for task, world in limited.items():
            # A curve longer than the pool would only repeat its end.
            capped = min(limit, len(world.truth.candidate_ids))
            limited[task] = World(view=replace(world.view, limit=capped), truth=world.truth)
        curves = replay_all(limited, names, count, processes)
        totals = {
            name: np.sum([curves[task][name].points[:, -1] for task in limited], axis=0)
            for name in names
        }
        drawn = random_contests(list(limited.values()), limit, max(1000, seeds), seed)
        expected = sum(
            float(random_curve(world.truth.points, world.view.limit)[-1])
            for world in limited.values()
        )
        rows.append(
            LimitRow(
                limit=limit,
                random=replace(outcome(drawn, seed), mean=expected),
                strategies={name: outcome(points, seed) for name, points in totals.items()},
                submissions={
                    name: float(sum(curves[task][name].spent.mean() for task in limited))
                    for name in names
                },
                oracle=sum(world.truth.oracle for world in limited.values()),
                points={
                    name: tuple(each.tolist()) for name, each in {"random": drawn, **totals}.items()
                },
            )
        )
    return rows


def outcome(points: NDArray[np.float64], seed: int) -> Outcome:
    """The figures of simulated contests (N,)."""
    rng = np.random.default_rng([seed, 3])
    picks = rng.integers(0, len(points), size=(RESAMPLES, min(len(points), 2000)))
    low, high = np.quantile(points[picks].mean(axis=1), [0.025, 0.975])
    least, most = np.quantile(points, [0.025, 0.975])
    return Outcome(
        mean=float(points.mean()),
        low=float(low),
        high=float(high),
        least=float(least),
        most=float(most),
    )


def table_document(contest: str, rows: Sequence[LimitRow], seeds: int) -> dict[str, Any]:
    """The table as `solver contest replay --json` prints it."""
    return {
        "contest": contest,
        "seeds": seeds,
        "limits": [
            {
                "limit": row.limit,
                "random": _outcome_document(row.random),
                "strategies": {
                    name: _outcome_document(found)
                    | {
                        "gap_closed": gap_closed(found.mean, row.random.mean, row.oracle),
                        "submissions": row.submissions[name],
                    }
                    for name, found in row.strategies.items()
                },
                "oracle": row.oracle,
            }
            for row in rows
        ],
    }


def _outcome_document(found: Outcome) -> dict[str, float]:
    return {
        "points": found.mean,
        "low": found.low,
        "high": found.high,
        "least": found.least,
        "most": found.most,
    }
