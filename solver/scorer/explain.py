"""Stage 7: which features moved an estimate, for people."""

import numpy as np
from numpy.typing import NDArray

from solver.scorer.features import NAMES
from solver.scorer.model import Scorer


def contributions(
    scorer: Scorer, features: NDArray[np.float32], typical: NDArray[np.float32]
) -> list[tuple[str, float, float, float]]:
    """How far the logit moves when one feature takes the typical value instead.

    Args:
        features: (F,) of the candidate; columns of an embedding may follow.
        typical: (F,) of the pool's middle.

    Returns:
        (name, value, typical value, contribution), the strongest first.
    """
    beyond = len(features) - len(NAMES)
    names = [*NAMES, *(f"embedding, column {index + 1}" for index in range(beyond))]
    rows = np.repeat(features[None, :], len(names) + 1, axis=0)
    for index in range(len(names)):
        rows[index + 1, index] = typical[index]
    logits = scorer.calibration[0] * scorer.logits(rows)
    moves = logits[0] - logits[1:]
    order = np.argsort(-np.abs(moves), kind="stable")
    return [
        (names[index], float(features[index]), float(typical[index]), float(moves[index]))
        for index in order
    ]
