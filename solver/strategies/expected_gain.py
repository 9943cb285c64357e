"""Ours: the submission of the highest expected gain, beliefs updated after each result.

Greedy on the expected sum of best-per-subtask points, which is submodular in the set of
submissions: each choice adds the most, given all that was handed in and what came of it.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from problems.verdict import POINTS_TOLERANCE, Verdict
from solver.breaking.withdrawing import contradicted, left_of
from solver.strategies.base import Choice, View
from solver.strategies.beliefs import Beliefs, BeliefWeights
from solver.strategies.progress import Achieved, compiled
from solver.types import Feedback

_TIE = 1e-9


class ExpectedGainWeights(BaseModel):
    """Settings of the strategy."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    beliefs: BeliefWeights = Field(default_factory=BeliefWeights)
    """The model behind the probabilities."""


class ExpectedGain:
    """Expected gain per submission over the sum of best-per-subtask points."""

    def __init__(
        self, view: View, rng: np.random.Generator, weights: ExpectedGainWeights | None = None
    ) -> None:
        self._weights = weights or ExpectedGainWeights()
        self._view = view
        self._names = [subtask.name for subtask in view.task.subtasks]
        self._achieved = Achieved(view)
        self._beliefs = Beliefs(view, self._weights.beliefs)
        self._learned: list[tuple[int, NDArray[np.bool_], NDArray[np.bool_], bool]] = []
        self._discredited: frozenset[str] = frozenset()
        self._usable = compiled(view)
        self._sizes = [np.bincount(column[column >= 0]) for column in view.clusters.label.T]
        self._shuffle = rng.random(len(view.candidates))
        self._news = "nothing handed in yet"

    def next(self, history: Sequence[Feedback]) -> Choice | None:
        """The candidate with the highest expected gain now, None where nothing can be gained."""
        for feedback, points in self._achieved.take(history):
            self._learn(feedback, points)
        if self._achieved.over:
            return None
        open_ = self._usable & ~self._achieved.tried
        if not open_.any():
            open_ = ~self._achieved.tried
            if not open_.any():
                return None
        solved = self._achieved.solved
        probability = self._beliefs.probability(~solved)
        missing = np.where(solved, 0.0, self._achieved.max_points - self._achieved.best)
        gain = probability @ missing
        gain = np.where(open_, gain, -1.0)
        best = int(gain.argmax())
        equal = (gain >= gain[best] - _TIE).nonzero()[0]
        if len(equal) > 1:
            best = int(equal[self._shuffle[equal].argmin()])
        return self._choice(best, probability[best], missing)

    def _learn(self, feedback: Feedback, points: NDArray[np.float64] | None) -> None:
        subtasks = len(self._achieved.max_points)
        candidate = feedback.candidate
        names = self._names
        if points is not None:
            passed = points >= self._achieved.max_points - POINTS_TOLERANCE
            told = np.ones(subtasks, dtype=np.bool_)
            self._take(candidate, passed, told, lost=False)
            solved = ", ".join(name for name, one in zip(names, passed, strict=True) if one)
            if solved:
                self._news = f"the last one solved {solved}"
            elif points.sum() > 0:
                self._news = f"the last one got {points.sum():g} points and solved no subtask whole"
            else:
                self._news = "the last one solved none"
            return
        told = np.zeros(subtasks, dtype=np.bool_)
        self._news = "nothing is known of the last one"
        if feedback.verdict is not None and feedback.verdict is not Verdict.AC:
            # Rejected as a whole: it failed wherever all other subtasks are included.
            told |= self._beliefs.inside.sum(axis=0) == subtasks - 1
            self._news = f"the last one was {feedback.verdict}"
        self._take(candidate, np.zeros(subtasks, dtype=np.bool_), told, lost=True)

    def _take(
        self, candidate: int, passed: NDArray[np.bool_], told: NDArray[np.bool_], *, lost: bool
    ) -> None:
        """Learns; where the judge contradicts an accusation, anew from the start without it."""
        self._learned.append((candidate, passed, told, lost))
        view, names = self._view, self._names
        solved = {name for name, one in zip(names, passed, strict=True) if one}
        wrong = contradicted(view.accusations, view.candidates[candidate].id, solved)
        if view.accused is None or wrong <= self._discredited:
            self._beliefs.learn(candidate, passed, told, lost=lost)
            return
        self._discredited |= wrong
        ids = [one.id for one in view.candidates]
        left = left_of(view.accused, view.accusations, self._discredited, ids, names)
        self._beliefs = Beliefs(replace(view, accused=left), self._weights.beliefs)
        for each, right, said, gone in self._learned:
            self._beliefs.learn(each, right, said, lost=gone)

    def _choice(
        self, best: int, probability: NDArray[np.float64], missing: NDArray[np.float64]
    ) -> Choice:
        gains = probability * missing
        s = int(np.argmax(gains))
        name = self._names[s]
        label = int(self._view.clusters.label[best, s])
        size = int(self._sizes[s][label]) if label >= 0 else 0
        gain = float(gains.sum())
        return Choice(
            candidate=best,
            subtask=name,
            estimate=float(probability[s]),
            expected_gain=gain,
            reason=(
                f"{self._news}; expects {gain:.2f} points, most from {name} "
                f"(chance {probability[s]:.2f}, cluster of {size})"
            ),
        )
