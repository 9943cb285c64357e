"""Labels are kept under all that they depend on: none outlives its checker."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from problems.package import Package
from problems.scoring import Aggregation, ScoreNode
from problems.task import Program
from problems.testset import Testcase, Testset
from problems.verdict import Verdict
from sandbox.backend import Sandbox
from sandbox.compiling.compile import Compiler
from solver.replays.truth import Labeller, Truth
from solver.types import Candidate
from tests.contest.conftest import make_task

ANSWERS_TWO = Candidate(id="c", task="t", subtask=None, language="python3", source="print(2)\n")


def program(role: str, source: str) -> Program:
    return Program(role=role, language="python3", sources={"main.py": source.encode()})


def checker(right: str) -> Program:
    return program(
        "cms-checker", f"import sys\nprint(float(open(sys.argv[3]).read() == {right!r}))"
    )


@pytest.fixture
def package(tmp_path: Path) -> Package:
    (tmp_path / "1.in").write_bytes(b"1\n")
    (tmp_path / "1.ans").write_bytes(b"2\n")
    case = Testcase(name="1", input=tmp_path / "1.in", answer=tmp_path / "1.ans")
    node = ScoreNode(name="s1", max_points=10.0, aggregation=Aggregation.MIN, testcases=("1",))
    testset = Testset(
        testcases={"1": case},
        scoring=ScoreNode(name="", max_points=10.0, aggregation=Aggregation.SUM, children=(node,)),
        checker=checker("1\n"),
    )
    return Package(
        path=tmp_path, format="own", task=make_task("t", [10]), testset=testset, submissions=()
    )


@pytest.fixture
def label(sandbox: Sandbox, compiler: Compiler, tmp_path: Path) -> Callable[[Package], Truth]:
    def labelled(package: Package) -> Truth:
        labeller = Labeller(package, sandbox, compiler, time_s=1.0, cache=tmp_path / "labels")
        return labeller.truth([ANSWERS_TWO])

    return labelled


def with_tests(package: Package, **changes: object) -> Package:
    return replace(package, testset=replace(package.testset, **changes))  # type: ignore[arg-type]


def test_a_mended_checker_judges_again(package: Package, label: Callable[[Package], Truth]) -> None:
    assert label(package).verdicts == (Verdict.WA,)
    assert label(with_tests(package, checker=checker("2\n"))).verdicts == (Verdict.AC,)
    # The built-in comparison and its kind count as well.
    white = with_tests(package, checker=None, comparison={"kind": "white-diff"})
    assert label(white).verdicts == (Verdict.AC,)


def test_everything_that_decides_has_labels_of_its_own(
    package: Package, label: Callable[[Package], Truth]
) -> None:
    task, testset = package.task, package.testset
    case = testset.testcases["1"]
    variants = [
        package,
        with_tests(package, checker=checker("3\n")),
        with_tests(package, checker=replace(checker("1\n"), args=("strict",))),
        with_tests(package, checker=None),
        with_tests(package, checker=None, comparison={"kind": "exact"}),
        with_tests(package, interactor=program("testlib-interactor", "pass")),
        with_tests(package, managers={"cpp20": {"g.cpp": b"int main() {}"}}),
        with_tests(package, testcases={"1": replace(case, checker_args=("x",))}),
        with_tests(package, testcases={"1": replace(case, full_points=2.0)}),
        with_tests(package, scoring=replace(testset.scoring, max_points=9.0)),
        replace(package, task=replace(task, limits=replace(task.limits, memory_bytes=1 << 26))),
        replace(package, task=replace(task, limits=replace(task.limits, output_bytes=1 << 20))),
        replace(package, task=replace(task, interface=replace(task.interface, input_file="a"))),
    ]
    keys = [label(variant).notes["tests"] for variant in variants]
    assert len(set(keys)) == len(variants)
    told = replace(task, title="Another title")
    assert label(replace(package, task=told)).notes["tests"] == keys[0]


def test_another_judge_has_labels_of_its_own(
    package: Package, label: Callable[[Package], Truth], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of ours is mended: what it judged is judged again."""
    before = label(package).notes["tests"]
    monkeypatch.setattr("solver.replays.truth.code_version", lambda: "mended")
    assert label(package).notes["tests"] != before
