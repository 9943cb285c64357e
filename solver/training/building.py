"""From right programs to rows: the prompt that sampling would ask, and the program as an answer."""

from collections.abc import Iterable, Sequence

from problems.task import Subtask, Task
from solver.sampling.config import SamplingConfig
from solver.sampling.engine import Message
from solver.sampling.prompts import LANGUAGE_TAGS, Prompts
from solver.submissions import text_digest
from solver.training.rows import Kind, Origin, TrainingRow, row_id, turns
from solver.training.selecting import Cell, RightProgram
from solver.training.sources import TrainingTask
from solver.types import Candidate


def answer_of(candidate: Candidate, *, chat: bool = True) -> str:
    """A program as the answer that extraction takes it from.

    Args:
        chat: False for a base model, whose prompt has opened the fence already.
    """
    source = candidate.source.strip("\n")
    if not chat:
        return f"{source}\n```"
    return f"```{LANGUAGE_TAGS.get(candidate.language, 'cpp')}\n{source}\n```"


def prompt_for(
    task: Task,
    subtask: str | None,
    language: str,
    prompts: Prompts,
    *,
    chat: bool = True,
    asked: SamplingConfig | None = None,
) -> tuple[Message, ...]:
    """The prompt of sampling, in the version for this subtask, without a tag.

    Args:
        asked: Says what system turn is sent, and how long the model may think.
    """
    asked = asked or SamplingConfig()
    return prompts.candidate(
        task,
        subtask_of(task, subtask),
        language,
        chat=chat,
        reasoning_tokens=asked.reasoning_tokens,
        system=asked.system,
    )


def subtask_of(task: Task, name: str | None) -> Subtask | None:
    """The task's subtask of this name; None for the whole task."""
    return next((each for each in task.subtasks if each.name == name), None)


def origin_of(of: TrainingTask, place: str, candidate: Candidate) -> Origin:
    """Where a row's program comes from."""
    return Origin(
        place=place,
        candidate=candidate.id,
        model=candidate.model,
        program=text_digest(candidate),
        parent=candidate.parent,
        contest=of.contest,
        package=of.package.name,
    )


def program_rows(
    kept: Iterable[tuple[Cell, RightProgram]],
    prompts: Prompts,
    *,
    chat: bool = True,
    asked: SamplingConfig | None = None,
) -> list[TrainingRow]:
    """A row for each program that was kept, in the version of the statement for its subtask."""
    rows = []
    for cell, one in kept:
        task, candidate = cell.of.task, one.candidate
        messages = prompt_for(
            task, cell.subtask, candidate.language, prompts, chat=chat, asked=asked
        )
        completion = answer_of(candidate, chat=chat)
        rows.append(
            TrainingRow(
                id=row_id(messages, completion),
                kind=Kind.PROGRAM,
                task=task.name,
                subtask=cell.subtask,
                language=candidate.language,
                messages=turns(messages),
                completion=completion,
                share=1.0,
                difficulty=cell.difficulty,
                origin=origin_of(cell.of, one.place, candidate),
            )
        )
    return without_doubles(rows)


def without_doubles(rows: Sequence[TrainingRow]) -> list[TrainingRow]:
    """The rows, each once."""
    return list({row.id: row for row in rows}.values())
