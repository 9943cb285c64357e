"""How outcomes become points: the tree of groups and the rules that add it up."""

from dataclasses import dataclass, field
from enum import StrEnum


class Aggregation(StrEnum):
    """How a node adds up its children."""

    SUM = "sum"
    MIN = "min"
    MUL = "mul"
    THRESHOLD = "threshold"
    MAX = "max"
    AVG = "avg"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreNode:
    """A group of test cases or of groups.

    Attributes:
        name: Path in the package; a subtask's node bears the subtask's name.
        children: Inner groups, in judging order.
        testcases: Names of the node's own test cases, in judging order.
    """

    name: str
    max_points: float | None
    aggregation: Aggregation
    children: tuple["ScoreNode", ...] = ()
    testcases: tuple[str, ...] = field(default=())
