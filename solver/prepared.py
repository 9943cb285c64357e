"""Stages 2 to 7 as the contest sees them: ask for a task's candidates, get a view and its cost."""

from dataclasses import dataclass
from typing import Protocol

from problems.task import Task
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
    """

    view: View
    tokens: int = 0
    cpu_s: float = 0.0
    clusters: int = 0
    tally: Tally | None = None
    repaired: tuple[RepairRound, ...] = ()
    compared: Tournament | None = None


class Preparer(Protocol):
    """Samples, compiles, runs, clusters and estimates. Must be resumable: asked again for the same
    task and round, it gives the same view without sampling anew."""

    def __call__(self, task: Task, request: PrepareRequest) -> PreparedTask:
        """The view of this task for this round."""
