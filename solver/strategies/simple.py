"""Baselines that ignore feedback but for leaving solved subtasks alone."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from solver.observing.examples import share_of_examples
from solver.strategies.base import Choice, View
from solver.strategies.progress import Achieved, compiled
from solver.types import Feedback


class FixedOrder:
    """Hands in candidates in an order that is settled at the start."""

    def __init__(self, view: View, order: Sequence[int] | NDArray[np.intp], reason: str) -> None:
        self._achieved = Achieved(view)
        self._order = [int(row) for row in order]
        self._estimate = view.estimate.probability
        self._reason = reason

    def next(self, history: Sequence[Feedback]) -> Choice | None:
        """The next candidate in order whose program was not handed in yet."""
        self._achieved.take(history)
        if self._achieved.over:
            return None
        for place, row in enumerate(self._order):
            if not self._achieved.tried[row]:
                return Choice(
                    candidate=row,
                    subtask=None,
                    estimate=float(self._estimate[row].max(initial=0.0)),
                    expected_gain=None,
                    reason=f"{self._reason}, place {place + 1} of {len(self._order)}",
                )
        return None


class Random(FixedOrder):
    """Any candidate, each as likely: what a pool gives without selection."""

    def __init__(self, view: View, rng: np.random.Generator) -> None:
        super().__init__(view, rng.permutation(len(view.candidates)), "drawn at random")


class ExamplesRandom(FixedOrder):
    """Candidates that pass all examples first, at random."""

    def __init__(self, view: View, rng: np.random.Generator) -> None:
        passed = np.where(compiled(view), share_of_examples(view.behaviour), -1.0)
        order = np.lexsort((rng.random(len(passed)), -passed))
        super().__init__(view, order, "most examples passed, then at random")


class Longest(FixedOrder):
    """The longest program first, among those that pass the examples."""

    def __init__(self, view: View, rng: np.random.Generator) -> None:
        length = np.array([len(candidate.source) for candidate in view.candidates])
        passed = np.where(compiled(view), share_of_examples(view.behaviour), -1.0)
        order = np.lexsort((rng.random(len(passed)), -length, -passed))
        super().__init__(view, order, "longest program among those with most examples passed")


class ClusterSize:
    """From the largest cluster down, one program a cluster, subtask after subtask in turn."""

    def __init__(self, view: View, rng: np.random.Generator) -> None:
        self._view = view
        self._achieved = Achieved(view)
        self._shuffle = rng.random(len(view.candidates))
        self._turn = 0
        self._used: list[set[int]] = [set() for _ in view.task.subtasks]

    def next(self, history: Sequence[Feedback]) -> Choice | None:
        """One program of the largest cluster that has not been tried in this round."""
        self._achieved.take(history)
        if self._achieved.over:
            return None
        subtasks = len(self._view.task.subtasks)
        for _ in range(subtasks):
            s = subtasks - 1 - self._turn % subtasks
            self._turn += 1
            if self._achieved.solved[s]:
                continue
            row = self._from_largest(s)
            if row is not None:
                name = self._view.task.subtasks[s].name
                cluster = int(self._view.clusters.label[row, s])
                return Choice(
                    candidate=row,
                    subtask=name,
                    estimate=float(self._view.estimate.probability[row, s]),
                    expected_gain=None,
                    reason=f"{name}: cluster {cluster + 1} by size",
                )
        return None

    def _from_largest(self, s: int) -> int | None:
        label = self._view.clusters.label[:, s]
        open_ = np.flatnonzero(~self._achieved.tried & (label >= 0))
        if not len(open_):
            return None
        used = self._used[s]
        if all(int(one) in used for one in np.unique(label[open_])):
            used.clear()
        fresh = open_[~np.isin(label[open_], list(used))]
        best = fresh[np.lexsort((self._shuffle[fresh], label[fresh]))[0]]
        used.add(int(label[best]))
        return int(best)
