"""Replays: exact random curve, feedback modes, records, and the figures' shape."""

import json
from pathlib import Path

import jsonschema
import numpy as np
import pyarrow.parquet as pq
import pytest

from problems.verdict import Verdict
from solver import strategies
from solver.errors import PoolError, SolverError
from solver.replays.play import play, random_curve, replay, replay_all
from solver.replays.record import read_record, write_record
from solver.replays.rows import write_rows
from solver.replays.table import gap_closed, table_of
from solver.scorer.features import NAMES
from solver.types import FeedbackMode

SCHEMA = Path(__file__).parents[3] / "docs" / "schemas" / "replay.schema.json"

TRUSTED = NAMES.index("agreement, programs that pass the examples")


def world_of(record, **more):
    estimate = np.clip(record.features[:, :, TRUSTED].astype(np.float64), 0, 1) * 0.3
    return record.world(estimate, **more)


def test_the_random_curve_is_what_drawing_gives():
    rng = np.random.default_rng(0)
    points = rng.choice([0.0, 3.0, 10.0], p=[0.8, 0.15, 0.05], size=(40, 3))
    exact = random_curve(points, 12)
    drawn = np.zeros(12)
    rounds = 4000
    for _ in range(rounds):
        order = rng.permutation(40)[:12]
        drawn += np.maximum.accumulate(points[order], axis=0).sum(axis=1)
    assert exact == pytest.approx(drawn / rounds, abs=0.45)  # four standard errors
    assert random_curve(points, 60)[-1] == pytest.approx(points.max(axis=0).sum())


def test_random_strategy_meets_the_random_curve(record):
    world = world_of(record, limit=20)
    seen = replay(world, strategies.FACTORIES["random"], range(400)).mean
    assert seen[-1] == pytest.approx(random_curve(world.truth.points, 20)[-1], rel=0.05)


def test_gap_closed_is_nothing_where_there_is_no_gap():
    assert gap_closed(5.0, 5.0, 5.0) is None
    assert gap_closed(362.14, 156.0, 362.14) == 1.0
    # o1-ioi at IOI 2024, as published.
    assert gap_closed(213.0, 156.0, 362.14) == pytest.approx(0.2765, abs=1e-4)


class Spy:
    """Hands in rows in order and keeps what it was told."""

    def __init__(self):
        self.told = ()

    def next(self, history):
        self.told = history
        return strategies.Choice(
            candidate=len(history), subtask=None, estimate=0, expected_gain=None, reason="spy"
        )


@pytest.mark.parametrize("mode", list(FeedbackMode))
def test_feedback_tells_what_the_mode_allows(record, mode):
    world = world_of(record, limit=10, mode=mode)
    spy = Spy()
    play(spy, world.view, world.truth)
    for one in spy.told:
        assert bool(one.points) == (mode is FeedbackMode.FULL)
        assert (one.verdict is None) == (mode is FeedbackMode.NONE)
        if mode is FeedbackMode.FULL:
            points = list(one.points.values())
            assert points == world.truth.points[one.candidate].tolist()
        if mode is FeedbackMode.VERDICT:
            full = bool(world.truth.right[one.candidate].all())
            assert (one.verdict is Verdict.AC) == full


def test_equal_seeds_give_equal_curves(record):
    world = world_of(record)
    once = replay(world, strategies.FACTORIES["expected_gain"], range(3))
    again = replay(world, strategies.FACTORIES["expected_gain"], range(3))
    assert (once.points == again.points).all()
    assert (np.diff(once.points, axis=1) >= 0).all()


def test_a_record_keeps_replays_and_no_text(record, tmp_path):
    file = tmp_path / "made.npz"
    write_record(file, record)
    back = read_record(file)
    assert back.truth.points.tolist() == record.truth.points.tolist()
    assert back.clusters.label.tolist() == record.clusters.label.tolist()
    assert [len(one.source) for one in back.candidates] == [
        len(one.source) for one in record.candidates
    ]
    assert all(one.source.strip().isdigit() for one in back.candidates)
    for name in ("longest", "round_robin", "expected_gain"):
        first = replay(world_of(record), strategies.FACTORIES[name], range(2)).points
        second = replay(world_of(back), strategies.FACTORIES[name], range(2)).points
        assert first.tolist() == second.tolist()


def test_a_broken_record_is_named(tmp_path):
    file = tmp_path / "x.npz"
    with pytest.raises(PoolError, match="no such record"):
        read_record(file)
    file.write_bytes(b"not an archive")
    with pytest.raises(PoolError, match="not a replay record"):
        read_record(file)


def test_a_record_of_other_features_is_refused(record, tmp_path, monkeypatch):
    file = tmp_path / "made.npz"
    write_record(file, record)
    names = [*NAMES[:-1], "what a later version reads"]
    monkeypatch.setattr("solver.replays.record.NAMES", tuple(names))
    with pytest.raises(PoolError, match=r"made\.npz: recorded with other features; .*collect"):
        read_record(file)


def test_the_document_has_the_contracts_shape(record):
    worlds = {"made": world_of(record, limit=12)}
    curves = replay_all(worlds, strategies.NAMES, 3)
    document = json.loads(json.dumps(table_of(worlds, curves, 12)))
    jsonschema.validate(document, json.loads(SCHEMA.read_text()))
    row = document["tasks"][0]
    assert row["oracle"] == 60.0 and row["random"] < row["oracle"]
    assert len(row["strategies"]["expected_gain"]["curve"]) == 12
    for one in row["strategies"].values():
        assert one["low"] <= one["gap_closed"] + 1e-9 <= one["high"] + 2e-9


def test_every_limit_has_an_interval_and_every_seed_a_row(record, tmp_path):
    worlds = {"one": world_of(record, limit=8)}
    curves = replay_all(worlds, ["random"], seeds=30)
    entry = table_of(worlds, curves, 8)["tasks"][0]["strategies"]["random"]
    points = curves["one"]["random"].points
    for k in range(8):
        low, high = entry["curve_low"][k], entry["curve_high"][k]
        half = 1.96 * points[:, k].std() / np.sqrt(30)
        assert low <= entry["curve"][k] <= high
        assert high - low == pytest.approx(2 * half, rel=0.25, abs=0.3)
    write_rows(curves, tmp_path / "rows.parquet")
    rows = pq.read_table(tmp_path / "rows.parquet").to_pylist()
    assert len(rows) == 30 * 8
    one = next(row for row in rows if row["seed"] == 7 and row["submissions"] == 3)
    assert one["points"] == points[7, 2]
    write_rows(curves, tmp_path / "rows.csv")
    assert (tmp_path / "rows.csv").read_text().startswith('"task","strategy","seed"')
    with pytest.raises(SolverError, match=r"\.csv or \.parquet"):
        write_rows(curves, tmp_path / "rows.xlsx")
