"""Stage 7: what the estimate rests on, one readable number a feature.

All of it comes from what the candidates did on inputs without trusted answers, from the examples,
and from the programs' text: nothing of a hidden test.
"""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from problems.task import Task
from solver.scorer.families import families_of
from solver.types import Behaviour, Candidate, Clusters, RunStatus

NAMES = (
    "examples passed (share)",
    "all examples passed",
    "examples have known answers",
    "program length (log)",
    "program length (rank in pool)",
    "python",
    "log-probability (rank in pool)",
    "log-probability known",
    "prompt asked for this subtask",
    "prompt asked for the whole task",
    "loops (log)",
    "64-bit integers",
    "crashes (share of inputs)",
    "over the time limit (share of inputs)",
    "rejected or too much output (share)",
    "largest CPU time over limit",
    "cluster size (log share)",
    "cluster rank (inverse)",
    "near-cluster size (log share)",
    "in a near-cluster of another",
    "agreement, all programs",
    "agreement, programs that pass the examples",
    "agreement, slow programs",
    "agreement, weighted by agreement",
    "agreement relative to the best, examples",
    "agreement relative to the best, slow",
    "agreement relative to the best, weighted",
    "families in the cluster (log)",
    "families in the near-cluster (log)",
    "two languages in the near-cluster",
    "cluster is largest (share of subtasks)",
    "families in the cluster of all inputs (log)",
    "subtasks (log)",
    "subtask includes others (share)",
    "subtask's share of points",
    "programs that pass the examples (share)",
    "clusters a program",
    "largest cluster (share)",
    "slow programs (share)",
)
"""One name a feature, in order."""

_LOOP = re.compile(r"\b(?:for|while)\b")
_WIDE = re.compile(r"\blong long\b|\bint64_t\b|\bll\b|\bi64\b")


def features_of(
    candidates: Sequence[Candidate], behaviour: Behaviour, clusters: Clusters, task: Task
) -> NDArray[np.float32]:
    """All features.

    Args:
        candidates: P candidates.
        behaviour: (P programs, I inputs).
        clusters: (P, S).
        task: S subtasks.

    Returns:
        (P, S, F) float32, F = len(NAMES). Linear in P but for a sort of each input's outputs.
    """
    programs, subtasks = clusters.label.shape
    ok = behaviour.status == RunStatus.OK
    columns = behaviour.in_subtask.astype(np.float32)
    counts = np.maximum(1.0, columns.sum(axis=0))

    def share(flags: NDArray[np.bool_]) -> NDArray[np.float64]:
        """(P, S) share of a subtask's inputs with the flag."""
        result: NDArray[np.float64] = (flags.astype(np.float32) @ columns) / counts
        return result

    status = behaviour.status
    crashed = (status == RunStatus.CRASH) | (status == RunStatus.MEMORY)
    slow = (status == RunStatus.TIMEOUT) | ((status == RunStatus.NOT_RUN) & ok.any(1)[:, None])
    passed, all_passed, known = _examples(behaviour)
    alive = ok.any(axis=1)
    agree = _Agreement(behaviour, ok, columns, counts)
    by_all = agree.weighted(alive.astype(np.float64))
    trusted = alive & (all_passed | ~known)
    by_trusted = agree.weighted(trusted.astype(np.float64))
    is_slow = slow.any(axis=1) & (passed > 0.0)
    by_slow = agree.weighted(is_slow.astype(np.float64))
    by_weight = agree.weighted(trusted * (by_trusted.mean(axis=1) ** 2))
    family = families_of([candidate.source for candidate in candidates])
    language = np.array([candidate.language in ("python3", "pypy3") for candidate in candidates])
    length = np.array([len(candidate.source) for candidate in candidates], dtype=np.float64)
    logprob = np.array([np.nan if c.logprob is None else c.logprob for c in candidates])
    label, near = clusters.label, clusters.near
    size, near_size = _sizes(label), _sizes_at(label, near)
    whole = _whole_labels(label)
    out = np.zeros((programs, subtasks, len(NAMES)), dtype=np.float32)
    ones = np.ones(subtasks)
    names = [subtask.name for subtask in task.subtasks]
    target = np.array([[c.subtask == name for name in names] for c in candidates], dtype=np.bool_)
    points = np.array([subtask.max_points for subtask in task.subtasks])
    includes = np.array([len(subtask.includes) for subtask in task.subtasks])
    time_s = max(float(behaviour.cpu_s.max(initial=0.0)), 1e-3)
    largest = _largest_share(label)
    values: list[NDArray[np.generic] | float] = [
        np.outer(passed, ones),
        np.outer(all_passed, ones),
        float(known),
        np.outer(np.log1p(length) / 10.0, ones),
        np.outer(_ranks(length), ones),
        np.outer(language, ones),
        np.outer(_ranks(np.nan_to_num(logprob)) if np.isfinite(logprob).any() else ones[:1], ones)
        if np.isfinite(logprob).any()
        else 0.5,
        np.outer(np.isfinite(logprob), ones),
        target.reshape(programs, subtasks),
        np.outer([c.subtask in (None, "all") for c in candidates], ones),
        np.outer([np.log1p(len(_LOOP.findall(c.source))) for c in candidates], ones),
        np.outer([bool(_WIDE.search(c.source)) for c in candidates], ones)
        + np.outer(language, ones),
        share(crashed),
        share(slow),
        share((status == RunStatus.OUTPUT) | (status == RunStatus.REJECTED)),
        np.stack(
            [
                np.max(behaviour.cpu_s * behaviour.in_subtask[:, s], axis=1, initial=0.0) / time_s
                for s in range(subtasks)
            ],
            axis=1,
        ),
        np.log((size + 1.0) / (programs + 1.0)),
        np.where(label >= 0, 1.0 / (1.0 + np.maximum(label, 0)), 0.0),
        np.log((near_size + 1.0) / (programs + 1.0)),
        near != label,
        by_all,
        by_trusted,
        by_slow,
        by_weight,
        by_trusted / np.maximum(by_trusted.max(axis=0), 1e-6),
        by_slow / np.maximum(by_slow.max(axis=0), 1e-6),
        by_weight / np.maximum(by_weight.max(axis=0), 1e-6),
        np.log1p(_distinct(label, label, family)),
        np.log1p(_distinct(near, near, family)),
        _distinct(near, near, language.astype(np.int64)) > 1,
        np.outer((label == 0).mean(axis=1), ones),
        np.outer(np.log1p(_distinct(whole, whole, family)[:, 0]), ones),
        float(np.log1p(subtasks)),
        np.outer(np.ones(programs), includes / max(1, subtasks - 1)),
        np.outer(np.ones(programs), points / points.sum()),
        float((all_passed & alive).mean()) if known else 1.0,
        np.outer(np.ones(programs), (label.max(axis=0) + 1.0) / programs),
        np.outer(np.ones(programs), largest),
        float(is_slow.mean()),
    ]
    for index, value in enumerate(values):
        out[:, :, index] = value
    return out


