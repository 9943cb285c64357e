"""o1-ioi's test-time strategy (arXiv 2502.06807, section 3.2 and appendix C), the baseline."""

from collections.abc import Sequence

import numpy as np
from pydantic import BaseModel, ConfigDict

from problems.verdict import POINTS_TOLERANCE
from solver.observing.examples import share_of_examples
from solver.strategies.base import Choice, View
from solver.strategies.progress import (
    Achieved,
    compiled,
    failed_share,
    included_in,
)
from solver.types import Feedback


class RoundRobinWeights(BaseModel):
    """Weights, tuned by random search on training pools as the paper does."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    failure: float = 1.0
    """Penalty for failing on all generated inputs of the subtask (crash, time)."""
    example: float = 1.0
    """Penalty for failing all of the statement's examples."""
    attempt: float = 0.3
    """Penalty of a cluster for every submission made from it."""
    size: float = 0.0
    """Reward for the logarithm of a cluster's share of the candidates."""


class RoundRobin:
    """Subtasks in turn from the hardest, the best sample of the best cluster."""

    def __init__(
        self, view: View, rng: np.random.Generator, weights: RoundRobinWeights | None = None
    ) -> None:
        weights = weights or RoundRobinWeights()
        self._view = view
        self._weights = weights
        self._achieved = Achieved(view)
        self._shuffle = rng.random(len(view.candidates))
        self._inside = included_in(view)
        score = view.estimate.probability - weights.failure * failed_share(view)
        score = score - weights.example * (1.0 - share_of_examples(view.behaviour))[:, None]
        self._score = score
        self._usable = compiled(view)
        self._agrees = np.ones(view.clusters.label.shape, dtype=np.bool_)
        self._attempts = [
            np.zeros(int(view.clusters.label[:, s].max(initial=-1)) + 1)
            for s in range(score.shape[1])
        ]
        self._turn = 0

    def next(self, history: Sequence[Feedback]) -> Choice | None:
        """The next subtask's best sample."""
        for feedback, points in self._achieved.take(history):
            for s, attempts in enumerate(self._attempts):
                cluster = int(self._view.clusters.label[feedback.candidate, s])
                if cluster >= 0:
                    attempts[cluster] += 1
            if points is not None:
                self._filter_supersets(feedback.candidate, points)
        if self._achieved.over:
            return None
        subtasks = len(self._view.task.subtasks)
        for _ in range(subtasks):
            s = subtasks - 1 - self._turn % subtasks
            self._turn += 1
            if not self._achieved.solved[s]:
                choice = self._best(s)
                if choice is not None:
                    return choice
        return None

    def _filter_supersets(self, candidate: int, points: np.ndarray) -> None:
        """Drops candidates that disagree with the solved candidate on the solved subtask."""
        label = self._view.clusters.label
        for s in np.flatnonzero(points >= self._achieved.max_points - POINTS_TOLERANCE):
            agree = label[:, s] == label[candidate, s]
            for t in np.flatnonzero(self._inside[s]):
                if (self._agrees[:, t] & agree & ~self._achieved.tried).any():
                    self._agrees[:, t] &= agree

    def _best(self, s: int) -> Choice | None:
        label = self._view.clusters.label[:, s]
        open_ = ~self._achieved.tried & self._usable & self._agrees[:, s] & (label >= 0)
        rows = np.flatnonzero(open_)
        if not len(rows):
            return None
        members = np.flatnonzero(label >= 0)
        clusters = len(self._attempts[s])
        count = np.bincount(label[members], minlength=clusters)
        total = np.bincount(label[members], weights=self._score[members, s], minlength=clusters)
        score = total / np.maximum(1, count) - self._weights.attempt * self._attempts[s]
        score += self._weights.size * np.log(np.maximum(1, count) / len(label))
        order = np.lexsort((self._shuffle[rows], -self._score[rows, s], label[rows]))
        rows = rows[order]
        best = int(rows[np.argmax(score[label[rows]])])
        name = self._view.task.subtasks[s].name
        cluster = int(label[best])
        return Choice(
            candidate=best,
            subtask=name,
            estimate=float(self._view.estimate.probability[best, s]),
            expected_gain=None,
            reason=(
                f"{name} in turn: cluster of {int(count[cluster])} with score "
                f"{score[cluster]:.2f} after {int(self._attempts[s][cluster])} submissions from it"
            ),
        )
