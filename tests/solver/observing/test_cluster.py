"""Clusters: equal behaviour, early exits, and near-clusters that slow programs point to."""

import numpy as np
import pytest
from worlds import make_task

from solver.observing.cluster import by_behaviour
from solver.types import Behaviour, RunStatus

OK, CRASH, TIMEOUT, NOT_RUN = (
    RunStatus.OK,
    RunStatus.CRASH,
    RunStatus.TIMEOUT,
    RunStatus.NOT_RUN,
)


def behaviour_of(rows, in_subtask=None, task=None):
    """Rows of (status, digest) pairs."""
    status = np.array([[one[0] for one in row] for row in rows], dtype=np.uint8)
    digest = np.array([[one[1] for one in row] for row in rows], dtype=np.uint64)
    inputs = status.shape[1]
    names = tuple(subtask.name for subtask in (task or make_task(1)).subtasks)
    if in_subtask is None:
        in_subtask = np.ones((inputs, len(names)), dtype=bool)
    return Behaviour(
        candidate_ids=tuple(str(index) for index in range(len(rows))),
        input_ids=tuple(str(index) for index in range(inputs)),
        status=status,
        digest=digest,
        cpu_s=np.zeros(status.shape, dtype=np.float32),
        in_subtask=np.asarray(in_subtask, dtype=bool),
        expected=np.zeros(inputs, dtype=np.uint64),
        subtasks=names,
    )


def good(*values):
    return [(OK, value) for value in values]


def test_equal_rows_share_a_label_and_the_largest_cluster_comes_first():
    rows = [good(1, 2, 3, 4), good(9, 2, 3, 4), good(9, 2, 3, 4), good(9, 2, 3, 4)]
    found = by_behaviour(behaviour_of(rows), make_task(1))
    assert found.label[:, 0].tolist() == [1, 0, 0, 0]
    assert found.near.tolist() == found.label.tolist()


def test_a_program_that_never_finished_has_no_cluster():
    rows = [good(1, 2), [(CRASH, 0), (CRASH, 0)], [(NOT_RUN, 0), (NOT_RUN, 0)]]
    found = by_behaviour(behaviour_of(rows), make_task(1))
    assert found.label[:, 0].tolist() == [0, -1, -1]


def test_a_run_skipped_by_an_early_exit_counts_as_too_slow():
    slow = [*good(1, 2, 3), (TIMEOUT, 0), (TIMEOUT, 0)]
    skipped = [*good(1, 2, 3), (TIMEOUT, 0), (NOT_RUN, 0)]
    found = by_behaviour(behaviour_of([slow, skipped]), make_task(1))
    assert found.label[0, 0] == found.label[1, 0]


def test_a_slow_program_is_near_the_cluster_it_agrees_with():
    right, wrong = good(1, 2, 3, 4, 5), good(1, 2, 3, 4, 6)
    slow = [*good(1, 2, 3, 4), (TIMEOUT, 0)]
    slow_and_wrong = [*good(1, 2, 3, 7), (TIMEOUT, 0)]
    rows = [right, right, right, wrong, slow, slow_and_wrong]
    found = by_behaviour(behaviour_of(rows), make_task(1))
    assert found.label[4, 0] != found.label[0, 0]
    assert found.near[4, 0] == found.label[0, 0]
    assert found.near[5, 0] == found.label[5, 0]


def test_what_finished_nearly_nowhere_is_near_nothing():
    rows = [good(1, 2, 3, 4), [(OK, 1), (CRASH, 0), (CRASH, 0), (CRASH, 0)]]
    found = by_behaviour(behaviour_of(rows), make_task(1))
    assert found.near[1, 0] == found.label[1, 0]


def test_each_subtask_looks_at_its_own_inputs():
    task = make_task(2)
    inside = [[True, True], [False, True]]
    rows = [good(1, 2), good(1, 3)]
    found = by_behaviour(behaviour_of(rows, inside, task), task)
    assert found.label[:, 0].tolist() == [0, 0]
    assert sorted(found.label[:, 1].tolist()) == [0, 1]


def test_labels_equal_those_of_comparing_all_rows():
    rng = np.random.default_rng(5)
    task = make_task(3)
    rows = [[(OK, int(value)) for value in rng.integers(1, 3, size=6)] for _ in range(80)]
    inside = rng.random((6, 3)) < 0.6
    found = by_behaviour(behaviour_of(rows, inside, task), task)
    for s in range(3):
        columns = np.flatnonzero(inside[:, s])
        shown = [tuple(row[j][1] for j in columns) for row in rows]
        for a in range(80):
            for b in range(a):
                if len(columns):
                    same = bool(found.label[a, s] == found.label[b, s])
                    assert same == (shown[a] == shown[b])


def test_another_tasks_behaviour_is_refused():
    with pytest.raises(ValueError, match="behaviour of subtasks"):
        by_behaviour(behaviour_of([good(1)]), make_task(2))


def test_without_an_input_nothing_is_known_and_whoever_ran_is_by_itself():
    rows = [good(1, 2), good(1, 2), [(CRASH, 0), (OK, 5)], [(CRASH, 0), (NOT_RUN, 0)]]
    behaviour = behaviour_of(rows, [[True, False], [True, False]], make_task(2))
    found = by_behaviour(behaviour, make_task(2))
    assert found.label[:2, 0].tolist() == [0, 0]
    assert found.label[:, 1].tolist() == [0, 1, 2, -1]
    assert found.near[:, 1].tolist() == [0, 1, 2, -1]
