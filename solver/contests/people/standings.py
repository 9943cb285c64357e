"""People's results of a past contest: what a simulated contestant is ranked with.

Readers: Codeforces' `contest.standings` export (JSON) with ratings from `contest.ratingChanges`
(JSON) or a CSV of handle, rating; and a CSV of rank, points, rating (handle optional).
"""

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from solver.errors import SolverError


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
    """

    handle: str
    points: float
    penalty: float
    rating: float | None
    solves: Mapping[str, HumanSolve] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standings:
    """A contest's people.

    Attributes:
        worth: Problem index to its points at the start of the contest.
        by_penalty: Ranked by solved problems, then penalty minutes (ICPC style).
    """

    name: str
    humans: tuple[Human, ...]
    worth: Mapping[str, float] = field(default_factory=dict)
    by_penalty: bool = False


class _Result(BaseModel):
    model_config = ConfigDict(extra="ignore")
    points: float
    rejected: int = Field(default=0, alias="rejectedAttemptCount")
    best_s: float | None = Field(default=None, alias="bestSubmissionTimeSeconds")


class _Member(BaseModel):
    model_config = ConfigDict(extra="ignore")
    handle: str


class _Party(BaseModel):
    model_config = ConfigDict(extra="ignore")
    members: list[_Member]
    participant_type: str = Field(default="CONTESTANT", alias="participantType")
    ghost: bool = False


class _Row(BaseModel):
    model_config = ConfigDict(extra="ignore")
    party: _Party
    points: float
    penalty: float = 0
    results: list[_Result] = Field(default_factory=list, alias="problemResults")


class _Problem(BaseModel):
    model_config = ConfigDict(extra="ignore")
    index: str
    points: float | None = None


class _Contest(BaseModel):
    model_config = ConfigDict(extra="ignore")
    id: int | None = None
    name: str = ""
    type: str = "CF"


class _Export(BaseModel):
    model_config = ConfigDict(extra="ignore")
    contest: _Contest
    problems: list[_Problem]
    rows: list[_Row]


MEDAL_SHARES = {"gold": 1 / 12, "silver": 1 / 4, "bronze": 1 / 2}
"""Share of the contestants with this medal or a better one (IOI regulations)."""


def medal_cut_offs(standings: Standings) -> dict[str, float]:
    """Least points of each medal, by the IOI's shares; a field of fewer than twelve gives none."""
    points = sorted((human.points for human in standings.humans), reverse=True)
    if len(points) < 12:
        return {}
    return {medal: points[int(len(points) * share) - 1] for medal, share in MEDAL_SHARES.items()}


def read_standings(path: Path, ratings: Mapping[str, float] | None = None) -> Standings:
    """Reads a standings file.

    Args:
        ratings: Handle to rating, for files that hold none.

    Raises:
        SolverError: The file is broken; names it, and the line of a CSV.
    """
    if path.suffix.lower() == ".csv":
        return _csv_standings(path, ratings or {})
    return _codeforces_standings(path, ratings or {})


def read_ratings(path: Path) -> dict[str, float]:
    """Handle to rating before the contest, from `contest.ratingChanges` or a CSV.

    Codeforces says 0 of somebody who had no rating yet (since 2020; it counts them as 1400
    itself): they are left out, since nothing is known of them.

    Raises:
        SolverError: The file is broken; names it.
    """
    if path.suffix.lower() == ".csv":
        return {row["handle"]: float(row["rating"]) for row in _csv(path, {"handle", "rating"})}
    content = _unwrapped(path)
    if not isinstance(content, list):
        raise SolverError(f"{path}: not a list of rating changes")
    try:
        found = {str(change["handle"]): float(change["oldRating"]) for change in content}
    except (KeyError, TypeError, ValueError) as error:
        raise SolverError(f"{path}: a rating change without {error}") from error
    return {handle: rating for handle, rating in found.items() if rating != 0}


def _unwrapped(path: Path) -> Any:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise SolverError(f"{path}: {error}") from error
    # The site's answers are wrapped: {"status": "OK", "result": ...}.
    if isinstance(content, dict) and "status" in content:
        if content["status"] != "OK":
            raise SolverError(f"{path}: a failed answer: {content.get('comment', '')}")
        return content.get("result")
    return content


def _codeforces_standings(path: Path, ratings: Mapping[str, float]) -> Standings:
    try:
        export = _Export.model_validate(_unwrapped(path))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SolverError(f"{path}: {where}: {first['msg']}") from error
    indices = [problem.index for problem in export.problems]
    humans = tuple(
        Human(
            handle=row.party.members[0].handle,
            points=row.points,
            penalty=row.penalty,
            rating=ratings.get(row.party.members[0].handle),
            solves={
                index: HumanSolve(
                    points=result.points, failed=result.rejected, at_s=result.best_s or 0.0
                )
                for index, result in zip(indices, row.results, strict=False)
                if result.points > 0
            },
        )
        for row in export.rows
        # Virtual, practice and unofficial lines were not ranked with the others.
        if row.party.participant_type == "CONTESTANT" and not row.party.ghost and row.party.members
    )
    if not humans:
        raise SolverError(f"{path}: nobody took part officially")
    return Standings(
        name=export.contest.name or str(export.contest.id or path.stem),
        humans=humans,
        worth={problem.index: problem.points or 1.0 for problem in export.problems},
        by_penalty=export.contest.type == "ICPC",
    )


def _csv_standings(path: Path, ratings: Mapping[str, float]) -> Standings:
    humans = []
    for row in _csv(path, {"points"}):
        handle = row.get("handle") or row.get("name") or ""
        rating = row.get("rating")
        humans.append(
            Human(
                handle=handle,
                points=float(row["points"]),
                penalty=float(row.get("penalty") or 0),
                rating=float(rating) if rating else ratings.get(handle),
            )
        )
    if not humans:
        raise SolverError(f"{path}: no lines")
    return Standings(
        name=path.stem,
        humans=tuple(humans),
        by_penalty=any(human.penalty for human in humans),
    )


def _csv(path: Path, needed: set[str]) -> list[dict[str, str]]:
    numeric = {"points", "rating", "penalty", "rank"}
    with path.open(newline="", encoding="utf-8-sig") as stream:
        reader = csv.DictReader(stream)
        missing = needed - {name.strip().lower() for name in reader.fieldnames or ()}
        if missing:
            raise SolverError(f"{path}:1: no column {', '.join(sorted(missing))}")
        rows = []
        for row in reader:
            clean = {str(k).strip().lower(): (v or "").strip() for k, v in row.items() if k}
            for name in numeric & clean.keys():
                if clean[name] and not _is_number(clean[name]):
                    raise SolverError(
                        f"{path}:{reader.line_num}: {name}: {clean[name]!r} is no number"
                    )
            if any(not clean.get(name) for name in needed):
                raise SolverError(f"{path}:{reader.line_num}: a line without {sorted(needed)[0]}")
            rows.append(clean)
        return rows


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
