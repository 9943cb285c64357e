"""Stage 7: the measures that features are made of: agreement, cluster sizes, speed."""

import numpy as np
from numpy.typing import NDArray

from solver.types import Behaviour


def largest_cpu_s(behaviour: Behaviour) -> NDArray[np.float32]:
    """(P, S) a program's largest CPU time on a subtask's inputs."""
    subtasks = range(behaviour.in_subtask.shape[1])
    return np.stack(
        [(behaviour.cpu_s * behaviour.in_subtask[:, s]).max(axis=1, initial=0.0) for s in subtasks],
        axis=1,
    )


def slowness(
    used_s: NDArray[np.float32], label: NDArray[np.int32], floor_s: float = 0.002
) -> NDArray[np.float64]:
    """(P, S) log of a program's largest CPU time over that of its cluster's fastest member."""
    slow = np.zeros(label.shape)
    for s in range(label.shape[1]):
        peak = np.maximum(used_s[:, s], floor_s)
        own = label[:, s] >= 0
        fastest = np.full(int(label[:, s].max(initial=-1)) + 1, np.inf)
        np.minimum.at(fastest, label[own, s], peak[own])
        slow[own, s] = np.log(peak[own] / fastest[label[own, s]])
    return slow


class Agreement:
    """CodeT's and SRank's idea: how many others print the same, input by input."""

    def __init__(
        self,
        behaviour: Behaviour,
        ok: NDArray[np.bool_],
        columns: NDArray[np.float32],
        counts: NDArray[np.float32],
    ) -> None:
        self._columns = columns
        self._counts = counts
        self._shape = ok.shape
        self._finished: list[tuple[NDArray[np.intp], NDArray[np.intp]]] = []
        digests = np.ascontiguousarray(behaviour.digest.T)
        for outputs, own in zip(digests, np.ascontiguousarray(ok.T), strict=True):
            rows = np.flatnonzero(own)
            self._finished.append((rows, np.unique(outputs[rows], return_inverse=True)[1]))

    def weighted(self, weight: NDArray[np.float64]) -> NDArray[np.float64]:
        """(P, S) mean over a subtask's inputs of the weighted share of *other* programs that
        finished with the same output."""
        programs, inputs = self._shape
        same = np.zeros((inputs, programs), dtype=np.float32)
        for j, (rows, codes) in enumerate(self._finished):
            if not len(rows):
                continue
            own = weight[rows]
            mass = np.bincount(codes, weights=own)[codes]
            others = np.maximum(own.sum() - own, 1e-9)
            same[j, rows] = np.maximum(mass - own, 0.0) / others
        shares = np.ascontiguousarray(same.T) @ self._columns
        return np.asarray(shares / self._counts, dtype=np.float64)

    def plurality(
        self, weight: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Who prints what most votes say, input by input.

        Args:
            weight: (P,) votes of each program.

        Returns:
            (P, I) 1 where a program finished with the output of most votes, and (I,) the share of
            votes that this output has.
        """
        programs, inputs = self._shape
        follows = np.zeros((inputs, programs))
        share = np.zeros(inputs)
        for j, (rows, codes) in enumerate(self._finished):
            total = weight[rows].sum()
            if total <= 0:
                continue
            votes = np.bincount(codes, weights=weight[rows])
            top = int(votes.argmax())
            follows[j, rows] = codes == top
            share[j] = votes[top] / total
        return np.ascontiguousarray(follows.T), share


def ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """(P,) rank from 0 to 1, equal values sharing theirs."""
    _, inverse, count = np.unique(values, return_inverse=True, return_counts=True)
    upto = np.cumsum(count) - count / 2.0
    ranks: NDArray[np.float64] = np.asarray(upto[inverse] / len(values), dtype=np.float64)
    return ranks


def sizes(label: NDArray[np.int32]) -> NDArray[np.float64]:
    """(P, S) size of the own cluster."""
    return sizes_at(label, label)


def sizes_at(label: NDArray[np.int32], where: NDArray[np.int32]) -> NDArray[np.float64]:
    """(P, S) size of the cluster named in `where`, 0 where there is none."""
    size = np.zeros(label.shape)
    for s in range(label.shape[1]):
        count = np.bincount(label[label[:, s] >= 0, s], minlength=1)
        named = where[:, s] >= 0
        size[named, s] = count[where[named, s]]
    return size


def distinct(
    label: NDArray[np.int32], where: NDArray[np.int32], kind: NDArray[np.int64]
) -> NDArray[np.float64]:
    """(P, S) distinct kinds among the programs with label `where`."""
    found = np.zeros(where.shape)
    names, kinds = np.unique(kind, return_inverse=True)
    for s in range(label.shape[1]):
        own = label[:, s] >= 0
        pairs = np.unique(label[own, s] * np.int64(len(names)) + kinds[own])
        count = np.bincount(pairs // len(names), minlength=1)
        named = where[:, s] >= 0
        found[named, s] = count[where[named, s]]
    return found


def whole_labels(label: NDArray[np.int32]) -> NDArray[np.int32]:
    """(P, 1) label over all subtasks together."""
    together = np.zeros(len(label), dtype=np.int64)
    for column in label.T:  # as rows are sorted, one column after the other
        pairs = together * (int(column.max(initial=-1)) + 2) + column + 1
        together = np.unique(pairs, return_inverse=True)[1].reshape(-1)
    whole = together.astype(np.int32)
    whole[(label < 0).all(axis=1)] = -1
    return whole[:, None]


def largest_share(label: NDArray[np.int32]) -> NDArray[np.float64]:
    """(S,) share of all programs that is in the largest cluster."""
    share: NDArray[np.float64] = (label == 0).mean(axis=0)
    return share
