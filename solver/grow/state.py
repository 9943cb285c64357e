"""Growing pools: the settings, a grown candidate, and what still fits."""

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from sandbox.backend import Executable
from solver.grow.edit import Slip
from solver.replays.truth import Label
from solver.types import Candidate

_STALLED = 0.03
"""Share of the last `size` mutants that were kept, below which further parents are brought in."""


class GrowConfig(BaseModel):
    """How a pool is grown."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    size: int = Field(default=500, ge=2)
    """Candidates of the grown pool."""
    right: float = Field(default=0.01, gt=0, le=1)
    """Largest share of candidates that are right on the hardest subtask."""
    ladder: float = Field(default=5.0, ge=1)
    """Each easier subtask may have this many times as many right candidates."""
    parents: int = Field(default=16, ge=1)
    """Recorded candidates that mutants are made from, those that pass the examples first; the
    others join once these give hardly anything new."""
    passing: float = Field(default=0.5, ge=0, le=1)
    """Least share of candidates that pass all examples."""
    attempts: int = Field(default=12, ge=1)
    """Mutants made at most, as a multiple of `size`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grown:
    """A grown candidate with its label.

    Attributes:
        parent: Id of the recorded candidate it was made from.
        slips: The slips made; empty for a recorded candidate.
        program: Digest of `executable`.
    """

    candidate: Candidate
    parent: str
    slips: tuple[Slip, ...]
    program: str
    label: Label
    executable: Executable


@dataclass(slots=True)
class Quotas:
    """What still fits into the pool."""

    size: int
    right: NDArray[np.int64]
    beside: float
    balance: float = 0.0
    groups: Counter[bytes] = field(default_factory=Counter)
    refused: Counter[bytes] = field(default_factory=Counter)


@dataclass(slots=True)
class Stall:
    """Whether the last `window` mutants or so gave hardly any candidate."""

    window: int
    marks: list[tuple[int, int]]
    """(mutants made, candidates kept) up to now, in order."""

    def seen(self, made: int, kept: int) -> bool:
        """Takes note of (mutants made, candidates kept); True once hardly any is kept any more."""
        self.marks.append((made, kept))
        while len(self.marks) > 1 and self.marks[1][0] <= made - self.window:
            self.marks.pop(0)
        before, had = self.marks[0]
        return made - before >= self.window and kept - had < _STALLED * (made - before)
