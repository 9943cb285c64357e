"""Stages 2 to 7 as the contest sees them: ask for a task's candidates, get a view and its cost."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from problems.task import Task
from solver.diagnosing.asking import Diagnosed
from solver.observing.examples import passes_examples
from solver.pairwise.tournament import Tournament
from solver.repair.rounds import RepairRound
from solver.sampling.tally import Tally
from solver.strategies.base import View
from solver.types import PrepareRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedTask:
    """A task that is ready to be played.

    Attributes:
        view: What the strategy sees. In a later round it still holds every candidate that was
            submitted before, under the same id.
        tokens: Tokens sampled for this round (0 for a recorded pool).
        cpu_s: CPU time of the programs and compilers run for this round.
        clusters: Distinct behaviours found, for the display.
        tally: What became of all answers; None where nobody counted.
        repaired: The repair rounds, the last one with the reason why there is none after it.
        compared: What the model said of programs by pairs; None where it was not asked.
        diagnosed: What its diagnoses came to; None where it was asked for none.
    """

    view: View
    tokens: int = 0
    cpu_s: float = 0.0
    clusters: int = 0
    tally: Tally | None = None
    repaired: tuple[RepairRound, ...] = ()
    compared: Tournament | None = None
    diagnosed: Diagnosed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubtaskNumbers:
    """What became of the samples, for one subtask.

    Attributes:
        drawn: Candidates that were asked for this subtask.
        clusters: Distinct behaviours on its inputs.
        best: The best estimate.
    """

    name: str
    drawn: int
    clusters: int
    best: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskNumbers:
    """What became of a task's samples, for people.

    Attributes:
        drawn: Answers.
        refused: Why an answer is no candidate to how many were lost so.
        distinct: Candidates that are no other one in other words.
        compiled: Of the candidates.
        passing: Of the candidates, those that are right on all examples.
    """

    drawn: int
    refused: Mapping[str, int]
    distinct: int
    compiled: int
    passing: int
    subtasks: tuple[SubtaskNumbers, ...]


def numbers_of(prepared: PreparedTask) -> TaskNumbers:
    """Counts a view."""
    view, tally = prepared.view, prepared.tally
    candidates = len(view.candidates)
    refused: dict[str, int] = {}
    duplicates, not_compiled = 0, 0
    if tally is not None:
        refused = {**tally.no_program, **({"refused": tally.refused} if tally.refused else {})}
        duplicates, not_compiled = tally.duplicates, tally.not_compiled or 0
    asked = Counter(candidate.subtask for candidate in view.candidates)
    label, estimate = view.clusters.label, view.estimate.probability
    return TaskNumbers(
        drawn=tally.answers if tally is not None else candidates,
        refused=refused,
        distinct=candidates - duplicates,
        compiled=candidates - not_compiled,
        passing=int(passes_examples(view.behaviour).sum()),
        subtasks=tuple(
            SubtaskNumbers(
                name=name,
                drawn=asked[name],
                clusters=len(np.unique(label[label[:, column] >= 0, column])),
                best=float(estimate[:, column].max(initial=0.0)),
            )
            for column, name in enumerate(view.behaviour.subtasks)
        ),
    )


class Preparer(Protocol):
    """Samples, compiles, runs, clusters and estimates. Must be resumable: asked again for the same
    task and round, it gives the same view without sampling anew."""

    def __call__(self, task: Task, request: PrepareRequest) -> PreparedTask:
        """The view of this task for this round."""
