"""The protocol of a strategy: it sees the task, behaviour, estimates and paid feedback only."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from problems.task import Task
from solver.breaking.withdrawing import Accusation
from solver.types import Behaviour, Candidate, Clusters, Estimate, Feedback, FeedbackMode


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """All that a strategy may know of one problem.

    Attributes:
        candidates: Length P, row order of every array.
        limit: Submissions allowed for the whole problem.
        accused: (P, S) calibrated chance that each candidate is wrong on a subtask, by what
            breaking found; None where nothing was attacked.
        accusations: What that chance rests on, so that it can be withdrawn.
    """

    task: Task
    candidates: Sequence[Candidate]
    behaviour: Behaviour
    clusters: Clusters
    estimate: Estimate
    feedback_mode: FeedbackMode
    limit: int = 50
    accused: NDArray[np.float64] | None = None
    accusations: Sequence[Accusation] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The next submission.

    Attributes:
        candidate: Row in the view.
        subtask: The subtask that it aims at, None for the whole task.
        estimate: Expected probability (for that subtask) at the time of choosing.
        expected_gain: Expected points gained, where the strategy computes it.
        reason: One line for people: why this one now.
    """

    candidate: int
    subtask: str | None
    estimate: float
    expected_gain: float | None
    reason: str


class Strategy(Protocol):
    """Chooses submissions one at a time; made anew for every problem and replay."""

    def next(self, history: Sequence[Feedback]) -> Choice | None:
        """The next submission given what was paid for so far, or None to stop.

        Args:
            history: Feedback in the order of the submissions, never longer than the limit.
        """


class StrategyFactory(Protocol):
    """Makes a strategy for one problem."""

    def __call__(self, view: View, rng: np.random.Generator) -> Strategy:
        """A fresh strategy that knows nothing but the view."""
