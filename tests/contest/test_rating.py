"""Known ratings come back, and the readers name what is broken."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from solver.cli.rating import rating as rating_command
from solver.contests.people.humans import (
    Human,
    HumanSolve,
    Standings,
    medal_cut_offs,
    medal_for,
    medal_text,
)
from solver.contests.people.rating import (
    ContestResult,
    PointsMethod,
    expected_ahead,
    placing,
    rate,
    rating_of_ranks,
    solve_points,
)
from solver.contests.people.standings import read_ratings, read_standings
from solver.errors import SolverError


def contest(
    rng: np.random.Generator, true_rating: float, name: str
) -> tuple[Standings, ContestResult]:
    """The number of people ahead of the contestant is drawn as the rating model says, and the
    contestant's points are put just behind theirs."""
    ratings = np.sort(rng.normal(1500, 350, 300).round())[::-1]
    ahead = int(np.sum(rng.random(len(ratings)) < 1 / (1 + 10 ** ((true_rating - ratings) / 400))))
    humans = tuple(
        Human(handle=f"p{i}", points=float(len(ratings) - i), penalty=0, rating=float(r))
        for i, r in enumerate(ratings)
    )
    points = len(ratings) - ahead + 0.5
    return Standings(name=name, humans=humans), ContestResult(attempts={}, points=points)


@pytest.mark.parametrize("true_rating", [900.0, 1500.0, 2300.0])
def test_ratings_of_synthetic_fields_come_back(true_rating: float) -> None:
    rng = np.random.default_rng(int(true_rating))
    found = rate([contest(rng, true_rating, f"c{i}") for i in range(12)], replicates=300)
    assert found.likelihood == pytest.approx(true_rating, abs=60)
    assert found.codeelo == pytest.approx(true_rating, abs=80)
    assert found.low < found.likelihood < found.high
    assert found.high - found.low < 300
    assert not found.saturated


def test_the_interval_holds_the_truth_nearly_as_often_as_it_says() -> None:
    rng = np.random.default_rng(5)
    held = 0
    for _ in range(40):
        found = rate([contest(rng, 1700, f"c{i}") for i in range(10)], replicates=200)
        held += found.low <= 1700 <= found.high
    # A percentile bootstrap over ten contests falls a little short of 95 %.
    assert held >= 32


def test_the_contestant_itself_counts_one() -> None:
    # Against one person of 1500, coming first or second with equal chances is 1500: the expected
    # rank is 1 + 1/2. The published formula without "1 +" could not reach this rank at all.
    assert rating_of_ranks([1.5], [np.array([1500.0])]) == pytest.approx(1500, abs=1e-3)
    people = np.array([1200.0, 1500.0, 1800.0])
    for true in (1100.0, 1500.0, 1950.0):
        rank = 1 + expected_ahead(true, people)
        assert rating_of_ranks([rank], [people]) == pytest.approx(true, abs=1e-3)


def test_a_winner_has_no_finite_rating_and_it_is_said() -> None:
    standings = Standings(
        name="c",
        humans=tuple(Human(handle=str(i), points=i, penalty=0, rating=1500) for i in range(5)),
    )
    best = rate([(standings, ContestResult(attempts={}, points=99))], replicates=10)
    worst = rate([(standings, ContestResult(attempts={}, points=-1))], replicates=10)
    assert best.saturated and worst.saturated
    assert best.likelihood > 4000
    assert worst.likelihood < 0


def test_several_contests_are_weighed_by_their_people() -> None:
    small, large = np.full(3, 1500.0), np.full(300, 1500.0)
    pooled = rating_of_ranks([3.9, 151.0], [small, large])
    alone = rating_of_ranks([151.0], [large])
    assert abs(pooled - alone) < 10
    assert rating_of_ranks([3.9], [small]) < 1100


