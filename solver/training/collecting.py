"""`solver train data`: recorded programs to rows and their card."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from solver.sampling.config import SamplingConfig
from solver.training.building import program_rows
from solver.training.card import card_of, write_card
from solver.training.errors import TrainingError
from solver.training.honesty import HeldOut, Overlap, overlaps
from solver.training.records import break_rows, repair_rows, verdict_rows
from solver.training.rows import ROWS_NAME, Kind, TrainingRow, write_rows
from solver.training.selecting import SelectConfig, cells_of, chosen
from solver.training.sources import Source
from solver.training.verifier_prompt import VerifierPrompts


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """Rows, and what was dropped because it is held out."""

    rows: Sequence[TrainingRow]
    left_out: Sequence[Overlap]
    card: dict[str, Any]


def collect_rows(
    sources: Sequence[Source],
    config: SelectConfig,
    *,
    kinds: Sequence[Kind] = (Kind.PROGRAM,),
    held_out: Sequence[HeldOut] = (),
    chat: bool = True,
    more: Sequence[TrainingRow] = (),
    asked: SamplingConfig | None = None,
) -> Collected:
    """Rows of these kinds, none of a held-out task, and their card.

    Args:
        chat: False writes the prompts of a base model.
        more: Rows from elsewhere that join them.
        asked: Whose templates and system turn the prompts have; None: the package's own.

    Raises:
        TrainingError: Nothing is left to train on.
    """
    asked = asked or SamplingConfig()
    prompts = VerifierPrompts.of(asked)
    rows: list[TrainingRow] = list(more)
    if Kind.PROGRAM in kinds:
        cells = cells_of(sources, config.languages)
        rows += program_rows(chosen(cells, config), prompts, chat=chat, asked=asked)
    if Kind.REPAIR in kinds:
        rows += repair_rows(sources)
    if Kind.VERDICT in kinds:
        rows += verdict_rows(sources, prompts, config.per_cell)
    if Kind.BREAK in kinds:
        rows += break_rows(sources, prompts)
    rows = list({row.id: row for row in rows}.values())
    left_out = overlaps(rows, held_out)
    dropped = {name for one in left_out for name in one.rows}
    rows = [row for row in rows if row.id not in dropped]
    if not rows:
        why = (
            f"all {len(dropped)} rows are of held-out tasks: {left_out[0].words}"
            if left_out
            else "no program is right on any subtask, or none of the asked kind was recorded"
        )
        raise TrainingError(f"nothing to train on: {why}")
    settings = config.model_dump(mode="json") | {"kinds": [str(kind) for kind in kinds]}
    settings |= {"prompts": "chat" if chat else "base"}
    own = {"templates": asked.prompts, "system": asked.system}
    settings |= {name: value for name, value in own.items() if value is not None}
    card = card_of(rows, settings=settings, held_out=held_out, left_out=left_out)
    return Collected(rows=rows, left_out=left_out, card=card)


def write_data(folder: Path, collected: Collected) -> None:
    """Writes rows and card into a folder, the rows last: where they are, the card is.

    Raises:
        RunFolderError: The disk is full, or the folder cannot be written.
    """
    write_card(folder, collected.card)
    write_rows(folder / ROWS_NAME, collected.rows)
