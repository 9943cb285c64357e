"""Stage 4, its memory: the inputs that were made, in the run folder."""

import base64
import json
from collections.abc import Sequence
from pathlib import Path

from sandbox.data import digest_of
from solver.kept.whole_files import whole_file
from solver.types import GeneratedInput, InputOrigin

_FILE = "inputs-{key}.jsonl"


def load_inputs(run: Path, key: str) -> list[GeneratedInput] | None:
    """The inputs kept under this key; None where there are none, or the file was cut short."""
    file = run / _FILE.format(key=key[:16])
    if not file.is_file():
        return None
    made = []
    try:
        for line in file.read_text().splitlines():
            row = json.loads(line)
            content = base64.b64decode(row["content"])
            if digest_of(content) != row["id"]:
                return None
            made.append(
                GeneratedInput(
                    id=row["id"],
                    content=content,
                    subtasks=frozenset(row["subtasks"]),
                    origin=InputOrigin(row["origin"]),
                    accepted_share=row["accepted_share"],
                )
            )
    except (ValueError, KeyError):
        return None
    return made


def save_inputs(run: Path, key: str, made: Sequence[GeneratedInput]) -> None:
    """Keeps inputs under a key; the file appears whole or not at all."""
    rows = [
        {
            "id": one.id,
            "subtasks": sorted(one.subtasks),
            "origin": str(one.origin),
            "accepted_share": one.accepted_share,
            "content": base64.b64encode(one.content).decode(),
        }
        for one in made
    ]
    file = run / _FILE.format(key=key[:16])
    with whole_file(file) as partial:
        partial.write_text("".join(json.dumps(row) + "\n" for row in rows))
