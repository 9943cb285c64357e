"""What an onlooker sees: a table on a terminal, lines elsewhere, and never markup from names."""

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from solver.contests.clock import SimulatedClock, Speeds
from solver.contests.live import clock_text, live_table, scoreboard_table, watching
from solver.contests.logs.log import SubmissionLog
from solver.contests.logs.recorder import RecordedJudge
from solver.contests.play import ContestState, play
from solver.contests.settings import PlayerSettings
from solver.contests.simulated import SimulatedJudge
from solver.strategies.simple import Longest


@pytest.fixture
def states(tmp_path: Path, contest_of: Any) -> list[ContestState]:
    contest = contest_of(limit=4)
    clock, seen = SimulatedClock(), []
    with SubmissionLog(tmp_path / "submissions.jsonl") as log:
        judge = SimulatedJudge(contest.plan, contest.tasks, contest.graders(), clock)
        play(
            contest.plan,
            RecordedJudge(judge, log, tmp_path / "submissions"),
            contest.prepare,
            PlayerSettings(strategy=Longest, strategy_name="longest"),
            clock=clock,
            log=log,
            speeds=Speeds(),
            watch=seen.append,
        )
    return seen


def rendered(states: list[ContestState], *, terminal: bool) -> str:
    out = io.StringIO()
    console = Console(file=out, force_terminal=terminal, width=160, color_system=None)
    with watching(console) as watch:
        for state in states:
            watch.stage("apples", "compiling", 1, 60)
            watch(state)
    return out.getvalue()


def test_lines_where_there_is_no_terminal(states: list[ContestState]) -> None:
    lines = rendered(states, terminal=False).splitlines()
    assert lines[0] == "apples: compiling (60)"
    assert lines[1].startswith("0:00:00 apples: 60 candidates in 3 clusters")
    assert sum("compiling" in line for line in lines) == 1
    assert len(lines) == 1 + len(states)
    assert any("cranes: left: " in line for line in lines)


def test_a_table_on_a_terminal(states: list[ContestState]) -> None:
    text = rendered(states, terminal=True)
    for word in ("samples", "clusters", "points per subtask", "all 4 submissions are spent"):
        assert word in text


def test_names_are_no_markup(states: list[ContestState]) -> None:
    odd = "[red]odd[/nothing]"
    state = replace(states[-1], event=odd, tasks=(replace(states[-1].tasks[0], task=odd),))
    out = io.StringIO()
    Console(file=out, width=160).print(live_table(state))
    assert out.getvalue().count(odd) == 2


def test_the_scoreboard_shows_penalties_where_they_count(tmp_path: Path, contest_of: Any) -> None:
    board = contest_of("icpc").play(tmp_path)
    out = io.StringIO()
    Console(file=out, width=160).print(scoreboard_table(board, "x"))
    assert "penalty (min)" in out.getvalue()


def test_clock() -> None:
    assert [clock_text(s) for s in (0, 59.9, 3600, 5 * 3600 + 61)] == [
        "0:00:00",
        "0:00:59",
        "1:00:00",
        "5:01:01",
    ]
