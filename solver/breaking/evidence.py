"""From what was run to evidence: claims, breaks, and how likely each candidate is wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from problems.task import Task
from solver.breaking import accuse
from solver.breaking.attack import Column
from solver.breaking.claims import Ballot, Verdicts
from solver.breaking.runs import Accepts, Outcome, classes_of
from solver.breaking.types import Break, BreakKind, Claim, Evidence
from solver.types import RunStatus

CLAIMED = 0.5
"""An answer that is less likely right than this is no claim."""

_KINDS = {
    RunStatus.CRASH: BreakKind.CRASH,
    RunStatus.TIMEOUT: BreakKind.TIME,
    RunStatus.MEMORY: BreakKind.MEMORY,
    RunStatus.OUTPUT: BreakKind.OUTPUT,
    RunStatus.REJECTED: BreakKind.WRONG,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """All that was seen of the attacked programs, weighed.

    Attributes:
        columns: Inputs and what was done on them.
        ballots: One a column.
        verdicts: What they come to.
        family: Row to its family.
        brutes: Rows that are slow near the bounds, or written to be plain.
        names: Row to the candidate's id.
        confirmed: Rows that ran out of time again when they ran alone, with the column's number.
        cleared: Those that did not.
        by_checker: The task's checker was asked.
    """

    task: Task
    columns: Sequence[Column]
    ballots: Sequence[Ballot]
    verdicts: Verdicts
    family: Mapping[int, int]
    brutes: frozenset[int]
    names: Mapping[int, str]
    confirmed: frozenset[tuple[int, int]]
    cleared: frozenset[tuple[int, int]]
    by_checker: bool


def ballots_of(columns: Sequence[Column], accepts: Sequence[Accepts | None]) -> list[Ballot]:
    """The answers' classes, a column each."""
    return [
        Ballot(input=column.input, answer=classes_of(column.outcomes, word))
        for column, word in zip(columns, accepts, strict=True)
    ]


def evidence_of(trial: Trial, subtasks: Sequence[str]) -> dict[int, Evidence]:
    """Row to what was found of it; rows without an accusation have survived."""
    rows = sorted({row for column in trial.columns for row in column.outcomes})
    return {row: _of_row(trial, row, subtasks) for row in rows}


def case_of(trial: Trial, row: int, subtask: str) -> tuple[accuse.Case, int] | None:
    """What the votes say against a program on a subtask, and the column that says most."""
    told = [
        k
        for k, ballot in enumerate(trial.ballots)
        if row in ballot.answer
        and subtask in ballot.input.subtasks
        and trial.verdicts.posterior[k] >= CLAIMED
    ]
    wrong = [k for k in told if trial.ballots[k].answer[row] != trial.verdicts.leading[k]]
    if not wrong:
        return None
    best = max(wrong, key=lambda k: (_families(trial, k, row)[0], trial.verdicts.posterior[k]))
    families, against, brutes = _families(trial, best, row)
    supporters = [
        one
        for one, answer in trial.ballots[best].answer.items()
        if answer == trial.verdicts.leading[best]
    ]
    share = trial.verdicts.share
    case = accuse.Case(
        posterior=float(trial.verdicts.posterior[best]),
        families=families,
        against=against,
        brutes=brutes,
        inputs=len(wrong),
        wrong_share=len(wrong) / len(told),
        lead=max(share[one] for one in supporters) - share[row],
    )
    return case, best


def _families(trial: Trial, k: int, row: int) -> tuple[int, int, int]:
    """Families for the claim without the accused's own, against it, and slow ones for it."""
    ballot, leading = trial.ballots[k], trial.verdicts.leading[k]
    own = trial.family[row]
    say = {trial.family[one] for one, answer in ballot.answer.items() if answer == leading}
    deny = {trial.family[one] for one, answer in ballot.answer.items() if answer != leading}
    slow = {
        trial.family[one]
        for one, answer in ballot.answer.items()
        if answer == leading and one in trial.brutes
    }
    return len(say - {own}), len(deny), len(slow - {own})


