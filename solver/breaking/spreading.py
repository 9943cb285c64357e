"""What breaks an attacked program breaks those that do the same on the same input.

Few programs are attacked, all are run on the inputs that were kept. One that was not attacked is
accused as an attacked one with the same output there was, and of time where it ran out of it on an
input on which another one came to its end.
"""

from dataclasses import replace

from solver.breaking.types import Break, BreakKind, Broken, Evidence
from solver.types import Behaviour, GeneratedInput, RunStatus


def spread(broken: Broken, kept: Behaviour, slow: float) -> Broken:
    """Evidence of all programs.

    Args:
        kept: (P, K) what all programs did on the inputs of `broken`.
        slow: Chance to be wrong of one that ran out of time and was not run again.
    """
    place = {name: row for row, name in enumerate(kept.candidate_ids)}
    column = {name: j for j, name in enumerate(kept.input_ids)}
    models: dict[tuple[int, int, int], Break] = {}
    for told in broken.evidence.values():
        row = place[told.candidate]
        for one in told.breaks:
            j = column.get(one.input.id)
            if j is None:
                continue
            key = j, int(kept.status[row, j]), int(kept.digest[row, j])
            if key not in models or models[key].probability < one.probability:
                models[key] = one
    ended = (kept.status == RunStatus.OK).any(axis=0)
    for j, large in enumerate(broken.inputs):
        if ended[j]:
            models.setdefault((j, int(RunStatus.TIMEOUT), 0), _slow(large, slow))
    evidence = dict(broken.evidence)
    for name, row in place.items():
        if name in evidence or not (kept.status[row] != RunStatus.NOT_RUN).any():
            continue
        found = [
            models[key]
            for j in range(len(kept.input_ids))
            if (key := (j, int(kept.status[row, j]), int(kept.digest[row, j]))) in models
        ]
        evidence[name] = _of(name, row, found, kept)
    return replace(broken, evidence=evidence)


def _slow(one: GeneratedInput, chance: float) -> Break:
    return Break(
        candidate="",
        input=one,
        kind=BreakKind.TIME,
        printed=None,
        cpu_s=0.0,
        claim=None,
        probability=chance,
        shrunk=False,
    )


def _of(name: str, row: int, found: list[Break], kept: Behaviour) -> Evidence:
    accused: dict[str, float] = {}
    best: dict[BreakKind, Break] = {}
    for one in sorted(found, key=lambda one: len(one.input.content)):
        best.setdefault(one.kind, replace(one, candidate=name))
        for subtask in one.input.subtasks:
            accused[subtask] = max(accused.get(subtask, 0.0), one.probability)
    ran = kept.status[row] != RunStatus.NOT_RUN
    tries = int(ran.sum())
    return Evidence(
        candidate=name,
        tries=tries,
        survived=tries - len(found),
        claimed=0,
        agreed=0,
        largest_bytes=0,
        cpu_s=float(kept.cpu_s[row].sum()),
        breaks=tuple(best.values()),
        accused=accused,
    )
