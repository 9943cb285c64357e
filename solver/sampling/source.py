"""Stage 2 as the pipeline sees it: a task in, candidates and helpers out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from problems.task import Task
from solver.errors import PoolError
from solver.sampling.plan import Wanted
from solver.sampling.pools.pool import pool_of
from solver.sampling.repairs import RepairPlan
from solver.sampling.tally import Tally
from solver.types import Candidate, HelperProgram, PrepareRequest, Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What a source gives for one task and round.

    Attributes:
        candidates: At least one; those of earlier rounds included, under their old ids.
        tokens: Of this round's samples, whenever they were drawn: a resumed run has the same clock.
            0 for a recorded pool.
        tally: What became of the answers; None where nobody counted.
        rest: Samples that are left to give out by what the first ones came to.
    """

    candidates: tuple[Candidate, ...]
    helpers: tuple[HelperProgram, ...]
    tokens: int = 0
    rest: int = 0
    tally: Tally | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What a model has taken in a run so far, earlier calls included.

    Attributes:
        cost: In the unit of the prices; 0 where none are known.
    """

    tokens: int = 0
    prompt_tokens: int = 0
    cost: float = 0.0

    def __add__(self, other: "Spent") -> "Spent":
        return Spent(
            tokens=self.tokens + other.tokens,
            prompt_tokens=self.prompt_tokens + other.prompt_tokens,
            cost=self.cost + other.cost,
        )


class Source(Protocol):
    """Where candidates come from."""

    def spent(self) -> Spent:
        """What it has cost; may be asked while it draws."""

    def draw(
        self,
        task: Task,
        request: PrepareRequest,
        progress: Progress,
        shares: Mapping[str, float] | None = None,
    ) -> Drawn:
        """All candidates for this round. Asked again, it gives the same without drawing anew.

        At most `request.tokens` are drawn for the round, and what is in flight when they are spent.

        Args:
            shares: Subtask name to its share of the `rest` that an earlier call left.

        Raises:
            SolverError: Nothing can be drawn; what was drawn before is kept.
        """

    def mend(
        self,
        task: Task,
        request: PrepareRequest,
        plan: RepairPlan,
        step: int,
        drawn: Drawn,
        progress: Progress,
    ) -> Drawn:
        """All candidates with the drafts of one repair round; asked again, it gives the same.

        Args:
            step: 1 for the first repair round of the request's round.
            drawn: What the plan was made from.

        Returns:
            `tokens` are those of this repair round alone.

        Raises:
            SolverError: Nothing can be drawn; what was drawn before is kept.
        """

    def ask(
        self, task: Task, wanted: Sequence[Wanted], progress: Progress
    ) -> tuple[list[str | None], int]:
        """Texts to questions that want no program, in their order, None where a limit ended the
        drawing; and their tokens. Asked again, it gives the same without drawing anew.

        Raises:
            SolverError: Nothing can be drawn; what was drawn before is kept.
        """

    @property
    def mends(self) -> bool:
        """It can be asked about programs (`mend`, `ask`): no recording can."""


class PoolSource:
    """Recorded pools: one file, or a folder with `<task>.jsonl`."""

    mends = False

    def __init__(self, path: Path, limit: int | None = None, task_name: str | None = None) -> None:
        """Args:
        limit: Candidates taken from the front of a pool; None takes all.
        task_name: What the pool calls the task; None: its own name.

        Raises:
            PoolError: There is no such file or folder.
        """
        if not path.exists():
            raise PoolError(f"{path}: no such pool file or folder of pools")
        self._path = path
        self._limit = limit
        self._task_name = task_name

    def spent(self) -> Spent:
        """Nothing: they were drawn before."""
        return Spent()

    def draw(
        self,
        task: Task,
        request: PrepareRequest,
        progress: Progress,
        shares: Mapping[str, float] | None = None,
    ) -> Drawn:
        """The recorded candidates; a recording has no second round."""
        file = self._path / f"{task.name}.jsonl" if self._path.is_dir() else self._path
        if not file.exists():
            raise PoolError(f"{file}: no recorded pool for task {task.name!r}")
        pool = pool_of(file, task.name, self._task_name)
        candidates = pool.candidates[: self._limit]
        progress(len(candidates), len(candidates))
        left_out = dict(pool.left_out)
        if len(candidates) < len(pool.candidates):
            left_out["over_the_limit"] = len(pool.candidates) - len(candidates)
        tally = Tally(
            answers=len(candidates) + sum(left_out.values()),
            candidates=len(candidates),
            no_program=left_out,
            helpers=len(pool.helpers),
        )
        return Drawn(candidates=candidates, helpers=pool.helpers, tally=tally)

    def mend(
        self,
        task: Task,
        request: PrepareRequest,
        plan: RepairPlan,
        step: int,
        drawn: Drawn,
        progress: Progress,
    ) -> Drawn:
        """Never asked for.

        Raises:
            PoolError: Always.
        """
        raise PoolError(f"{self._path}: a recording cannot be asked for a repaired program")

    def ask(
        self, task: Task, wanted: Sequence[Wanted], progress: Progress
    ) -> tuple[list[str | None], int]:
        """Never asked.

        Raises:
            PoolError: Always.
        """
        raise PoolError(f"{self._path}: a recording answers no questions")