def _examples(
    behaviour: Behaviour,
) -> tuple[NDArray[np.float64], NDArray[np.bool_], bool]:
    columns = behaviour.expected != 0
    if not columns.any():
        nothing = np.ones(len(behaviour.candidate_ids))
        return nothing, nothing.astype(np.bool_), False
    right = behaviour.digest[:, columns] == behaviour.expected[columns]
    return right.mean(axis=1), np.asarray(right.all(axis=1)), True


class _Agreement:
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
        self._ok = ok
        self._codes = np.zeros(ok.shape, dtype=np.int32)
        for j in range(ok.shape[1]):
            _, self._codes[:, j] = np.unique(behaviour.digest[:, j], return_inverse=True)

    def weighted(self, weight: NDArray[np.float64]) -> NDArray[np.float64]:
        """(P, S) mean over a subtask's inputs of the weighted share of *other* programs that
        finished with the same output."""
        same = np.zeros(self._ok.shape, dtype=np.float32)
        for j in range(self._ok.shape[1]):
            own = self._ok[:, j]
            if not own.any():
                continue
            codes = self._codes[own, j]
            mass = np.bincount(codes, weights=weight[own])
            others = np.maximum(weight[own].sum() - weight[own], 1e-9)
            same[own, j] = np.maximum(mass[codes] - weight[own], 0.0) / others
        return np.asarray((same @ self._columns) / self._counts, dtype=np.float64)


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """(P,) rank from 0 to 1, equal values sharing theirs."""
    _, inverse, count = np.unique(values, return_inverse=True, return_counts=True)
    upto = np.cumsum(count) - count / 2.0
    ranks: NDArray[np.float64] = np.asarray(upto[inverse] / len(values), dtype=np.float64)
    return ranks


def _sizes(label: NDArray[np.int32]) -> NDArray[np.float64]:
    return _sizes_at(label, label)


def _sizes_at(label: NDArray[np.int32], where: NDArray[np.int32]) -> NDArray[np.float64]:
    """(P, S) size of the cluster named in `where`, 0 where there is none."""
    size = np.zeros(label.shape)
    for s in range(label.shape[1]):
        count = np.bincount(label[label[:, s] >= 0, s], minlength=1)
        named = where[:, s] >= 0
        size[named, s] = count[where[named, s]]
    return size


def _distinct(
    label: NDArray[np.int32], where: NDArray[np.int32], kind: NDArray[np.int64]
) -> NDArray[np.float64]:
    """(P, S) distinct kinds among the programs with label `where`."""
    found = np.zeros(where.shape)
    for s in range(label.shape[1]):
        own = label[:, s] >= 0
        pairs = np.unique(np.stack([label[own, s], kind[own]], axis=1), axis=0)
        count = np.bincount(pairs[:, 0], minlength=1)
        named = where[:, s] >= 0
        found[named, s] = count[where[named, s]]
    return found


def _whole_labels(label: NDArray[np.int32]) -> NDArray[np.int32]:
    """(P, 1) label over all subtasks together."""
    _, inverse = np.unique(label, axis=0, return_inverse=True)
    whole = inverse.reshape(-1).astype(np.int32)
    whole[(label < 0).all(axis=1)] = -1
    return whole[:, None]


def _largest_share(label: NDArray[np.int32]) -> NDArray[np.float64]:
    share: NDArray[np.float64] = (label == 0).mean(axis=0)
    return share
