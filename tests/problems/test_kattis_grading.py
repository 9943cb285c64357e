"""Kattis's group grading against the reference grader of problemtools."""

import importlib.util
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from problems.errors import JudgeError
from problems.judging.kattis_grading import KattisGrading
from problems.scoring import Aggregation, KattisRules, ScoreNode
from problems.verdict import TestcaseResult, Verdict

WORDS = {Verdict.RE: "RTE"}


def no_grader(rules: KattisRules, lines: bytes) -> bytes:
    raise AssertionError("no custom grader here")


def case(name: str, verdict: Verdict) -> TestcaseResult:
    return TestcaseResult(testcase=name, verdict=verdict, score=float(verdict is Verdict.AC))


def reference_grader() -> Path:
    found = importlib.util.find_spec("problemtools")
    path = Path(str(found.origin)).parent / "support" / "default_grader" if found else Path("-")
    if not path.is_file():
        pytest.skip("problemtools is not installed: no reference grader")
    return path


FLAGS = st.tuples(
    st.sampled_from(["worst_error", "first_error", "always_accept"]),
    st.sampled_from([Aggregation.SUM, Aggregation.MIN, Aggregation.MAX, Aggregation.AVG]),
    st.booleans(),
)
VERDICTS = st.sampled_from(
    [Verdict.AC, Verdict.WA, Verdict.TLE, Verdict.RE, Verdict.MLE, Verdict.OLE]
)


@settings(max_examples=60, deadline=None)
@given(
    verdicts=st.lists(VERDICTS, min_size=1, max_size=5),
    flags=FLAGS,
    accept=st.integers(0, 50),
    reject=st.integers(-5, 5),
)
def test_a_group_grades_as_the_reference(
    verdicts: list[Verdict],
    flags: tuple[str, Aggregation, bool],
    accept: int,
    reject: int,
) -> None:
    verdict_rule, aggregation, any_accepted = flags
    names = [f"{index}" for index in range(len(verdicts))]
    node = ScoreNode(
        name="group",
        max_points=None,
        aggregation=aggregation,
        testcases=tuple(names),
        kattis=KattisRules(
            verdict_rule=verdict_rule,
            accept_if_any_accepted=any_accepted,
            stop_at_reject=False,
            accept_score=accept,
            reject_score=reject,
        ),
    )
    outcomes = {name: case(name, verdict) for name, verdict in zip(names, verdicts, strict=True)}
    grade = KattisGrading(node, no_grader).result(outcomes)
    lines = "".join(
        f"{WORDS.get(v, str(v))} {accept if v is Verdict.AC else reject}\n" for v in verdicts
    )
    argv = [sys.executable, str(reference_grader()), verdict_rule, str(aggregation)]
    argv += ["accept_if_any_accepted"] if any_accepted else []
    answer = subprocess.run(argv, input=lines, capture_output=True, text=True).stdout.split()
    assert [WORDS.get(grade.verdict, str(grade.verdict)), f"{grade.score:f}"] == answer


def pass_fail(*names: str) -> ScoreNode:
    rules = KattisRules(scoring=False)
    groups = tuple(
        ScoreNode(
            name=group,
            max_points=None,
            aggregation=Aggregation.SUM,
            testcases=tuple(name for name in names if name.startswith(group)),
            kattis=rules,
        )
        for group in ("sample", "secret")
    )
    return ScoreNode(
        name=".", max_points=None, aggregation=Aggregation.SUM, children=groups, kattis=rules
    )


def test_pass_fail_stops_at_the_first_rejection() -> None:
    root = pass_fail("sample/1", "secret/1", "secret/2")
    grading = KattisGrading(root, no_grader)
    outcomes = {"sample/1": case("sample/1", Verdict.AC)}
    assert list(grading.pending(outcomes)) == ["secret/1", "secret/2"]
    outcomes["secret/1"] = case("secret/1", Verdict.TLE)
    assert list(grading.pending(outcomes)) == []
    assert grading.result(outcomes).verdict is Verdict.TLE


