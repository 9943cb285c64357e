"""Comparisons: figures against closed forms, pairing, and what is refused."""

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from worlds import make_record

from solver.cli.app import cli
from solver.errors import SolverError
from solver.replays.play import random_curve
from solver.replays.world import World
from solver.report.comparing.compare import CompareOptions, Entry, _figures, compare
from solver.report.comparing.entries import name_of
from solver.report.comparing.measures import (
    Figure,
    best_figure,
    difference,
    over_tasks,
    pass_figure,
)
from solver.report.comparing.words import told

BUNDLED = Path(__file__).parents[3] / "problems" / "bundled"


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def world_of(seed: int, right: float = 0.05) -> World:
    record = make_record(seed=seed, programs=60, inputs=12, right=right)
    return record.world(np.full(record.truth.points.shape, 0.2), limit=20)


def test_pass_at_k_counts_every_draw() -> None:
    """Against all draws of 3 of 7 programs, 2 of them right."""
    right = [True, True, False, False, False, False, False]
    draws = list(itertools.combinations(right, 3))
    figure = pass_figure(7, 2, 3, rng())
    assert figure is not None
    assert figure.value == pytest.approx(np.mean([any(draw) for draw in draws]))
    assert figure.low < figure.value < figure.high
    assert pass_figure(7, 2, 8, rng()) is None  # no estimate of more than there are
    never = pass_figure(20, 0, 1, rng())
    assert never is not None
    assert never.value == 0.0
    assert 0.05 < never.high < 0.2  # 0 of 20 is not never


def test_the_best_of_k_is_the_exact_expectation() -> None:
    world = world_of(1)
    points = world.truth.points
    curve = random_curve(points, 20)
    for k in (1, 5, 20):
        figure = best_figure(points, k, rng())
        assert figure.value == pytest.approx(curve[k - 1])
        assert figure.low <= figure.value <= figure.high + 1e-9


def test_differences_are_paired_by_task() -> None:
    """Tasks differ by far more than entries do; the difference does not see it."""
    hard, easy = np.full(1000, 10.0), np.full(1000, 90.0)
    noise = np.random.default_rng(1).normal(0, 0.5, (2, 1000))

    def entry(gain: float) -> Figure:
        figures = {
            "hard": Figure.of(10.0 + gain, hard + gain + noise[0]),
            "easy": Figure.of(90.0 + gain, easy + gain + noise[1]),
        }
        found = over_tasks(figures, mean=False, rng=np.random.default_rng(7))
        assert found is not None
        return found

    one, two = entry(0.0), entry(3.0)
    assert one.high - one.low > 100
    change = difference(one, two)
    assert change.value == pytest.approx(6.0)
    assert change.low > 5.9 and change.high < 6.1


def test_two_pools_of_one_task_are_two_entries() -> None:
    good, bad = world_of(0, right=0.5), world_of(0, right=0.01)
    entries = [
        Entry(name="bad", about="", worlds={"made": bad, "other": world_of(2)}),
        Entry(name="good", about="m", worlds={"made": good}),
    ]
    found = compare(entries, CompareOptions(strategies=["longest"], limit=10, seeds=4))
    assert found["tasks"] == ["made"] and found["left_out"] == ["other"]
    totals = [entry["total"] for entry in found["entries"]]
    most = float(good.truth.max_points.sum())
    assert [total["max_points"] for total in totals] == [most, most]  # of one task, not of two
    first = found["entries"][1]["tasks"][0]
    assert first["right"] == int(good.truth.right.all(axis=1).sum())
    gain = next(row for row in found["differences"] if row["measure"] == "pass@1")
    assert gain["name"] == "good" and gain["against"] == "bad"
    assert gain["sure"] and gain["low"] > 0
    with pytest.raises(SolverError, match="no task that all of them have"):
        compare([entries[0], Entry(name="x", about="", worlds={"z": bad})], CompareOptions())


def test_noise_of_the_last_digits_is_no_difference() -> None:
    figures = _figures(Figure(value=-1.03e-13, low=-1e-14, high=2e-13, draws=np.zeros(1)))
    assert figures == {"value": 0.0, "low": 0.0, "high": 0.0}
    assert f"{figures['value']:+.3g}" == "+0"  # and not "-0"
    assert told({**figures, "sure": False}) == "equal"


def test_words_and_names(tmp_path: Path) -> None:
    assert told({"sure": True, "low": 1.0, "high": 2.0}) == ""
    assert told({"sure": False, "low": 0.0, "high": 0.0}) == "equal"
    assert told({"sure": False, "low": -1.0, "high": 2.0}) == "may be chance"
    one, two = tmp_path / "a" / "elk.jsonl", tmp_path / "b" / "elk.jsonl"
    assert name_of(one, [one, two]) == "a/elk"
    assert name_of(one, [one]) == "elk"


def test_command_on_two_pools_of_one_task(tmp_path: Path) -> None:
    """From pools and package to text, JSON and page, in the real sandbox."""
    lines = (BUNDLED / "pools/apples.jsonl").read_text().splitlines(keepends=True)
    rows = {json.loads(line)["id"].split("/")[1]: line for line in lines}
    for name, ids in (("a", ("005", "003", "gen1", "val1")), ("b", ("010", "006", "gen1", "val1"))):
        (tmp_path / f"{name}.jsonl").write_text("".join(rows[each] for each in ids))
    words = ["compare", str(tmp_path / "a.jsonl"), str(tmp_path / "b.jsonl"), "--limit", "2"]
    words += ["--task", str(BUNDLED / "contest/apples"), "--seeds", "2", "--json"]
    words += ["--html", str(tmp_path / "page.html"), "--name", "one"]
    done = CliRunner().invoke(cli, words)
    assert done.exit_code == 0, done.output
    document = json.loads(done.stdout)
    assert [entry["name"] for entry in document["entries"]] == ["one", "b"]
    assert document["tasks"] == ["apples"]
    for entry in document["entries"]:
        [task] = entry["tasks"]
        assert task["candidates"] == 2
        assert task["pass_at"]["1"]["value"] == task["right"] / 2
    assert {row["against"] for row in document["differences"]} == {"one"}
    assert (tmp_path / "page.html").read_text().startswith("<!doctype html>")
    other = CliRunner().invoke(cli, ["compare", str(tmp_path / "a.jsonl"), "--limit", "2"])
    assert other.exit_code != 0
    assert "name its package with --task" in str(other.exception)
