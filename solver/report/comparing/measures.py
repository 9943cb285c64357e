"""What is compared: pass@k, points of the best of k, and a strategy's points; with their spread.

Every figure comes with resamples of itself, drawn so that figures of one task stay together: from
them come its interval and, pair by pair, the interval of a difference.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import lgamma

import numpy as np
from numpy.typing import NDArray

from solver.replays.assess import pass_at

RESAMPLES = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure with the interval of its mean.

    Attributes:
        low, high: 95 %, by bootstrap.
        draws: (R,) resamples.
    """

    value: float
    low: float
    high: float
    draws: NDArray[np.float64]

    @classmethod
    def of(cls, value: float, draws: NDArray[np.float64]) -> "Figure":
        """The figure and the middle 95 % of its resamples."""
        low, high = np.quantile(draws, [0.025, 0.975])
        return cls(value=value, low=float(low), high=float(high), draws=draws)


def pass_figure(total: int, right: int, k: int, rng: np.random.Generator) -> Figure | None:
    """pass@k of `total` candidates, `right` of them right; None where there are fewer than k.

    The unbiased estimator of Chen et al. 2021 (arXiv 2107.03374, section 2.1). Resamples take
    the share of right ones from its Jeffreys posterior: 0 of 20 does not mean never.
    """
    if k > total:
        return None
    share = rng.beta(right + 0.5, total - right + 0.5, RESAMPLES)
    return Figure.of(pass_at(total, right, k), 1.0 - (1.0 - share) ** k)


def best_figure(points: NDArray[np.float64], k: int, rng: np.random.Generator) -> Figure:
    """Points of k candidates drawn without repetition: each subtask's best, summed.

    Unbiased, as pass@k is; where there are fewer than k candidates, of all of them.

    Args:
        points: (P, S).
    """
    programs = len(points)
    below = _chance_below(programs, min(k, programs))
    # Equal rows are one kind of program; a resample says how many there are of each.
    kinds, counts = np.unique(points, axis=0, return_counts=True)
    drawn = rng.multinomial(programs, counts / programs, RESAMPLES)
    value, draws = 0.0, np.zeros(RESAMPLES)
    for s in range(points.shape[1]):
        order = np.argsort(kinds[:, s], kind="stable")
        steps = np.diff(kinds[order, s], prepend=0.0)

        def worth(
            many: NDArray[np.int64],
            order: NDArray[np.intp] = order,
            steps: NDArray[np.float64] = steps,
        ) -> NDArray[np.float64]:
            lower = np.cumsum(many[..., order], axis=-1) - many[..., order]
            found: NDArray[np.float64] = ((1.0 - below[lower]) * steps).sum(axis=-1)
            return found

        value += float(worth(counts))
        draws += worth(drawn)
    return Figure.of(value, draws)


def _chance_below(programs: int, k: int) -> NDArray[np.float64]:
    """(P + 1,) [j]: chance that all k draws fall among j given programs."""

    def log_choose(n: int) -> float:
        return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)

    whole = log_choose(programs)
    found = np.zeros(programs + 1)
    for j in range(k, programs + 1):
        found[j] = np.exp(log_choose(j) - whole)
    return found


def replayed_figure(points: NDArray[np.float64], rng: np.random.Generator) -> Figure:
    """Mean of replays (N,); equal generators pair the seeds of two strategies on one pool."""
    picks = rng.integers(0, len(points), size=(RESAMPLES, len(points)))
    return Figure.of(float(points.mean()), points[picks].mean(axis=1))


def over_tasks(
    figures: Mapping[str, Figure], *, mean: bool, rng: np.random.Generator
) -> Figure | None:
    """Sum or mean over tasks. Tasks are drawn anew as well: equal generators draw the same ones, so
    that two sums over the same tasks are paired."""
    if not figures:
        return None
    rows = np.stack([figure.draws for figure in figures.values()])
    chosen = rng.integers(0, len(rows), size=(rows.shape[1], len(rows)))
    drawn = rows[chosen, np.arange(rows.shape[1])[:, None]]
    values = [figure.value for figure in figures.values()]
    if mean:
        return Figure.of(float(np.mean(values)), drawn.mean(axis=1))
    return Figure.of(float(np.sum(values)), drawn.sum(axis=1))


def difference(first: Figure, second: Figure) -> Figure:
    """second - first, resample by resample."""
    return Figure.of(second.value - first.value, second.draws - first.draws)


def marks_of(limit: int, wanted: Sequence[int]) -> list[int]:
    """The marks up to the limit, and the limit itself."""
    return sorted({mark for mark in wanted if mark <= limit} | {limit})