def test_ties_count_half_and_the_percentile_is_of_those_behind() -> None:
    humans = tuple(
        Human(handle=str(i), points=p, penalty=0, rating=1500.0)
        for i, p in enumerate([30.0, 20.0, 20.0, 10.0])
    )
    place = placing(Standings(name="c", humans=humans), ContestResult(attempts={}, points=20.0))
    assert (place.rank, place.people, place.percentile) == (3.0, 4, 50.0)


def test_penalty_decides_between_equal_points() -> None:
    def standings(by_penalty: bool) -> Standings:
        solves = {"A": HumanSolve(points=1, failed=0, at_s=20 * 60)}
        return Standings(
            name="c",
            by_penalty=by_penalty,
            worth={"A": 1.0},
            humans=tuple(
                Human(handle=str(p), points=1, penalty=p, rating=1500.0, solves=solves)
                for p in (10, 20, 30)
            ),
        )

    result = ContestResult(attempts={"A": [True]})
    assert placing(standings(True), result).rank == 2.5
    assert placing(standings(True), result).penalty == 20


def solve(points: float, failed: int) -> HumanSolve:
    return HumanSolve(points=points, failed=failed, at_s=600.0)


def solved_by(*solves: HumanSolve) -> Standings:
    return Standings(
        name="c",
        humans=tuple(
            Human(handle=str(i), points=s.points, penalty=0, rating=1500.0, solves={"A": s})
            for i, s in enumerate(solves)
        ),
        worth={"A": 500.0},
    )


def test_a_solve_is_worth_the_median_of_people_with_as_many_failures() -> None:
    standings = solved_by(solve(480, 0), solve(470, 0), solve(400, 0), solve(390, 2), solve(350, 2))
    assert solve_points(standings, "A", 0) == 470
    assert solve_points(standings, "A", 2) == 370
    assert solve_points(standings, "A", 1) == 420  # the nearest with fewer, less 50
    assert solve_points(standings, "A", 3) == 320
    assert solve_points(standings, "A", 30) == 150  # never below 30 %
    assert solve_points(standings, "A", 3, PointsMethod.CODEELO) == 350
    assert solve_points(standings, "A", 30, PointsMethod.CODEELO) == 0


def test_the_order_of_submissions_is_drawn_anew() -> None:
    standings = solved_by(*(solve(500 - 50 * f, f) for f in range(8)))
    result = ContestResult(attempts={"A": [False] * 7 + [True]})
    found = rate([(standings, result)], replicates=200)
    assert found.high - found.low > 100
    never = ContestResult(attempts={"A": [False] * 3})
    assert placing(standings, never).points == 0


def export() -> dict[str, Any]:
    def row(handle: str, points: float, rejected: int, kind: str = "CONTESTANT") -> dict[str, Any]:
        return {
            "party": {"members": [{"handle": handle}], "participantType": kind, "ghost": False},
            "rank": 1,
            "points": points,
            "penalty": 0,
            "problemResults": [
                {
                    "points": points,
                    "rejectedAttemptCount": rejected,
                    "type": "FINAL",
                    "bestSubmissionTimeSeconds": 700,
                },
                {"points": 0.0, "rejectedAttemptCount": 1, "type": "FINAL"},
            ],
        }

    return {
        "status": "OK",
        "result": {
            "contest": {"id": 1, "name": "Round 1", "type": "CF", "phase": "FINISHED"},
            "problems": [{"index": "A", "points": 500.0}, {"index": "B", "points": 1000.0}],
            "rows": [
                row("ann", 490, 0),
                row("bob", 440, 1),
                row("cyd", 0, 0),
                row("virtual", 500, 0, "VIRTUAL"),
            ],
        },
    }


def test_a_newcomer_has_no_rating_yet(tmp_path: Path) -> None:
    changes = tmp_path / "changes.json"
    rows = [{"handle": "new", "oldRating": 0}, {"handle": "low", "oldRating": -12}]
    changes.write_text(json.dumps({"status": "OK", "result": rows}))
    assert read_ratings(changes) == {"low": -12}


