"""The Contest API's scoreboard (CCS specification, JSON_Format.md, "Scoreboard")."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from problems.verdict import Verdict
from solver.judges.server.present import Window, relative
from solver.judges.server.stored import StoredJudgement, StoredSubmission

PENALTY_S = 20 * 60.0
FREE = frozenset({Verdict.CE.ccs, Verdict.SKIPPED.ccs})


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One team on one problem.

    Attributes:
        points: Best score; 1 for a solved problem without points.
        best_at_s: Contest time of the submission that brought them, None while there are none.
        failed: Rejected attempts before a solve that cost penalty time.
    """

    judged: int = 0
    pending: int = 0
    points: float = 0.0
    best_at_s: float | None = None
    failed: int = 0


def _line(
    submissions: Sequence[StoredSubmission],
    judgements: Mapping[int, StoredJudgement],
    window: Window,
    *,
    scored: bool,
) -> Line:
    judged = pending = failed = 0
    points, best_at_s = 0.0, None
    for submission in submissions:
        judgement = judgements.get(submission.id)
        if judgement is None:
            pending += 1
            continue
        if not scored and points:
            continue  # judged submissions count up to the first accepted one
        judged += 1
        got = 1.0 if judgement.verdict == Verdict.AC.ccs else 0.0
        if scored and judgement.score is not None:
            got = judgement.score
        if got > points:
            points, best_at_s = got, submission.at_s - window.start_s
        elif judgement.verdict not in FREE:
            failed += 1
    return Line(judged=judged, pending=pending, points=points, best_at_s=best_at_s, failed=failed)


def scoreboard(
    teams: Sequence[str],
    problems: Sequence[str],
    submissions: Sequence[StoredSubmission],
    judgements: Sequence[StoredJudgement],
    window: Window,
    *,
    scored: bool,
) -> list[dict[str, Any]]:
    """The rows, best team first; equal teams share a rank and stand in the order of their ids."""
    by_id = {each.submission: each for each in judgements}
    own: dict[tuple[str, str], list[StoredSubmission]] = {}
    for each in submissions:
        own.setdefault((each.team, each.problem), []).append(each)
    rows = []
    for team in sorted(teams):
        lines = {
            problem: _line(own.get((team, problem), []), by_id, window, scored=scored)
            for problem in problems
        }
        rows.append((_standing(list(lines.values()), scored=scored), team, lines))
    rows.sort(key=lambda row: row[0])
    shown: list[dict[str, Any]] = []
    for place, (standing, team, lines) in enumerate(rows):
        tied = place > 0 and rows[place - 1][0] == standing
        shown.append(
            {
                "rank": shown[-1]["rank"] if tied else place + 1,
                "team_id": team,
                "score": _score(list(lines.values()), scored=scored),
                "problems": [_problem(*each, scored=scored) for each in lines.items()],
            }
        )
    return shown


def _standing(lines: Sequence[Line], *, scored: bool) -> tuple[float, float, float]:
    """Sorts: points, then (without points) penalty and the time of the last accepted submission.

    More points are smaller. The order is that of the ICPC's rules and the CCS System Requirements.
    """
    points = sum(line.points for line in lines)
    if scored:
        return -points, 0.0, 0.0
    last_s = max((line.best_at_s for line in lines if line.best_at_s is not None), default=0.0)
    return -points, _penalty_s(lines), last_s


def _penalty_s(lines: Sequence[Line]) -> float:
    """Whole minutes of each solve, and 20 for each rejected attempt before it."""
    return sum(
        line.best_at_s // 60 * 60 + line.failed * PENALTY_S
        for line in lines
        if line.best_at_s is not None
    )


def _score(lines: Sequence[Line], *, scored: bool) -> dict[str, Any]:
    last_s = max((line.best_at_s for line in lines if line.best_at_s is not None), default=None)
    points = sum(line.points for line in lines)
    shown: dict[str, Any] = (
        {"score": points}
        if scored
        else {"num_solved": int(points), "total_time": relative(_penalty_s(lines))}
    )
    return shown | {"time": None if last_s is None else relative(last_s)}


def _problem(problem: str, line: Line, *, scored: bool) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "problem_id": problem,
        "num_judged": line.judged,
        "num_pending": line.pending,
    }
    shown |= {"score": line.points} if scored else {"solved": line.points > 0}
    return shown if line.best_at_s is None else shown | {"time": relative(line.best_at_s)}
