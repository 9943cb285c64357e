"""Stage 2, between: to which subtasks the samples go that the first, even share left.

How the pipeline uses it, when `config.sampling.first_share` is below 1:

1. `draw_round(..., shares=None)` draws the first share, evenly; it is compiled, run and estimated.
2. `shares_by_gain(estimate, targets, task, rest)` says which subtasks the rest goes to.
3. `draw_round(..., shares=shares)` draws the rest; asked again it draws nothing.

The gain of one more sample for a subtask is summed over all subtasks that it may solve, since a
program for a hard one often solves the easy ones along: points, times the probability that the
subtask is not solved yet, times the rate at which samples of this kind solve it. A rate is not
known but estimated from the first share, so it is taken as Beta-distributed: after a miss it is
thought a little lower, which falls off far slower than a known rate of the same mean would. A
subtask without a success is not given up.
"""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from problems.task import Task
from solver.kept.whole_files import whole_file
from solver.types import Estimate

PRIOR_SOLVED = 0.5
PRIOR_FAILED = 10.0
"""Worth of a subtask of which nothing is known: one in twenty samples, with much doubt."""
PRIOR_ELSEWHERE = 0.1
"""How much of it holds for a subtask that the sample's own one does not include."""


def recorded_shares(path: Path, decide: Callable[[], dict[str, float]]) -> dict[str, float]:
    """The shares kept in a file; decided and kept there where there is none that can be read."""
    try:
        kept = json.loads(path.read_bytes())
        return {str(name): float(share) for name, share in kept.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        shares = decide()
        with whole_file(path) as partial:
            partial.write_text(json.dumps(shares))
        return shares


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
    solved, failed = _rates(estimate, targets, task)
    points = np.array([subtask.max_points for subtask in task.subtasks])
    # What is still to be had of each subtask: falls with every sample that may solve it.
    left = points * (1.0 - estimate.probability.max(axis=0, initial=0.0))
    counts = np.zeros(len(names))
    for _ in range(rest):
        rate = solved / (solved + failed + counts[:, None])
        best = int(np.argmax(rate @ left))
        left *= 1.0 - rate[best]
        counts[best] += 1.0
    return {name: float(share) for name, share in zip(names, counts / rest, strict=True)}


def _rates(
    estimate: Estimate, targets: Sequence[str | None], task: Task
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Successes and failures (S, S): of samples drawn for the row's subtask, on the column's."""
    size = len(task.subtasks)
    solved = np.full((size, size), PRIOR_SOLVED * PRIOR_ELSEWHERE)
    failed = np.full((size, size), PRIOR_FAILED)
    for row, subtask in enumerate(task.subtasks):
        for column, other in enumerate(task.subtasks):
            if other.name == subtask.name or other.name in subtask.includes:
                solved[row, column] = PRIOR_SOLVED
        drawn = [target in (subtask.name, None) for target in targets]
        own = estimate.probability[np.array(drawn, dtype=np.bool_)]
        solved[row] += own.sum(axis=0)
        failed[row] += (1.0 - own).sum(axis=0)
    return solved, failed
