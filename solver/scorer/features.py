"""Stage 7: what the estimate rests on, one readable number a feature.

All of it comes from what the candidates did on inputs without trusted answers, from the examples,
and from the programs' text: nothing of a hidden test.
"""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from problems.task import Task
from solver.observing.examples import right_on_examples, share_of_own_examples
from solver.scorer.families import families_of
from solver.scorer.measures import (
    Agreement,
    distinct,
    largest_cpu_s,
    largest_share,
    plurality,
    ranks,
    sizes,
    sizes_at,
    slowness,
    whole_labels,
)
from solver.types import Behaviour, Candidate, Clusters, RunStatus

NAMES = (
    "subtask's examples passed (share)",
    "all of the subtask's examples passed",
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
    "largest CPU time over limit (log)",
    "CPU time over that of the cluster's fastest (log)",
    "cluster size (log share)",
    "cluster's share of programs that pass the subtask's examples",
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
    "agreement, a vote a family",
    "agreement relative to the best, a vote a family",
    "prints what most families print (share)",
    "prints what most families print where they differ (share)",
    "families in the cluster (log)",
    "cluster's share of families that pass the subtask's examples",
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
    passed = share_of_own_examples(behaviour)
    passed_all = passed >= 1.0 - 1e-9
    all_passed = right_on_examples(behaviour).all(axis=1)
    known = bool((behaviour.expected != 0).any())
    alive = ok.any(axis=1)
    agree = Agreement(behaviour, ok, columns, counts)
    by_all = agree.weighted(alive.astype(np.float64))
    trusted = alive & (all_passed | ~known)
    if not trusted.any():
        trusted = alive
    by_trusted = agree.weighted(trusted.astype(np.float64))
    is_slow = slow.any(axis=1) & (passed.max(axis=1) > 0.0)
    by_slow = agree.weighted(is_slow.astype(np.float64))
    by_weight = agree.weighted(trusted * (by_trusted.mean(axis=1) ** 2))
    family = families_of([candidate.source for candidate in candidates])
    kin = np.unique(family, return_inverse=True)[1]
    vote = trusted / np.maximum(1.0, np.bincount(kin, weights=trusted))[kin]
    by_family = agree.weighted(vote)
    follows, unity = plurality(behaviour, vote)
    split = ok * (unity < 0.95)[None, :] * 1.0
    language = np.array([candidate.language in ("python3", "pypy3") for candidate in candidates])
    length = np.array([len(candidate.source) for candidate in candidates], dtype=np.float64)
    logprob = np.array([np.nan if c.logprob is None else c.logprob for c in candidates])
    label, near = clusters.label, clusters.near
    size, near_size = sizes(label), sizes_at(label, near)
    whole = whole_labels(label)
    out = np.zeros((programs, subtasks, len(NAMES)), dtype=np.float32)
    ones = np.ones(subtasks)
    names = [subtask.name for subtask in task.subtasks]
    target = np.array([[c.subtask == name for name in names] for c in candidates], dtype=np.bool_)
    points = np.array([subtask.max_points for subtask in task.subtasks])
    includes = np.array([len(subtask.includes) for subtask in task.subtasks])
    used_s = largest_cpu_s(behaviour)
    used = used_s.astype(np.float64) / max(float(behaviour.cpu_s.max(initial=0.0)), 1e-3)
    largest = largest_share(label)
    values: list[NDArray[np.generic] | float] = [
        passed,
        passed_all,
        np.outer(all_passed, ones),
        float(known),
        np.outer(np.log1p(length) / 10.0, ones),
        np.outer(ranks(length), ones),
        np.outer(language, ones),
        np.outer(ranks(np.nan_to_num(logprob)) if np.isfinite(logprob).any() else ones[:1], ones)
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
        used,
        np.log(used + 0.01),
        slowness(used_s, label),
        np.log((size + 1.0) / (programs + 1.0)),
        _share_of(label, passed_all & (label >= 0), None),
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
        by_family,
        by_family / np.maximum(by_family.max(axis=0), 1e-6),
        (follows.astype(np.float32) @ columns) / counts,
        ((follows * split).astype(np.float32) @ columns + 0.5)
        / ((unity < 0.95).astype(np.float32) @ columns + 1.0),
        np.log1p(distinct(label, label, family)),
        _share_of(label, passed_all & (label >= 0), family),
        np.log1p(distinct(near, near, family)),
        distinct(near, near, language.astype(np.int64)) > 1,
        np.outer((label == 0).mean(axis=1), ones),
        np.outer(np.log1p(distinct(whole, whole, family)[:, 0]), ones),
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


def _share_of(
    label: NDArray[np.int32], counted: NDArray[np.bool_], kind: NDArray[np.int64] | None
) -> NDArray[np.float64]:
    """(P, S) the own cluster's share of all counted programs, or of their kinds."""
    share = np.zeros(label.shape)
    for s in range(label.shape[1]):
        rows = np.flatnonzero(counted[:, s])
        if not len(rows):
            continue
        pairs = np.stack([label[rows, s], rows if kind is None else kind[rows]], axis=1)
        pairs = np.unique(pairs, axis=0)
        count = np.bincount(pairs[:, 0], minlength=int(label[:, s].max()) + 1)
        own = label[:, s] >= 0
        share[own, s] = count[label[own, s]] / len(np.unique(pairs[:, 1]))
    return share
