"""Which of the tried inputs join the behaviour matrix, so that clusters and estimates see them."""

from collections.abc import Mapping

from solver.breaking.evidence import Trial
from solver.breaking.types import Evidence
from solver.breaking.workplace import Workplace
from solver.types import GeneratedInput, RunStatus

_LARGE = 2
"""Near the bounds: all programs of a pool are run on them, the slow ones to their limit."""
_LARGER = 4
"""An input so many times larger than all before is kept whatever happened on it: nobody but the
attacked programs was run near the bounds."""


def columns_to_keep(
    trial: Trial, evidence: Mapping[int, Evidence], place: Workplace, most: int
) -> list[GeneratedInput]:
    """Inputs that break somebody, then those that tell programs apart, the shorter ones first."""
    known = {one.id for one in place.inputs}
    fresh = {
        column.input.id: k for k, column in enumerate(trial.columns) if column.input.id not in known
    }
    chosen: dict[str, GeneratedInput] = {}
    before = max((len(one.content) for one in place.inputs), default=0)
    large = [trial.columns[k] for k in fresh.values() if trial.columns[k].large]
    for column in sorted(large, key=lambda column: -len(column.input.content)):
        slow = any(one.status is RunStatus.TIMEOUT for one in column.outcomes.values())
        first = not chosen and len(column.input.content) > _LARGER * before
        if (slow or first) and len(chosen) < min(_LARGE, most):
            chosen.setdefault(column.input.id, column.input)
    group = dict.fromkeys(trial.names, 0)
    breaking = {
        one.input.id: one.input
        for told in sorted(evidence.values(), key=lambda told: -max([0.0, *told.accused.values()]))
        for one in told.breaks
        if one.input.id in fresh
    }
    small = sorted(
        (k for k in fresh.values() if not trial.columns[k].large),
        key=lambda k: (
            trial.columns[k].input.id not in breaking,
            len(trial.columns[k].input.content),
        ),
    )
    for k in small:
        if len(chosen) >= most:
            break
        answer = trial.ballots[k].answer
        finer = {row: hash((group[row], answer.get(row, -1))) for row in group}
        if len(set(finer.values())) > len(set(group.values())):
            group = finer
            chosen.setdefault(trial.columns[k].input.id, trial.columns[k].input)
    return list(chosen.values())