def test_an_early_rejection_beats_a_known_later_one() -> None:
    """Tests run side by side: the verdict is still that of the first in order."""
    root = pass_fail("sample/1", "secret/1", "secret/2")
    grading = KattisGrading(root, no_grader)
    outcomes = {"secret/2": case("secret/2", Verdict.TLE)}
    assert list(grading.pending(outcomes)) == ["sample/1", "secret/1"]
    outcomes["sample/1"] = case("sample/1", Verdict.AC)
    outcomes["secret/1"] = case("secret/1", Verdict.WA)
    assert grading.result(outcomes).verdict is Verdict.WA


def olympiad(grader_output: bytes | None = None) -> ScoreNode:
    from problems.task import Program

    grader = None
    if grader_output is not None:
        grader = Program(role="kattis-grader", language="python3", sources={"g.py": b""})
    groups = tuple(
        ScoreNode(
            name=f"secret/g{index}",
            max_points=None,
            aggregation=Aggregation.MIN,
            testcases=(f"secret/g{index}/1", f"secret/g{index}/2"),
            kattis=KattisRules(accept_score=points, grader=grader, grader_flags=("min",)),
        )
        for index, points in ((1, 30.0), (2, 70.0))
    )
    return ScoreNode(
        name="secret",
        max_points=None,
        aggregation=Aggregation.SUM,
        children=groups,
        kattis=KattisRules(
            verdict_rule="first_error", accept_if_any_accepted=True, stop_at_reject=False
        ),
    )


def test_groups_add_up_and_one_accepted_group_accepts() -> None:
    grading = KattisGrading(olympiad(), no_grader)
    outcomes = {
        "secret/g1/1": case("secret/g1/1", Verdict.AC),
        "secret/g1/2": case("secret/g1/2", Verdict.AC),
        "secret/g2/1": case("secret/g2/1", Verdict.RE),
    }
    assert list(grading.pending(outcomes)) == []
    grade = grading.result(outcomes)
    assert (grade.verdict, grade.score) == (Verdict.AC, 30.0)
    assert grading.grades["secret/g2"].verdict is Verdict.RE


@pytest.mark.parametrize(
    "answer", [b"", b"JE 0", b"AC", b"AC x", b"AC 1 2", b"MAYBE 1", b"AC nan", b"AC inf"]
)
def test_a_custom_grader_that_talks_nonsense_is_our_error(answer: bytes) -> None:
    grading = KattisGrading(olympiad(b""), lambda rules, lines: answer)
    outcomes = {name: case(name, Verdict.AC) for name in olympiad().all_testcases()}
    with pytest.raises(JudgeError, match="grader answered"):
        grading.result(outcomes)


def test_a_custom_grader_sees_its_children_and_its_flags() -> None:
    seen: list[tuple[tuple[str, ...], bytes]] = []

    def grader(rules: KattisRules, lines: bytes) -> bytes:
        seen.append((rules.grader_flags, lines))
        return b"AC 12.5\n"

    grading = KattisGrading(olympiad(b""), grader)
    outcomes = {name: case(name, Verdict.AC) for name in olympiad().all_testcases()}
    assert grading.result(outcomes).score == 25.0
    assert seen[0] == (("min",), b"AC 30.0\nAC 30.0\n")


RULES = st.builds(
    KattisRules,
    verdict_rule=st.sampled_from(["worst_error", "first_error", "always_accept"]),
    accept_if_any_accepted=st.booleans(),
    stop_at_reject=st.sampled_from([True, True, False]),
    accept_score=st.sampled_from([0.0, 1.0, 20.0]),
    reject_score=st.sampled_from([0.0, 0.0, 2.0]),
    custom_score=st.sampled_from([False, False, True]),
)
AGGREGATIONS = st.sampled_from([Aggregation.MIN, Aggregation.MIN, Aggregation.SUM, Aggregation.AVG])


