"""A model's vote on two programs: asked in both orders, since the place of a program sways it."""

import re
from collections.abc import Sequence

from problems.task import Task
from sandbox.data import Blob
from solver.repair.findings import HEAD_CHARACTERS, Looked, shown_input
from solver.sampling.answers.reasoning import without_reasoning
from solver.sampling.config import SamplingConfig
from solver.sampling.engine import Request
from solver.sampling.plan import CELL_NUMBERS, ROUND_NUMBERS, Wanted
from solver.sampling.prompts import Prompts
from solver.types import GeneratedInput

VOTE = "vote"
TEMPERATURE = 0.2
_LETTER = re.compile(r"(?<![A-Za-z])([AB])(?![A-Za-z])")


def votes_wanted(
    task: Task,
    looked: Looked,
    rows: tuple[int, int],
    content: GeneratedInput,
    prompts: Prompts,
    config: SamplingConfig,
    *,
    round: int,
    number: int,
) -> list[Wanted]:
    """Two requests about one pair: (first as A), (second as A).

    Args:
        rows: Of the two candidates.
        content: An input on which they differ.
        number: Of the pair in its round.
    """
    outputs = {row: _output(looked, row, content) for row in rows}
    asked = []
    for turn, (a, b) in enumerate((rows, rows[::-1])):
        messages = prompts.pair(
            task,
            [looked.view.candidates[a], looked.view.candidates[b]],
            shown_input(content.content),
            [outputs[a], outputs[b]],
            system=config.system,
        )
        asked.append(
            Wanted(
                request=Request(
                    messages=messages,
                    parameters=config.parameters(TEMPERATURE),
                    seed=(config.seed * 101 + round) * CELL_NUMBERS,
                    index=2 * number + turn,
                ),
                kind=VOTE,
                number=round * ROUND_NUMBERS + 2 * number + turn,
                subtask=None,
                language="",
                round=round,
            )
        )
    return asked


def _output(looked: Looked, row: int, content: GeneratedInput) -> str | None:
    run = looked.bench.runner.run(looked.programs.executable(row), Blob.of_bytes(content.content))
    if run.failure is not None or run.output is None:
        return None
    text = run.output.read(4 * HEAD_CHARACTERS).decode("utf-8", "replace").strip("\n")
    return text if len(text) <= HEAD_CHARACTERS else text[:HEAD_CHARACTERS] + "\n..."


def share_won(answers: Sequence[str | None]) -> float:
    """The share of the game that the first program won, from the answers in both orders: 1 or 0
    where both orders agree, a half where they do not or one says nothing."""
    first, second = (letter_of(answer or "") for answer in answers)
    if first == "A" and second == "B":
        return 1.0
    if first == "B" and second == "A":
        return 0.0
    return 0.5


def letter_of(answer: str) -> str | None:
    """The last A or B that stands alone in an answer, what it thought aside."""
    found = _LETTER.findall(without_reasoning(answer).text)
    return found[-1] if found else None
