"""What an onlooker sees: a table on a terminal, lines elsewhere, and never markup from names."""

import io
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from solver.contests.clock import SimulatedClock, Speeds
from solver.contests.live import clock_text, live_table, onlooker, scoreboard_table, watching
from solver.contests.live.pace import Pace
from solver.contests.logs.log import SubmissionLog
from solver.contests.logs.recorder import RecordedJudge
from solver.contests.play import ContestState, play
from solver.contests.settings import PlayerSettings
from solver.contests.simulated import SimulatedJudge
from solver.observing.examples import passes_examples
from solver.pipeline import plan_request
from solver.prepared import numbers_of
from solver.sampling.source import Spent
from solver.sampling.tally import Tally
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
    assert any("cranes: " in line and "left: " in line for line in lines)


def test_a_table_on_a_terminal(states: list[ContestState]) -> None:
    text = rendered(states, terminal=True)
    for word in ("drawn", "refused", "distinct", "passing", "clusters", "best"):
        assert word in text
    assert "all 4 submissions are" in " ".join(text.split())


def test_the_table_counts_per_task_and_subtask(states: list[ContestState]) -> None:
    """Of 60 answers 50 hold a program, 4 are others in other words and 3 do not compile."""
    last = next(task for task in reversed(states[-1].tasks) if len(task.score.subtasks) > 1)
    assert last.numbers is not None
    numbers = replace(
        last.numbers,
        drawn=60,
        refused={"cut_off": 8, "refused": 2},
        distinct=46,
        compiled=47,
        passing=31,
    )
    task = replace(last, numbers=numbers, aimed={last.score.subtasks[0].name: 3})
    state = replace(states[-1], tasks=(task,), now_s=100.0, ends_s=3700.0)
    out = io.StringIO()
    Console(file=out, width=200).print(live_table(state, "x: running 3/9, 1 runs/s", "12 tokens"))
    text = out.getvalue()
    rows = [re.split(r"\s{2,}", line.strip()) for line in text.splitlines()]
    (row,) = [each for each in rows if each[0] == task.task]
    at = row.index("60")
    assert row[at : at + 5] == ["60", "10", "46", "47", "31"]
    assert f"{task.task}: refused 8 cut off by a limit, 2 refused" in text
    (sub,) = [each for each in rows if each[0] == task.score.subtasks[0].name]
    *_, best, sent, _points = sub
    assert sent == "3" and float(best) == round(numbers.subtasks[0].best, 2)
    assert "x: running 3/9, 1 runs/s" in text
    assert "12 tokens  1:00:00 of the contest left" in text


def test_the_numbers_are_those_of_the_view(contest_of: Any) -> None:
    contest = contest_of()
    task = contest.tasks[0]
    prepared = contest.prepare(task, plan_request(50))
    numbers = numbers_of(prepared)
    assert numbers.drawn == numbers.distinct == len(prepared.view.candidates)
    assert numbers.passing == int(passes_examples(prepared.view.behaviour).sum())
    assert [each.name for each in numbers.subtasks] == list(prepared.view.behaviour.subtasks)
    best = prepared.view.estimate.probability.max(axis=0)
    assert [each.best for each in numbers.subtasks] == pytest.approx(list(best))
    label = prepared.view.clusters.label[:, 0]
    assert numbers.subtasks[0].clusters == len(set(label[label >= 0]))
    tally = Tally(
        answers=70, candidates=60, no_program={"empty": 7}, refused=3, duplicates=5, not_compiled=2
    )
    counted = numbers_of(replace(prepared, tally=tally))
    assert (counted.drawn, counted.distinct, counted.compiled) == (70, 55, 58)
    assert counted.refused == {"empty": 7, "refused": 3}


def test_a_result_is_told_also_where_it_is_the_last(states: list[ContestState]) -> None:
    """Every submission has a line with its result, that which ends the task too."""
    for task in states[-1].tasks:
        told = [state.event for state in states if state.event.startswith(f"{task.task}: ")]
        handed = sum(": submission " in event for event in told)
        assert handed == task.submissions == sum(": result " in event for event in told)
    assert any("; left: " in state.event for state in states)


def test_the_pace_of_a_stage() -> None:
    now_s, tokens = 0.0, 0
    pace = Pace(lambda: now_s)
    pace.spent = lambda: Spent(tokens=tokens)
    assert pace.words("elk", "sampling", 10, 100) == "elk: sampling 10/100"
    now_s, tokens = 10.0, 3000
    assert pace.words("elk", "sampling", 30, 100) == (
        "elk: sampling 30/100, 2 answers/s, 300 tokens/s, about 0:00:35 left"
    )
    assert pace.words("elk", "running", 0, 50) == "elk: running 0/50"
    now_s = 12.0
    assert pace.words("elk", "running", 50, 50) == "elk: running 50/50, 25 programs/s"


def test_a_stage_that_lasts_is_heard_of_where_lines_are_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(onlooker, "LINE_EVERY_S", 0.0)
    out = io.StringIO()
    with watching(Console(file=out, width=160)) as watch:
        watch.meter(lambda: Spent(tokens=812, prompt_tokens=90, cost=0.25))
        watch.stage("elk", "sampling", 0, 64)
        watch.stage("elk", "sampling", 32, 64)
    lines = out.getvalue().splitlines()
    assert lines[0] == "elk: sampling (64)"
    assert lines[1].startswith("elk: sampling 32/64")
    assert lines[1].endswith("812 tokens drawn, 90 of prompts, cost 0.2500")


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
