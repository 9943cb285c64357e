"""Stage 6: who behaves alike, per subtask (o1-ioi, section 3.2: equal outputs on all inputs).

Outputs are compared by the digests in the behaviour matrix: token-normalised bytes, or classes that
a checker made where a task has many right answers (`solver.observing.equivalence`). All steps are
linear in the number of programs.

A subtask on which no input is valid tells nothing: there, every program that ran elsewhere is a
cluster of its own. (No evidence is not `cannot be right`, which is what no cluster at all means.)
"""

import numpy as np
from numpy.typing import NDArray

from problems.task import Task
from solver.types import Behaviour, Clusters, RunStatus

_TARGETS = 256
"""Near-clusters are sought among this many of the largest clusters."""

_MASKS = 512
"""And for this many of the commonest sets of failed inputs."""

_MIN_AGREED = 3
"""A program that finished on fewer inputs says nothing of what it would have printed."""

_SPLITMIX64 = np.uint64(0xBF58476D1CE4E5B9)
"""First multiplier of splitmix64's finaliser (Stafford's mix 13, as in Vigna's splitmix64.c): it
spreads a change of any bit over the word."""


def by_behaviour(behaviour: Behaviour, task: Task) -> Clusters:
    """Labels programs by what they printed.

    Args:
        behaviour: (P programs, I inputs).
        task: Its subtasks must be the behaviour's.

    Returns:
        Labels (P, S), 0 for the largest cluster of a subtask, then by falling size; by rows where
        no input is valid for a subtask.

    Raises:
        ValueError: The behaviour is another task's.
    """
    names = tuple(subtask.name for subtask in task.subtasks)
    if names != behaviour.subtasks:
        raise ValueError(f"behaviour of subtasks {behaviour.subtasks}, task has {names}")
    programs, subtasks = len(behaviour.candidate_ids), len(names)
    label = np.full((programs, subtasks), -1, dtype=np.int32)
    near = np.full((programs, subtasks), -1, dtype=np.int32)
    terms = _terms(behaviour)
    finished = behaviour.status == RunStatus.OK
    known: dict[bytes, tuple[NDArray[np.int32], NDArray[np.int32]]] = {}
    ran = np.flatnonzero(finished.any(axis=1))
    for s in range(subtasks):
        columns = behaviour.in_subtask[:, s]
        if not columns.any():
            label[ran, s] = near[ran, s] = np.arange(len(ran), dtype=np.int32)
            continue
        key = columns.tobytes()
        if key not in known:
            known[key] = _of_subtask(terms, finished, np.flatnonzero(columns))
        label[:, s], near[:, s] = known[key]
    return Clusters(label=label, near=near)


def _terms(behaviour: Behaviour) -> NDArray[np.uint64]:
    """(P, I) numbers whose sum over inputs identifies a row; a status without output counts too."""
    rng = np.random.default_rng(20240905)
    drawn = rng.integers(0, 2**63, size=(behaviour.status.shape[1],), dtype=np.uint64)
    odd = drawn * np.uint64(2)
    odd += np.uint64(1)
    content = np.where(
        behaviour.status == RunStatus.OK,
        behaviour.digest,
        # A run that was skipped by an early exit counts as the timeout that caused the exit.
        np.where(behaviour.status == RunStatus.NOT_RUN, RunStatus.TIMEOUT, behaviour.status),
    ).astype(np.uint64)
    content ^= content >> np.uint64(31)
    content *= odd[None, :]
    content ^= content >> np.uint64(29)
    content *= _SPLITMIX64
    return content


def _of_subtask(
    terms: NDArray[np.uint64], finished: NDArray[np.bool_], columns: NDArray[np.intp]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    programs = terms.shape[0]
    label = np.full(programs, -1, dtype=np.int32)
    own = terms[:, columns]
    done = finished[:, columns]
    alive = np.flatnonzero(done.any(axis=1))
    if not len(alive):
        return label, label.copy()
    sums = np.asarray(own.sum(axis=1))
    _, first, inverse, sizes = np.unique(
        sums[alive],
        return_index=True,
        return_inverse=True,
        return_counts=True,
    )
    order = np.lexsort((first, -sizes))
    rank = np.empty(len(order), dtype=np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    label[alive] = rank[inverse]
    return label, _near(own, done, label, alive[first[order]])


def _near(
    own: NDArray[np.uint64],
    done: NDArray[np.bool_],
    label: NDArray[np.int32],
    representatives: NDArray[np.intp],
) -> NDArray[np.int32]:
    """The largest cluster that agrees on all inputs on which a program finished."""
    near = label.copy()
    complete = np.asarray(done.all(axis=1))
    targets = representatives[: 4 * _TARGETS]
    targets = targets[np.argsort(~complete[targets], kind="stable")][:_TARGETS]
    targets = targets[np.argsort(label[targets], kind="stable")]
    partial = np.flatnonzero(~complete & (done.sum(axis=1) >= _MIN_AGREED))
    if not len(partial):
        return near
    packed = np.packbits(done[partial], axis=1)
    _, mask_first, mask_of, mask_count = np.unique(
        packed, axis=0, return_index=True, return_inverse=True, return_counts=True
    )
    mask_of = mask_of.reshape(-1)
    for mask in np.argsort(-mask_count, kind="stable")[:_MASKS]:
        members = partial[mask_of == mask]
        columns = np.flatnonzero(done[partial[mask_first[mask]]])
        # Only targets that finished wherever these did can tell what the right answer is.
        able = targets[done[np.ix_(targets, columns)].all(axis=1)]
        sums = own[np.ix_(able, columns)].sum(axis=1)
        wider = done[able].sum(axis=1) > len(columns)
        best: dict[int, int] = {}
        for sum_, target, more in zip(sums.tolist(), able.tolist(), wider.tolist(), strict=True):
            if more:
                best.setdefault(sum_, int(label[target]))
        mine = own[np.ix_(members, columns)].sum(axis=1)
        for member, sum_ in zip(members.tolist(), mine.tolist(), strict=True):
            near[member] = best.get(sum_, int(label[member]))
    return near
