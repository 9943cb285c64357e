"""What a committee can do with an assessment: one of four verdicts, and the next step."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from solver.replays.assess import Assessment, SubtaskAssessment

FREE = 0.5
"""A subtask whose chance is above this is one that the model takes for granted."""
SURE = 0.95
"""Of the points, for a task that is called solved."""
FEW = 0.02
"""Where nothing is right, so large a share of right programs must be excluded to speak of it."""


class Level(StrEnum):
    """From the worst for a committee to the best."""

    SOLVED = "solved"
    MOSTLY = "mostly solved"
    PARTLY = "solved in part"
    HOLDS = "holds"


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """The verdict.

    Attributes:
        head: One sentence.
        steps: What to do, most urgent first.
    """

    level: Level
    head: str
    steps: tuple[str, ...]


def advice_of(found: Assessment) -> Advice:
    """The verdict of one task."""
    most = max(found.points_strategy)
    # Of the model asked again, as the chances are: not of the programs that happened to be drawn.
    points = sum(one.again[most].value * one.max_points for one in found.subtasks)
    whole = found.max_points
    share = points / whole if whole else 0.0
    free = [one for one in found.subtasks if one.again[most].value >= FREE]
    safe = [one for one in found.subtasks if one.again[most].value < FREE and one.max_points > 0]
    taken = (
        f"about {points:.0f} of {whole:g} points within {most} submission{'s' if most > 1 else ''}"
    )
    if not safe:
        sure = share >= SURE
        return Advice(
            level=Level.SOLVED if sure else Level.MOSTLY,
            head=f"Solved: whoever may ask this model gets {taken}."
            if sure
            else f"Mostly solved: every subtask falls more often than not, {taken}.",
            steps=(
                "Do not use the task as it is where models are not kept out.",
                "Replace it, or add a subtask that this model does not solve, and assess again.",
            ),
        )
    if share >= FREE:
        return Advice(
            level=Level.MOSTLY,
            head=f"Mostly solved: {taken}.",
            steps=(
                f"Only {_points(safe)} still tell who solved it: {_names(safe)}.",
                f"Give {_names(free)} fewer points, or make them harder." if free else "",
                _more(found),
            ),
        )
    if free or any(one.right for one in found.subtasks):
        return Advice(
            level=Level.PARTLY,
            head=f"Solved in part: {taken}.",
            steps=(
                f"Points that the model takes for granted: {_names(free)} ({_points(free)})."
                if free
                else "Nothing is taken for granted: it has right programs, but seldom picks them.",
                f"Usable, if {_points(safe)} for {_names(safe)} are enough to tell people apart.",
                _more(found),
            ),
        )
    return Advice(
        level=Level.HOLDS,
        head=f"It holds: no subtask was solved by any of {found.candidates} programs.",
        steps=(
            "Usable against this model, as it was asked.",
            _more(found),
            "A stronger model, or this one with more time to think, may do better: "
            "assess again before the contest.",
        ),
    )


def _more(found: Assessment) -> str:
    """Whether more programs should be drawn before a "no" is believed."""
    none = [one for one in found.subtasks if not one.right]
    if not none:
        return ""
    high = max(one.share_high for one in none)
    if high <= FEW:
        return (
            f"No right program for {_names(none)}: at most {high:.1%} of this model's are (95 %)."
        )
    need = round(found.candidates * high / FEW / 10) * 10
    return (
        f"No right program for {_names(none)}, but {found.candidates} are few: up to {high:.0%} "
        f"of the model's may be right. Draw about {need} before you rely on it."
    )


def _names(parts: Sequence[SubtaskAssessment]) -> str:
    return ", ".join(one.name for one in parts)


def _points(parts: Sequence[SubtaskAssessment]) -> str:
    total = sum(one.max_points for one in parts)
    return f"{total:g} point{'' if total == 1 else 's'}"
