"""What is held for right where nobody has the answer: weighed votes of families of programs.

Each program is right on an unknown share of inputs, each input has one right answer: both are found
together by expectation maximisation (Dawid and Skene, 1979), programs that were written alike
having one vote for each answer that they give. A program that is nearly always with the others
decides where they are split; one that is alone everywhere decides nothing. Independent errors are
an assumption: programs that misread a statement together outvote the right one, so the posterior
alone accuses nobody; `solver.breaking.accuse` says how far it is to be believed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solver.types import GeneratedInput

_ROUNDS = 30
_PRIOR = (3.0, 1.0)
"""Beta prior of a program's share of right answers."""
_OTHERS = 4.0
"""Wrong answers that an input is taken to have at least; fewer where all inputs show but two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballot:
    """What programs say about one input.

    Attributes:
        answer: Program to the number of its answer's class; those that did not end are missing.
    """

    input: GeneratedInput
    answer: Mapping[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """What the ballots come to.

    Attributes:
        leading: Of each ballot, the class that is most likely right; -1 without votes.
        posterior: Of each ballot, how likely; 0 to 1, not calibrated.
        share: Program to the share of inputs on which it is taken to be right.
    """

    leading: NDArray[np.int64]
    posterior: NDArray[np.float64]
    share: Mapping[int, float]


def weigh(ballots: Sequence[Ballot], family: Mapping[int, int]) -> Verdicts:
    """Right answers and how often each program has them, found together.

    Args:
        family: Program to its family.
    """
    programs = sorted({program for ballot in ballots for program in ballot.answer})
    place = {program: k for k, program in enumerate(programs)}
    classes = [max(ballot.answer.values(), default=-1) + 1 for ballot in ballots]
    others = min(_OTHERS, max([1, *(count - 1 for count in classes)]))
    share = np.full(len(programs), 0.75)
    votes = [_votes(ballot, place, family) for ballot in ballots]
    told = [np.zeros(count) for count in classes]
    for _ in range(_ROUNDS):
        right = np.full(len(programs), _PRIOR[0])
        seen = np.full(len(programs), sum(_PRIOR))
        yes, no = np.log(share), np.log((1.0 - share) / others)
        for k, (rows, said, weight) in enumerate(votes):
            if not len(rows):
                continue
            score = np.bincount(said, weights=weight * (yes - no)[rows], minlength=classes[k])
            # Beside those that were given, an answer that nobody gave may be the right one.
            top = max(0.0, float(score.max()))
            odds = np.exp(score - top)
            told[k] = odds / (odds.sum() + np.exp(-top))
            right[rows] += told[k][said]
            seen[rows] += 1.0
        share = np.clip(right / seen, 0.02, 0.995)
    leading = [int(one.argmax()) if len(one) else -1 for one in told]
    posterior = [float(one.max()) if len(one) else 0.0 for one in told]
    return Verdicts(
        leading=np.array(leading, dtype=np.int64),
        posterior=np.array(posterior),
        share={program: float(share[k]) for program, k in place.items()},
    )


def _votes(
    ballot: Ballot, place: Mapping[int, int], family: Mapping[int, int]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Places of the programs, their answers, and the weight of each: one for a family's answer."""
    rows = np.array([place[program] for program in ballot.answer], dtype=np.int64)
    said = np.array(list(ballot.answer.values()), dtype=np.int64)
    kin: dict[tuple[int, int], int] = {}
    for program, answer in ballot.answer.items():
        key = family[program], answer
        kin[key] = kin.get(key, 0) + 1
    weight = [1.0 / kin[family[program], answer] for program, answer in ballot.answer.items()]
    return rows, said, np.array(weight, dtype=np.float64)
