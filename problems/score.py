"""What a jury's program gives for a test: a number with its unit, and its bounds.

Every number that a checker, interactor or manager writes becomes a `Score`; its share of full marks
is asked for once, by the judge, who knows what the test is worth.
"""

from dataclasses import dataclass
from enum import StrEnum

from problems.errors import JudgeError

_TOLERANCE = 1e-6


class Unit(StrEnum):
    """What a number counts."""

    SHARE = "share"
    """1 is full marks (CMS's outcome, a Kattis validator's `score_multiplier.txt`)."""

    POINTS = "points"
    """The test's own points (`score.txt`, testlib's `quitp`)."""

    PERCENT = "percent"
    """100 is full marks (testlib's `_pc`, Polygon's `treat-points-from-checker-as-percent`)."""


class ScoreFile(StrEnum):
    """What a package says of `score.txt` and `score_multiplier.txt` of its Kattis validator."""

    OPTIONAL = "optional"
    """One may be there; acceptance without one is full marks. Beside a rejection it is let be."""

    REQUIRED = "required"
    """Acceptance comes with one (legacy: `validation: custom score`)."""

    FORBIDDEN = "forbidden"
    """None may be there (legacy: `validation: custom` without `score`)."""

    STRICT = "strict"
    """2025-09: as optional; both, or one beside a rejection, is a judge error."""


class ScoreUse(StrEnum):
    """What a test makes of a number that its validator wrote."""

    COUNTED = "counted"
    IGNORED = "ignored"
    """Samples of 2025-09: they give no points."""

    FORBIDDEN = "forbidden"
    """A judge error: tests of a pass-fail group in 2025-09."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A number that a jury's program gave."""

    value: float
    unit: Unit = Unit.SHARE

    def share(self, full_points: float | None) -> float:
        """The share of full marks.

        Args:
            full_points: What the test is worth; None: points have no bound, and are passed on as
                they are.

        Raises:
            JudgeError: The number is below zero, or above full marks.
        """
        if self.unit is Unit.POINTS and full_points is None:
            return self.value
        full = {Unit.SHARE: 1.0, Unit.PERCENT: 100.0}.get(self.unit, full_points or 0.0)
        if self.value < -_TOLERANCE:
            raise JudgeError(f"the jury's program gave {self}, which is below zero")
        if self.value > full * (1 + _TOLERANCE) + _TOLERANCE:
            raise JudgeError(f"the jury's program gave {self}, which is above the maximum {full:g}")
        return min(1.0, max(0.0, self.value / full)) if full else 0.0

    def __str__(self) -> str:
        words = {
            Unit.SHARE: "a share of full marks",
            Unit.POINTS: "points",
            Unit.PERCENT: "percent",
        }
        return f"{self.value:g} {words[self.unit]}"
