"""Accusations with their accusers, and what is left of them when the judge contradicts one.

An accusation rests on somebody's word: on the families of programs that print what is claimed, or,
where a program crashed or took too long, on the validators and the limit that we work with. When a
submission solves a subtask on which it stood accused, its accusers were wrong: whatever they say of
other programs loses as much of its weight as rests on them.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solver.breaking.types import Break, Evidence
from solver.observing.families import families_of
from solver.types import Candidate

HELD = 0.5
"""From this chance on a program stands accused: if it is right, somebody was wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accusation:
    """One candidate is held to be wrong.

    Attributes:
        candidate: Its id.
        subtasks: Names of those that the input is of.
        probability: Chance to be wrong, by this accusation.
        accusers: On whom it rests: families of programs, or the kind of a failure that needs no
            answer.
        own: The accused's own family, which is never among those who were wrong.
    """

    candidate: str
    subtasks: frozenset[str]
    probability: float
    accusers: frozenset[str]
    own: str


def accusations_of(
    evidence: Mapping[str, Evidence], candidates: Sequence[Candidate]
) -> tuple[Accusation, ...]:
    """All that breaking holds against candidates, with who says so."""
    source = {one.id: one.source for one in candidates}
    told = [one for each in evidence.values() for one in each.breaks if one.candidate in source]
    named = {one.candidate for one in told}
    named |= {name for one in told if one.claim is not None for name in one.claim.supporters}
    names = sorted(named)
    # Brute forces are no candidates: each stands for itself.
    numbers = families_of([source.get(name, name) for name in names]).tolist() if names else []
    family = {name: f"family {number}" for name, number in zip(names, numbers, strict=True)}
    return tuple(
        Accusation(
            candidate=one.candidate,
            subtasks=one.input.subtasks,
            probability=one.probability,
            accusers=_accusers(one, family),
            own=family[one.candidate],
        )
        for one in told
    )


def _accusers(one: Break, family: Mapping[str, str]) -> frozenset[str]:
    if one.claim is None:
        return frozenset({str(one.kind)})
    return frozenset(family[name] for name in one.claim.supporters)


def contradicted(
    accusations: Sequence[Accusation], candidate: str, solved: Collection[str]
) -> frozenset[str]:
    """Accusers who were wrong of a candidate that solves these subtasks."""
    wrong = [
        one
        for one in accusations
        if one.candidate == candidate
        and one.probability >= HELD
        and not one.subtasks.isdisjoint(solved)
    ]
    return frozenset(who for one in wrong for who in one.accusers - {one.own})


def left_of(
    accused: NDArray[np.float64],
    accusations: Sequence[Accusation],
    discredited: Collection[str],
    candidates: Sequence[str],
    subtasks: Sequence[str],
) -> NDArray[np.float64]:
    """(P, S) chance that each candidate is wrong, without what rests on these accusers.

    Args:
        accused: (P, S) the chance with all of them.
        candidates: Ids, in the rows' order.
        subtasks: Names, in the columns' order.
    """
    row = {name: k for k, name in enumerate(candidates)}
    column = {name: s for s, name in enumerate(subtasks)}
    whole, left = np.zeros(accused.shape), np.zeros(accused.shape)
    for one in accusations:
        if one.candidate not in row:
            continue
        share = len(one.accusers - set(discredited)) / max(1, len(one.accusers))
        for name in one.subtasks & column.keys():
            place = row[one.candidate], column[name]
            whole[place] = max(whole[place], one.probability)
            left[place] = max(left[place], share * one.probability)
    factor = np.divide(left, whole, out=np.ones(accused.shape), where=whole > 0)
    return accused * factor
