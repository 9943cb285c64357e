"""For contest committees: does a model solve this task, which subtasks, how often, in how many
submissions. Needs the package's hidden tests, so it is the jury's tool and no part of a solver."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import comb, sqrt

import numpy as np
from numpy.typing import NDArray

from solver import strategies
from solver.replays.play import play
from solver.replays.truth import Truth
from solver.strategies.base import Choice, Strategy, View
from solver.types import Feedback

Z_95 = 1.959964


@dataclass(frozen=True, slots=True, kw_only=True)
class Chance:
    """A probability with its 95 % interval."""

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, successes: int, trials: int) -> "Chance":
        """The share with its Wilson interval."""
        low, high = wilson(successes, trials)
        return cls(value=successes / trials, low=low, high=high)


@dataclass(frozen=True, slots=True, kw_only=True)
class SubtaskAssessment:
    """One subtask's line.

    Attributes:
        right: Candidates with full points.
        share_low, share_high: 95 % Wilson interval of their share.
        by_random: Submissions k to the chance that k random candidates hold a right one.
        by_strategy: k to the share of replays in which the strategy has it after k submissions, all
            on the candidates that were sampled.
        again: k to the same chance were the model asked again: each replay draws as many candidates
            from the sampled ones, with repetition.
        first: Median number of submissions until the strategy has it, None where it seldom does.
    """

    name: str
    max_points: float
    right: int
    share: float
    share_low: float
    share_high: float
    by_random: Mapping[int, float]
    by_strategy: Mapping[int, float]
    again: Mapping[int, Chance]
    first: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """The whole task.

    Attributes:
        points_strategy: Submissions k to expected points.
        oracle: Points of all candidates together.
        replays: Replays that the strategy's figures rest on.
    """

    task: str
    candidates: int
    compiled: int
    max_points: float
    oracle: float
    points_strategy: Mapping[int, float]
    subtasks: tuple[SubtaskAssessment, ...]
    strategy: str
    replays: int

    @property
    def word(self) -> str:
        """The answer in one line, for the head of the report."""
        chances = [max(one.value for one in each.again.values()) for each in self.subtasks]
        if not any(each.right for each in self.subtasks):
            return "The model solves no subtask of this task."
        if all(chance >= 0.95 for chance in chances):
            return "The model solves this task."
        names = ", ".join(
            each.name for each, chance in zip(self.subtasks, chances, strict=True) if chance >= 0.5
        )
        if not names:
            return "The model has right programs for parts of this task, but seldom picks them."
        return f"The model solves this task in part: {names}."


def pass_at(total: int, right: int, k: int) -> float:
    """Chance that k of `total` candidates, drawn without repetition, hold one of the right ones.

    The unbiased pass@k of Chen et al. 2021 (arXiv 2107.03374, section 2.1).
    """
    if right == 0:
        return 0.0
    k = min(k, total)
    return 1.0 - comb(total - right, k) / comb(total, k)


def wilson(right: int, total: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927)."""
    if total == 0:
        return 0.0, 1.0
    share, z2 = right / total, Z_95**2
    middle = (share + z2 / (2 * total)) / (1 + z2 / total)
    half = Z_95 / (1 + z2 / total) * sqrt(share * (1 - share) / total + z2 / (4 * total**2))
    return max(0.0, middle - half), min(1.0, middle + half)


def assess(
    view: View,
    truth: Truth,
    strategy: str,
    *,
    replays: int = 50,
    marks: Sequence[int] = (1, 10, 50),
) -> Assessment:
    """Replays the task and counts.

    Args:
        view: P candidates as a strategy sees them; `view.limit` is at least the largest mark.
        truth: Their points, in the same order.
        replays: With different seeds for the strategy's random choices.
    """
    total = len(truth.candidate_ids)
    names, right = truth.subtasks, truth.right
    solved = np.full((replays, len(names)), np.inf)
    again = np.full((replays, len(names)), np.inf)
    curves = np.zeros((replays, view.limit))
    for seed in range(replays):
        rng = np.random.default_rng([seed, 5])
        recorder = _Recorder(strategies.make(strategy, view, np.random.default_rng(seed)))
        curves[seed], _ = play(recorder, view, truth)
        solved[seed] = _first_right(recorder.rows, right)
        rows = np.sort(rng.integers(0, total, total))
        other, worth = redrawn(view, rows), truth.of([view.candidates[row] for row in rows])
        recorder = _Recorder(strategies.make(strategy, other, rng))
        play(recorder, other, worth)
        again[seed] = _first_right(recorder.rows, worth.right)
    return assessment(truth, solved, again, curves, strategy=strategy, marks=marks)


