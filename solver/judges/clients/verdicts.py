"""A judgement type that the Contest API's specification lacks, and only the contest describes."""

from collections.abc import Mapping
from typing import Any

from problems.verdict import Verdict
from solver.judges.errors import BadAnswer


def verdict_of(kind: str, described: Mapping[str, Any] | None = None) -> Verdict:
    """The verdict of a Contest API judgement type.

    Args:
        kind: The type's id.
        described: The contest's own description; decides about ids that the specification lacks.

    Raises:
        BadAnswer: Neither the specification nor the contest describes it.
    """
    known = Verdict.of_ccs(kind)
    if known is not None:
        return known
    if described is None:
        raise BadAnswer(f"the judge's word {kind!r} is described nowhere")
    return Verdict.AC if described.get("solved") else Verdict.WA
