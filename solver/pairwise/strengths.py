"""Bradley-Terry strengths from the results of pairs.

The chance that i beats j is 1 / (1 + exp(strength j - strength i)) (Bradley and Terry, 1952); a tie
is half a win for each. A weak prior, as of a few ties with an average opponent, keeps strengths
finite where somebody won everything.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

PRIOR_GAMES = 1.0
_STEPS = 200
_ENOUGH = 1e-9


def strengths(count: int, shares: Mapping[tuple[int, int], float]) -> NDArray[np.float64]:
    """Strengths of so many contenders, mean 0.

    Args:
        shares: Pair (i, j) to the share of the game that i won: 1, 0, or 0.5 for a tie.

    Returns:
        (count,) natural logarithm of the odds against an average contender.
    """
    won = np.full(count, PRIOR_GAMES / 2)
    games = np.zeros((count, count))
    for (i, j), share in shares.items():
        won[i] += share
        won[j] += 1.0 - share
        games[i, j] += 1.0
        games[j, i] += 1.0
    # Minorisation and maximisation (Hunter 2004, section 3), the prior's opponent fixed at 1.
    worth = np.ones(count)
    for _ in range(_STEPS):
        against = (games / (worth[:, None] + worth[None, :])).sum(axis=1)
        new = won / (against + PRIOR_GAMES / (worth + 1.0))
        done = np.abs(np.log(new) - np.log(worth)).max(initial=0.0) < _ENOUGH
        worth = new
        if done:
            break
    logs = np.log(worth)
    centred: NDArray[np.float64] = logs - logs.mean()
    return centred
