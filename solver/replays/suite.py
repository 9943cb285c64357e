"""Replays, the tests: which wrong candidates the inputs made at solve time break, whom they accuse.

Data sets call it true-positive and true-negative rate of a test suite; here the suite was made
without an answer key while the task was being solved.
"""

from dataclasses import dataclass
from math import comb
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solver.breaking.accuse import BROKEN
from solver.breaking.evidence import accused_matrix
from solver.observed import Observed
from solver.observing.examples import passes_examples
from solver.replays.truth import Truth

_LEVEL = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteQuality:
    """Counts over the candidates that pass the examples.

    Attributes:
        wrong: Those that lack full marks.
        broken: Of these, those that are accused where they are wrong.
        right: Those with full marks.
        accused: Of these, those that are accused all the same.
    """

    wrong: int
    broken: int
    right: int
    accused: int

    def as_record(self) -> dict[str, Any]:
        """Counts, rates, and the largest rate of right ones accused that the counts allow."""
        return {
            "wrong": self.wrong,
            "broken": self.broken,
            "right": self.right,
            "accused": self.accused,
            "true_positive_rate": self.broken / self.wrong if self.wrong else None,
            "true_negative_rate": 1.0 - self.accused / self.right if self.right else None,
            "accused_at_most": at_most(self.accused, self.right),
        }


def at_most(found: int, of: int) -> float | None:
    """One-sided upper bound of a rate, 95 % (Clopper and Pearson); None without cases."""
    if not of:
        return None
    low, high = found / of, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        likely = sum(comb(of, k) * middle**k * (1 - middle) ** (of - k) for k in range(found + 1))
        low, high = (middle, high) if likely > 1.0 - _LEVEL else (low, middle)
    return high


def quality_of(
    accused: NDArray[np.float64], right: NDArray[np.bool_], passes: NDArray[np.bool_]
) -> SuiteQuality:
    """Counts for one task.

    Args:
        accused: (P, S) chance to be wrong.
        right: (P, S) full points on the subtask.
        passes: (P,) right on all examples.
    """
    convicted = accused >= BROKEN
    full = right.all(axis=1)
    return SuiteQuality(
        wrong=int((passes & ~full).sum()),
        broken=int((passes & ~full & (convicted & ~right).any(axis=1)).sum()),
        right=int((passes & full).sum()),
        accused=int((passes & full & convicted.any(axis=1)).sum()),
    )


def qualities(observed: Observed, truth: Truth) -> dict[str, SuiteQuality]:
    """Kind of inputs to what they are worth: those made and separating ones alone ("made"), and
    with those of breaking ("breaking"). Empty where nothing was attacked."""
    broken, behaviour = observed.broken, observed.behaviour
    if not broken.evidence:
        return {}
    passes = passes_examples(behaviour)
    names, subtasks = behaviour.candidate_ids, behaviour.subtasks
    return {
        kind: quality_of(accused_matrix(evidence, names, subtasks), truth.right, passes)
        for kind, evidence in (("made", broken.before), ("breaking", broken.evidence))
    }
