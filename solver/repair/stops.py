"""Repair, third: when another round is not worth it.

What is still open of a subtask is its points times the chance that no candidate solves it. In that
case all that were drawn so far have failed, and the chance that one more sample succeeds is that of
a weak prior after so many failures. A round's expected gain is what its drafts bring by that; its
cost is what as many plain samples would bring, and no less than what the run's settings ask of a
million tokens.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from solver.strategies.base import Strategy, View
from solver.strategies.beliefs import Beliefs, BeliefWeights
from solver.submissions import within_reach
from solver.types import Candidate

SOLVED, FAILED = 0.5, 4.5
"""Before any is drawn: one draft in ten solves what none has, with much doubt. (Arbiter's table of
rounds, IOI 2026: 50 programs a subtask bring 240 points, 20 repaired ones another 116.)"""
PLAIN_SOLVED, PLAIN_FAILED = 0.5, 10.0
"""The same for plain samples, as the allocation of samples has it."""
MARGIN = 0.02
"""What the scorer's probabilities may be off on tasks left out (its expected calibration error is
held to this): the promised risk is larger by it."""


LEAST_RISK = 0.33
"""No first submission is promised to fail with a smaller chance, however sure the strategy is. On
30 recorded pools, each contest left out, first submissions estimated to fail in 0.14 of the cases
failed in 0.20, those estimated at 0.60 in 0.25: a monotone fit that rests each step on eight tasks
is one step, and this is its height with one failure more than was seen (`benchmarks/first_risk.py`,
docs/experiments/breaking.md)."""


def first_risk(
    view: View, make: Callable[[View, np.random.Generator], Strategy], seed: int
) -> float:
    """The chance that is promised not to be exceeded: the first submission fails where it aims."""
    choice = make(view, np.random.default_rng(seed)).next(())
    return promised(None if choice is None else choice.estimate)


def promised(estimate: float | None) -> float:
    """The risk of a submission whose estimate is this one; 1 where there is none to hand in.

    Never below what was kept on recorded pools, whatever the estimate says.
    """
    if estimate is None:
        return 1.0
    return min(1.0, max(1.0 - estimate + MARGIN, LEAST_RISK))


def believed(view: View) -> NDArray[np.float64]:
    """(P, S) chance of each candidate before anything is handed in: the scorer's, and what speaks
    against it."""
    return Beliefs(view, BeliefWeights()).probability()


def repair_gain(view: View, chance: NDArray[np.float64], drafts: int) -> float:
    """Points expected of so many drafts.

    Args:
        chance: (P, S) as `believed` gives it.
    """
    return _gain(view, chance, drafts, lambda one: one.parent is not None, SOLVED, FAILED)


def plain_gain(view: View, chance: NDArray[np.float64], samples: int) -> float:
    """Points expected of so many plain samples."""
    return _gain(view, chance, samples, lambda one: one.parent is None, PLAIN_SOLVED, PLAIN_FAILED)


def _gain(
    view: View,
    chance: NDArray[np.float64],
    samples: int,
    counts: Callable[[Candidate], bool],
    solved: float,
    failed: float,
) -> float:
    points = np.array([subtask.max_points for subtask in view.task.subtasks])
    points = points * within_reach(view.task)
    drawn = sum(counts(one) for one in view.candidates)
    rate = solved / (solved + failed + drawn)
    left = points * (1.0 - some_right(view, chance))
    return float(left.sum() * (1.0 - (1.0 - rate) ** samples))


def some_right(view: View, chance: NDArray[np.float64]) -> NDArray[np.float64]:
    """(S,) chance that some candidate solves a subtask: of programs that behave alike the likest
    one counts, and at most one behaviour is right."""
    total = np.zeros(chance.shape[1])
    for s, label in enumerate(view.clusters.label.T):
        best = np.zeros(int(label.max(initial=-1)) + 1)
        own = label >= 0
        np.maximum.at(best, label[own], chance[own, s])
        total[s] = min(1.0, float(best.sum()))
    return total
