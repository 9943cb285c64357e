"""`solver rating`: where a contestant comes among people, and the rating that this is worth."""

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import mean
from typing import Any

import click
from rich.table import Table

from problems.verdict import Verdict
from solver.cli import options
from solver.cli.console import output
from solver.contests.logs.log import read_log
from solver.contests.people.humans import (
    MEDAL_SHARES,
    medal_cut_offs,
    medal_for,
    medal_text,
)
from solver.contests.people.rating import (
    ContestResult,
    Placing,
    PointsMethod,
    Rating,
    placing,
    rate,
)
from solver.contests.people.standings import read_ratings, read_standings
from solver.contests.scoreboard import attempts_of, plan_of, scoreboard
from solver.errors import SolverError

FILE = click.Path(path_type=Path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A contest's line.

    Attributes:
        place: Among all its people.
        medal: Of the contest's cut-offs; None below them.
        medals: The cut-offs.
        performance: The rating that the place among the rated people is worth; None without any.
    """

    place: Placing
    medal: str | None
    medals: Mapping[str, float]
    performance: float | None


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

    STANDINGS is a contest.standings export (JSON), a CSV with a line a person (points; where known
    rating and medal), or one contest of LiveOIBench's contestants, FILE#CONTEST. Rank, percentile
    and medal are among all people; the rating is worked out from those who have one.

    \b
    Examples:
      solver rating round.json --ratings changes.json --result run/
      solver rating a.csv b.csv --result 1850 --result result.json --json
      solver rating contest_results.parquet#IOI-2024-contest --result 395.64
    """
    if len(results) != len(standings):
        raise click.UsageError(f"{len(standings)} STANDINGS and {len(results)} --result")
    handles = read_ratings(ratings) if ratings is not None else None
    contests = [
        (read_standings(path, handles), _result(text))
        for path, text in zip(standings, results, strict=True)
    ]
    points = PointsMethod(method)
    rated = [
        any(human.rating is not None for human in standings.humans) for standings, _ in contests
    ]
    known = [contest for contest, has in zip(contests, rated, strict=True) if has]
    found = rate(known, method=points, replicates=replicates, seed=seed) if known else None
    performances = iter(found.performances if found is not None else ())
    shown = []
    for (people, result), has in zip(contests, rated, strict=True):
        place, medals = placing(people, result, points), medal_cut_offs(people)
        shown.append(
            Shown(
                place=place,
                medal=medal_for(place.points, medals),
                medals=medals,
                performance=next(performances) if has else None,
            )
        )
    if as_json:
        click.echo(json.dumps(_document(found, shown), indent=1))
    else:
        _print(found, shown)


def _result(text: str) -> ContestResult:
    """Reads a `--result`."""
    path = Path(text)
    if path.is_dir():
        path = path / "submissions.jsonl"
    if not path.exists():
        try:
            points = float(text)
        except ValueError:
            points = math.nan
        if not math.isfinite(points):
            raise SolverError(f"--result {text}: no such file, and no number of points")
        return ContestResult(attempts={}, points=points)
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


def _document(found: Rating | None, shown: Sequence[Shown]) -> dict[str, Any]:
    document: dict[str, Any] = {} if found is None else asdict(found)
    for key in ("placings", "performances"):
        document.pop(key, None)
    document["contests"] = [
        asdict(each.place)
        | {"medal": each.medal, "medals": dict(each.medals), "performance": each.performance}
        for each in shown
    ]
    document["mean_percentile"] = mean(each.place.percentile for each in shown)
    return document


def _print(found: Rating | None, shown: Sequence[Shown]) -> None:
    table = Table("contest", "points", "rank", "people", "percentile", "medal", "performance")
    for each in shown:
        place = each.place
        table.add_row(
            place.contest,
            f"{place.points:g}",
            f"{place.rank:g}",
            str(place.people),
            f"{place.percentile:.1f}",
            medal_text(place.points, each.medals),
            "" if each.performance is None else f"{each.performance:.0f}",
        )
    console = output()
    console.print(table)
    if len(shown) > 1:
        console.print(_summary(shown))
    if found is None:
        console.print("no rating: nobody in these standings has one; --ratings FILE gives them")
        return
    console.print(
        f"rating {found.likelihood:.0f} (95 % interval {found.low:.0f} to {found.high:.0f}), "
        f"above {found.percentile:.1f} % of the people; mean performance {found.codeelo:.0f}"
    )
    if found.saturated:
        console.print("it won or lost everything: the rating is an end of the scale, no estimate")


def _summary(shown: Sequence[Shown]) -> str:
    """The mean percentile, and how many medals of each kind."""
    won = Counter(each.medal for each in shown if each.medal is not None)
    medals = ", ".join(f"{won[name]} {name}" for name in MEDAL_SHARES if won[name]) or "no medal"
    return (
        f"ahead of {mean(each.place.percentile for each in shown):.1f} % of the people on average; "
        f"{medals} of {len(shown)} contests"
    )
