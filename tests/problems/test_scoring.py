"""CMS's scoring rules against an independent reference, properties, and a published table."""

import math
import random
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from problems.errors import SubtaskMismatch
from problems.inclusion import node_of, nodes_of
from problems.scoring import Aggregation, NodeResult, ScoreNode, evaluate, max_per_subtask, pending
from problems.task import Subtask
from problems.verdict import SubtaskResult, TestcaseResult, Verdict

OUTCOMES = st.one_of(
    st.sampled_from([0.0, 1.0, 1.0, 1.0, 0.5]), st.floats(0, 1, allow_nan=False).map(float)
)


def outcome(name: str, score: float) -> TestcaseResult:
    verdict = Verdict.AC if score >= 1 else Verdict.PARTIAL if score > 0 else Verdict.WA
    return TestcaseResult(testcase=name, verdict=verdict, score=score)


def outcomes_of(scores: Mapping[str, float]) -> dict[str, TestcaseResult]:
    return {name: outcome(name, score) for name, score in scores.items()}


def task_of(groups: list[tuple[float, list[str]]], rule: Aggregation) -> ScoreNode:
    children = tuple(
        ScoreNode(
            name=f"group{index}",
            max_points=points,
            aggregation=rule,
            testcases=tuple(names),
            threshold=(0.0, 0.7),
        )
        for index, (points, names) in enumerate(groups)
    )
    return ScoreNode(name=".", max_points=None, aggregation=Aggregation.SUM, children=children)


def reference(groups: list[tuple[float, list[str]]], rule: Aggregation, scores: Mapping) -> float:
    """CMS's `ScoreTypeGroup.compute_score`, written down from its documentation alone."""
    total = 0.0
    for points, names in groups:
        values = [scores[name] for name in names]
        if rule is Aggregation.MIN:
            share = min(values)
        elif rule is Aggregation.MUL:
            share = math.prod(values)
        elif rule is Aggregation.THRESHOLD:
            share = float(all(0.0 < value <= 0.7 for value in values))
        else:
            share = sum(values) / len(values)
        total += points * share
    return total


@st.composite
def tasks(draw: st.DrawFn) -> tuple[list[tuple[float, list[str]]], dict[str, float]]:
    """Groups over shared test cases, and an outcome for each."""
    names = [f"t{index}" for index in range(draw(st.integers(1, 8)))]
    groups = [
        (
            float(draw(st.integers(1, 60))),
            draw(st.lists(st.sampled_from(names), min_size=1, unique=True)),
        )
        for _ in range(draw(st.integers(1, 5)))
    ]
    return groups, {name: draw(OUTCOMES) for name in names}


RULES = st.sampled_from([Aggregation.MIN, Aggregation.MUL, Aggregation.THRESHOLD, Aggregation.SUM])


@given(task=tasks(), rule=RULES)
def test_groups_score_as_cms_scores_them(
    task: tuple[list[tuple[float, list[str]]], dict[str, float]], rule: Aggregation
) -> None:
    groups, scores = task
    result = evaluate(task_of(groups, rule), outcomes_of(scores))
    assert result.points == pytest.approx(reference(groups, rule, scores), abs=1e-9)


@given(task=tasks(), rule=RULES, seed=st.integers(0, 99))
def test_order_of_test_cases_does_not_matter(
    task: tuple[list[tuple[float, list[str]]], dict[str, float]], rule: Aggregation, seed: int
) -> None:
    groups, scores = task
    shuffled = [(points, random.Random(seed).sample(names, len(names))) for points, names in groups]
    first = evaluate(task_of(groups, rule), outcomes_of(scores))
    second = evaluate(task_of(shuffled, rule), outcomes_of(scores))
    assert first.points == pytest.approx(second.points, abs=1e-9)


@given(task=tasks(), rule=st.sampled_from([Aggregation.MIN, Aggregation.MUL, Aggregation.SUM]))
def test_a_better_outcome_never_costs_points(
    task: tuple[list[tuple[float, list[str]]], dict[str, float]], rule: Aggregation
) -> None:
    groups, scores = task
    before = evaluate(task_of(groups, rule), outcomes_of(scores)).points
    for name in scores:
        after = evaluate(task_of(groups, rule), outcomes_of({**scores, name: 1.0})).points
        assert after >= before - 1e-9


@given(task=tasks(), rule=RULES)
def test_stopping_early_changes_no_points(
    task: tuple[list[tuple[float, list[str]]], dict[str, float]], rule: Aggregation
) -> None:
    """Judging only what `pending` asks for gives the points of judging everything."""
    groups, scores = task
    root = task_of(groups, rule)
    known: dict[str, TestcaseResult] = {}
    while (name := next(pending(root, known), None)) is not None:
        known[name] = outcome(name, scores[name])
    everything = evaluate(root, outcomes_of(scores))
    assert evaluate(root, known).points == pytest.approx(everything.points, abs=1e-9)


def test_a_min_group_stops_at_its_first_zero() -> None:
    root = task_of([(10.0, ["a", "b"]), (20.0, ["b", "c"])], Aggregation.MIN)
    assert list(pending(root, outcomes_of({"a": 0.0}))) == ["b", "c"]
    assert list(pending(root, outcomes_of({"a": 0.0, "b": 0.0}))) == []


