"""The scoreboard: who leads, by points or by solves and penalty."""

from solver.judges.server.present import Window
from solver.judges.server.scoreboard import scoreboard
from solver.judges.server.stored import StoredJudgement, StoredSubmission

WINDOW = Window(start_s=1000.0, end_s=19000.0)


def played(*events: tuple[str, str, float, str | None, float | None]):
    """Submissions (team, problem, contest time, verdict or None while pending, score)."""
    submissions = [
        StoredSubmission(
            id=number,
            team=team,
            problem=problem,
            language="python3",
            entry_point=None,
            at_s=WINDOW.start_s + at_s,
            archive=b"",
            digest="",
        )
        for number, (team, problem, at_s, _, _) in enumerate(events)
    ]
    judgements = [
        StoredJudgement(
            submission=number, verdict=verdict, score=score, start_s=0, end_s=0, max_run_s=0
        )
        for number, (_, _, _, verdict, score) in enumerate(events)
        if verdict is not None
    ]
    return submissions, judgements


def test_solves_then_penalty() -> None:
    events = played(
        ("a", "x", 610, "WA", None),
        ("a", "x", 1220, "CE", None),
        ("a", "x", 1230, "AC", None),
        ("a", "x", 1300, "WA", None),
        ("b", "x", 2459, "AC", None),
        ("c", "y", 100, "WA", None),
        ("c", "y", 200, None, None),
    )
    rows = scoreboard(["c", "b", "a", "d"], ["x", "y"], *events, WINDOW, scored=False)
    # a: 20 minutes and one rejected attempt; b: 40 minutes. Both 40, a solved it earlier; c and d
    # have nothing.
    assert [(row["rank"], row["team_id"]) for row in rows] == [
        (1, "a"),
        (2, "b"),
        (3, "c"),
        (3, "d"),
    ]
    assert rows[0]["score"] == {
        "num_solved": 1,
        "total_time": "0:40:00.000",
        "time": "0:20:30.000",
    }
    solved = rows[0]["problems"][0]
    assert (solved["num_judged"], solved["solved"], solved["time"]) == (3, True, "0:20:30.000")
    assert rows[2]["problems"][1] == {
        "problem_id": "y",
        "num_judged": 1,
        "num_pending": 1,
        "solved": False,
    }


def test_of_equal_penalties_the_earlier_last_solve_leads() -> None:
    events = played(
        ("late", "x", 600, "AC", None),
        ("late", "y", 6600, "AC", None),
        ("early", "x", 3000, "AC", None),
        ("early", "y", 4200, "AC", None),
        ("same", "y", 3000, "AC", None),
        ("same", "x", 4200, "AC", None),
    )
    rows = scoreboard(["late", "early", "same"], ["x", "y"], *events, WINDOW, scored=False)
    found = [(row["rank"], row["team_id"]) for row in rows]
    assert found == [(1, "early"), (1, "same"), (3, "late")]


def test_points() -> None:
    events = played(
        ("a", "x", 10, "AC", 30.0),
        ("a", "x", 20, "AC", 70.0),
        ("a", "x", 30, "WA", 0.0),
        ("b", "x", 5, "AC", 100.0),
    )
    rows = scoreboard(["a", "b"], ["x"], *events, WINDOW, scored=True)
    assert [(row["rank"], row["team_id"], row["score"]) for row in rows] == [
        (1, "b", {"score": 100.0, "time": "0:00:05.000"}),
        (2, "a", {"score": 70.0, "time": "0:00:20.000"}),
    ]
    assert rows[1]["problems"] == [
        {
            "problem_id": "x",
            "num_judged": 3,
            "num_pending": 0,
            "score": 70.0,
            "time": "0:00:20.000",
        }
    ]
