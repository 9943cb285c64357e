"""Points against tokens, and the risk of the first submission: promised and kept."""

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from worlds import make_record

from solver.replays.assess import assess
from solver.replays.play import random_curve, replay_all
from solver.replays.risk import first_risks
from solver.replays.table import table_of
from solver.replays.tokens import cut_to, token_curves
from solver.replays.world import World

SCHEMA = Path(__file__).parents[3] / "docs" / "schemas" / "replay.schema.json"


def world_of(record, certain=False):
    right = record.truth.right.astype(np.float64)
    return record.world(right if certain else np.full(right.shape, 0.5), limit=8)


def test_a_curve_ends_at_the_whole_pool_and_never_beats_what_was_sampled(record):
    world = world_of(record)
    curve = token_curves({"made": world}, ["expected_gain", "round_robin"])["made"]
    assert curve["samples"] == [19, 38, 75, 150, 300]
    assert curve["tokens"] == sorted(curve["tokens"])
    assert curve["oracle"][-1] == pytest.approx(world.truth.oracle)
    whole = random_curve(world.truth.points, 300)
    assert curve["oracle"] == pytest.approx([whole[n - 1] for n in curve["samples"]])
    # With more programs than submissions, random draws gain nothing from the rest of the pool.
    assert curve["random"] == pytest.approx([whole[7]] * 5)
    for points in curve["strategies"].values():
        assert len(points) == 5 and all(0 <= each <= world.truth.oracle for each in points)


def test_a_cut_pool_is_clustered_and_estimated_by_itself(record):
    world = world_of(record)
    rows = np.array([0, 3, 5, 8, 13, 21])
    cut = cut_to(world, rows)
    assert [one.id for one in cut.view.candidates] == [
        world.view.candidates[row].id for row in rows
    ]
    assert (cut.truth.points == world.truth.points[rows]).all()
    # A cluster of the whole pool is larger than six.
    assert np.bincount(cut.view.clusters.label[:, 0].clip(0)).sum() == 6
    assert cut.view.estimate.probability.shape == (6, 3)


def test_what_broke_a_program_goes_with_it(record):
    world = world_of(record)
    accused = np.zeros(world.view.estimate.probability.shape)
    accused[5:, :] = 0.99
    broken = World(view=replace(world.view, accused=accused), truth=world.truth)
    rows = np.array([2, 7, 11])
    assert (cut_to(broken, rows).view.accused == accused[rows]).all()
    # A strategy plays both the cut pool and one redrawn with repetition.
    token_curves({"made": broken}, ["expected_gain"])
    assert assess(broken.view, broken.truth, "expected_gain", replays=2, marks=(1, 8)).candidates


def test_risk_is_kept_where_the_estimates_are_right_and_seen_where_they_are_not(record):
    sure = first_risks({"made": world_of(record, certain=True)}, ["expected_gain"], seeds=4)
    assert sure["expected_gain"]["kept"] == 0.0
    assert sure["expected_gain"]["promised"] <= 0.6
    doubtful = world_of(make_record(seed=3, right=0.01))
    told = first_risks({"made": doubtful}, ["expected_gain"], seeds=4)["expected_gain"]
    assert 0.0 <= told["low"] <= told["high"] <= 1.0 and told["tasks"] == 1


def test_the_document_with_both_has_the_contracts_shape(record):
    worlds = {"made": world_of(record)}
    document = table_of(worlds, replay_all(worlds, ["expected_gain", "round_robin"], 2), 8)
    names = ["expected_gain"]
    document["tasks"][0]["tokens_curve"] = token_curves(worlds, names)["made"]
    document["total"]["first_submission"] = first_risks(worlds, names, seeds=2)
    jsonschema.validate(json.loads(json.dumps(document)), json.loads(SCHEMA.read_text()))