def test_required_groups() -> None:
    first = ScoreNode(name="one", max_points=30, aggregation=Aggregation.MIN, testcases=("a",))
    second = ScoreNode(
        name="two",
        max_points=70,
        aggregation=Aggregation.MIN,
        testcases=("b",),
        requires=("one",),
    )
    root = ScoreNode(
        name=".", max_points=None, aggregation=Aggregation.SUM, children=(first, second)
    )
    assert evaluate(root, outcomes_of({"a": 1.0, "b": 1.0})).points == 100
    assert evaluate(root, outcomes_of({"a": 0.5, "b": 1.0})).points == 15
    assert list(pending(root, outcomes_of({"a": 0.0}))) == []


def subtask_results(points: Mapping[str, float]) -> tuple[SubtaskResult, ...]:
    return tuple(
        SubtaskResult(subtask=name, points=value, max_points=100.0, verdict=Verdict.PARTIAL)
        for name, value in points.items()
    )


def test_a_subtask_without_a_group_of_tests_is_an_error() -> None:
    """Never the whole task's points in its place."""
    root = task_of([(40, ["a"]), (60, ["b"])], Aggregation.MIN)
    pair = (Subtask(name="group0", max_points=40), Subtask(name="other", max_points=60))
    with pytest.raises(SubtaskMismatch, match="'other' has no group"):
        nodes_of(root, pair)
    with pytest.raises(SubtaskMismatch, match="share"):
        nodes_of(root, (pair[0], pair[0]))
    # The only subtask of a task may be the whole tree.
    assert nodes_of(root, (Subtask(name="all", max_points=100),)) == {"all": root}
    twice = ScoreNode(
        name=".", max_points=None, aggregation=Aggregation.SUM, children=root.children * 2
    )
    with pytest.raises(SubtaskMismatch, match="2 groups of tests are called 'group0'"):
        nodes_of(twice, (pair[0],))


def test_a_group_called_sample_is_not_the_samples() -> None:
    leaves = {
        name: ScoreNode(name=name, max_points=None, aggregation=Aggregation.SUM)
        for name in ("sample", "secret/sample")
    }
    root = ScoreNode(
        name=".", max_points=None, aggregation=Aggregation.SUM, children=tuple(leaves.values())
    )
    assert node_of(root, "sample") is leaves["secret/sample"]


SUBMISSIONS = st.lists(
    st.dictionaries(st.sampled_from("abcd"), st.floats(0, 50).map(lambda x: round(x, 4))),
    max_size=6,
)


@given(submissions=SUBMISSIONS, precision=st.integers(0, 3))
def test_max_per_subtask_is_cms_max_subtask(
    submissions: list[dict[str, float]], precision: int
) -> None:
    by_subtask, total = max_per_subtask([subtask_results(s) for s in submissions], precision)
    expected = 0.0
    for name in "abcd":
        values = [points[name] for points in submissions if name in points]
        if values:
            expected += round(max(values), precision)
            assert by_subtask[name] == round(max(values), precision)
    assert total == pytest.approx(round(expected, precision), abs=1e-9)


@given(submissions=SUBMISSIONS)
def test_max_per_subtask_grows_with_the_set(submissions: list[dict[str, float]]) -> None:
    results = [subtask_results(submission) for submission in submissions]
    _, total = max_per_subtask(results, 2)
    _, reverse = max_per_subtask(results[::-1], 2)
    assert total == reverse
    for index in range(len(results)):
        _, part = max_per_subtask(results[:index], 2)
        assert part <= total
    _, twice = max_per_subtask(results + results, 2)
    assert twice == total


# IOI 2024 as OpenAI's o1-ioi solved it with 10,000 submissions a problem (arXiv 2502.06807,
# appendix C): what each listed program got. Mosaic's last two contain subtask 1.
IOI_2024: Mapping[str, list[dict[str, float]]] = {
    "nile": [{"all": 100.0}],
    "message": [{"all": 79.64}],
    "tree": [{"first": 17.0}, {"second": 13.0}],
    "hieroglyphs": [{"first": 34.0}, {"second": 10.0}],
    "mosaic": [{"one": 5.0}, {"one": 5.0, "second": 17.0}, {"one": 5.0, "third": 15.0}],
    "sphinx": [{"all": 71.5}],
}


def test_ioi_2024_table_adds_up() -> None:
    totals = {
        task: max_per_subtask([subtask_results(points) for points in programs], 2)[1]
        for task, programs in IOI_2024.items()
    }
    assert totals["mosaic"] == 37.0
    assert sum(totals.values()) == pytest.approx(362.14, abs=1e-9)


def test_verdicts_of_nodes() -> None:
    root = task_of([(10.0, ["a"]), (20.0, ["b"])], Aggregation.MIN)
    found: dict[str, NodeResult] = {}
    evaluate(root, outcomes_of({"a": 1.0, "b": 0.25}), found)
    assert found["group0"].verdict is Verdict.AC
    assert found["group1"].verdict is Verdict.PARTIAL
    assert found["group1"].points == 5.0
    assert found["."].verdict is Verdict.PARTIAL
