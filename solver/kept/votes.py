"""Stage 4, its minutes: what helpers made, who voted on it, what was refused.

For people; nothing rests on it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from solver.kept.whole_files import whole_file

SHOWN = 40
"""Refused inputs that are written down whole; of the others only how many there were."""
_HEAD_BYTES = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A generated input that no subtask's validators accept.

    Attributes:
        made_for: The subtask that it was made for; None where that is not known.
        share: Largest share of the live validators that accept it for one subtask, 0 to 1.
        by: Ids of the live validators that accept it for no subtask.
        head: Its first bytes, as text.
    """

    made_for: str | None
    share: float
    by: tuple[str, ...]
    size_bytes: int
    head: str


def refused_input(content: bytes, made_for: str | None, share: float, by: Sequence[str]) -> Refused:
    """The line of one refused input."""
    return Refused(
        made_for=made_for,
        share=share,
        by=tuple(by),
        size_bytes=len(content),
        head=content[:_HEAD_BYTES].decode("utf-8", "replace"),
    )


def keep_votes(
    run: Path,
    key: str,
    *,
    made: int,
    kept: int,
    broken: Sequence[str],
    validators: Mapping[str, bool],
    refused: Sequence[Refused],
) -> None:
    """Writes the minutes of one making of inputs.

    Args:
        made: Distinct inputs that generators or mutations gave.
        kept: Of them, examples not counted; the others were refused or one too many.
        broken: Helpers that do not compile.
        validators: Id to whether it has a vote: it tells good inputs from bad ones.
        refused: All of them.
    """
    document: dict[str, Any] = {
        "made": made,
        "kept": kept,
        "broken": list(broken),
        "validators": dict(validators),
        "refused_count": len(refused),
        "refused": [asdict(one) for one in refused[:SHOWN]],
    }
    with whole_file(run / f"votes-{key[:16]}.json") as partial:
        partial.write_text(json.dumps(document) + "\n")