def test_codeforces_export(tmp_path: Path) -> None:
    path, changes = tmp_path / "standings.json", tmp_path / "changes.json"
    path.write_text(json.dumps(export()))
    changes.write_text(
        json.dumps({"status": "OK", "result": [{"handle": "ann", "oldRating": 1900}]})
    )
    standings = read_standings(path, read_ratings(changes))
    assert [human.handle for human in standings.humans] == ["ann", "bob", "cyd"]
    assert [human.rating for human in standings.humans] == [1900, None, None]
    assert standings.humans[1].solves == {"A": HumanSolve(points=440, failed=1, at_s=700)}
    assert standings.worth == {"A": 500, "B": 1000}
    with pytest.raises(SolverError, match="has no problem C; it has A, B"):
        placing(standings, ContestResult(attempts={"C": [True]}))


def test_people_without_a_rating_are_no_field(tmp_path: Path) -> None:
    path = tmp_path / "standings.json"
    path.write_text(json.dumps(export()))
    with pytest.raises(SolverError, match="give --ratings FILE"):
        rate([(read_standings(path), ContestResult(attempts={}, points=1.0))])


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("s.csv", "rank,points,rating\n1,many,1500\n", r"s.csv:2: points: 'many' is no number"),
        ("s.csv", "rank,rating\n1,1500\n", r"s.csv:1: no column points"),
        ("s.csv", "points,rating\n", r"s.csv: no lines"),
        ("s.json", "{", r"s.json: "),
        ("s.json", '{"status": "FAILED", "comment": "no such contest"}', "no such contest"),
        ("s.json", '{"contest": {}, "problems": []}', r"s.json: rows"),
    ],
)
def test_broken_files_are_named(tmp_path: Path, name: str, text: str, message: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(SolverError, match=message):
        read_standings(path)


def test_command(tmp_path: Path) -> None:
    path, result = tmp_path / "field.csv", tmp_path / "result.json"
    lines = (f"{i + 1},{100 - i},{2000 - 10 * i}\n" for i in range(100))
    path.write_text("rank,points,rating\n" + "".join(lines))
    result.write_text(json.dumps({"attempts": {"A": [False, True]}, "points": 50.5}))
    two = [str(path), str(path), "--result", str(result), "--result", "70.5", "--json"]
    run = CliRunner().invoke(rating_command, two)
    assert run.exit_code == 0, run.output
    document = json.loads(run.stdout)
    assert [contest["rank"] for contest in document["contests"]] == [51, 31]
    assert document["low"] <= document["likelihood"] <= document["high"]
    assert 1300 < document["likelihood"] < 1900
    table = CliRunner().invoke(rating_command, [str(path), "--result", "70.5"])
    assert "95 % interval" in table.stdout
    assert CliRunner().invoke(rating_command, [str(path)]).exit_code == 2


@pytest.mark.parametrize(("rules", "most"), [("ioi", 300.0), ("codeforces", 1500.0)])
def test_a_contest_run_is_a_result(
    tmp_path: Path, contest_of: Any, rules: str, most: float
) -> None:
    contest_of(rules).play(tmp_path / "run")
    people = [
        {
            "party": {"members": [{"handle": f"p{i}"}]},
            "points": most * i / 20,
            "problemResults": [
                {"points": most / 3 * i / 20, "rejectedAttemptCount": i % 3} for _ in range(3)
            ],
        }
        for i in range(20)
    ]
    names = ["apples", "bridges", "cranes"]
    (tmp_path / "s.json").write_text(
        json.dumps(
            {
                "contest": {"name": "c", "type": "CF"},
                "problems": [{"index": name, "points": most / 3} for name in names],
                "rows": people,
            }
        )
    )
    ratings = "".join(f"p{i},{1000 + 50 * i}\n" for i in range(20))
    (tmp_path / "r.csv").write_text("handle,rating\n" + ratings)
    arguments = [str(tmp_path / "s.json"), "--ratings", str(tmp_path / "r.csv"), "--json"]
    run = CliRunner().invoke(rating_command, [*arguments, "--result", str(tmp_path / "run")])
    assert run.exit_code == 0, run.output
    (place,) = json.loads(run.stdout)["contests"]
    assert 0 < place["points"] <= most
    assert 1 <= place["rank"] <= 21


def live_row(**changes: Any) -> dict[str, Any]:
    """A contest as LiveOIBench's table has it: people as JSON, under the names of their pages."""
    people = [
        {"Rank": 1, "Contestant": "ann", " Total ": 300, "CF_Rating": 2500, "taskA": 100},
        {"Rank": 2, "Contestant": "bob", " Total ": 200, "CF_Rating": 1800, "taskA": 100},
        {"Rank": 3, "Contestant": "cyd", " Total ": 100, "CF_Rating": -1000, "taskA": 100},
        {"Rank": None, "Contestant": "absent", " Total ": None, "CF_Rating": None, "taskA": None},
    ]
    row = {
        "contest_id": "CUP-2025-contest",
        "contestants_ranking": json.dumps(people),
        "gold_cutoff": 280.0,
        "silver_cutoff": 150.0,
        "bronze_cutoff": None,
    }
    return row | changes


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"points\n1\n\xff\xfe\n", "not UTF-8"),
        ("name,points\nZo\u00eb,1\n".encode("latin-1"), "save it as CSV in UTF-8"),
        (b"name,points\n" + b"a" * 200_000 + b",1\n", "not CSV"),
    ],
)
def test_what_is_no_csv_is_named(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "s.csv"
    path.write_bytes(content)
    with pytest.raises(SolverError, match=rf"s\.csv: .*{message}"):
        read_standings(path)


def test_a_line_separator_within_a_name_ends_no_line(tmp_path: Path) -> None:
    path = tmp_path / "contest_results.jsonl"
    people = [{"Rank": 1, "Contestant": "ann\u2028a", "Total": 3}]
    row = live_row(contestants_ranking=people)
    path.write_text(json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")
    assert [one.handle for one in read_standings(path).humans] == ["ann\u2028a"]


@pytest.mark.parametrize("suffix", ["parquet", "jsonl"])
def test_a_contest_of_liveoibench(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"contest_results.{suffix}"
    rows = [live_row(), live_row(contest_id="CUP-2024-contest", gold_cutoff=None)]
    if suffix == "parquet":
        pq.write_table(pa.Table.from_pylist(rows), path)
    else:
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    standings = read_standings(Path(f"{path}#CUP-2025-contest"))
    assert [(one.handle, one.points, one.rating) for one in standings.humans] == [
        ("ann", 300, 2500),
        ("bob", 200, 1800),
        ("cyd", 100, None),
    ]
    assert medal_cut_offs(standings) == {"gold": 280, "silver": 150}
    with pytest.raises(SolverError, match="name one as contest_results"):
        read_standings(path)
    with pytest.raises(SolverError, match="no contest 'x'"):
        read_standings(Path(f"{path}#x"))


def test_a_recalculated_total_goes_before_the_page(tmp_path: Path) -> None:
    people = [{"Total": 300, "Recalculated_Total": 200}, {"Total": 10, "Recalculated_Total": 5}]
    path = tmp_path / "c.jsonl"
    path.write_text(json.dumps(live_row(contestants_ranking=people)) + "\n")
    assert [one.points for one in read_standings(path).humans] == [200, 5]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"contestants_ranking": "["}, "contestants_ranking"),
        ({"contestants_ranking": '{"a": 1}'}, "list of people"),
        ({"contestants_ranking": '[{"Total": "many"}]'}, "person 1: total: 'many'"),
        ({"contestants_ranking": "[]"}, "nobody"),
    ],
)
def test_broken_contests_are_named(tmp_path: Path, changes: dict[str, Any], said: str) -> None:
    path = tmp_path / "c.jsonl"
    path.write_text(json.dumps(live_row(**changes)) + "\n")
    with pytest.raises(SolverError, match=rf"c.jsonl: CUP-2025-contest.*{said}"):
        read_standings(path)


