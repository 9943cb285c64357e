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


def fit_logistic(
    inputs: NDArray[np.float64],
    happened: NDArray[np.bool_],
    weight: NDArray[np.float64],
    prior: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Logistic regression of what happened, by Newton (Platt scaling where K = 1).

    A weak pull towards the prior keeps the result sane where there is little data.

    Args:
        inputs: (N, K).
        happened: (N,).
        weight: (N,) relative weights.
        prior: (K,) what the coefficients are pulled to.

    Returns:
        (K + 1,) coefficients, the constant last.
    """
    target = happened.astype(np.float64)
    weight = weight / max(weight.mean(), 1e-12)
    x = np.concatenate([inputs, np.ones((len(inputs), 1))], axis=1)
    centre = np.append(prior, 0.0)
    pull = np.append(np.ones(len(prior)), 0.1)

    def loss(at: NDArray[np.float64]) -> float:
        z = x @ at
        fit = (weight * (np.logaddexp(0.0, z) - target * z)).sum()
        return float(fit + 0.5 * (pull * (at - centre) ** 2).sum())

    at = centre.copy()
    for _ in range(50):
        p = 1.0 / (1.0 + np.exp(-np.clip(x @ at, -30, 30)))
        gradient = x.T @ (weight * (p - target)) + pull * (at - centre)
        curve = weight * p * (1.0 - p) + 1e-9
        hessian = (x * curve[:, None]).T @ x + np.diag(pull)
        step = np.linalg.solve(hessian, gradient)
        # Newton overshoots where the predictions are saturated: halve until the loss falls.
        length = 1.0
        while length > 1e-6 and loss(at - length * step) > loss(at):
            length /= 2.0
        at = at - length * step
        if abs(length * step).max() < 1e-8:
            break
    return at
