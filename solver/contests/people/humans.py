"""People of a past contest: the values that standings become, and what their medals were worth."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from problems.verdict import POINTS_TOLERANCE


@dataclass(frozen=True, slots=True, kw_only=True)
class HumanSolve:
    """How one person solved one problem.

    Attributes:
        failed: Rejected attempts before it.
        at_s: Contest time of the solve.
    """

    points: float
    failed: int
    at_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Human:
    """A line of the standings.

    Attributes:
        rating: Before the contest; None where it is not known.
        solves: Problem index to the solve; empty where the file gives totals alone.
        medal: gold, silver or bronze; None without one, or where the file does not say.
    """

    handle: str
    points: float
    penalty: float
    rating: float | None
    solves: Mapping[str, HumanSolve] = field(default_factory=dict)
    medal: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standings:
    """A contest's people.

    Attributes:
        worth: Problem index to its points at the start of the contest.
        by_penalty: Ranked by solved problems, then penalty minutes (ICPC style).
        medals: Least points of each medal, where the file states them.
    """

    name: str
    humans: tuple[Human, ...]
    worth: Mapping[str, float] = field(default_factory=dict)
    by_penalty: bool = False
    medals: Mapping[str, float] = field(default_factory=dict)


MEDAL_SHARES = {"gold": 1 / 12, "silver": 1 / 4, "bronze": 1 / 2}
"""Share of the contestants with this medal or a better one (IOI regulations)."""


def medal_cut_offs(standings: Standings) -> dict[str, float]:
    """Least points of each medal, best first: as stated; else of those who have one; else by the
    IOI's shares, where a field of fewer than twelve gives none."""
    if standings.medals:
        return {
            medal: standings.medals[medal] for medal in MEDAL_SHARES if medal in standings.medals
        }
    given = {
        medal: [human.points for human in standings.humans if human.medal == medal]
        for medal in MEDAL_SHARES
    }
    if any(given.values()):
        return {medal: min(points) for medal, points in given.items() if points}
    points = sorted((human.points for human in standings.humans), reverse=True)
    if len(points) < 12:
        return {}
    return {medal: points[int(len(points) * share) - 1] for medal, share in MEDAL_SHARES.items()}


def medal_text(points: float, medals: Mapping[str, float]) -> str:
    """The medal in words; below the last known cut-off, which ones are not known."""
    medal = medal_for(points, medals)
    if medal is not None:
        return medal
    unknown = [name for name in MEDAL_SHARES if name not in medals]
    if not medals or not unknown:
        return "none" if medals else ""
    return f"no {' or '.join(medals)}; the cut-offs of {' and '.join(unknown)} are not known"


def medal_for(points: float, medals: Mapping[str, float]) -> str | None:
    """The medal of the highest cut-off that the points reach; a sum of shares may lack a hair."""
    earned = [
        (cut_off, medal)
        for medal, cut_off in medals.items()
        if points >= cut_off - POINTS_TOLERANCE
    ]
    return max(earned)[1] if earned else None
