"""Strategies: the limit, no repeats, solved subtasks left alone, and no way to the truth."""

import dataclasses
import gc

import numpy as np
import pytest
from worlds import make_record

from problems.verdict import Verdict
from solver import strategies
from solver.errors import SolverError
from solver.observing.cluster import by_behaviour
from solver.replays.play import play, replay
from solver.replays.truth import Truth
from solver.scorer.features import NAMES
from solver.strategies.base import View
from solver.strategies.beliefs import Beliefs, BeliefWeights
from solver.strategies.expected_gain import ExpectedGain
from solver.strategies.progress import included_in
from solver.strategies.round_robin import RoundRobin
from solver.types import Feedback, FeedbackMode, RunStatus

TRUSTED = NAMES.index("agreement, programs that pass the examples")


def crude(record):
    """Estimates without a scorer: agreement with those that pass the examples."""
    right = record.features[:, :, TRUSTED].astype(np.float64)
    return np.clip(right / max(right.max(), 1e-9), 0.0, 1.0) * 0.3


def world_of(record, limit=50, mode=FeedbackMode.FULL):
    return record.world(crude(record), limit=limit, mode=mode)


@pytest.mark.parametrize("name", strategies.NAMES)
@pytest.mark.parametrize("mode", list(FeedbackMode))
def test_every_strategy_plays_within_the_limit_and_never_twice(record, name, mode):
    world = world_of(record, 30, mode)
    chooser = strategies.make(name, world.view, np.random.default_rng(0))
    history, chosen = [], []
    while len(history) < world.view.limit:
        choice = chooser.next(tuple(history))
        if choice is None:
            break
        assert choice.reason and "\n" not in choice.reason
        chosen.append(choice.candidate)
        history.append(Feedback(candidate=choice.candidate, verdict=Verdict.WA))
        if mode is not FeedbackMode.FULL:
            history[-1] = Feedback(
                candidate=choice.candidate,
                verdict=Verdict.WA if mode is FeedbackMode.VERDICT else None,
            )
    assert len(set(chosen)) == len(chosen) == 30


@pytest.mark.parametrize("name", strategies.NAMES)
def test_nothing_is_handed_in_once_all_is_solved(record, name):
    world = world_of(record)
    points = dict(zip(world.truth.subtasks, world.truth.max_points.tolist(), strict=True))
    chooser = strategies.make(name, world.view, np.random.default_rng(0))
    assert chooser.next((Feedback(candidate=0, points=points, verdict=Verdict.AC),)) is None


@pytest.mark.parametrize("name", ["round_robin", "gencluster", "cluster_size"])
def test_a_solved_subtask_gets_no_further_turn(record, name):
    world = world_of(record)
    chooser = strategies.make(name, world.view, np.random.default_rng(0))
    history = [Feedback(candidate=5, points={"s0": 10.0, "s1": 0.0, "s2": 0.0})]
    for _ in range(12):
        choice = chooser.next(tuple(history))
        assert choice is not None and choice.subtask != "s0"
        history.append(Feedback(candidate=choice.candidate, points={"s0": 10.0}))


def test_round_robin_takes_turns_from_the_hardest(record):
    world = world_of(record)
    chooser = RoundRobin(world.view, np.random.default_rng(0))
    history, turns = [], []
    for _ in range(6):
        choice = chooser.next(tuple(history))
        turns.append(choice.subtask)
        history.append(Feedback(candidate=choice.candidate, points={"s0": 0.0}))
    assert turns == ["s2", "s1", "s0", "s2", "s1", "s0"]


def test_round_robin_drops_what_disagrees_with_a_solved_subtask(record):
    world = world_of(record)
    label = world.view.clusters.label
    solver_row = int(np.flatnonzero(world.truth.right[:, 0])[0])
    chooser = RoundRobin(world.view, np.random.default_rng(0))
    history = [Feedback(candidate=solver_row, points={"s0": 10.0, "s1": 0.0, "s2": 0.0})]
    for _ in range(4):
        choice = chooser.next(tuple(history))
        assert label[choice.candidate, 0] == label[solver_row, 0]
        history.append(Feedback(candidate=choice.candidate, points={"s0": 10.0}))


