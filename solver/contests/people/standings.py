"""People's results of a past contest: what a simulated contestant is ranked with.

Readers: Codeforces' `contest.standings` export (JSON) with ratings from `contest.ratingChanges`
(JSON) or a CSV of handle, rating; and results tables (`tables.py`).
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from solver.contests.people.humans import Human, HumanSolve, Standings
from solver.contests.people.tables import ROW_SUFFIXES, csv_rows, csv_standings, row_standings
from solver.errors import SolverError


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


def read_standings(path: Path, ratings: Mapping[str, float] | None = None) -> Standings:
    """Reads a standings file; `FILE#CONTEST` names one contest of a file of several.

    Args:
        ratings: Handle to rating, for files that hold none.

    Raises:
        SolverError: The file is broken or not there; names it, and the line of a CSV.
    """
    known = ratings or {}
    contest = None
    if not path.exists() and "#" in path.name:
        name, _, contest = path.name.partition("#")
        path = path.with_name(name)
    if not path.is_file():
        raise SolverError(f"{path}: no such file of standings")
    suffix = path.suffix.lower()
    if suffix in ROW_SUFFIXES:
        return row_standings(path, contest, known)
    if contest is not None:
        raise SolverError(f"{path}: holds one contest; leave out #{contest}")
    return csv_standings(path, known) if suffix == ".csv" else _codeforces_standings(path, known)


def read_ratings(path: Path) -> dict[str, float]:
    """Handle to rating before the contest, from `contest.ratingChanges` or a CSV.

    Codeforces says 0 of somebody who had no rating yet (since 2020; it counts them as 1400
    itself): they are left out, since nothing is known of them.

    Raises:
        SolverError: The file is broken; names it.
    """
    if path.suffix.lower() == ".csv":
        return _csv_ratings(path)
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


def _csv_ratings(path: Path) -> dict[str, float]:
    found = {}
    for line, row in csv_rows(path, ("handle",)):
        try:
            found[row["handle"]] = float(row["rating"])
        except KeyError:
            raise SolverError(f"{path}:{line}: no column rating") from None
        except ValueError:
            raise SolverError(f"{path}:{line}: rating: {row['rating']!r} is no number") from None
    return found
