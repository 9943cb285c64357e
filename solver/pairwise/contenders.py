"""Who is compared, and on which input.

A comparison pays between programs of different behaviour that are about equally likely, on the
subtask that the first submission would aim at; not against one that is broken, and not among many.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solver.strategies.base import View
from solver.types import GeneratedInput, RunStatus

NEAR = 0.15
"""Contenders lie within this of the likeliest."""
LEAST = 0.02
MOST = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """A behaviour that may be right.

    Attributes:
        row: Its likeliest candidate.
        label: Its cluster on the subtask.
        chance: Of that candidate.
    """

    row: int
    label: int
    chance: float


def contenders_of(view: View, chance: NDArray[np.float64], s: int) -> list[Contender]:
    """The behaviours worth comparing on subtask `s`, likeliest first; none where it does not pay.

    Args:
        chance: (P, S) that each candidate solves each subtask.
    """
    label = view.clusters.label[:, s]
    best: dict[int, int] = {}
    for row in np.argsort(-chance[:, s], kind="stable").tolist():
        if label[row] >= 0:
            best.setdefault(int(label[row]), row)
    found = [
        Contender(row=row, label=name, chance=float(chance[row, s])) for name, row in best.items()
    ]
    top = max((one.chance for one in found), default=0.0)
    near = [one for one in found if one.chance >= max(LEAST, top - NEAR)]
    return near if 2 <= len(near) <= MOST else []


def separating_input(
    view: View, s: int, first: int, second: int, contents: Mapping[str, GeneratedInput]
) -> GeneratedInput | None:
    """The shortest input of the subtask on which two candidates end with different outputs; where
    there is none, the shortest on which one of them does not end."""
    behaviour = view.behaviour
    status, digest = behaviour.status, behaviour.digest
    both = (status[first] == RunStatus.OK) & (status[second] == RunStatus.OK)
    differ = behaviour.in_subtask[:, s] & (
        (digest[first] != digest[second]) | (status[first] != status[second])
    )
    columns = [j for j in np.flatnonzero(differ).tolist() if behaviour.input_ids[j] in contents]
    columns.sort(key=lambda j: (not both[j], len(contents[behaviour.input_ids[j]].content)))
    return contents[behaviour.input_ids[columns[0]]] if columns else None


def next_pairs(
    order: Sequence[int], met: set[tuple[int, int]], wanted: int
) -> list[tuple[int, int]]:
    """Pairs of the next round, neighbours in the present order that have not met (Swiss).

    Args:
        order: Contenders, strongest first.
        met: Pairs (smaller, larger) that were compared.
        wanted: At most so many.
    """
    pairs: list[tuple[int, int]] = []
    busy: set[int] = set()
    for gap in range(1, len(order)):
        for at in range(len(order) - gap):
            i, j = sorted((order[at], order[at + gap]))
            if len(pairs) < wanted and (i, j) not in met and not busy & {i, j}:
                pairs.append((i, j))
                busy |= {i, j}
    return pairs
