"""Promises of the beliefs that each stand alone, on views small enough to be counted by hand."""

import dataclasses

import numpy as np
import pytest

from solver.observing.cluster import by_behaviour
from solver.strategies.beliefs import Beliefs, BeliefWeights
from tests.solver.strategies.test_strategies import of_outputs


def nested(record, digest, inner):
    """Programs that print these numbers; the first `inner` inputs are those of a subtask that a
    second one includes."""
    view = of_outputs(record, digest, split=inner)
    first, second = view.task.subtasks
    task = dataclasses.replace(
        view.task, subtasks=(first, dataclasses.replace(second, includes=(first.name,)))
    )
    in_subtask = view.behaviour.in_subtask.copy()
    in_subtask[:, 1] = True
    behaviour = dataclasses.replace(view.behaviour, in_subtask=in_subtask)
    return dataclasses.replace(
        view, task=task, behaviour=behaviour, clusters=by_behaviour(behaviour, task)
    )


def test_a_failure_on_an_included_subtask_counts_against_all_that_agree_with_it_there(record):
    failed, agrees, differs = [1, 1, 2, 2], [1, 1, 3, 3], [4, 4, 5, 5]
    view = nested(record, [failed, agrees, differs], inner=2)
    beliefs = Beliefs(view, BeliefWeights())
    before = beliefs.probability()
    assert before[1, 1] == pytest.approx(before[2, 1])
    # Nothing is told of the whole task: what falls there falls by inclusion alone.
    told = np.array([True, False])
    beliefs.learn(0, np.zeros(2, dtype=bool), told, lost=False)
    after = beliefs.probability()
    weights = BeliefWeights()
    kept = weights.fails / (weights.passes + weights.fails)
    assert after[1, 1] == pytest.approx(kept * after[2, 1], rel=0.02)
    assert after[2, 1] > before[2, 1]


def test_what_another_cluster_decides_leaves_a_small_chance_to_the_rest(record):
    """A cluster is what our inputs saw: after many failures of its like a program is worth what it
    would be worth as a stranger, and not nothing."""
    view = of_outputs(record, [[1] * 4] * 12 + [[2] * 4])
    told = np.ones(1, dtype=bool)

    def last_of_twelve(weights):
        beliefs = Beliefs(view, weights)
        start = beliefs.probability()[11, 0]
        for row in range(11):
            beliefs.learn(row, ~told, told, lost=False)
        return beliefs.probability()[11, 0] / start

    # No kinship: it would lift the failed ones' own cluster again.
    weights = BeliefWeights(kin=0.0)
    left = last_of_twelve(weights)
    assert 0.5 * weights.leak < left < 2.0 * weights.leak
    assert left > 1.5 * last_of_twelve(weights.model_copy(update={"leak": 0.0}))


def test_only_what_is_more_than_a_doubt_counts_against_a_program(record):
    view = of_outputs(record, [[k] * 4 for k in range(1, 5)])
    before = Beliefs(view, BeliefWeights()).probability()[:, 0]
    accused = np.array([[0.5], [0.75], [0.95], [0.0]])
    told = dataclasses.replace(view, accused=accused)
    after = Beliefs(told, BeliefWeights()).probability()[:, 0]
    # The minority's estimate knows that it is one; a proof leaves next to nothing.
    assert after[0] == pytest.approx(before[0]) and after[3] == pytest.approx(before[3])
    assert after[1] == pytest.approx(before[1] * (1 - 0.75 * 0.5))
    assert after[2] == pytest.approx(before[2] * 0.05)
