"""Stage 2, again: drafts that are asked for with an input on which an earlier program fails.

What a prompt tells is decided once and kept in the run folder before anything is asked, so that a
run that was killed in the middle of a repair round asks the same again, and nothing twice.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from problems.task import Task
from solver.kept.whole_files import whole_file
from solver.sampling.config import SamplingConfig
from solver.sampling.engine import Request
from solver.sampling.plan import CANDIDATE, CELL_NUMBERS, ROUND_NUMBERS, STEP_CELLS, Wanted
from solver.sampling.prompts import Prompts
from solver.types import Candidate, Tried

MEND_TEMPERATURE = (0.2, 0.4)
"""A program that is to be changed as little as needed wants less chance than a new idea."""


class RepairMode(StrEnum):
    """What is asked for: the program with the fewest changes, or another idea."""

    MEND = "mend"
    FRESH = "fresh"


class Failing(StrEnum):
    """How a program fails on an input."""

    WRONG = "wrong"
    CRASH = "crash"
    TIME = "time"
    MEMORY = "memory"
    OUTPUT = "output"


class Counterexample(BaseModel):
    """An input on which a program is held to fail, in the words of a prompt."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    input_id: str
    input: str
    """Whole where it is short, else its size, shape and first lines."""
    size_bytes: int
    failing: Failing
    got: str = ""
    """The head of what the program printed; empty where it printed nothing."""
    expected: str | None = None
    """The head of the right output; None where nobody says one."""
    word: str
    """Who says so, a clause: "the statement gives this output"."""
    probability: float
    """How sure it is that the program is wrong here, 0 to 1."""


class RepairOrder(BaseModel):
    """Drafts to be asked for from one failing program."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    parent: str
    """The candidate's id."""
    subtask: str | None
    mode: RepairMode
    drafts: int
    examples: tuple[Counterexample, ...]
    """The shortest first; at least one."""
    earlier: tuple[str, ...] = ()
    """Ids of the programs that it came from by repair, the latest first."""


class RepairPlan(BaseModel):
    """What one repair round asks for; no orders where it is left out."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    orders: tuple[RepairOrder, ...] = ()
    stopped: str = ""
    """Why the round is left out, and all after it."""
    tokens: int | None = None
    """The round draws no more; None for no bound."""
    risk: float = 1.0
    """Promised before the round: the first submission is wrong with at most this chance."""
    gain_points: float = 0.0
    """Expected of the round."""
    plain_points: float = 0.0
    """Expected of as many plain samples."""

    @property
    def drafts(self) -> int:
        """All that it asks for."""
        return sum(order.drafts for order in self.orders)


def kept_plan(path: Path) -> RepairPlan | None:
    """The plan that a file keeps; None where there is none that can be read."""
    try:
        return RepairPlan.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None


def keep_plan(path: Path, plan: RepairPlan) -> None:
    """Keeps a plan; the file appears whole or not at all."""
    with whole_file(path) as partial:
        partial.write_text(plan.model_dump_json(indent=1) + "\n")


def plan_repairs(
    task: Task,
    config: SamplingConfig,
    prompts: Prompts,
    plan: RepairPlan,
    candidates: Mapping[str, Candidate],
    *,
    round: int,
    step: int,
    tried: Sequence[Tried] = (),
) -> list[Wanted]:
    """The requests of one repair round, drafts of one prompt next to each other.

    Args:
        candidates: By id, those that the plan names among them; an order whose parent is not
            there any more is left out.
        tried: What the judge said of programs that were handed in.
    """
    rng = np.random.default_rng([config.seed, round, step, *task.name.encode()])
    judged = {one.candidate.id: one for one in tried}
    wanted: list[Wanted] = []
    for place, order in enumerate(plan.orders):
        low, high = MEND_TEMPERATURE if order.mode is RepairMode.MEND else config.temperature
        # Drawn for every order, also one that is left out: the others' must not depend on it.
        temperature = float(f"{rng.uniform(low, high):.2f}")
        parent = candidates.get(order.parent)
        if parent is None:
            continue
        earlier = tuple(candidates[name] for name in order.earlier if name in candidates)
        messages = prompts.repair(
            task,
            parent=parent,
            subtask=order.subtask,
            mode=order.mode.value,
            examples=[one.model_dump(mode="json") for one in order.examples],
            earlier=earlier,
            judged=judged.get(order.parent),
            reasoning_tokens=config.reasoning_tokens,
            system=config.system,
        )
        cell = step * STEP_CELLS + place
        wanted += [
            Wanted(
                request=Request(
                    messages=messages,
                    parameters=config.parameters(temperature),
                    seed=((config.seed * 101 + round) * 1009 + cell) * CELL_NUMBERS,
                    index=index,
                    language=parent.language,
                ),
                kind=CANDIDATE,
                number=round * ROUND_NUMBERS + cell * CELL_NUMBERS + index,
                subtask=order.subtask,
                language=parent.language,
                round=round,
                step=step,
                parent=parent.id,
            )
            for index in range(order.drafts)
        ]
    return wanted
