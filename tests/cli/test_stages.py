"""How far a command is: bars for people, lines for logs."""

import io
import time

import pytest
from rich.console import Console

from solver.cli import stages
from solver.cli.stages import Stages


def test_a_log_gets_a_line_at_each_stages_end_and_no_bar() -> None:
    written = io.StringIO()
    with Stages("elk", Console(file=written)) as shown:
        for done in range(4):
            shown.notify("compile [x]", done, 3)
        shown.notify("compile [x]", 3, 3)
        shown.notify("observe", 0, 9)
    line, _, rest = written.getvalue().partition(" (")
    assert line == "elk compile [x]: 3/3" and rest.count("\n") == 1


def test_a_log_gets_a_line_now_and_then_within_a_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stages, "LINE_EVERY_S", 0.0)
    written = io.StringIO()
    with Stages("growing", Console(file=written)) as shown:
        shown.update(1, 50, "7 mutants")
        shown.update(2, 50, "9 mutants")
    lines = written.getvalue().splitlines()
    assert [line.partition(" (")[0] for line in lines] == [
        "growing: 1/50 7 mutants",
        "growing: 2/50 9 mutants",
    ]


def test_a_terminal_gets_a_bar_a_stage_and_no_line() -> None:
    written = io.StringIO()
    console = Console(file=written, force_terminal=True, width=100)
    with Stages("elk", console) as shown:
        shown.notify("compile [x]", 3, 3)
        shown.notify("observe", 4, 9)
    text = written.getvalue()
    assert "elk compile [x]" in text and "3/3" in text and "4/9" in text
    assert "elk compile [x]: 3/3" not in text


def test_a_log_hears_of_a_stage_in_which_nothing_moves(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model that takes minutes for its first answer."""
    monkeypatch.setattr(stages, "BEAT_EVERY_S", 0.01)
    written = io.StringIO()
    with Stages("sampling", Console(file=written, width=200)) as shown:
        shown.update(0, 64)
        for _ in range(1000):
            if "still at it" in written.getvalue():
                break
            time.sleep(0.01)
    lines = written.getvalue().splitlines()
    assert lines[0] == "sampling: 0/64 to begin with"
    assert lines[1].startswith("sampling: 0/64, still at it (")


def test_a_long_stage_says_what_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stages, "LINE_EVERY_S", 3600.0)
    written = io.StringIO()
    with Stages("sampling", Console(file=written, width=200)) as shown:
        shown.update(10, 64, "5 tokens")
        shown._told_s -= 4000
        shown._start_s -= 540
        begun_s, first = shown._first[""]
        shown._first[""] = begun_s - 540, first
        shown.update(64 - 27, 64, "9 tokens")
    assert (
        written.getvalue()
        .splitlines()[1]
        .endswith("sampling: 37/64 9 tokens (540 s, about 540 s left)")
    )


def test_what_is_left_after_a_resume_counts_this_stage_and_this_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """900 of 1000 were there, and another stage took an hour before."""
    now_s = 5000.0
    monkeypatch.setattr(stages.time, "monotonic", lambda: now_s)
    written = io.StringIO()
    with Stages("", Console(file=written, width=200)) as shown:
        shown.notify("sampling", 1000, 1000)
        now_s += 3600
        shown.notify("running", 900, 1000)
        now_s += 60
        shown.notify("running", 920, 1000)
    last = written.getvalue().splitlines()[-1]
    assert last == "running: 920/1000 (3660 s, about 240 s left)"
