"""Stage 2, between: to which subtasks the samples go that the first, even share left.

How the pipeline uses it, when `config.sampling.first_share` is below 1:

1. `draw_round(..., shares=None)` draws the first share, evenly; it is compiled, run and estimated.
2. `shares_by_gain(estimate, targets, task, rest)` says which subtasks the rest goes to.
3. `draw_round(..., shares=shares)` draws the rest; asked again it draws nothing.

The gain of m more samples for a subtask is its points, times the probability that it is not solved
yet, times the probability that one of the m solves it. How often a sample solves it is not known
but estimated from the first share, so it is taken as Beta-distributed: for an unknown rate the
chance of at least one success in m draws is 1 - prod((b + i) / (a + b + i), i < m), which falls off
far slower than for a known rate of the same mean. A subtask without a success is not given up.
"""

import heapq
from collections.abc import Sequence

import numpy as np

from problems.task import Task
from solver.types import Estimate

PRIOR_SOLVED = 0.5
PRIOR_FAILED = 10.0
"""Worth of a subtask of which nothing is known: one in twenty samples, with much doubt."""


def shares_by_gain(
    estimate: Estimate, targets: Sequence[str | None], task: Task, rest: int
) -> dict[str, float]:
    """Shares of the remaining samples, greedily by expected gain of points.

    Args:
        estimate: Of the P candidates of the first share, probability (P, S).
        targets: Length P: the subtask that each candidate was drawn for; None for the whole task.
        rest: Samples still to give out.

    Returns:
        Subtask name to its share; sums to 1 where `rest` is positive, else empty.
    """
    if rest <= 0:
        return {}
    names = [subtask.name for subtask in task.subtasks]
    rows = {name: [row for row, one in enumerate(targets) if one in (name, None)] for name in names}
    counts = dict.fromkeys(names, 0)
    queue: list[tuple[float, int, str]] = []
    state: dict[str, tuple[float, float, float]] = {}
    for column, subtask in enumerate(task.subtasks):
        every = estimate.probability[:, column]
        unsolved = float(1.0 - every.max(initial=0.0))
        own = every[rows[subtask.name]]
        solved = PRIOR_SOLVED + float(own.sum())
        failed = PRIOR_FAILED + float((1.0 - own).sum())
        value = subtask.max_points * unsolved
        state[subtask.name] = (value, solved, failed)
        heapq.heappush(queue, (-value * solved / (solved + failed), column, subtask.name))
    misses = dict.fromkeys(names, 1.0)
    for _ in range(rest):
        _, column, name = heapq.heappop(queue)
        value, solved, failed = state[name]
        drawn = counts[name]
        misses[name] *= (failed + drawn) / (solved + failed + drawn)
        counts[name] += 1
        gain = value * misses[name] * solved / (solved + failed + drawn + 1)
        heapq.heappush(queue, (-gain, column, name))
    given = np.array([counts[name] for name in names], dtype=float)
    return {name: float(share) for name, share in zip(names, given / given.sum(), strict=True)}
