"""The order in which many submissions' tests are run: what must be run anyway comes first."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from problems.judging.kattis_grading import KattisGrading
from problems.judging.order import RunOrder
from problems.scoring import Aggregation, KattisRules, ScoreNode, pending
from problems.verdict import TestcaseResult, Verdict

TESTS = {"easy": ("a", "b"), "open": ("c",), "whole": ("a", "b", "c", "d", "e")}
"""Subtasks; the last one includes the others."""
LIMIT_S = 2.0


def tree(kattis: bool) -> ScoreNode:
    def node(name: str, tests: tuple[str, ...], children: tuple[ScoreNode, ...]) -> ScoreNode:
        aggregation = Aggregation.MIN if tests else Aggregation.SUM
        rules = KattisRules(stop_at_reject=bool(tests)) if kattis else None
        points = None if kattis or not tests else 10.0
        return ScoreNode(
            name=name,
            max_points=points,
            aggregation=aggregation,
            testcases=tests,
            children=children,
            kattis=rules,
        )

    return node("all", (), tuple(node(name, tests, ()) for name, tests in TESTS.items()))


def judged(root: ScoreNode, order: RunOrder[str], slow_on: str, limit_s: float = LIMIT_S) -> float:
    """CPU seconds of a program that runs out of time on these tests and is quick on others."""
    grading = KattisGrading(root, lambda rules, lines: b"", any_order=True)
    outcomes: dict[str, TestcaseResult] = {}
    while True:
        open_tests = grading.pending(outcomes) if root.kattis else pending(root, outcomes)
        name = next(order.sorted(open_tests), None)
        if name is None:
            return sum(case.cpu_s for case in outcomes.values())
        is_slow = name in slow_on
        outcomes[name] = TestcaseResult(
            testcase=name,
            verdict=Verdict.TLE if is_slow else Verdict.AC,
            score=0.0 if is_slow else 1.0,
            cpu_s=limit_s if is_slow else 0.0,
        )
        order.note(name, outcomes[name])


@pytest.mark.parametrize("kattis", [True, False])
def test_a_program_too_slow_for_an_inner_group_runs_to_its_limit_once(kattis: bool) -> None:
    root = tree(kattis)
    order: RunOrder[str] = RunOrder(root, str)
    # Programs that only the outer group's own tests reject: those tests reject the most so far.
    for _ in range(20):
        assert judged(root, order, "de") == LIMIT_S
    assert judged(root, order, "abde") == LIMIT_S
    assert judged(root, order, "abcde") == 2 * LIMIT_S  # the two inner groups, and no more


def test_in_a_group_the_cheapest_way_to_a_rejection_comes_first() -> None:
    root = tree(kattis=True)
    order: RunOrder[str] = RunOrder(root, str)
    for name, verdict, cpu_s in (
        ("d", Verdict.TLE, 2.0),
        ("e", Verdict.WA, 0.01),
        ("a", Verdict.AC, 0.01),
        ("b", Verdict.WA, 0.01),
    ):
        order.note(name, TestcaseResult(testcase=name, verdict=verdict, score=0.0, cpu_s=cpu_s))
    assert list(order.sorted("abcde")) == ["c", "b", "a", "e", "d"]


def test_what_a_group_requires_comes_before_it() -> None:
    easy, open_, whole = tree(kattis=False).children
    apart = replace(whole, testcases=("d",), requires=("easy",))
    root = replace(tree(kattis=False), children=(apart, open_, easy))
    order: RunOrder[str] = RunOrder(root, str)
    assert list(order.sorted("dabc")) == ["c", "a", "b", "d"]


def test_groups_that_count_through_an_outer_one_alone_have_no_order_of_their_own() -> None:
    rules = KattisRules(scoring=False)
    inner = [
        ScoreNode(
            name=name,
            max_points=None,
            aggregation=Aggregation.SUM,
            testcases=tests,
            kattis=rules,
        )
        for name, tests in (("small", ("a",)), ("large", ("b", "c")))
    ]
    root = ScoreNode(
        name="data",
        max_points=None,
        aggregation=Aggregation.SUM,
        children=tuple(inner),
        kattis=rules,
    )
    order: RunOrder[str] = RunOrder(root, str)
    order.note("b", TestcaseResult(testcase="b", verdict=Verdict.WA, score=0.0, cpu_s=0.0))
    # One rejection ends it all: then the likeliest one is tried first, wherever it lies.
    assert list(order.sorted("abc")) == ["b", "a", "c"]


@given(st.sets(st.sampled_from("abcde")), st.lists(st.sets(st.sampled_from("abcde")), max_size=8))
def test_no_more_than_one_run_to_the_limit_a_group(slow: set[str], before: list[set[str]]) -> None:
    root = tree(kattis=True)
    order: RunOrder[str] = RunOrder(root, str)
    for one in before:
        judged(root, order, "".join(one))
    spent = judged(root, order, "".join(slow))
    inner = sum(bool(slow & set(TESTS[name])) for name in ("easy", "open"))
    least = inner or bool(slow & set(TESTS["whole"]))
    assert spent == LIMIT_S * least
