"""The data card: what the rows are, where every program comes from, and what was left out."""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from solver import __version__
from solver.kept.whole_files import whole_file
from solver.training.honesty import HeldOut, Overlap
from solver.training.rows import TrainingRow

CARD_NAME = "card.json"
CARD_TEXT_NAME = "card.md"
CONTAMINATION = (
    "The model that is trained may have met these tasks, or the held-out ones, before: whether "
    "they were in what it was first trained on cannot be told from here. Held-out tasks are "
    "compared by name, by contest, by statement and by examples; a statement that was translated "
    "or told anew in other words passes these comparisons."
)


def card_of(
    rows: Sequence[TrainingRow],
    *,
    settings: Mapping[str, Any],
    held_out: Sequence[HeldOut] = (),
    left_out: Sequence[Overlap] = (),
) -> dict[str, Any]:
    """The card as a JSON document.

    Args:
        settings: How the rows were chosen.
        held_out: Tasks that must not be trained on.
        left_out: Rows that were dropped because of them.
    """

    def counted(of: Callable[[TrainingRow], str | None]) -> dict[str, int]:
        return dict(sorted(Counter(of(row) or "?" for row in rows).items()))

    return {
        "version": 1,
        "made_by": f"solver {__version__}",
        "rows": len(rows),
        "tasks": len({row.task for row in rows}),
        "settings": dict(settings),
        "counts": {
            "kind": counted(lambda row: row.kind),
            "task": counted(lambda row: row.task),
            "subtask": counted(lambda row: f"{row.task}/{row.subtask or 'all'}"),
            "difficulty": counted(lambda row: row.difficulty),
            "language": counted(lambda row: row.language),
            "contest": counted(lambda row: row.origin.contest),
            "model": counted(lambda row: row.origin.model),
        },
        "characters": {
            "prompts": sum(len(row.prompt) for row in rows),
            "answers": sum(len(row.completion) for row in rows),
        },
        "origins": [
            {"row": row.id, "kind": row.kind, "task": row.task, "subtask": row.subtask}
            | row.origin.model_dump()
            for row in rows
        ],
        "held_out": sorted({f"{one.contest}/{one.name}" for one in held_out}),
        "left_out": [one.as_record() for one in left_out],
        "contamination": CONTAMINATION,
    }


def write_card(folder: Path, card: Mapping[str, Any]) -> None:
    """Writes `card.json` and, for people, `card.md`.

    Raises:
        RunFolderError: The disk is full, or the folder cannot be written.
    """
    with whole_file(folder / CARD_NAME) as partial:
        partial.write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    with whole_file(folder / CARD_TEXT_NAME) as partial:
        partial.write_text(card_words(card), encoding="utf-8")


def card_words(card: Mapping[str, Any]) -> str:
    """The card in Markdown; the origins as one table."""
    lines = [
        "# Data card",
        "",
        f"{card['rows']} rows of {card['tasks']} tasks, written by {card['made_by']}. A row is a "
        "prompt, an answer, and the share of the points that the judge gave; no hidden test and "
        "nothing of one is in it.",
        "",
    ]
    for name, counts in card["counts"].items():
        lines += [f"## Rows by {name}", "", f"| {name} | rows |", "|---|---:|"]
        lines += [f"| {_cell(value)} | {count} |" for value, count in counts.items()] + [""]
    lines += ["## Held out", ""]
    lines += [f"- {each}" for each in card["held_out"]] or ["No task was named."]
    lines += ["", "Rows that were left out because of them:", ""]
    lines += [f"- {each['words']}" for each in card["left_out"]] or ["none"]
    lines += ["", "## Contamination", "", card["contamination"], "", "## Origins", ""]
    columns = ("row", "kind", "task", "subtask", "place", "candidate", "model", "program")
    lines += ["| " + " | ".join(columns) + " |", "|---" * len(columns) + "|"]
    lines += [
        "| " + " | ".join(_cell(row[name]) for name in columns) + " |" for row in card["origins"]
    ]
    return "\n".join(lines) + "\n"


def _cell(value: object) -> str:
    return "" if value is None else str(value).replace("|", "\\|").replace("\n", " ")
