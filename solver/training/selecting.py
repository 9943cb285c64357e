"""Which right programs become rows: doubles go, and no task, subtask or behaviour fills the data.

Rejection sampling as in STaR (Zelikman et al. 2022, arXiv 2203.14465) keeps whatever is right; so
most of what it keeps is what the model could do already. Here a program is right or not on each
subtask by itself, and the hard subtasks come first.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from solver.sampling.answers.dedup import normalised
from solver.source_text import cleaned
from solver.submissions import is_outputs, text_digest
from solver.training.rows import Difficulty
from solver.training.sources import Source, TrainingTask
from solver.types import Candidate

_T = TypeVar("_T")


class SelectConfig(BaseModel):
    """How many programs are kept, and of what."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: int = Field(default=2000, ge=1)
    """Of all tasks together; the hard subtasks' come first, a task at a time."""
    per_cell: int = Field(default=8, ge=1)
    """Programs of one task and subtask."""
    per_behaviour: int = Field(default=3, ge=1)
    """Of these, programs that behave alike on everything that they were run on."""
    languages: tuple[str, ...] = ()
    """Only these; empty takes all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RightProgram:
    """A program with full points on a subtask.

    Attributes:
        behaviour: Equal for programs that did the same on all that they were run on, and have the
            same points on every subtask.
    """

    place: str
    candidate: Candidate
    behaviour: str


@dataclass(slots=True)
class Cell:
    """A subtask's candidates.

    Attributes:
        subtask: None where the task has only one.
        total: Candidates that were judged.
        solved: Of these, those with full points here, doubles counted.
        right: Of these, one of each text.
    """

    of: TrainingTask
    subtask: str | None
    total: int = 0
    solved: int = 0
    right: list[RightProgram] = field(default_factory=list)

    @property
    def difficulty(self) -> Difficulty:
        """By the share of all candidates that solve it."""
        return Difficulty.of(self.solved / self.total if self.total else 0.0)


def cells_of(sources: Iterable[Source], languages: Sequence[str] = ()) -> list[Cell]:
    """The subtasks of all sources' tasks, with what is right on each.

    Programs that are the same up to names and layout are one, and so are those that compile to the
    same bytes.
    """
    cells: dict[tuple[str, str | None], Cell] = {}
    seen: set[tuple[str, str | None, str]] = set()
    for source in sources:
        truth, right, behaviour = source.truth, source.truth.right, _behaviours(source)
        single = len(truth.subtasks) == 1
        for s, name in enumerate(truth.subtasks):
            key = source.of.task.name, None if single else name
            cell = cells.setdefault(key, Cell(of=source.of, subtask=key[1]))
            cell.total += len(source.candidates)
            cell.solved += int(right[:, s].sum())
            # What was asked for this subtask first: it is the plainer program for it.
            rows = np.flatnonzero(right[:, s]).tolist()
            asked = [row for row in rows if source.candidates[row].subtask == name]
            for row in dict.fromkeys(asked + rows):
                one = source.candidates[row]
                if is_outputs(one) or (languages and one.language not in languages):
                    continue
                marks = {
                    (*key, mark) for mark in (_text_of(one), truth.program_digests[row]) if mark
                }
                if marks & seen:
                    continue
                seen |= marks
                cell.right.append(
                    RightProgram(place=source.place, candidate=one, behaviour=behaviour[row])
                )
    return list(cells.values())


def _text_of(candidate: Candidate) -> str:
    return normalised(cleaned(candidate.source), candidate.language)


def _behaviours(source: Source) -> list[str]:
    """Length P: what each did, and what it is worth. Without inputs every text is on its own."""
    points = source.truth.points
    seen = source.behaviour
    if seen is None or not seen.input_ids:
        return [f"{text_digest(one)}" for one in source.candidates]
    rows = {name: row for row, name in enumerate(seen.candidate_ids)}
    return [
        (
            seen.status[rows[one.id]].tobytes()
            + seen.digest[rows[one.id]].tobytes()
            + points[row].tobytes()
        ).hex()
        for row, one in enumerate(source.candidates)
    ]


def chosen(cells: Iterable[Cell], config: SelectConfig) -> list[tuple[Cell, RightProgram]]:
    """The programs that become rows, hard ones first.

    A turn goes to hard, middle and easy subtasks one after the other; in each, to a task after the
    other, and in the task to a subtask after the other. So wherever `config.rows` cuts, no task and
    no difficulty has many more than another that has more to give.
    """
    piles: dict[Difficulty, dict[str, list[Cell]]] = {each: {} for each in Difficulty}
    for cell in cells:
        if cell.right:
            piles[cell.difficulty].setdefault(cell.of.task.name, []).append(cell)
    by_difficulty = [
        _in_turn(
            [
                _in_turn([[(cell, one) for one in _of_cell(cell, config)] for cell in own])
                for own in tasks.values()
            ]
        )
        for tasks in piles.values()
    ]
    return _in_turn(by_difficulty)[: config.rows]


def _of_cell(cell: Cell, config: SelectConfig) -> list[RightProgram]:
    """One of each behaviour before a second of any, within both limits."""
    alike: dict[str, list[RightProgram]] = {}
    for one in cell.right:
        alike.setdefault(one.behaviour, []).append(one)
    kept = [group[: config.per_behaviour] for group in alike.values()]
    return _in_turn(kept)[: config.per_cell]


def _in_turn(lists: Sequence[Sequence[_T]]) -> list[_T]:
    """The first of each list, then the second of each, and so on."""
    longest = max(map(len, lists), default=0)
    return [each[place] for place in range(longest) for each in lists if place < len(each)]
