"""What the hostile programs came to, row by row, for people and for scripts."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one hostile program came to.

    Attributes:
        name: The program.
        attack_class: Its class.
        expected: Allowed ends.
        actual: The end, and everything else that was wrong.
        held: The sandbox did what it promises.
        wall_s: How long the caller waited for the run (the longest of several).
        attempts: How often it was run: again only where nothing but time was wrong, since a busy
            machine alone can bring that about.
    """

    name: str
    attack_class: str
    expected: str
    actual: str
    held: bool
    wall_s: float
    attempts: int

    def to_json(self) -> dict[str, Any]:
        """As in the schema of `solver sandbox check --json`."""
        return {
            "name": self.name,
            "class": self.attack_class,
            "expected": self.expected,
            "actual": self.actual,
            "held": self.held,
            "wall_s": round(self.wall_s, 4),
            "attempts": self.attempts,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The whole check.

    Attributes:
        backend: The backend's name.
        rows: One a program, in the order of the corpus.
        host_changes: What is different on the host afterwards, in words.
        memory_source: What measured memory: a control group or rusage.
        elapsed_s: How long the check took.
    """

    backend: str
    rows: tuple[Row, ...]
    host_changes: tuple[str, ...]
    memory_source: str
    elapsed_s: float

    @property
    def held(self) -> bool:
        """Every claim held and the host is unchanged."""
        return all(row.held for row in self.rows) and not self.host_changes

    def to_json(self) -> dict[str, Any]:
        """As in the schema of `solver sandbox check --json`."""
        return {
            "backend": self.backend,
            "memory_source": self.memory_source,
            "programs": [row.to_json() for row in self.rows],
            "host_unchanged": not self.host_changes,
            "host_changes": list(self.host_changes),
            "held": sum(row.held for row in self.rows),
            "elapsed_s": round(self.elapsed_s, 1),
        }
