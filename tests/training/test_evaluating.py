"""The figures before and after, on made-up points."""

import numpy as np
import pytest

from solver.training.evaluating import Answers, measured
from solver.training.words import evaluation_words


def answers(right: int, total: int = 20, half: int = 0) -> Answers:
    """So many with full marks, and so many with the first of two subtasks."""
    points = np.zeros((total, 2))
    points[:right] = (40, 60)
    points[right : right + half] = (40, 0)
    return Answers(points=points, max_points=np.array([40.0, 60.0]), programs=total)


def test_figures_and_what_changed() -> None:
    before = {"a": answers(0, half=5), "b": answers(10)}
    after = {"a": answers(5), "b": answers(10)}
    document = measured({"base": before, "round 1": after})
    base, trained = document["entries"]
    assert document["marks"] == [1, 10] and document["left_out_marks"] == [50]
    assert base["pass_at"]["1"]["value"] == pytest.approx(0.25)  # (0 + 10/20) / 2
    assert trained["pass_at"]["1"]["value"] == pytest.approx(0.375)
    assert base["points_at"]["1"]["value"] == pytest.approx(40 * 5 / 20 + 100 * 10 / 20)
    assert (base["oracle"], trained["oracle"]) == (140.0, 200.0)
    change = {row["what"]: row for row in document["differences"]}
    assert change["points at 1"]["value"] == pytest.approx(15.0)
    assert change["points at 1"]["low"] < 15.0 < change["points at 1"]["high"]
    # What chance alone gives two draws of one model is no improvement.
    assert change["pass at 10"]["low"] <= change["pass at 10"]["value"]
    assert [row["entry"] for row in document["curves"]["rounds"]["1"]] == ["base", "round 1"]
    assert [row["samples"] for row in document["curves"]["samples"]["base"]][-1] == 20


def test_the_same_answers_are_no_improvement_and_many_better_ones_are() -> None:
    tasks = [f"t{n}" for n in range(8)]
    same = {task: answers(10) for task in tasks}
    better = {task: answers(19) for task in tasks}
    rows = {
        row["entry"]: row
        for row in measured({"base": same, "again": same, "better": better})["differences"]
        if row["what"] == "pass at 1"
    }
    assert rows["again"]["low"] < 0 < rows["again"]["high"]
    assert rows["better"]["low"] > 0.3
    words = evaluation_words(measured({"base": same, "again": same}))
    assert "| again | pass at 1: +0.000 [" in words and words.count("| no |") == 4
