"""Which candidates answer the statement's examples as the statement does."""

import numpy as np
from numpy.typing import NDArray

from solver.types import Behaviour, RunStatus


def right_on_examples(behaviour: Behaviour) -> NDArray[np.bool_]:
    """(P, E) for the E inputs whose answer is known, in the order of the columns."""
    known = behaviour.expected != 0
    right: NDArray[np.bool_] = behaviour.digest[:, known] == behaviour.expected[known]
    return right


def passes_examples(behaviour: Behaviour) -> NDArray[np.bool_]:
    """(P,) right on all examples; where no answer is known, finished on some input."""
    right = right_on_examples(behaviour)
    if not right.shape[1]:
        finished: NDArray[np.bool_] = (behaviour.status == RunStatus.OK).any(axis=1)
        return finished
    return np.asarray(right.all(axis=1))


def share_of_examples(behaviour: Behaviour) -> NDArray[np.float64]:
    """(P,) share of the examples that are right; 1 where no answer is known."""
    right = right_on_examples(behaviour)
    if not right.shape[1]:
        return np.ones(len(behaviour.candidate_ids))
    share: NDArray[np.float64] = right.mean(axis=1)
    return share


def share_of_own_examples(behaviour: Behaviour) -> NDArray[np.float64]:
    """(P, S) share right of the examples that are valid for a subtask; of all where it has none."""
    right = right_on_examples(behaviour)
    own = behaviour.in_subtask[behaviour.expected != 0].astype(np.float64)
    if not len(own):
        return np.ones((len(behaviour.candidate_ids), behaviour.in_subtask.shape[1]))
    own[:, own.sum(axis=0) == 0] = 1.0
    share: NDArray[np.float64] = (right @ own) / own.sum(axis=0)
    return share
