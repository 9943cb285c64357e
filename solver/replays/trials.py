"""Agents, assessed: trials whose programs the agent itself handed in, in its own order.

A sampler's candidates are independent and somebody else chooses among them; an agent's are not, and
it chooses itself. So the unit is the trial: each is a pool's lines that name the same `trial`.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from solver.errors import PoolError
from solver.replays.assess import Assessment, assessment
from solver.replays.truth import Truth
from solver.sampling.pools.pool import pool_of
from solver.types import Candidate

OWN_ORDER = "the agent's own order"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trials:
    """What an agent handed in.

    Attributes:
        candidates: All programs, in the file's order.
        of: Trial to the rows of its programs, in the order in which it submitted them.
    """

    candidates: tuple[Candidate, ...]
    of: Mapping[str, tuple[int, ...]]


def read_trials(path: Path, task: str, task_name: str | None = None) -> Trials:
    """Reads a pool whose candidate lines have a field `trial`; without it a line is a trial of
    its own.

    Raises:
        PoolError: As `read_pool` raises, or it is no JSON lines.
    """
    if path.suffix == ".parquet":
        raise PoolError(f"{path}: trials are read from JSON lines; write them as .jsonl")
    pool = pool_of(path, task, task_name)
    rows = {candidate.id: row for row, candidate in enumerate(pool.candidates)}
    found: dict[str, list[int]] = {}
    # Not splitlines, as the pool's reader: a source may hold U+2028, which JSON does not escape.
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if not line.strip():
            continue
        document = json.loads(line)
        name = document.get("id") or f"{document['task']}/{number}"
        if name in rows:
            found.setdefault(str(document.get("trial", name)), []).append(rows[name])
    return Trials(
        candidates=pool.candidates, of={name: tuple(mine) for name, mine in found.items()}
    )


def assess_trials(trials: Trials, truth: Truth, marks: Sequence[int]) -> Assessment:
    """The assessment of an agent: `again` is the share of its trials, with Wilson's interval.

    Args:
        truth: Of the trials' candidates, in their order.
    """
    names, right, limit = truth.subtasks, truth.right, max(marks)
    tries = len(trials.of)
    first = np.full((tries, len(names)), np.inf)
    curves = np.zeros((tries, limit))
    for at, rows in enumerate(trials.of.values()):
        best = np.zeros(len(names))
        for number, row in enumerate(rows[:limit], start=1):
            best = np.maximum(best, truth.points[row])
            curves[at, number - 1 :] = best.sum()
            first[at] = np.where(right[row] & np.isinf(first[at]), number, first[at])
    return assessment(truth, first, first, curves, strategy=OWN_ORDER, marks=marks)