def _of_row(trial: Trial, row: int, subtasks: Sequence[str]) -> Evidence:
    mine = [(k, column) for k, column in enumerate(trial.columns) if row in column.outcomes]
    breaks: list[Break] = []
    accused: dict[str, float] = {}
    broken: set[int] = set()
    for k, column in mine:
        failed = _failure(trial, k, row)
        if failed is None:
            continue
        broken.add(k)
        breaks.append(failed)
        for name in column.input.subtasks:
            accused[name] = max(accused.get(name, 0.0), failed.probability)
    for name in subtasks:
        found = case_of(trial, row, name)
        if found is None:
            continue
        chance = accuse.probability(found[0])
        accused[name] = max(accused.get(name, 0.0), chance)
        breaks.append(_wrong(trial, found[1], row, chance))
    claimed = [
        k
        for k, _ in mine
        if row in trial.ballots[k].answer and trial.verdicts.posterior[k] >= CLAIMED
    ]
    agreed = [k for k in claimed if trial.ballots[k].answer[row] == trial.verdicts.leading[k]]
    broken |= set(claimed) - set(agreed)
    sizes = [len(column.input.content) for k, column in mine if k not in broken]
    return Evidence(
        candidate=trial.names[row],
        tries=len(mine),
        survived=len(mine) - len(broken),
        claimed=len(claimed),
        agreed=len(agreed),
        largest_bytes=max(sizes, default=0),
        cpu_s=sum(column.outcomes[row].cpu_s for _, column in mine),
        breaks=_told(breaks),
        accused=accused,
    )


def _told(breaks: Sequence[Break]) -> tuple[Break, ...]:
    """The shortest of each kind and set of subtasks."""
    best: dict[tuple[BreakKind, frozenset[str]], Break] = {}
    for one in sorted(breaks, key=lambda one: (-one.probability, len(one.input.content))):
        best.setdefault((one.kind, one.input.subtasks), one)
    return tuple(sorted(best.values(), key=lambda one: len(one.input.content)))


def kind_of(status: RunStatus) -> BreakKind | None:
    """How a program broke that ended so; None where it ran to its end."""
    return _KINDS.get(status)


def _failure(trial: Trial, k: int, row: int) -> Break | None:
    """A break that needs no answer."""
    column = trial.columns[k]
    outcome = column.outcomes[row]
    kind = kind_of(outcome.status)
    if kind is None:
        return None
    ended = {trial.family[r] for r, one in column.outcomes.items() if one.status is RunStatus.OK}
    others = len({trial.family[r] for r in column.outcomes} - {trial.family[row]})
    if kind is BreakKind.TIME:
        if (row, k) in trial.cleared or not ended:
            return None
        again = (row, k) in trial.confirmed
        chance = accuse.time_chance(trial.task, again=again, ended=len(ended))
    else:
        chance = accuse.FAILED.get(kind, 0.97) * accuse.trusted(len(ended), others)
    return Break(
        candidate=trial.names[row],
        input=column.input,
        kind=kind,
        printed=outcome.printed,
        cpu_s=outcome.cpu_s,
        claim=None,
        probability=min(chance, 0.99),
        shrunk=False,
    )


def _wrong(trial: Trial, k: int, row: int, chance: float) -> Break:
    column = trial.columns[k]
    outcome = column.outcomes[row]
    return Break(
        candidate=trial.names[row],
        input=column.input,
        kind=BreakKind.WRONG,
        printed=outcome.printed,
        cpu_s=outcome.cpu_s,
        claim=claim_of(trial, k, row),
        probability=chance,
        shrunk=False,
    )


def claim_of(trial: Trial, k: int, row: int) -> Claim:
    """What is held for right on a column, as it is told of an accused program."""
    ballot, leading = trial.ballots[k], trial.verdicts.leading[k]
    say = sorted(one for one, answer in ballot.answer.items() if answer == leading)
    deny = sorted(one for one, answer in ballot.answer.items() if answer != leading)
    families, against, brutes = _families(trial, k, row)
    outcomes = trial.columns[k].outcomes
    return Claim(
        input_id=ballot.input.id,
        answer=_shortest([outcomes[one] for one in say]),
        supporters=tuple(trial.names[one] for one in say),
        against=tuple(trial.names[one] for one in deny),
        families=families,
        families_against=against,
        brutes=brutes,
        by_checker=trial.by_checker,
        probability=float(trial.verdicts.posterior[k]),
    )


def _shortest(outcomes: Sequence[Outcome]) -> bytes | None:
    printed = [one.printed for one in outcomes if one.printed is not None]
    return min(printed, key=len, default=None)


def accused_matrix(
    evidence: Mapping[str, Evidence], names: Sequence[str], subtasks: Sequence[str]
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """(P, S) chance that each candidate is wrong; 0 where nobody said so."""
    told = np.zeros((len(names), len(subtasks)))
    for row, name in enumerate(names):
        if name in evidence:
            accused = evidence[name].accused
            told[row] = [accused.get(subtask, 0.0) for subtask in subtasks]
    return told
