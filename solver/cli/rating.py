"""`solver rating`: where a contestant comes among people, and the rating that this is worth."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from problems.verdict import Verdict
from solver.cli import options
from solver.contests.logs.log import read_log
from solver.contests.people.rating import ContestResult, PointsMethod, Rating, rate
from solver.contests.people.standings import read_ratings, read_standings
from solver.contests.scoreboard import attempts_of, plan_of, scoreboard
from solver.errors import SolverError

FILE = click.Path(exists=True, path_type=Path)


@click.command()
@click.argument("standings", nargs=-1, required=True, type=FILE)
@click.option(
    "--result",
    "results",
    multiple=True,
    required=True,
    help="One for each STANDINGS, in order: a contest run's folder or log, a JSON file "
    '{"attempts": {"A": [false, true]}}, or a number of points.',
)
@click.option("--ratings", type=FILE, help="contest.ratingChanges, or a CSV of handle, rating.")
@click.option(
    "--points",
    "method",
    type=click.Choice([method.value for method in PointsMethod]),
    default=PointsMethod.MEDIAN.value,
    show_default=True,
    help="Worth of a solve: median of people with as many failures, or CodeElo's points.",
)
@click.option("--replicates", default=1000, show_default=True, help="Of the bootstrap.")
@options.seed
@options.as_json
def rating(
    standings: tuple[Path, ...],
    results: tuple[str, ...],
    ratings: Path | None,
    method: str,
    replicates: int,
    seed: int,
    as_json: bool,
) -> None:
    """Rate a contestant from the STANDINGS of the contests that it played.

    STANDINGS is a contest.standings export (JSON) or a CSV of rank, points, rating.

    \b
    Examples:
      solver rating round.json --ratings changes.json --result run/
      solver rating a.csv b.csv --result 1850 --result result.json --json
    """
    if len(results) != len(standings):
        raise click.UsageError(f"{len(standings)} STANDINGS and {len(results)} --result")
    handles = read_ratings(ratings) if ratings is not None else None
    contests = [
        (read_standings(path, handles), _result(text))
        for path, text in zip(standings, results, strict=True)
    ]
    found = rate(contests, method=PointsMethod(method), replicates=replicates, seed=seed)
    if as_json:
        click.echo(json.dumps(_document(found), indent=1))
    else:
        _print(found)


def _result(text: str) -> ContestResult:
    """Reads a `--result`."""
    path = Path(text)
    if path.is_dir():
        path = path / "submissions.jsonl"
    if not path.exists():
        try:
            return ContestResult(attempts={}, points=float(text))
        except ValueError:
            raise SolverError(f"--result {text}: no such file, and no number of points") from None
    if path.suffix == ".jsonl":
        return _result_of_log(path)
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        attempts = {
            str(problem): [bool(verdict) for verdict in verdicts]
            for problem, verdicts in content["attempts"].items()
        }
        points = content.get("points")
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise SolverError(
            f'{path}: not {{"attempts": {{"A": [false, true]}}}} ({error})'
        ) from error
    return ContestResult(attempts=attempts, points=points)


def _result_of_log(path: Path) -> ContestResult:
    records = read_log(path).records
    if not records:
        raise SolverError(f"{path}: an empty log")
    plan = plan_of(records[0])
    if plan.rules.name == "ioi":
        # The union of subtasks does not depend on the order of the submissions.
        return ContestResult(attempts={}, points=scoreboard(plan, records).total.points)
    return ContestResult(
        attempts={
            task: [
                attempt.final.verdict is Verdict.AC for attempt in made if not attempt.final.free
            ]
            for task, made in attempts_of(records).items()
        }
    )


def _document(found: Rating) -> dict[str, Any]:
    document = asdict(found)
    contests = zip(found.placings, found.performances, strict=True)
    document["contests"] = [
        asdict(place) | {"performance": performance} for place, performance in contests
    ]
    del document["placings"], document["performances"]
    return document


def _print(found: Rating) -> None:
    table = Table("contest", "points", "rank", "people", "percentile", "performance")
    for place, performance in zip(found.placings, found.performances, strict=True):
        table.add_row(
            place.contest,
            f"{place.points:g}",
            f"{place.rank:g}",
            str(place.people),
            f"{place.percentile:.1f}",
            f"{performance:.0f}",
        )
    console = Console()
    console.print(table)
    console.print(
        f"rating {found.likelihood:.0f} (95 % interval {found.low:.0f} to {found.high:.0f}), "
        f"above {found.percentile:.1f} % of the people; mean performance {found.codeelo:.0f}"
    )
    if found.saturated:
        console.print("it won or lost everything: the rating is an end of the scale, no estimate")
