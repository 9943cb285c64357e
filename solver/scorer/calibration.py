"""Stage 7: are the probabilities true? Platt scaling, reliability table, ECE, Brier score."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Predictions of one range.

    Attributes:
        count: Predictions in it.
        predicted: Their mean.
        observed: Share that came true.
    """

    low: float
    high: float
    count: int
    predicted: float
    observed: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability:
    """How far predictions are from what happened.

    Attributes:
        ece: Expected calibration error: mean gap of the bins, weighted by count.
        brier: Mean squared error.
        base_rate: Share that came true.
    """

    bins: tuple[Bin, ...]
    ece: float
    brier: float
    base_rate: float


def reliability(
    predicted: NDArray[np.float64],
    happened: NDArray[np.bool_],
    edges: Sequence[float] | None = None,
) -> Reliability:
    """The reliability table of N predictions, ten even bins unless told otherwise."""
    edges = edges or [index / 10 for index in range(11)]
    where = np.clip(np.searchsorted(edges, predicted, side="right") - 1, 0, len(edges) - 2)
    bins = []
    gap = 0.0
    for index in range(len(edges) - 1):
        own = where == index
        count = int(own.sum())
        mean = float(predicted[own].mean()) if count else 0.0
        seen = float(happened[own].mean()) if count else 0.0
        gap += count * abs(mean - seen)
        bins.append(
            Bin(
                low=edges[index],
                high=edges[index + 1],
                count=count,
                predicted=mean,
                observed=seen,
            )
        )
    total = max(1, len(predicted))
    return Reliability(
        bins=tuple(bins),
        ece=gap / total,
        brier=float(((predicted - happened) ** 2).mean()) if len(predicted) else 0.0,
        base_rate=float(happened.mean()) if len(predicted) else 0.0,
    )


def fit_platt(
    logits: NDArray[np.float64], happened: NDArray[np.bool_], weight: NDArray[np.float64]
) -> tuple[float, float]:
    """(slope, offset) of the logistic regression of what happened on the logit, by Newton.

    A weak prior keeps the slope near 1 where there is little data.
    """
    target = happened.astype(np.float64)
    weight = weight / max(weight.mean(), 1e-12)

    def loss(at: NDArray[np.float64]) -> float:
        z = at[0] * logits + at[1]
        fit = (weight * (np.logaddexp(0.0, z) - target * z)).sum()
        return float(fit + 0.5 * (at[0] - 1.0) ** 2 + 0.05 * at[1] ** 2)

    at = np.array([1.0, 0.0])
    for _ in range(50):
        p = 1.0 / (1.0 + np.exp(-np.clip(at[0] * logits + at[1], -30, 30)))
        error = weight * (p - target)
        curve = weight * p * (1.0 - p) + 1e-9
        gradient = np.array([(error * logits).sum() + at[0] - 1.0, error.sum() + 0.1 * at[1]])
        cross = (curve * logits).sum()
        hessian = np.array(
            [[(curve * logits * logits).sum() + 1.0, cross], [cross, curve.sum() + 0.1]]
        )
        step = np.linalg.solve(hessian, gradient)
        # Newton overshoots where the predictions are saturated: halve until the loss falls.
        length = 1.0
        while length > 1e-6 and loss(at - length * step) > loss(at):
            length /= 2.0
        at = at - length * step
        if abs(length * step).max() < 1e-8:
            break
    return max(float(at[0]), 0.05), float(at[1])