def assessment(
    truth: Truth,
    first: NDArray[np.float64],
    again: NDArray[np.float64],
    curves: NDArray[np.float64],
    *,
    strategy: str,
    marks: Sequence[int],
) -> Assessment:
    """Counts what replays, or an agent's trials, came to.

    Args:
        first: (replays, subtasks) submissions until a subtask had full points, inf where never.
        again: The same, were the model asked again.
        curves: (replays, at least the largest mark) points after each submission.
    """
    total, replays = len(truth.candidate_ids), len(first)
    lines = []
    for s, name in enumerate(truth.subtasks):
        count = int(truth.right[:, s].sum())
        low, high = wilson(count, total)
        found = first[:, s]
        median = float(np.median(found))
        lines.append(
            SubtaskAssessment(
                name=name,
                max_points=float(truth.max_points[s]),
                right=count,
                share=count / total,
                share_low=low,
                share_high=high,
                by_random={k: pass_at(total, count, k) for k in marks},
                by_strategy={k: float((found <= k).mean()) for k in marks},
                again={k: Chance.of(int((again[:, s] <= k).sum()), replays) for k in marks},
                first=median if np.isfinite(median) else None,
            )
        )
    return Assessment(
        task=truth.task,
        candidates=total,
        compiled=sum(1 for digest in truth.program_digests if digest),
        max_points=float(truth.max_points.sum()),
        oracle=truth.oracle,
        points_strategy={k: float(curves[:, min(k, curves.shape[1]) - 1].mean()) for k in marks},
        subtasks=tuple(lines),
        strategy=strategy,
        replays=replays,
    )


class _Recorder:
    """Passes a strategy's choices on and remembers them."""

    def __init__(self, strategy: Strategy) -> None:
        self._strategy = strategy
        self.rows: list[int] = []

    def next(self, history: Sequence[Feedback]) -> Choice | None:
        choice = self._strategy.next(history)
        if choice is not None:
            self.rows.append(choice.candidate)
        return choice


def redrawn(view: View, rows: NDArray[np.int64]) -> View:
    """The view with these candidates (a row may come more than once): what they did and what is
    expected of them stays."""
    candidates = [
        replace(view.candidates[row], id=f"{view.candidates[row].id}~{place}")
        for place, row in enumerate(rows)
    ]
    behaviour, clusters, estimate = view.behaviour, view.clusters, view.estimate
    label, near = clusters.label[rows], clusters.near[rows]
    for s in range(label.shape[1]):
        # A cluster of which nobody was drawn is there no more: who was near it is on its own.
        gone = ~np.isin(near[:, s], label[:, s])
        near[gone, s] = label[gone, s]
    return replace(
        view,
        candidates=candidates,
        behaviour=replace(
            behaviour,
            candidate_ids=tuple(candidate.id for candidate in candidates),
            status=behaviour.status[rows],
            digest=behaviour.digest[rows],
            cpu_s=behaviour.cpu_s[rows],
        ),
        clusters=replace(clusters, label=label, near=near),
        estimate=replace(
            estimate, probability=estimate.probability[rows], features=estimate.features[rows]
        ),
        accused=None if view.accused is None else view.accused[rows],
    )


def _first_right(rows: Sequence[int], right: NDArray[np.bool_]) -> NDArray[np.float64]:
    """(S,) number of the submission that first got each subtask, infinity where none did."""
    first = np.full(right.shape[1], np.inf)
    for number, row in enumerate(rows, start=1):
        first = np.where(right[row] & np.isinf(first), number, first)
    return first