@st.composite
def trees(draw: st.DrawFn, scoring: bool, depth: int = 2, name: str = "t") -> ScoreNode:
    """A tree of groups; a test case may be in several of them."""
    inner = draw(st.integers(0, 3)) if depth else 0
    children = tuple(draw(trees(scoring, depth - 1, f"{name}{k}")) for k in range(inner))
    cases = draw(
        st.lists(st.integers(0, 9), min_size=0 if children else 1, max_size=4, unique=True)
    )
    return ScoreNode(
        name=name,
        max_points=None,
        aggregation=draw(AGGREGATIONS),
        children=children,
        testcases=tuple(f"case/{k}" for k in cases),
        kattis=replace(
            draw(RULES),
            scoring=scoring,
            ignore_sample=len(children) + len(cases) == 2 and draw(st.booleans()),
        ),
    )


@settings(max_examples=400, deadline=None)
@given(
    data=st.data(),
    scoring=st.booleans(),
    truth=st.lists(VERDICTS | st.just(Verdict.AC), min_size=10, max_size=10),
)
def test_any_order_gives_the_same_points_and_runs_no_more(
    data: st.DataObject, scoring: bool, truth: list[Verdict]
) -> None:
    root = data.draw(trees(scoring))
    found = []
    for any_order in (False, True):
        grading = KattisGrading(root, no_grader, any_order=any_order)
        outcomes: dict[str, TestcaseResult] = {}
        while names := list(dict.fromkeys(grading.pending(outcomes))):
            name = data.draw(st.sampled_from(names)) if any_order else names[0]
            outcomes[name] = case(name, truth[int(name.removeprefix("case/"))])
        grade = grading.result(outcomes)
        points = {node.name: grading.grades.get(node.name) for node in root.walk()}
        found.append((grade.score, grade.verdict is Verdict.AC, points))
    (score, accepted, by_group), (other_score, other_accepted, other_by_group) = found
    assert (score, accepted) == (other_score, other_accepted)
    for name, grade in by_group.items():
        other = other_by_group[name]
        if grade is not None and other is not None:
            same = grade.verdict is Verdict.AC, grade.score
            assert same == (other.verdict is Verdict.AC, other.score), name


def test_a_rejection_found_first_decides_its_group_alone() -> None:
    root = olympiad()
    grading = KattisGrading(root, no_grader, any_order=True)
    outcomes = {"secret/g2/2": case("secret/g2/2", Verdict.TLE)}
    assert list(grading.pending(outcomes)) == ["secret/g1/1", "secret/g1/2"]
    grading = KattisGrading(
        pass_fail("sample/1", "secret/1", "secret/2"), no_grader, any_order=True
    )
    outcomes = {"secret/2": case("secret/2", Verdict.TLE)}
    assert list(grading.pending(outcomes)) == []
    assert grading.result(outcomes).verdict is Verdict.TLE


def test_examples_that_count_for_nothing_are_not_judged_where_points_alone_are_wanted() -> None:
    ignoring = KattisRules(ignore_sample=True, stop_at_reject=False)
    root = replace(pass_fail("sample/1", "secret/1"), kattis=ignoring)
    judged = list(KattisGrading(root, no_grader).pending({}))
    assert judged == ["sample/1", "secret/1"]
    assert list(KattisGrading(root, no_grader, any_order=True).pending({})) == ["secret/1"]
    # Where the examples' rejection ends it all, they count.
    stops = replace(root, kattis=replace(ignoring, stop_at_reject=True))
    assert "sample/1" in KattisGrading(stops, no_grader, any_order=True).pending({})


@pytest.mark.parametrize(("score", "inside"), [(40.0, True), (40.1, False), (-0.1, False)])
def test_a_score_outside_of_the_groups_range_is_the_jurys_error(score: float, inside: bool) -> None:
    rules = KattisRules(custom_score=True, lowest=0.0, highest=40.0)
    root = ScoreNode(
        name=".", max_points=None, aggregation=Aggregation.SUM, testcases=("1",), kattis=rules
    )
    outcomes = {"1": TestcaseResult(testcase="1", verdict=Verdict.PARTIAL, score=score)}
    grading = KattisGrading(root, lambda *_: b"")
    if inside:
        assert grading.result(outcomes).score == score
    else:
        with pytest.raises(JudgeError, match="range is 0 to 40"):
            grading.result(outcomes)
