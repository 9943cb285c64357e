"""A prepared task comes back from the run folder as it was."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from worlds import make_record

from solver.errors import RunFolderError
from solver.strategies.views import KeptView, keep_view, kept_views
from solver.types import HelperKind, HelperProgram


def view_kept(round: int = 1) -> KeptView:
    record = make_record()
    world = record.world(np.full(record.truth.points.shape, 0.25))
    return KeptView(
        round=round,
        view=world.view,
        programs=("p",) * len(world.view.candidates),
        errors={world.view.candidates[0].id: "no such name"},
        helpers=(
            HelperProgram(
                id="g", kind=HelperKind.GENERATOR, language="python3", source="print(1)\ud800"
            ),
        ),
        tokens=7,
        cpu_s=1.5,
        tally={"answers": 3},
    )


def test_what_is_kept_comes_back(tmp_path: Path) -> None:
    first, second = view_kept(1), view_kept(2)
    keep_view(tmp_path, second)
    keep_view(tmp_path, first)
    found = kept_views(tmp_path)
    assert [one.round for one in found] == [1, 2]
    got, meant = found[0].view, first.view
    assert list(got.candidates) == list(meant.candidates)
    assert [dataclasses.astuple(s) for s in got.task.subtasks] == [
        dataclasses.astuple(s) for s in meant.task.subtasks
    ]
    for name in ("status", "digest", "cpu_s", "in_subtask", "expected"):
        assert np.array_equal(getattr(got.behaviour, name), getattr(meant.behaviour, name))
    assert np.array_equal(got.clusters.label, meant.clusters.label)
    assert np.array_equal(got.estimate.probability, meant.estimate.probability)
    assert (got.feedback_mode, got.limit) == (meant.feedback_mode, meant.limit)
    assert dataclasses.replace(found[0], view=first.view) == first


def test_none_and_damage(tmp_path: Path) -> None:
    assert kept_views(tmp_path) == []
    keep_view(tmp_path, view_kept())
    [file] = tmp_path.glob("view-*.npz")
    file.write_bytes(file.read_bytes()[:200])
    with pytest.raises(RunFolderError, match="made anew"):
        kept_views(tmp_path)
