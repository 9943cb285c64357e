"""Words and small texts of the tables."""

from problems.verdict import POINTS_TOLERANCE
from solver.contests.rules.base import SubtaskScore


def clock_text(now_s: float) -> str:
    """Contest time as h:mm:ss."""
    seconds = int(now_s)
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def points_text(score: SubtaskScore) -> str:
    """Points of one subtask, full marks in green."""
    full = score.points >= score.max_points - POINTS_TOLERANCE
    style = "green" if full else "yellow" if score.points > 0 else "dim"
    return f"[{style}]{score.points:g}[/]/{score.max_points:g}"


def subtasks_text(subtasks: tuple[SubtaskScore, ...]) -> str:
    """Points per subtask, full marks in green."""
    return "  ".join(points_text(subtask) for subtask in subtasks)
