"""How far an accusation is to be believed: from votes and failures to a calibrated probability.

The numbers are fitted on recorded pools, tasks left out (docs/experiments/breaking.md,
`benchmarks/breaking.py --fit`).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from problems.task import Task
from solver.breaking.types import BreakKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What speaks for and against one program being wrong on one subtask.

    Attributes:
        posterior: Of the claim that it contradicts, the largest (`solver.breaking.claims`).
        families: That say so, its own not counted.
        against: Families that say otherwise on that input, its own included.
        brutes: Slow families among those that say so.
        inputs: Inputs on which it contradicts a likely claim.
        wrong_share: Share of the claimed inputs of the subtask on which it does.
        lead: By how much the claim's best supporter is more often right than it is.
    """

    posterior: float
    families: int
    against: int
    brutes: int
    inputs: int
    wrong_share: float
    lead: float


NAMES = ("posterior", "families", "brutes", "inputs", "wrong share", "lead", "against")
WEIGHTS: Mapping[str, float] = {
    "posterior": 0.35,
    "families": 0.9,
    "brutes": 0.3,
    "inputs": 0.3,
    "wrong share": 0.8,
    "lead": 2.0,
    "against": -0.9,
    "constant": -1.2,
}
"""Log-odds a unit."""

FAILED: Mapping[BreakKind, float] = {
    BreakKind.TIME: 0.97,
    BreakKind.CRASH: 0.95,
    BreakKind.MEMORY: 0.95,
    BreakKind.OUTPUT: 0.95,
}
"""Chance to be wrong where a failure needs no answer, the limit is the task's own, and most other
programs end on the same input."""

BROKEN = 0.9
"""From this chance on a program counts as broken, where somebody has to be counted."""

TIME_GUESSED = 0.92
"""The same for time where the task states no limit. A program that ran alone for twice the observed
limit (4 s) is too slow for 49 of 52 packages whose limit was measured, and where a program runs out
of time and others do not, it fails the hidden tests in 97 of 100 cases
(docs/experiments/breaking.md)."""

TIME_ALONE = 0.75
"""What it is at most where one family alone comes to its end: nobody says that it can be done."""

ONCE = 0.8
"""What is left of it where the program did not run again alone."""


MOST = 0.5
"""Share of the other families that has to end on an input for a crash there to accuse in full. On
30 recorded pools programs that crash where so many end are wrong in 97 to 100 of 100 cases,
whatever the share above it (docs/experiments/breaking.md)."""


def trusted(ended: int, others: int) -> float:
    """How far an input on which a program crashed is to be believed legal, 0 to 1.

    Args:
        ended: Families that came to their end on it.
        others: Families, the crashed one's own not counted.
    """
    if others <= 0:
        return 0.0
    if ended >= 2 and ended >= MOST * others:
        return 1.0
    # Where many crash, the input is likelier to be illegal than all of them wrong.
    return ended / others * ended / (ended + 1)


def time_chance(task: Task, *, again: bool = False, ended: int = 1) -> float:
    """Chance to be wrong of a program that ran out of time on an input that another one answers.

    Args:
        again: It ran out of time once more when it ran alone, with the whole limit.
        ended: Families that came to their end on the input.
    """
    chance = FAILED[BreakKind.TIME]
    if task.limits.time_s is None:
        chance = TIME_GUESSED if ended >= 2 else TIME_ALONE
    return chance if again else ONCE * chance


def values_of(case: Case) -> tuple[float, ...]:
    """The case as numbers, in the order of `NAMES`."""
    odds = math.log(max(case.posterior, 1e-6) / max(1.0 - case.posterior, 1e-6))
    return (
        max(-6.0, min(odds, 8.0)),
        math.log1p(case.families),
        float(min(case.brutes, 3)),
        math.log1p(case.inputs),
        case.wrong_share,
        case.lead,
        math.log1p(case.against),
    )


def probability(case: Case) -> float:
    """Chance that the accused program is wrong on the subtask."""
    score = WEIGHTS["constant"] + sum(
        WEIGHTS[name] * value for name, value in zip(NAMES, values_of(case), strict=True)
    )
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(score, 30.0))))
