"""The table of a contest: exact where it can be, and the same for equal seeds."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from problems.verdict import Verdict
from solver.replays.contest import (
    UNLIMITED,
    contest_table,
    outcome,
    random_contests,
    rounded_world,
    table_document,
)
from solver.replays.play import random_curve
from solver.replays.rows import write_contest_rows
from solver.replays.truth import Truth
from solver.replays.world import World
from solver.types import FeedbackMode, PrepareRequest


@pytest.fixture
def worlds(contest: Any) -> dict[str, World]:
    """The small contest's tasks with their first 60 candidates; the limit is set by the table."""
    request = PrepareRequest(round=1, tried=(), feedback_mode=FeedbackMode.FULL, limit=50)
    made = {}
    for task in contest.tasks:
        view = contest.prepare(task, request).view
        points = np.array([contest.points[task.name][c.id.encode()] for c in view.candidates])
        ids = tuple(candidate.id for candidate in view.candidates)
        truth = Truth(
            task=task.name,
            subtasks=tuple(subtask.name for subtask in task.subtasks),
            max_points=np.array([subtask.max_points for subtask in task.subtasks]),
            candidate_ids=ids,
            source_digests=ids,
            program_digests=ids,
            points=points,
            verdicts=(Verdict.WA,) * len(ids),
        )
        made[task.name] = World(view=view, truth=truth)
    return made


def test_random_contests_agree_with_the_exact_expectation(worlds: dict[str, World]) -> None:
    for limit in (1, 10, 50, UNLIMITED):
        exact = sum(
            float(random_curve(world.truth.points, min(limit, 60))[-1]) for world in worlds.values()
        )
        drawn = random_contests(list(worlds.values()), limit, 10_000, seed=1)
        error = drawn.std() / 100
        assert abs(drawn.mean() - exact) <= 5 * error + 1e-9
    oracle = sum(world.truth.oracle for world in worlds.values())
    assert drawn.min() == drawn.max() == oracle


def test_the_table(worlds: dict[str, World]) -> None:
    rows = contest_table(worlds, ["random", "longest"], [1, 10, UNLIMITED], seeds=40)
    assert [row.limit for row in rows] == [1, 10, UNLIMITED]
    oracle = rows[0].oracle
    means = [row.strategies["random"].mean for row in rows]
    assert means == sorted(means) and means[-1] == oracle
    for row in rows:
        # A strategy that draws at random is the random column, up to the noise of 40 contests.
        found = row.strategies["random"]
        spread = (found.high - found.low) / 2
        assert abs(found.mean - row.random.mean) <= 3 * spread + 1e-9
        assert found.least <= found.mean <= found.most
        assert row.submissions["random"] <= min(row.limit, 60) * 3
    again = contest_table(worlds, ["random", "longest"], [1, 10, UNLIMITED], seeds=40)
    assert again == rows
    document = table_document("small", rows, 40)
    gap = document["limits"][0]["strategies"]["random"]["gap_closed"]
    assert abs(gap) < 0.5
    assert document["limits"][2]["strategies"]["random"]["gap_closed"] is None


def test_points_are_rounded_as_the_scoreboard_rounds(worlds: dict[str, World]) -> None:
    world = worlds["bridges"]
    third = replace(world.truth, points=np.full_like(world.truth.points, 100 / 3))
    assert rounded_world(World(view=world.view, truth=third)).truth.oracle == 33.33


def test_outcomes() -> None:
    found = outcome(np.arange(1000, dtype=float), seed=0)
    assert found.mean == 499.5
    assert found.low < 499.5 < found.high
    assert (found.least, found.most) == pytest.approx((24.975, 974.025))


def test_a_row_for_every_simulated_contest(worlds: dict[str, World], tmp_path: Path) -> None:
    rows = contest_table(worlds, ["longest"], [1, 10], seeds=40)
    write_contest_rows(rows, tmp_path / "rows.parquet")
    written = pq.read_table(tmp_path / "rows.parquet").to_pylist()
    mine = [row for row in written if row["strategy"] == "longest" and row["limit"] == 10]
    assert [row["seed"] for row in mine] == list(range(40))
    mean = np.mean([row["points"] for row in mine])
    assert mean == pytest.approx(rows[1].strategies["longest"].mean)
    assert {row["strategy"] for row in written} == {"longest", "random"}
