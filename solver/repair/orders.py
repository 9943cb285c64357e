"""Repair, second: which programs are to be repaired, and whether by a mend or a fresh idea.

One parent a family (programs that behave alike), the one broken by the fewest inputs; two to four
drafts each. A program that is too slow, or wrong on more than half of the inputs that tell, wants
another idea: a patch does not change an algorithm. One that fails on few, or crashes, is mended.
"""

from collections.abc import Mapping, Sequence, Set

import numpy as np
from numpy.typing import NDArray

from solver.repair.findings import Finding, Looked, told
from solver.sampling.answers.dedup import normalised
from solver.sampling.repairs import Failing, RepairMode, RepairOrder
from solver.source_text import cleaned
from solver.submissions import within_reach
from solver.types import Candidate, RunStatus

DRAFTS = 3
"""Drafts a parent, where there are parents enough."""
BELIEVED = 0.9
"""A subtask is not worked on any more once a candidate is this likely to solve it."""
SURE = 0.6
"""Findings below this do not speak against a program's idea as a whole."""


def orders_of(
    looked: Looked,
    chance: NDArray[np.float64],
    findings: Mapping[int, Sequence[Finding]],
    drafts: int,
    used: Set[tuple[str, str]],
) -> tuple[RepairOrder, ...]:
    """What one repair round asks for.

    Args:
        looked: At programs; subtasks that files alone solve are not worked on.
        chance: (P, S) that each candidate solves each subtask.
        findings: Row of a candidate to its findings.
        drafts: Samples to be shared out.
        used: Pairs of `pair_of` that were told in earlier rounds; their families wait for news.

    Returns:
        Orders whose drafts sum to `drafts`, the most promising parent first; none where nothing new
        is broken.
    """
    view = looked.view
    names = [subtask.name for subtask in view.task.subtasks]
    points = np.array([subtask.max_points for subtask in view.task.subtasks])
    best = chance.max(axis=0, initial=0.0)
    believed = {
        name
        for name, chance, reached in zip(names, best.tolist(), within_reach(view.task), strict=True)
        if chance >= BELIEVED or not reached
    }
    families: dict[bytes, list[int]] = {}
    for row in findings:
        subtask = view.candidates[row].subtask
        if believed.issuperset(names if subtask is None else [subtask]):
            continue
        families.setdefault(view.clusters.label[row].tobytes(), []).append(row)
    worth = chance @ points
    parents = []
    for rows in families.values():
        if any(pair_of(view.candidates[row], findings[row][0].input.id) in used for row in rows):
            continue
        parents.append(min(rows, key=lambda row: _preference(row, looked, findings, worth)))
    parents.sort(key=lambda row: _preference(row, looked, findings, worth))
    parents = parents[: max(1, drafts // DRAFTS)]
    if not parents or not drafts:
        return ()
    even, more = divmod(drafts, len(parents))
    return tuple(
        RepairOrder(
            parent=view.candidates[row].id,
            subtask=view.candidates[row].subtask,
            mode=_mode(row, looked, findings[row]),
            drafts=even + (place < more),
            examples=told(row, findings[row], looked),
            earlier=_earlier(view.candidates[row], view.candidates),
        )
        for place, row in enumerate(parents)
        if even + (place < more)
    )


def pair_of(candidate: Candidate, input_id: str) -> tuple[str, str]:
    """A program, comments and names left out, and the input that it is told to fail on."""
    return normalised(cleaned(candidate.source), candidate.language), input_id


def _preference(
    row: int,
    looked: Looked,
    findings: Mapping[int, Sequence[Finding]],
    worth: NDArray[np.float64],
) -> tuple[bool, float, float, int, int]:
    """Least is best: surely broken, seldom wrong, worth much, short, early."""
    wrong = round(_wrong_share(row, looked, findings[row]), 1)
    doubtful = findings[row][0].probability < SURE
    size = len(looked.view.candidates[row].source)
    return doubtful, wrong, -float(worth[row]), size, row


def _wrong_share(row: int, looked: Looked, findings: Sequence[Finding]) -> float:
    """Share of the inputs that tell right from wrong on which the program is wrong."""
    view, behaviour = looked.view, looked.view.behaviour
    known = behaviour.expected != 0
    failed = int((known & (behaviour.digest[row] != behaviour.expected)).sum())
    telling = int(known.sum())
    evidence = looked.evidence.get(view.candidates[row].id)
    if evidence is not None:
        telling += evidence.claimed
        failed += evidence.claimed - evidence.agreed
    elif not failed:
        ran = behaviour.status[row] != RunStatus.NOT_RUN
        telling = max(1, int(ran.sum()))
        failed = sum(one.probability >= SURE for one in findings)
    return failed / max(1, telling)


def _mode(row: int, looked: Looked, findings: Sequence[Finding]) -> RepairMode:
    slow = findings[0].failing in (Failing.TIME, Failing.MEMORY)
    lost = _wrong_share(row, looked, findings) > 0.5
    return RepairMode.FRESH if slow or lost else RepairMode.MEND


def _earlier(candidate: Candidate, candidates: Sequence[Candidate]) -> tuple[str, ...]:
    by_id = {one.id: one for one in candidates}
    chain: list[str] = []
    at = candidate
    while at.parent is not None and at.parent in by_id and at.parent not in chain:
        chain.append(at.parent)
        at = by_id[at.parent]
    return tuple(chain)
