"""Growing pools, an edit: one stretch of a program replaced, as a programmer slips."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Slip(StrEnum):
    """Kinds of edits."""

    COMPARISON = "comparison"
    BOUND = "bound"
    OFF_BY_ONE = "off_by_one"
    TYPE_WIDTH = "type_width"
    MISSING_CASE = "missing_case"
    MISSING_STEP = "missing_step"
    OPERATOR = "operator"
    EXTREME = "extreme"
    INDEX_ORDER = "index_order"
    WRONG_NAME = "wrong_name"
    MISSING_TERM = "missing_term"
    SMALL_LIMIT = "small_limit"
    OVERFLOW = "overflow"
    NEIGHBOUR = "neighbour"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """Replace source[start:end] by `text` (byte offsets)."""

    start: int
    end: int
    text: bytes
    slip: Slip


def apply_edits(source: bytes, edits: Sequence[Edit]) -> bytes:
    """The program with these edits, which must not overlap."""
    for edit in sorted(edits, key=lambda one: -one.start):
        source = source[: edit.start] + edit.text + source[edit.end :]
    return source
