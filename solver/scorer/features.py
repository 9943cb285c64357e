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
from solver.observing.families import families_of
from solver.scorer.measures import (
    Agreement,
    distinct,
    largest_cpu_s,
    largest_share,
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
    "largest CPU time over the pool's largest",
    "largest CPU time over the pool's largest (log)",
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

_OLD_NAMES = {
    "largest CPU time over limit": "largest CPU time over the pool's largest",
    "largest CPU time over limit (log)": "largest CPU time over the pool's largest (log)",
}
"""What records and weights call features that were renamed."""

_LOOPS = {"for": re.compile(r"\bfor\b"), "while": re.compile(r"\bwhile\b")}
_WIDE_WORDS = ("long long", "int64_t", "ll", "i64")
_WIDE = re.compile(r"\blong long\b|\bint64_t\b|\bll\b|\bi64\b")


def names_now(names: Sequence[str]) -> tuple[str, ...]:
    """The names in a record or a file of weights, renamed ones as they are called today."""
    return tuple(_OLD_NAMES.get(name, name) for name in names)


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
    follows, unity = agree.plurality(vote)
    split = ok * (unity < 0.95)[None, :] * 1.0
    language = np.array([candidate.language in ("python3", "pypy3") for candidate in candidates])
    length = np.array([len(candidate.source) for candidate in candidates], dtype=np.float64)
    logprob = np.array([np.nan if c.logprob is None else c.logprob for c in candidates])
    label, near = clusters.label, clusters.near
    size, near_size = sizes(label), sizes_at(label, near)
    # Subtasks without a valid input say nothing of who behaves alike.
    told = label[:, behaviour.in_subtask.any(axis=0)]
    whole = whole_labels(told)
    ones = np.ones(subtasks)
    names = [subtask.name for subtask in task.subtasks]
    target = np.array([[c.subtask == name for name in names] for c in candidates], dtype=np.bool_)
    points = np.array([subtask.max_points for subtask in task.subtasks])
    includes = np.array([len(subtask.includes) for subtask in task.subtasks])
    used_s = largest_cpu_s(behaviour)
    used = used_s.astype(np.float64) / max(float(behaviour.cpu_s.max(initial=0.0)), 1e-3)
    largest = largest_share(label)
    values: dict[str, NDArray[np.generic] | float] = {
        "subtask's examples passed (share)": passed,
        "all of the subtask's examples passed": passed_all,
        "all examples passed": np.outer(all_passed, ones),
        "examples have known answers": float(known),
        "program length (log)": np.outer(np.log1p(length) / 10.0, ones),
        "program length (rank in pool)": np.outer(ranks(length), ones),
        "python": np.outer(language, ones),
        "log-probability (rank in pool)": np.outer(_ranks_of_known(logprob), ones),
        "log-probability known": np.outer(np.isfinite(logprob), ones),
        "prompt asked for this subtask": target.reshape(programs, subtasks),
        "prompt asked for the whole task": np.outer(
            [c.subtask in (None, "all") for c in candidates], ones
        ),
        "loops (log)": np.outer(np.log1p([_loops(c.source) for c in candidates]), ones),
        "64-bit integers": np.outer([_is_wide(c.source) for c in candidates], ones)
        + np.outer(language, ones),
        "crashes (share of inputs)": share(crashed),
        "over the time limit (share of inputs)": share(slow),
        "rejected or too much output (share)": share(
            (status == RunStatus.OUTPUT) | (status == RunStatus.REJECTED)
        ),
        "largest CPU time over the pool's largest": used,
        "largest CPU time over the pool's largest (log)": np.log(used + 0.01),
        "CPU time over that of the cluster's fastest (log)": slowness(used_s, label),
        "cluster size (log share)": np.log((size + 1.0) / (programs + 1.0)),
        "cluster's share of programs that pass the subtask's examples": _share_of(
            label, passed_all & (label >= 0), None
        ),
        "cluster rank (inverse)": np.where(label >= 0, 1.0 / (1.0 + np.maximum(label, 0)), 0.0),
        "near-cluster size (log share)": np.log((near_size + 1.0) / (programs + 1.0)),
        "in a near-cluster of another": near != label,
        "agreement, all programs": by_all,
        "agreement, programs that pass the examples": by_trusted,
        "agreement, slow programs": by_slow,
        "agreement, weighted by agreement": by_weight,
        "agreement relative to the best, examples": by_trusted
        / np.maximum(by_trusted.max(axis=0), 1e-6),
        "agreement relative to the best, slow": by_slow / np.maximum(by_slow.max(axis=0), 1e-6),
        "agreement relative to the best, weighted": by_weight
        / np.maximum(by_weight.max(axis=0), 1e-6),
        "agreement, a vote a family": by_family,
        "agreement relative to the best, a vote a family": by_family
        / np.maximum(by_family.max(axis=0), 1e-6),
        "prints what most families print (share)": (follows.astype(np.float32) @ columns) / counts,
        "prints what most families print where they differ (share)": (
            (follows * split).astype(np.float32) @ columns + 0.5
        )
        / ((unity < 0.95).astype(np.float32) @ columns + 1.0),
        "families in the cluster (log)": np.log1p(distinct(label, label, family)),
        "cluster's share of families that pass the subtask's examples": _share_of(
            label, passed_all & (label >= 0), family
        ),
        "families in the near-cluster (log)": np.log1p(distinct(near, near, family)),
        "two languages in the near-cluster": distinct(near, near, language.astype(np.int64)) > 1,
        "cluster is largest (share of subtasks)": np.outer(
            (told == 0).mean(axis=1) if told.size else np.zeros(programs), ones
        ),
        "families in the cluster of all inputs (log)": np.outer(
            np.log1p(distinct(whole, whole, family)[:, 0]), ones
        ),
        "subtasks (log)": float(np.log1p(subtasks)),
        "subtask includes others (share)": np.outer(
            np.ones(programs), includes / max(1, subtasks - 1)
        ),
        "subtask's share of points": np.outer(np.ones(programs), points / points.sum()),
        "programs that pass the examples (share)": float((all_passed & alive).mean())
        if known
        else 1.0,
        "clusters a program": np.outer(np.ones(programs), (label.max(axis=0) + 1.0) / programs),
        "largest cluster (share)": np.outer(np.ones(programs), largest),
        "slow programs (share)": float(is_slow.mean()),
    }
    shape = (programs, subtasks)
    stacked = [np.broadcast_to(np.asarray(values[name], np.float32), shape) for name in NAMES]
    return np.stack(stacked, axis=2)


def _ranks_of_known(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """(P,) rank from 0 to 1 among the known values; the middle where there is none (NaN)."""
    found = np.full(len(values), 0.5)
    known = np.isfinite(values)
    if known.any():
        found[known] = ranks(values[known])
    return found


def _loops(source: str) -> int:
    """How often a loop begins; looking for the word first spares most programs the expression."""
    return sum(
        len(expression.findall(source)) for word, expression in _LOOPS.items() if word in source
    )


def _is_wide(source: str) -> bool:
    """Whether it has 64-bit integers."""
    return any(word in source for word in _WIDE_WORDS) and _WIDE.search(source) is not None


def _share_of(
    label: NDArray[np.int32], counted: NDArray[np.bool_], kind: NDArray[np.int64] | None
) -> NDArray[np.float64]:
    """(P, S) the own cluster's share of all counted programs, or of their kinds."""
    share = np.zeros(label.shape)
    for s in range(label.shape[1]):
        rows = np.flatnonzero(counted[:, s])
        if not len(rows):
            continue
        clusters = label[rows, s]
        all_kinds = len(rows)
        if kind is not None:
            names, kinds = np.unique(kind[rows], return_inverse=True)
            all_kinds = len(names)
            clusters = np.unique(clusters * np.int64(all_kinds) + kinds) // all_kinds
        count = np.bincount(clusters, minlength=int(label[:, s].max()) + 1)
        own = label[:, s] >= 0
        share[own, s] = count[label[own, s]] / all_kinds
    return share