@pytest.mark.parametrize("missing", ["-", "N/A", "nan", "\N{EM DASH}"])
def test_a_cell_that_holds_nothing_is_no_number(tmp_path: Path, missing: str) -> None:
    people = [
        {"Contestant": "ann", "Total": 3, "CF_Rating": missing},
        {"Contestant": "absent", "Total": missing, "CF_Rating": 1200},
    ]
    path = tmp_path / "c.jsonl"
    path.write_text(json.dumps(live_row(contestants_ranking=people, gold_cutoff=missing)) + "\n")
    standings = read_standings(path)
    assert [(one.handle, one.rating) for one in standings.humans] == [("ann", None)]
    assert "gold" not in standings.medals


def test_people_by_columns(tmp_path: Path) -> None:
    people = {"Contestant": ["ann", "bob"], "Total": [30, 20], "CF_Rating": [1500, None]}
    path = tmp_path / "c.jsonl"
    path.write_text(json.dumps(live_row(contestants_ranking=people)) + "\n")
    assert [(one.handle, one.points) for one in read_standings(path).humans] == [
        ("ann", 30),
        ("bob", 20),
    ]


def test_the_divisions_of_one_contest_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    rows = [live_row(division="gold"), live_row(division="silver", gold_cutoff=1.0)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    for division, cut_off in (("gold", 280), ("silver", 1)):
        standings = read_standings(Path(f"{path}#CUP-2025-contest:{division}"))
        assert standings.medals["gold"] == cut_off
    with pytest.raises(SolverError, match="CUP-2025-contest:gold, CUP-2025-contest:silver"):
        read_standings(Path(f"{path}#CUP-2025-contest"))


def test_a_table_with_semicolons(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("Name;Points\nann;3.5\n")
    assert [(one.handle, one.points) for one in read_standings(path).humans] == [("ann", 3.5)]


def test_a_result_that_is_no_number_of_points(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("name,points\nann,3\n")
    for word in ("nan", "inf"):
        run = CliRunner().invoke(rating_command, [str(path), "--result", word])
        assert isinstance(run.exception, SolverError)
        assert "no number of points" in str(run.exception)


def test_cut_offs_are_stated_or_of_those_who_have_a_medal_or_shares() -> None:
    def field(*medals: str | None, stated: dict[str, float] | None = None) -> Standings:
        humans = tuple(
            Human(handle=str(i), points=100.0 - i, penalty=0, rating=None, medal=medal)
            for i, medal in enumerate(medals)
        )
        return Standings(name="c", humans=humans, medals=stated or {})

    assert medal_cut_offs(field("gold", "gold", "bronze", None)) == {"gold": 99, "bronze": 98}
    assert medal_cut_offs(field("gold", stated={"gold": 50.0})) == {"gold": 50}
    assert medal_cut_offs(field(*[None] * 24)) == {"gold": 99, "silver": 95, "bronze": 89}
    assert medal_cut_offs(field(*[None] * 11)) == {}
    assert medal_for(49.999999999, {"gold": 50.0}) == "gold"
    assert (
        medal_text(40, {"gold": 50}) == "no gold; the cut-offs of silver and bronze are not known"
    )


def test_percentile_and_medal_need_no_rating(tmp_path: Path) -> None:
    """CMS's own export: a column P after every number, the total called Global."""
    path = tmp_path / "ranking.csv"
    lines = "".join(f"u{i},User {i},{10 * i},,{10 * i},\n" for i in range(24))
    path.write_text("Username,User,sum,P,Global,P\n" + lines)
    words = [str(path), str(path), "--result", "215", "--result", "5"]
    run = CliRunner().invoke(rating_command, [*words, "--json"])
    assert run.exit_code == 0, run.output
    document = json.loads(run.stdout)
    first, second = document["contests"]
    assert (first["rank"], first["people"], first["medal"]) == (3, 24, "silver")
    assert (second["medal"], second["performance"]) == (None, None)
    assert document["mean_percentile"] == pytest.approx((22 + 1) / 48 * 100)
    shown = CliRunner().invoke(rating_command, words).stdout
    assert "1 silver of 2 contests" in shown and "no rating" in shown
