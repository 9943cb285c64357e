"""A task's programs as columns: small numbers, in the order in which they were drawn."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from problems.verdict import POINTS_TOLERANCE, Verdict
from solver.observing.examples import passes_examples
from solver.replays.truth import Truth
from solver.strategies.views import KeptView
from solver.types import Behaviour, RunStatus

_FAILED = {
    RunStatus.NOT_RUN: "-",
    RunStatus.CRASH: "c",
    RunStatus.TIMEOUT: "t",
    RunStatus.MEMORY: "m",
    RunStatus.OUTPUT: "o",
    RunStatus.REJECTED: "r",
}
_OUTPUTS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
OTHER_OUTPUT = "*"
"""An output that stands behind the 26 commonest of its input."""


def columns_of(kept: KeptView, truth: Truth | None) -> dict[str, Any]:
    """What the page's table is made from.

    Returns:
        Columns of length P (or S lists of length P); `runs` indexes `rows`, one letter an input:
        "A" for its commonest output, then "B", ...; small letters are failures.
    """
    view = kept.view
    behaviour, label = view.behaviour, view.clusters.label
    letters = output_letters(behaviour)
    rows: dict[str, int] = {}
    runs = [rows.setdefault("".join(row), len(rows)) for row in letters]
    known: dict[str, int] = {}
    same = [
        -1 if digest is None else known.setdefault(digest, row)
        for row, digest in enumerate(kept.programs)
    ]
    rows_of = rows_by_id(kept)
    models: dict[str, int] = {}
    found: dict[str, Any] = {
        "id": [candidate.id for candidate in view.candidates],
        "language": [candidate.language for candidate in view.candidates],
        "target": [candidate.subtask or "" for candidate in view.candidates],
        "model": [
            models.setdefault(candidate.model or "", len(models)) for candidate in view.candidates
        ],
        "models": list(models),
        "same": same,
        "parent": [rows_of.get(candidate.parent or "", -1) for candidate in view.candidates],
        "error": [kept.errors.get(candidate.id, "")[:600] for candidate in view.candidates],
        "label": label.T.tolist(),
        "estimate": np.round(view.estimate.probability.T * 1000).astype(int).tolist(),
        "passes": passes_examples(behaviour).astype(int).tolist(),
        "cpu_ms": _most(behaviour.cpu_s),
        "bytes": [len(candidate.source) for candidate in view.candidates],
        "runs": runs,
        "rows": list(rows),
    }
    if truth is not None:
        found["points"] = np.round(truth.points.T, 2).tolist()
        missing = truth.max_points.sum() - truth.points.sum(axis=1)
        found["verdict"] = [
            str(Verdict.AC if lost <= POINTS_TOLERANCE else verdict)
            for lost, verdict in zip(missing.tolist(), truth.verdicts, strict=True)
        ]
    return found


def _most(cpu_s: NDArray[np.float32]) -> list[int]:
    if not cpu_s.shape[1]:
        return [0] * cpu_s.shape[0]
    return [round(value) for value in (cpu_s.max(axis=1) * 1000).tolist()]


def output_letters(behaviour: Behaviour) -> NDArray[np.str_]:
    """(P, I) one letter a run: which output of this input, or how it failed."""
    programs, inputs = behaviour.status.shape
    letters = np.full((programs, inputs), "-", dtype="<U1")
    for status, letter in _FAILED.items():
        letters[behaviour.status == status] = letter
    for j in range(inputs):
        ran = np.flatnonzero(behaviour.status[:, j] == RunStatus.OK)
        if not len(ran):
            continue
        _, inverse, counts = np.unique(
            behaviour.digest[ran, j], return_inverse=True, return_counts=True
        )
        rank = np.empty(len(counts), dtype=np.int64)
        rank[np.argsort(-counts, kind="stable")] = np.arange(len(counts))
        names = np.array(list(_OUTPUTS + OTHER_OUTPUT))
        letters[ran, j] = names[np.minimum(rank[inverse], len(_OUTPUTS))]
    return letters


def inputs_of(kept: KeptView, contents: Mapping[str, tuple[bytes, str, float]]) -> list[Any]:
    """A line an input: origin, subtasks, share of validators, size, its first lines.

    Args:
        contents: Input id to content, origin and share, as far as the run keeps them.
    """
    behaviour = kept.view.behaviour
    expected = behaviour.expected
    letters = {
        j: _expected_letter(behaviour, j) if expected[j] else ""
        for j in range(len(behaviour.input_ids))
    }
    found = []
    for j, name in enumerate(behaviour.input_ids):
        content, origin, share = contents.get(name, (b"", "", 0.0))
        found.append(
            {
                "id": name[:12],
                "origin": origin,
                "subtasks": np.flatnonzero(behaviour.in_subtask[j]).tolist(),
                "share": round(share, 3),
                "bytes": len(content),
                "head": head_of(content),
                "right": letters[j],
            }
        )
    return found


def _expected_letter(behaviour: Behaviour, j: int) -> str:
    """The letter of an example's known answer; "?" where nobody printed it."""
    ran = behaviour.status[:, j] == RunStatus.OK
    hit = np.flatnonzero(ran & (behaviour.digest[:, j] == behaviour.expected[j]))
    if not len(hit):
        return "?"
    values, counts = np.unique(behaviour.digest[ran, j], return_counts=True)
    order = np.argsort(-counts, kind="stable")
    rank = int(np.flatnonzero(values[order] == behaviour.expected[j])[0])
    return (_OUTPUTS + OTHER_OUTPUT)[min(rank, len(_OUTPUTS))]


def head_of(content: bytes, most: int = 400) -> str:
    """The beginning of an input as text."""
    text = content[:most].decode("utf-8", "replace")
    return text + ("…" if len(content) > most else "")


def rows_by_id(kept: KeptView) -> dict[str, int]:
    """Candidate id to its row."""
    return {candidate.id: row for row, candidate in enumerate(kept.view.candidates)}


def important(kept: KeptView, submitted: Sequence[int], most: int) -> list[int]:
    """Rows worth colouring: submitted ones first, then by their best estimate."""
    best = kept.view.estimate.probability.max(axis=1, initial=0.0)
    order = np.argsort(-best, kind="stable").tolist()
    return list(dict.fromkeys([*submitted, *order]))[:most]
