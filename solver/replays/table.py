"""Replays, the figures: random, oracle, gap closed, and paired bootstrap intervals."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from problems.verdict import POINTS_TOLERANCE
from solver.replays.play import Curves, random_curve
from solver.replays.world import World

_RESAMPLES = 2000
HARD = 0.8
"""A task on which random draws reach more than this share of the oracle says little."""


def gap_closed(points: float, random: float, oracle: float) -> float | None:
    """Share of the way from random to the oracle; None where there is no way to go."""
    if oracle - random <= POINTS_TOLERANCE:
        return None
    return (points - random) / (oracle - random)


def table_of(
    worlds: Mapping[str, World],
    curves: Mapping[str, Mapping[str, Curves]],
    limit: int,
    seed: int = 0,
) -> dict[str, Any]:
    """The document that `solver replay --json` prints.

    Intervals: seeds are resampled within a task; for the total, tasks are resampled as well. All
    strategies share the resamples, so that differences between them are paired.
    """
    rng = np.random.default_rng(seed)
    tasks, names = list(worlds), list(next(iter(curves.values())))
    random_of = {task: random_curve(worlds[task].truth.points, limit) for task in tasks}
    oracle_of = {task: worlds[task].truth.oracle for task in tasks}
    rows = []
    for task in tasks:
        random, oracle = float(random_of[task][-1]), oracle_of[task]
        found = {}
        for name in names:
            points = curves[task][name].points
            picks = rng.integers(0, len(points), size=(_RESAMPLES, len(points)))
            means = points[:, -1][picks].mean(axis=1)
            spread = [gap_closed(float(mean), random, oracle) for mean in means]
            found[name] = _entry(
                curves[task][name].mean,
                random_of[task],
                oracle,
                [g for g in spread if g is not None],
                curve_interval([points], picks),
            )
        rows.append(
            {
                "task": task,
                "candidates": len(worlds[task].truth.candidate_ids),
                "limit": limit,
                "random": random,
                "oracle": oracle,
                "random_over_oracle": random / oracle if oracle else None,
                "hard": bool(oracle and random / oracle <= HARD),
                "random_curve": random_of[task].tolist(),
                "strategies": found,
                "suite": {kind: one.as_record() for kind, one in worlds[task].suite.items()},
            }
        )
    return {"tasks": rows, "total": _total(tasks, names, curves, random_of, oracle_of, limit, rng)}


def curve_interval(
    points: Sequence[NDArray[np.float64]], picks: NDArray[np.int64]
) -> tuple[list[float], list[float]]:
    """95 % interval of the mean points after 1, 2, ... submissions, summed over tasks.

    Args:
        points: (N seeds, L) of each task.
        picks: (R, N) seeds of each resample.
    """
    # A resample is a weight for each seed: one product in place of (R, N, L) numbers.
    weight = np.zeros((len(picks), points[0].shape[0]))
    np.add.at(weight, (np.arange(len(picks))[:, None], picks), 1.0 / picks.shape[1])
    means = np.sum([weight @ own for own in points], axis=0)
    low, high = np.quantile(means, [0.025, 0.975], axis=0)
    return low.tolist(), high.tolist()


def _entry(
    curve: NDArray[np.float64],
    random: NDArray[np.float64],
    oracle: float,
    spread: Sequence[float],
    interval: tuple[list[float], list[float]],
) -> dict[str, Any]:
    points = float(curve[-1])
    closed = gap_closed(points, float(random[-1]), oracle)
    at = {
        k: gap_closed(float(curve[k - 1]), float(random[k - 1]), oracle) for k in _marks(len(curve))
    }
    low, high = _interval(spread, closed)
    return {
        "points": points,
        "gap_closed": closed,
        "low": low,
        "high": high,
        "curve": curve.tolist(),
        "curve_low": interval[0],
        "curve_high": interval[1],
        "gap_closed_at": {str(k): value for k, value in at.items()},
    }


def _marks(limit: int) -> list[int]:
    return [k for k in (1, 5, 10, 20, 50) if k <= limit]


def _interval(spread: Sequence[float], closed: float | None) -> tuple[float, float]:
    if not len(spread):
        value = closed if closed is not None else 0.0
        return value, value
    low, high = np.quantile(np.array(spread), [0.025, 0.975])
    return float(low), float(high)


def _total(
    tasks: Sequence[str],
    names: Sequence[str],
    curves: Mapping[str, Mapping[str, Curves]],
    random_of: Mapping[str, NDArray[np.float64]],
    oracle_of: Mapping[str, float],
    limit: int,
    rng: np.random.Generator,
) -> dict[str, Any]:
    telling = [
        t for t in tasks if gap_closed(0.0, float(random_of[t][-1]), oracle_of[t]) is not None
    ]
    hard = [t for t in telling if random_of[t][-1] <= HARD * oracle_of[t]]
    random = sum(random_of.values(), start=np.zeros(limit))
    oracle = sum(oracle_of.values())
    resampled = {
        name: _resampled(telling, name, curves, random_of, oracle_of, np.random.default_rng(1))
        for name in names
    }
    found = {}
    for name in names:
        curve = np.sum([curves[task][name].mean for task in tasks], axis=0)
        points = [curves[task][name].points for task in tasks]
        picks = rng.integers(0, len(points[0]), size=(_RESAMPLES, len(points[0])))
        interval = curve_interval(points, picks)
        entry = _entry(curve, random, oracle, resampled[name].tolist(), interval)
        entry["gap_closed_mean"] = {
            str(k): _mean_gap(telling, name, curves, random_of, oracle_of, k) for k in _marks(limit)
        }
        entry["gap_closed_mean_hard"] = {
            str(k): _mean_gap(hard, name, curves, random_of, oracle_of, k) for k in _marks(limit)
        }
        if "round_robin" in names and name != "round_robin" and len(telling):
            difference = resampled[name] - resampled["round_robin"]
            low, high = np.quantile(difference, [0.025, 0.975])
            entry["over_round_robin"] = {
                "mean": float(difference.mean()),
                "low": float(low),
                "high": float(high),
            }
        found[name] = entry
    return {
        "limit": limit,
        "random": float(random[-1]),
        "oracle": oracle,
        "tasks_telling": telling,
        "tasks_hard": hard,
        "interval_of": "mean over tasks of gap_closed, tasks and seeds resampled",
        "strategies": found,
    }


def _mean_gap(
    tasks: Sequence[str],
    name: str,
    curves: Mapping[str, Mapping[str, Curves]],
    random_of: Mapping[str, NDArray[np.float64]],
    oracle_of: Mapping[str, float],
    k: int,
) -> float | None:
    gaps = [
        gap_closed(
            float(curves[task][name].mean[k - 1]), float(random_of[task][k - 1]), oracle_of[task]
        )
        for task in tasks
    ]
    known = [gap for gap in gaps if gap is not None]
    return float(np.mean(known)) if known else None


def _resampled(
    tasks: Sequence[str],
    name: str,
    curves: Mapping[str, Mapping[str, Curves]],
    random_of: Mapping[str, NDArray[np.float64]],
    oracle_of: Mapping[str, float],
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """(R,) mean over resampled tasks of the gap closed; equal generators give paired resamples."""
    if not tasks:
        return np.zeros(0)
    gaps = np.zeros((_RESAMPLES, len(tasks)))
    for index, task in enumerate(tasks):
        points = curves[task][name].points[:, -1]
        picks = rng.integers(0, len(points), size=(_RESAMPLES, len(points)))
        random, oracle = float(random_of[task][-1]), oracle_of[task]
        gaps[:, index] = (points[picks].mean(axis=1) - random) / (oracle - random)
    chosen = rng.integers(0, len(tasks), size=(_RESAMPLES, len(tasks)))
    mean: NDArray[np.float64] = np.take_along_axis(gaps, chosen, axis=1).mean(axis=1)
    return mean