def test_no_truth_can_be_reached_from_what_a_strategy_holds(record):
    """A cheat follows every reference from its view, itself and its history."""
    world = world_of(record)
    chooser = strategies.make("expected_gain", world.view, np.random.default_rng(0))
    history = (Feedback(candidate=0, points={"s0": 0.0}),)
    chooser.next(history)
    # The types themselves are shared code, not data of this problem.
    waiting, seen, found = [world.view, chooser, history], set(), []
    truths = {id(world.truth), id(world.truth.points), id(world)}
    while waiting:
        one = waiting.pop()
        if id(one) in seen or isinstance(one, type) or type(one).__name__ == "module":
            continue
        if callable(one) and hasattr(one, "__globals__"):
            continue
        seen.add(id(one))
        if id(one) in truths or isinstance(one, Truth):
            found.append(type(one).__name__)
        waiting += gc.get_referents(one)
    assert len(seen) > 100
    assert found == []


def test_a_view_and_the_feedback_cannot_be_written_to(record):
    world = world_of(record)
    with pytest.raises(dataclasses.FrozenInstanceError):
        world.view.limit = 1000
    feedback = Feedback(candidate=1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        feedback.points = {"s0": 10.0}
    assert {field.name for field in dataclasses.fields(View)}.isdisjoint(
        {"truth", "testset", "answers", "points"}
    )


def test_a_strategy_that_asks_for_more_than_the_limit_is_cut_off(record):
    class Endless:
        def __init__(self):
            self.asked = 0

        def next(self, history):
            self.asked += 1
            return strategies.Choice(
                candidate=self.asked, subtask=None, estimate=0, expected_gain=None, reason="x"
            )

    world = world_of(record, 7)
    endless = Endless()
    _, spent = play(endless, world.view, world.truth)
    assert spent == 7 and endless.asked == 7


def test_a_row_that_is_not_there_is_refused(record):
    class Outside:
        def next(self, history):
            return strategies.Choice(
                candidate=-1, subtask=None, estimate=0, expected_gain=None, reason="x"
            )

    world = world_of(record)
    with pytest.raises(ValueError, match="no candidate -1"):
        play(Outside(), world.view, world.truth)


def test_before_any_result_a_chance_is_the_estimate(record):
    world = world_of(record)
    trusting = BeliefWeights(example=0.0, failure=0.0)
    chance = Beliefs(world.view, trusting).probability()
    label = world.view.clusters.label
    estimate = np.where(label >= 0, world.view.estimate.probability, 0.0)
    # Estimates of many clusters together come to more than one: no reason to believe less of each.
    assert estimate.sum() > 3.0
    np.testing.assert_allclose(chance, estimate, rtol=1e-9, atol=1e-12)


def test_no_chance_grows_beyond_one(record):
    world = world_of(record)
    beliefs = Beliefs(world.view, BeliefWeights())
    order = np.argsort(-beliefs.probability()[:, 2])
    for row in order[:6].tolist():
        beliefs.learn(row, np.zeros(3, dtype=bool), np.array([False, False, True]), lost=False)
        chance = beliefs.probability()
        assert chance.min() >= 0.0 and chance.max() <= 1.0


def test_a_pass_lifts_those_who_behave_alike_and_lowers_the_rest(record):
    world = world_of(record)
    beliefs = Beliefs(world.view, BeliefWeights())
    label = world.view.clusters.label[:, 2]
    rows = np.flatnonzero(label == np.bincount(label[label >= 0]).argmax())
    others = np.flatnonzero((label >= 0) & (label != label[rows[0]]))
    before = beliefs.probability()
    beliefs.learn(int(rows[0]), np.array([True] * 3), np.ones(3, dtype=bool), lost=False)
    after = beliefs.probability()
    assert (after[rows[1:], 2] >= before[rows[1:], 2]).all()
    # Those near the cluster (slow, else in agreement) are lifted too.
    near = world.view.clusters.near[:, 2]
    apart = others[near[others] != label[rows[0]]]
    assert after[apart, 2].sum() < before[apart, 2].sum()


def test_a_failure_lowers_those_who_behave_alike_and_lifts_the_rest(record):
    world = world_of(record)
    beliefs = Beliefs(world.view, BeliefWeights())
    label = world.view.clusters.label[:, 2]
    best = int(np.argmax(beliefs.probability()[:, 2]))
    rows = np.flatnonzero(label == label[best])
    before = beliefs.probability()
    told = np.array([False, False, True])
    beliefs.learn(best, np.zeros(3, dtype=bool), told, lost=False)
    after = beliefs.probability()
    assert (after[rows, 2] < before[rows, 2]).all()
    rest = np.setdiff1d(np.flatnonzero(label >= 0), rows)
    assert after[rest, 2].sum() > before[rest, 2].sum()


def of_outputs(record, digest, split=None):
    """A view of programs that print these (P, I) numbers and are estimated alike.

    The first `split` inputs are those of the first of two subtasks that share none; None means
    one subtask.
    """
    digest = np.array(digest, dtype=np.uint64)
    programs, inputs = digest.shape
    view = world_of(record).view
    parts = tuple(dataclasses.replace(one, includes=()) for one in view.task.subtasks)
    task = dataclasses.replace(view.task, subtasks=parts[: 1 if split is None else 2])
    names = tuple(one.name for one in task.subtasks)
    first = np.arange(inputs) < (inputs if split is None else split)
    behaviour = dataclasses.replace(
        view.behaviour,
        candidate_ids=view.behaviour.candidate_ids[:programs],
        input_ids=view.behaviour.input_ids[:inputs],
        status=np.full(digest.shape, RunStatus.OK, dtype=np.uint8),
        digest=digest,
        cpu_s=np.full(digest.shape, 0.01, dtype=np.float32),
        in_subtask=np.stack([first] if split is None else [first, ~first], axis=1),
        expected=np.zeros(inputs, dtype=np.uint64),
        subtasks=names,
    )
    estimate = dataclasses.replace(
        view.estimate,
        probability=np.full((programs, len(names)), 0.1),
        features=view.estimate.features[:programs, : len(names)],
    )
    return dataclasses.replace(
        view,
        task=task,
        candidates=view.candidates[:programs],
        behaviour=behaviour,
        clusters=by_behaviour(behaviour, task),
        estimate=estimate,
    )


def test_after_a_failure_those_that_print_nearly_the_same_gain_most(record):
    failed, stranger = [1] * 10, [3] * 10
    kin = [1] * 9 + [2]
    view = of_outputs(record, [failed, kin, stranger])
    told = np.ones(1, dtype=bool)
    beliefs = Beliefs(view, BeliefWeights())
    before = beliefs.probability()[:, 0]
    assert before[1] == pytest.approx(before[2])
    beliefs.learn(0, ~told, told, lost=False)
    after = beliefs.probability()[:, 0]
    assert after[0] < before[0]
    assert after[1] > 2 * after[2]
    # The likest of the failed ones counts, once: a second like it adds nothing.
    again = Beliefs(of_outputs(record, [failed, kin, stranger, failed]), BeliefWeights())
    again.learn(0, ~told, told, lost=False)
    once = again.probability()[:, 0]
    again.learn(3, ~told, told, lost=False)
    twice = again.probability()[:, 0]
    assert twice[1] / twice[2] == pytest.approx(once[1] / once[2], rel=0.05)


def test_runs_without_output_are_no_likeness(record):
    view = of_outputs(record, [[1] * 10, [2] * 10, [3] * 10])
    status, digest = view.behaviour.status.copy(), view.behaviour.digest.copy()
    status[:2, 1:], digest[:2, 1:] = RunStatus.CRASH, 0
    crashing = dataclasses.replace(view.behaviour, status=status, digest=digest)
    view = dataclasses.replace(view, behaviour=crashing, clusters=by_behaviour(crashing, view.task))
    told = np.ones(1, dtype=bool)
    beliefs = Beliefs(view, BeliefWeights(failure=0.0))
    beliefs.learn(0, ~told, told, lost=False)
    after = beliefs.probability()[:, 0]
    assert after[1] == pytest.approx(after[2])


def test_a_failure_counts_against_members_as_far_as_they_behave_alike(record):
    same, other = [1, 1, 1, 1, 2, 2, 2, 2], [1, 1, 1, 1, 3, 3, 3, 3]
    view = of_outputs(record, [same, same, other, [4] * 8], split=4)
    assert len(set(view.clusters.label[:3, 0].tolist())) == 1
    told = np.array([True, False])
    beliefs = Beliefs(view, BeliefWeights())
    beliefs.learn(0, np.zeros(2, dtype=bool), told, lost=False)
    after = beliefs.probability()[:, 0]
    assert after[1] < 0.9 * after[2]


def test_solving_a_part_leaves_only_those_that_agree_there(record):
    world = world_of(record)
    assert included_in(world.view)[0].tolist() == [False, True, True]
    beliefs = Beliefs(world.view, BeliefWeights())
    solver_row = int(np.flatnonzero(world.truth.right[:, 0] & ~world.truth.right[:, 2])[0])
    before = beliefs.probability()
    beliefs.learn(solver_row, np.array([True, False, False]), np.ones(3, dtype=bool), lost=False)
    after = beliefs.probability()
    label = world.view.clusters.label[:, 0]
    disagree = (label >= 0) & (label != label[solver_row])
    assert after[disagree, 2].sum() < 0.5 * before[disagree, 2].sum()


def test_what_fails_the_examples_or_crashes_is_doubted_whatever_the_scorer_says(record):
    world = world_of(record)
    behaviour = world.view.behaviour
    known = np.flatnonzero(behaviour.expected)
    status, digest = behaviour.status.copy(), behaviour.digest.copy()
    digest[0, known] = 7  # wrong on every example
    status[1, :], digest[1, :] = RunStatus.CRASH, 0
    spoilt = dataclasses.replace(behaviour, status=status, digest=digest)
    # A scorer that is sure of everybody.
    sure = dataclasses.replace(
        world.view.estimate, probability=np.full_like(world.view.estimate.probability, 0.9)
    )
    view = dataclasses.replace(
        world.view,
        behaviour=spoilt,
        clusters=by_behaviour(spoilt, world.view.task),
        estimate=sure,
    )
    others = np.flatnonzero((behaviour.digest[:, known] == behaviour.expected[known]).all(axis=1))
    trusting = BeliefWeights(example=0.0, failure=0.0)
    for row, part in ((0, 0.1), (1, 0.1)):
        doubted = Beliefs(view, BeliefWeights()).probability()
        trusted = Beliefs(view, trusting).probability()
        # In parts of what the others are worth: the beliefs of a subtask share what there is.
        rate = doubted[row] / doubted[others].mean(axis=0)
        before = trusted[row] / trusted[others].mean(axis=0)
        assert (rate < part * np.maximum(before, 1e-9)).all() or (doubted[row] == 0).all()


def test_expected_gain_says_what_the_last_result_changed(record):
    world = world_of(record)
    chooser = ExpectedGain(world.view, np.random.default_rng(0))
    first = chooser.next(())
    assert first.expected_gain > 0 and "nothing handed in yet" in first.reason
    second = chooser.next((Feedback(candidate=first.candidate, points={"s0": 10.0}),))
    assert "solved s0" in second.reason


def test_twins_of_a_submission_are_not_handed_in(record):
    world = world_of(record, 300)
    twin = dataclasses.replace(world.view.candidates[1], source=world.view.candidates[0].source)
    twin = dataclasses.replace(twin, language=world.view.candidates[0].language)
    view = dataclasses.replace(
        world.view, candidates=(world.view.candidates[0], twin, *world.view.candidates[2:])
    )
    chooser = strategies.make("random", view, np.random.default_rng(0))
    history = []
    while (choice := chooser.next(tuple(history))) is not None:
        history.append(Feedback(candidate=choice.candidate, points={"s0": 0.0}))
    handed = {one.candidate for one in history}
    assert len(handed & {0, 1}) == 1 and len(handed) == 299


def test_ours_beats_the_largest_cluster_where_agreement_misleads():
    ours, theirs = [], []
    for seed in range(4):
        world = world_of(make_record(seed), 10)
        ours.append(replay(world, strategies.FACTORIES["expected_gain"], range(2)).mean[-1])
        theirs.append(replay(world, strategies.FACTORIES["cluster_size"], range(2)).mean[-1])
    assert sum(ours) > sum(theirs)


def test_an_unknown_name_is_refused():
    with pytest.raises(SolverError, match="no strategy is called 'magic'"):
        strategies.check_name("magic")


def test_a_subtask_without_a_single_input_is_aimed_at(record):
    # What the generators make is valid for the first subtask alone.
    view = of_outputs(record, [[1] * 8, [1] * 8, [2] * 8], split=8)
    chance = Beliefs(view, BeliefWeights()).probability()
    assert chance[:, 1] == pytest.approx(0.1)
    chooser = strategies.make("expected_gain", view, np.random.default_rng(0))
    history = [Feedback(candidate=0, points={"s0": 10.0, "s1": 0.0})]
    for _ in range(2):
        choice = chooser.next(tuple(history))
        assert choice is not None and choice.subtask == "s1"
        history.append(Feedback(candidate=choice.candidate, points={"s0": 0.0, "s1": 0.0}))
    assert {one.candidate for one in history} == {0, 1, 2}
