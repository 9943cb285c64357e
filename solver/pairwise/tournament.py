"""The tournament: every contender is linked to its neighbour first, then neighbours by strength
meet (Swiss) until the budget is spent; the strengths move the contenders' estimates.

What all contenders together are believed to be worth stays: votes only share it out anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from problems.task import Task
from solver.kept.inputs import kept_inputs
from solver.pairwise.contenders import Contender, contenders_of, next_pairs, separating_input
from solver.pairwise.strengths import strengths
from solver.pairwise.votes import share_won, votes_wanted
from solver.repair.findings import Looked
from solver.repair.stops import believed
from solver.sampling.config import SamplingConfig
from solver.sampling.plan import Wanted
from solver.sampling.prompts import Prompts
from solver.sampling.source import Source
from solver.strategies.base import View
from solver.submissions import within_reach
from solver.types import Progress

WEIGHT = 0.7
"""How much of a strength counts: votes are kept below the evidence of inputs and submissions. Not
fitted: no recorded pool holds votes (docs/experiments/breaking.md)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tournament:
    """What the comparisons came to.

    Attributes:
        subtask: On which contenders were compared.
        contenders: Ids of their candidates, the strongest first.
        strengths: Their Bradley-Terry strengths, mean 0.
        pairs: Comparisons made; `ties` of them were ties, a split vote among those.
        tokens: Drawn for the votes.
    """

    subtask: str
    contenders: tuple[str, ...]
    strengths: tuple[float, ...]
    pairs: int
    ties: int
    tokens: int

    def as_record(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "subtask": self.subtask,
            "contenders": list(self.contenders),
            "strengths": [round(each, 4) for each in self.strengths],
            "pairs": self.pairs,
            "ties": self.ties,
            "tokens": self.tokens,
        }


def compared(
    task: Task,
    looked: Looked,
    source: Source,
    prompts: Prompts,
    config: SamplingConfig,
    round: int,
    progress: Progress,
) -> tuple[View, Tournament | None]:
    """The view with the estimates that the votes leave; None where comparing does not pay.

    Raises:
        SolverError: The source failed; what was drawn is kept.
        SandboxError: The sandbox failed.
    """
    view, looked = looked.view, looked.of_programs()
    chance = believed(looked.view)
    points = np.array([subtask.max_points for subtask in task.subtasks]) * within_reach(task)
    # The subtask at which the likeliest program aims.
    s = int((chance * points).max(axis=0, initial=0.0).argmax())
    contenders = contenders_of(looked.view, chance, s)
    if not contenders:
        return view, None
    contents = kept_inputs(looked.bench.run)
    shares: dict[tuple[int, int], float] = {}
    met: set[tuple[int, int]] = set()
    order: Sequence[int] = range(len(contenders))
    tokens = asked = 0
    while len(met) < config.pairs:
        pairs = next_pairs(order, met, config.pairs - len(met))
        if not pairs:
            break
        met.update(pairs)
        wanted: dict[tuple[int, int], list[Wanted]] = {}
        for i, j in pairs:
            rows = contenders[i].row, contenders[j].row
            content = separating_input(looked.view, s, *rows, contents)
            if content is not None:
                wanted[i, j] = votes_wanted(
                    task, looked, rows, content, prompts, config, round=round, number=asked
                )
                asked += 1
        answers, spent = source.ask(
            task, [each for two in wanted.values() for each in two], progress
        )
        tokens += spent
        for at, pair in enumerate(wanted):
            shares[pair] = share_won(answers[2 * at : 2 * at + 2])
        strong = strengths(len(contenders), shares)
        order = np.argsort(-strong, kind="stable").tolist()
    if not shares:
        return view, None
    strong = strengths(len(contenders), shares)
    order = np.argsort(-strong, kind="stable").tolist()
    told = Tournament(
        subtask=task.subtasks[s].name,
        contenders=tuple(looked.view.candidates[contenders[k].row].id for k in order),
        strengths=tuple(float(strong[k]) for k in order),
        pairs=len(shares),
        ties=sum(share == 0.5 for share in shares.values()),
        tokens=tokens,
    )
    return _moved(view, s, contenders, strong.tolist()), told


def _moved(view: View, s: int, contenders: Sequence[Contender], strong: Sequence[float]) -> View:
    """Estimates of the contenders' clusters, their sum shared out by strength."""
    before = np.array([one.chance for one in contenders])
    after = before * np.exp(WEIGHT * np.array(strong))
    factor = after * (before.sum() / after.sum()) / before
    probability = view.estimate.probability.copy()
    for one, by in zip(contenders, factor.tolist(), strict=True):
        rows = view.clusters.label[:, s] == one.label
        probability[rows, s] = np.minimum(1.0, probability[rows, s] * by)
    return replace(view, estimate=replace(view.estimate, probability=probability))
