"""A run folder is whole by itself: moved elsewhere it goes on, and nothing is drawn again."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import solver
from solver.contests.folders.folder import read_contest
from solver.contests.logs.recorded import contest_of, keep_contest
from solver.sampling.engine import Answer, Answers, Request, Stop

APPLES = Path(__file__).parents[3] / "problems/bundled/contest/apples"


class Counting:
    """Answers with a program that adds; counts what it is asked."""

    name, model, chat = "counting", "adder", True

    def __init__(self) -> None:
        self.asked = 0

    def sample(self, requests: Sequence[Request], stop: Stop = lambda: False) -> Answers:
        for request in requests:
            self.asked += 1
            text = f"```python\nprint(int(input()) + int(input()) + {request.index % 2})\n```"
            yield request, Answer(text=text, tokens=4, prompt_tokens=3)

    def close(self) -> None:
        pass


def test_a_moved_run_goes_on_where_it_was(tmp_path: Path) -> None:
    here, there = tmp_path / "here/run", tmp_path / "elsewhere/deep/run"
    engine = Counting()
    first = solver.solve(APPLES, engine, samples=4, limit=2, run=here)
    asked = engine.asked
    assert asked >= 4
    shutil.copytree(here, there)
    shutil.rmtree(here)
    again = solver.solve(APPLES, engine, samples=4, limit=2, run=there)
    assert engine.asked == asked
    assert [one.candidate.id for one in again.plan] == [one.candidate.id for one in first.plan]
    solver.solve(APPLES, engine, samples=6, limit=2, run=there)
    assert engine.asked == asked + 2


def test_a_contest_that_moved_with_its_run_is_found(tmp_path: Path) -> None:
    here = tmp_path / "here"
    shutil.copytree(APPLES, here / "cup/apples")
    run = here / "runs/cup"
    run.mkdir(parents=True)
    keep_contest(run, read_contest(here / "cup"), {"apples": "embedded"})
    here.rename(tmp_path / "there")
    moved = tmp_path / "there"
    assert contest_of(moved / "runs/cup").path.resolve() == (moved / "cup").resolve()
