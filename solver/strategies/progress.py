"""What a history of submissions has brought so far, shared by all strategies."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from problems.verdict import POINTS_TOLERANCE, Verdict
from solver.strategies.base import View
from solver.types import Feedback, RunStatus


class Achieved:
    """Best points per subtask and what was handed in.

    Attributes:
        best: (S,) best points so far by the rule "each subtask counts its best submission".
        max_points: (S,).
        tried: (P,) true where the program, or one with the same source, was handed in.
        seen: Length of the history that was taken in.
    """

    def __init__(self, view: View) -> None:
        self.max_points = np.array([subtask.max_points for subtask in view.task.subtasks])
        self.best = np.zeros(len(self.max_points))
        self.tried = np.zeros(len(view.candidates), dtype=np.bool_)
        self.seen = 0
        self._names = [subtask.name for subtask in view.task.subtasks]
        self._twins = twins_of(view)
        self._limit = view.limit

    def take(
        self, history: Sequence[Feedback]
    ) -> list[tuple[Feedback, NDArray[np.float64] | None]]:
        """Takes in the new part of a history.

        Returns:
            The new feedback, each with its points per subtask (S,), or None where the contest
            did not tell them.
        """
        fresh: list[tuple[Feedback, NDArray[np.float64] | None]] = []
        for feedback in history[self.seen :]:
            points = self.points_of(feedback)
            if points is not None:
                self.best = np.maximum(self.best, points)
            self.tried |= self._twins == self._twins[feedback.candidate]
            fresh.append((feedback, points))
        self.seen = len(history)
        return fresh

    def points_of(self, feedback: Feedback) -> NDArray[np.float64] | None:
        """Points per subtask, as far as this feedback tells them."""
        if feedback.points:
            return np.array([feedback.points.get(name, 0.0) for name in self._names])
        if feedback.verdict is Verdict.AC:
            return self.max_points.copy()
        if feedback.verdict is not None and len(self._names) == 1:
            return np.zeros(1)
        return None

    @property
    def solved(self) -> NDArray[np.bool_]:
        """(S,) subtasks at full points: nothing more can be gained there."""
        solved: NDArray[np.bool_] = self.best >= self.max_points - POINTS_TOLERANCE
        return solved

    @property
    def over(self) -> bool:
        """No submission is left, or nothing more can be gained."""
        return self.seen >= self._limit or bool(self.solved.all())


def twins_of(view: View) -> NDArray[np.int64]:
    """(P,) equal numbers for equal sources: the same program twice gains nothing."""
    numbers: dict[tuple[str, str], int] = {}
    return np.array(
        [
            numbers.setdefault((candidate.language, candidate.source), len(numbers))
            for candidate in view.candidates
        ],
        dtype=np.int64,
    )


def compiled(view: View) -> NDArray[np.bool_]:
    """(P,) candidates that ran at least once; the others would waste a submission."""
    ran: NDArray[np.bool_] = np.asarray((view.clusters.label >= 0).any(axis=1))
    return ran


def failed_share(view: View) -> NDArray[np.float64]:
    """(P, S) share of a subtask's inputs on which a program crashed or went over a limit."""
    failed = (view.behaviour.status != RunStatus.OK).astype(np.float32)
    counts = np.maximum(1, view.behaviour.in_subtask.sum(axis=0))
    share: NDArray[np.float64] = (failed @ view.behaviour.in_subtask.astype(np.float32)) / counts
    return share


def included_in(view: View) -> NDArray[np.bool_]:
    """(S, S) [s, t] true where t includes s by the task's own word, directly or through others;
    s != t. A program that is right on t is then right on s."""
    names = [subtask.name for subtask in view.task.subtasks]
    inside = np.zeros((len(names), len(names)), dtype=np.bool_)
    for t, subtask in enumerate(view.task.subtasks):
        for name in subtask.includes:
            if name in names:
                inside[names.index(name), t] = True
    for _ in names:
        inside = inside | np.asarray(inside @ inside)
    np.fill_diagonal(inside, False)
    return inside
