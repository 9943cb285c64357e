"""Samples go where the points are to be had."""

import numpy as np
import pytest

from problems.task import Statement, Subtask, Task, TaskLimits, TaskType
from solver.sampling.allocation import shares_by_gain
from solver.sampling.config import SamplingConfig
from solver.sampling.plan import counts_of
from solver.types import Estimate


def task_of(*points: float) -> Task:
    return Task(
        name="t",
        title="T",
        type=TaskType.BATCH,
        statement=Statement(text=""),
        subtasks=tuple(Subtask(name=f"s{n}", max_points=each) for n, each in enumerate(points)),
        examples=(),
        limits=TaskLimits(time_s=1.0, memory_bytes=1),
        scored=True,
    )


def estimate_of(rows: list[list[float]]) -> Estimate:
    probability = np.array(rows, dtype=np.float64).reshape(len(rows), -1)
    return Estimate(probability=probability, features=np.zeros((*probability.shape, 1), np.float32))


def test_a_solved_subtask_gets_nothing() -> None:
    estimate = estimate_of([[1.0, 0.0]] * 8)
    shares = shares_by_gain(estimate, [None] * 8, task_of(50, 50), 100)
    assert shares == {"s0": 0.0, "s1": 1.0}


def test_equal_subtasks_get_equal_shares() -> None:
    estimate = estimate_of([[0.1, 0.1, 0.1, 0.1]] * 8)
    shares = shares_by_gain(estimate, [None] * 8, task_of(25, 25, 25, 25), 400)
    assert shares == pytest.approx({f"s{n}": 0.25 for n in range(4)}, abs=0.01)


def test_points_draw_samples() -> None:
    estimate = estimate_of([[0.05, 0.05]] * 8)
    shares = shares_by_gain(estimate, [None] * 8, task_of(10, 90), 50)
    assert shares["s1"] > shares["s0"] > 0


def test_a_subtask_never_solved_is_not_given_up() -> None:
    rows = [[0.9 if row == 0 else 0.2, 0.0] for row in range(20)]
    shares = shares_by_gain(estimate_of(rows), [None] * 20, task_of(50, 50), 200)
    assert shares["s1"] > 0.5


def test_only_candidates_drawn_for_a_subtask_tell_its_rate() -> None:
    # Those drawn for s0 cannot solve s1; that says nothing of what those drawn for s1 do.
    rows = [[0.3, 0.0]] * 30 + [[0.3, 0.3]] * 3
    targets = ["s0"] * 30 + ["s1"] * 3
    told = shares_by_gain(estimate_of(rows), targets, task_of(50, 50), 100)
    assert told["s1"] > 0.5
    # Where those for s1 are the many that did not solve it, it looks far less worth it.
    turned = ["s1"] * 30 + ["s0"] * 3
    assert shares_by_gain(estimate_of(rows), turned, task_of(50, 50), 100)["s1"] < told["s1"] - 0.1


def test_a_sample_that_solves_easier_subtasks_along_counts_for_them() -> None:
    # Programs for s1 solve s0 as often as those for s0 do: hardly a sample need go to s0 itself.
    rows = [[0.3, 0.0]] * 10 + [[0.3, 0.2]] * 10
    targets = ["s0"] * 10 + ["s1"] * 10
    shares = shares_by_gain(estimate_of(rows), targets, task_of(60, 40), 40)
    assert shares["s1"] > 0.8
    # Where those for s1 solve nothing else, s0 gets its part.
    apart = [[0.3, 0.0]] * 10 + [[0.0, 0.2]] * 10
    assert shares_by_gain(estimate_of(apart), targets, task_of(60, 40), 40)["s0"] > 0.3


def test_no_candidates_yet_means_by_points() -> None:
    shares = shares_by_gain(estimate_of([[0.0, 0.0]]), [None], task_of(50, 50), 10)
    assert shares == {"s0": 0.5, "s1": 0.5}
    assert shares_by_gain(estimate_of([[0.0, 0.0]]), [None], task_of(50, 50), 0) == {}


def test_counts_follow_the_shares_and_sum_up() -> None:
    names = ["a", "b", "c"] * 2
    config = SamplingConfig(samples=100, first_share=0.5)
    even = counts_of(names, config, None)
    assert sum(even) == 50
    assert max(even) - min(even) <= 1
    given = counts_of(names, config, {"a": 0.0, "b": 0.25, "c": 0.75})
    assert sum(given) == 100
    assert all(more >= first for first, more in zip(even, given, strict=True))
    assert given[0] == even[0]
    assert given[2] + given[5] > given[1] + given[4]
    assert sum(counts_of(names, SamplingConfig(samples=100), {"a": 1.0})) == 100
