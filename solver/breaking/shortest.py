"""The shortest breaking inputs of the programs that matter most: shrunk, the claim weighed anew.

What is short and breaks one program mostly breaks others too: it is tried on them before their own
inputs are shrunk, since asking validators at every cut is what this costs.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from sandbox.backend import Executable
from sandbox.data import Blob
from solver.breaking.claims import Ballot, weigh
from solver.breaking.config import BreakingConfig
from solver.breaking.evidence import CLAIMED, Trial, kind_of
from solver.breaking.legal import Legal
from solver.breaking.runs import Outcome, Runs, classes_of
from solver.breaking.shrink import shrink
from solver.breaking.telling import Telling
from solver.breaking.types import Break, BreakKind, Evidence
from solver.breaking.workplace import Workplace
from solver.types import GeneratedInput

_SHORT_BYTES = 40
"""Shorter ones are left as they are."""
_BORROWED = 6
"""Short inputs of other programs that are tried, the shortest first."""
_STRENGTH = 0.95
"""A claim on a shorter input must be as likely as this share of the one on the input found."""


def with_shorter(
    evidence: Mapping[int, Evidence],
    trial: Trial,
    targets: Mapping[int, Executable],
    place: Workplace,
    legal: Legal,
    runs: Runs,
    config: BreakingConfig,
    telling: Telling,
) -> dict[int, Evidence]:
    """The evidence with shorter inputs, for as many broken programs as `config.shown` says."""
    told = dict(evidence)
    if not config.shrink_runs or not legal.trusted:
        return told
    broken = [row for row, one in told.items() if one.breaks]
    short: dict[str, GeneratedInput] = {}
    for row in broken[: config.shown]:
        shorter = [
            _shorter(one, row, trial, targets, place, legal, runs, config, list(short.values()))
            for one in told[row].breaks
        ]
        short |= {one.input.id: one.input for one in shorter if one.shrunk}
        told[row] = replace(told[row], breaks=tuple(shorter))
        telling.more()
    return told


def _shorter(
    found: Break,
    row: int,
    trial: Trial,
    targets: Mapping[int, Executable],
    place: Workplace,
    legal: Legal,
    runs: Runs,
    config: BreakingConfig,
    others: Sequence[GeneratedInput],
) -> Break:
    """The break with a shorter input.

    Args:
        others: Short inputs, all validators asked, that break other programs.
    """
    if len(found.input.content) <= _SHORT_BYTES or found.kind is BreakKind.TIME:
        # What takes too long is large by nature, and every try would take the whole limit.
        return found
    if trial.by_checker and found.claim is not None:
        return found
    voters = _voters(found, row, trial)
    last: dict[str, tuple[Outcome, bytes | None, float]] = {}

    def breaks(one: GeneratedInput) -> bool:
        outcomes = runs.run({each: targets[each] for each in voters}, Blob.of_bytes(one.content))
        outcome = outcomes[row]
        if found.claim is None:
            last[one.id] = outcome, None, 0.0
            return kind_of(outcome.status) is found.kind
        answer = classes_of(outcomes)
        if row not in answer:
            return False
        # The other inputs stay what they were: only this one's votes are new.
        ballots = [*trial.ballots, Ballot(input=one, answer=answer)]
        verdicts = weigh(ballots, trial.family)
        posterior = float(verdicts.posterior[-1])
        right = [each for each, said in answer.items() if said == verdicts.leading[-1]]
        shown = min((outcomes[each].printed or b"" for each in right), key=len, default=None)
        last[one.id] = outcome, shown, posterior
        wrong = answer[row] != verdicts.leading[-1]
        strong = posterior >= max(CLAIMED, _STRENGTH * found.claim.probability)
        return wrong and strong and len(right) >= 1

    start = borrowed(found.input, others, breaks)
    short = start or shrink(
        found.input, place.counts, legal, breaks, config.shrink_runs // len(voters) + 8
    )
    if short.id == found.input.id:
        return found
    outcome, answer, posterior = last[short.id]
    claim = found.claim
    if claim is not None:
        claim = replace(claim, input_id=short.id, answer=answer, probability=posterior)
    return replace(
        found,
        # Who found it is told of the short one as well.
        input=replace(short, origin=found.input.origin),
        printed=outcome.printed,
        cpu_s=outcome.cpu_s,
        claim=claim,
        shrunk=True,
    )


def borrowed(
    found: GeneratedInput,
    others: Sequence[GeneratedInput],
    breaks: Callable[[GeneratedInput], bool],
) -> GeneratedInput | None:
    """A short input of another program's that breaks this one in the same way."""
    fitting = [one for one in others if one.subtasks >= found.subtasks]
    fitting = [one for one in fitting if len(one.content) <= min(_SHORT_BYTES, len(found.content))]
    fitting.sort(key=lambda one: (len(one.content), one.id))
    return next((one for one in fitting[:_BORROWED] if breaks(one)), None)


def _voters(found: Break, row: int, trial: Trial) -> list[int]:
    """The accused, and one program of each family that says otherwise, the most often right one."""
    if found.claim is None:
        return [row]
    number = {name: each for each, name in trial.names.items()}
    best: dict[int, int] = {}
    share = trial.verdicts.share
    for name in (*found.claim.supporters, *found.claim.against):
        each = number[name]
        kin = trial.family[each]
        if kin not in best or share.get(each, 0.0) > share.get(best[kin], 0.0):
            best[kin] = each
    others = sorted(best.values(), key=lambda each: -share.get(each, 0.0))[:10]
    return list(dict.fromkeys([row, *others]))
