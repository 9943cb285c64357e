"""Stage 4, its memory: the inputs that were made, in the run folder.

JSON lines: first `{"inputs": N, "digest": of the other lines}`, then N lines, so that a file that
was cut or damaged shows. Older files begin with the first input.
"""

import base64
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sandbox.data import digest_of
from solver.kept.whole_files import whole_file
from solver.types import GeneratedInput, InputOrigin

_FILE = "inputs-{key}.jsonl"


def load_inputs(run: Path, key: str) -> list[GeneratedInput] | None:
    """The inputs kept under this key; None where there are none, or the file is cut or damaged:
    they can be made again."""
    file = run / _FILE.format(key=key[:16])
    if not file.is_file():
        return None
    content = file.read_bytes()
    first, _, rest = content.partition(b"\n")
    try:
        # An empty file is what a power cut leaves, not an older file of no inputs.
        head = json.loads(first)
        if "content" in head:
            rest = content
        elif head["digest"] != digest_of(rest):
            return None
        made = [_input(json.loads(line)) for line in rest.splitlines()]
        return made if head.get("inputs", len(made)) == len(made) else None
    except (ValueError, TypeError, LookupError, AttributeError):
        return None


def _input(row: dict[str, Any]) -> GeneratedInput:
    content = base64.b64decode(row["content"], validate=True)
    if digest_of(content) != row["id"]:
        raise ValueError("not the content that was kept")
    return GeneratedInput(
        id=row["id"],
        content=content,
        subtasks=frozenset(row["subtasks"]),
        origin=InputOrigin(row["origin"]),
        accepted_share=float(row["accepted_share"]),
    )


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
    lines = "".join(json.dumps(row) + "\n" for row in rows).encode()
    head = json.dumps({"inputs": len(rows), "digest": digest_of(lines)}).encode()
    file = run / _FILE.format(key=key[:16])
    with whole_file(file) as partial:
        partial.write_bytes(head + b"\n" + lines)


def kept_inputs(run: Path) -> dict[str, GeneratedInput]:
    """All inputs that a task's run folder keeps, whatever they were made for, by their id."""
    keys = [
        file.name[len("inputs-") : -len(".jsonl")] for file in sorted(run.glob("inputs-*.jsonl"))
    ]
    return {one.id: one for key in keys for one in load_inputs(run, key) or ()}
