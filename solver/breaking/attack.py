"""The attack: small inputs for what is wrong, large ones for what is slow, within a budget.

Small inputs come first, and are run on all attacked programs: what is wrong mostly shows on them,
they are cheap, and the brute-force programs among the candidates answer them. Then inputs at the
bounds, the largest first; a program that ran out of time on one, or on a small one, is not run on
the next. All of it
is kept in the run folder, so a killed attack goes on where it was.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from sandbox.backend import Executable
from sandbox.data import Blob
from solver.breaking.config import BreakingConfig
from solver.breaking.ladder import large_drafts, rungs
from solver.breaking.legal import Draft, Legal
from solver.breaking.runs import Outcome, Runs
from solver.breaking.small import SMALL_BYTES, small_drafts
from solver.breaking.telling import Telling
from solver.breaking.workplace import Workplace
from solver.types import GeneratedInput, RunStatus

_BATCH = 16
_QUIET = 48
"""Small inputs in a row that told no two programs apart, after which no more are tried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """An input, and what the attacked programs did on it.

    Attributes:
        outcomes: Candidate's row to what it did; those that were not run are missing.
        large: It was made to be near the bounds.
    """

    input: GeneratedInput
    outcomes: Mapping[int, Outcome]
    large: bool = False


@dataclass(slots=True, kw_only=True)
class Attacked:
    """What an attack came to.

    Attributes:
        columns: In the order in which they were run.
        slow: Rows that ran out of time on some input, mostly a large one.
    """

    columns: list[Column] = field(default_factory=list)
    slow: set[int] = field(default_factory=set)


def attack(
    place: Workplace,
    legal: Legal,
    targets: Mapping[int, Executable],
    runs: Runs,
    config: BreakingConfig,
    cpu_s: float,
    brutes: Mapping[int, Executable] | None = None,
    proposed: Sequence[GeneratedInput] = (),
    telling: Telling | None = None,
) -> Attacked:
    """Runs the targets on inputs that might break them.

    Args:
        targets: Candidate's row to its program.
        cpu_s: Most CPU time of the targets; the large inputs get what the small ones leave, and
            two fifths of it at least.
        brutes: Programs that vote on small inputs and are not attacked.
        proposed: Legal inputs that are run before those that are made here.
        telling: Told of every input that was tried.

    Raises:
        SandboxError: The sandbox failed.
    """
    done = Attacked()
    known = {one.content for one in place.inputs}
    proposed = [one for one in proposed if one.content not in known]
    known = {one.content for one in proposed}
    voters = {**targets, **(brutes or {})}
    _proposed(done, proposed, voters, runs, 0.6 * cpu_s)
    drafts = small_drafts(place, legal, config.small, config.seed)
    drafts = [draft for draft in drafts if draft[0] not in known]
    _small(done, drafts, legal, voters, runs, 0.6 * cpu_s, telling)
    for column in done.columns:  # one time-out a program is enough
        done.slow |= _out_of_time(column.outcomes) & targets.keys()
    long = [one for one in proposed if len(one.content) > SMALL_BYTES]
    large = rungs(large_drafts(place, legal, config), place, config.ladder)
    large = [one for one in large if one.content not in known]
    _large(done, [*long, *large], targets, runs, cpu_s, telling)
    return done


def _out_of_time(outcomes: Mapping[int, Outcome]) -> set[int]:
    """Rows that are too slow on an input."""
    return {row for row, each in outcomes.items() if each.status is RunStatus.TIMEOUT}


def _proposed(
    done: Attacked,
    proposed: Sequence[GeneratedInput],
    targets: Mapping[int, Executable],
    runs: Runs,
    cpu_s: float,
) -> None:
    """The short ones; the long ones are run before the ladder."""
    for one in proposed:
        if len(one.content) <= SMALL_BYTES and runs.cpu_s < cpu_s:
            told = runs.run(targets, Blob.of_bytes(one.content))
            done.columns.append(Column(input=one, outcomes=told))


def _small(
    done: Attacked,
    drafts: Sequence[Draft],
    legal: Legal,
    targets: Mapping[int, Executable],
    runs: Runs,
    cpu_s: float,
    telling: Telling | None,
) -> None:
    """Runs first, and asks all validators only where programs differ or fail: where all print the
    same, one validator's word is enough to count the input as survived."""
    group = dict.fromkeys(targets, 0)
    quiet = 0
    for start in range(0, len(drafts), _BATCH):
        if runs.cpu_s >= cpu_s or quiet >= _QUIET:
            return
        batch = drafts[start : start + _BATCH]
        told = runs.run_on(targets, [Blob.of_bytes(content) for content, _ in batch])
        apart = [k for k in range(len(batch)) if len({_word(one) for one in told[k].values()}) > 1]
        looked = legal.look([batch[k] for k in apart], as_meant=not legal.trusted)
        known = {one.content: one for one in looked}
        for k, (content, _) in enumerate(batch):
            one = known.get(content)
            if k not in apart:
                one = legal.unsplit(content)
            if one is None:
                continue
            done.columns.append(Column(input=one, outcomes=told[k]))
            finer = {row: hash((group[row], _word(told[k][row]))) for row in targets}
            news = len(set(finer.values())) > len(set(group.values()))
            quiet = 0 if news else quiet + 1
            group = finer
        if telling is not None:
            telling.more(len(batch))


def _word(outcome: Outcome) -> tuple[int, int]:
    return int(outcome.status), outcome.digest


def _large(
    done: Attacked,
    inputs: Sequence[GeneratedInput],
    targets: Mapping[int, Executable],
    runs: Runs,
    cpu_s: float,
    telling: Telling | None,
) -> None:
    spent = np.zeros(max(targets, default=0) + 1)
    for column in done.columns:
        for row, outcome in column.outcomes.items():
            spent[row] += outcome.cpu_s
    lost_s = 0.0  # a time-out is paid once a program, and must not cost the others their inputs
    for one in inputs:
        left = sorted((row for row in targets if row not in done.slow), key=lambda row: spent[row])
        if not left or runs.cpu_s - lost_s >= cpu_s:
            return
        blob = Blob.of_bytes(one.content)
        told: dict[int, Outcome] = {}
        for start in range(0, len(left), _BATCH):
            part = runs.run({row: targets[row] for row in left[start : start + _BATCH]}, blob)
            lost_s += sum(e.cpu_s for e in part.values() if e.status is RunStatus.TIMEOUT)
            told |= part
            if runs.cpu_s - lost_s >= cpu_s:
                break
        done.columns.append(Column(input=one, outcomes=told, large=True))
        done.slow |= _out_of_time(told)
        if telling is not None:
            telling.more()
