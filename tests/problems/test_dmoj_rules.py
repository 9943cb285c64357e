"""DMOJ's own rules: its checkers, gates of 0 points, points that a checker gives, output limits."""

import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from problems.errors import PackageError, UnsupportedTask
from problems.jury.checkers import Checker
from problems.jury.comparison import is_cased, merges
from problems.jury.programs import JuryPrograms
from problems.package import load_package
from problems.score import Unit
from sandbox.backend import Sandbox
from sandbox.compiling.compile import Compiler
from sandbox.data import Blob
from tests.problems.conftest import Write
from tests.problems.test_evaluators import testlib  # noqa: F401

FILES: Mapping[str, str] = {f"{n}.{end}": f"{n}\n" for n in (1, 2, 3) for end in ("in", "out")}
LIST = "test_cases:\n- {in: 1.in, out: 1.out, points: 25}\n- {in: 2.in, out: 2.out, points: 75}\n"


def folder(write: Write, head: str, tests: str = LIST, more: Mapping[str, str] = {}) -> Path:
    return write({**FILES, **more, "init.yml": head + tests})


@pytest.mark.parametrize(
    ("checker", "right", "wrong"),
    [
        ("", (b"3 4\n\n5\n", b" 3  4\r\n5"), (b"3\n4\n5", b"3 4 5", b"3 4\n5\n6")),
        ("checker: easy\n", (b"3 4\n5", b"5\n4 3", b"3 45"), (b"3 4 5 5",)),
        ("checker: sorted\n", (b"5\n3 4\n", b"\n3 4\n5"), (b"4 3\n5", b"3\n4 5")),
        ("checker: unordered\n", (b"5 4\n3",), (b"3 4", b"3 4 5 5")),
        ("checker: {name: sorted, args: {split_on: whitespace}}\n", (b"5 4\n3",), (b"3 4 6",)),
        (
            "checker: {name: floats, args: {precision: 2, error_mode: absolute}}\n",
            (b"3.005 4\n5",),
            (b"3.02 4\n5", b"3 4 5"),
        ),
        (
            "checker: {name: floats, args: {precision: 1, error_mode: relative}}\n",
            (b"3.2 4.3\n5",),
            (b"3.4 4\n5",),
        ),
    ],
)
def test_its_checkers(
    write: Write,
    sandbox: Sandbox,
    compiler: Compiler,
    checker: str,
    right: tuple[bytes, ...],
    wrong: tuple[bytes, ...],
) -> None:
    comparison = load_package(folder(write, checker)).testset.comparison
    judge = Checker(JuryPrograms(sandbox, compiler), program=None, comparison=comparison)
    blob, answer = Blob.of_bytes(b""), Blob.of_bytes(b"3 4\n5\n")
    said = [judge.check(blob, Blob.of_bytes(one), answer).accepted for one in (*right, *wrong)]
    assert said == [True] * len(right) + [False] * len(wrong)


def test_what_a_solver_knows_of_them() -> None:
    assert merges({"kind": "same-letters"})
    assert not is_cased({"kind": "same-letters"})
    assert is_cased({"kind": "any-order-words"})
    assert not merges({"kind": "line-words", "flags": "case_sensitive"})
    assert is_cased({"kind": "line-words", "flags": "case_sensitive"})


def test_a_case_of_no_points_is_a_gate(write: Write) -> None:
    tests = (
        "test_cases:\n- {in: 1.in, out: 1.out, points: 40}\n- {in: 2.in, out: 2.out, points: 0}\n"
        "- {in: 3.in, out: 3.out, points: 60}\n"
    )
    testset = load_package(folder(write, "", tests)).testset
    held = {node.name: node.testcases for node in testset.scoring.children}
    assert held == {"test1": ("1",), "test3": ("2", "3")}


@pytest.mark.parametrize(
    ("more", "unit"), [("", Unit.POINTS), (", treat_checker_points_as_percentage: true", "percent")]
)
def test_a_checkers_points_are_those_of_its_test(
    write: Write,
    testlib: None,  # noqa: F811
    more: str,
    unit: str,
) -> None:
    head = f"checker: {{name: bridged, args: {{files: c.cpp, type: testlib{more}}}}}\n"
    tests = LIST + "- batched: [{in: 3.in, out: 3.out}]\n  points: 50\n  dependencies: []\n"
    source = '#include "testlib.h"\nint main() {}\n'
    testset = load_package(folder(write, head, tests, {"c.cpp": source})).testset
    assert testset.checker is not None
    assert testset.checker.points == unit
    assert {name: case.full_points for name, case in testset.testcases.items()} == {
        "1": 25,
        "2": 75,
        "3-1": 50,
    }


def test_files_and_output_limits(write: Write) -> None:
    head = "output_limit_length: 4096\nfile_io: {input: a.txt, output: b.txt}\n"
    task = load_package(folder(write, head)).task
    assert task.limits.output_bytes == 4096
    assert (task.interface.input_file, task.interface.output_file) == ("a.txt", "b.txt")


def test_pretests_are_noted_and_the_tests_judged(write: Write) -> None:
    package = load_package(folder(write, "pretest_test_cases: [{in: 1.in, points: 1}]\n"))
    assert len(package.testset.testcases) == 2
    assert [note for note in package.notes if "init.yml:1: pretest_test_cases" in note]


def test_points_for_the_files_of_an_archive(write: Write) -> None:
    path = folder(write, "archive: t.zip\n", "test_cases: {case_points: [30, 70]}\n")
    with zipfile.ZipFile(path / "t.zip", "w") as archive:
        for name in ("8.in", "8.out", "9.in", "9.out"):
            archive.writestr(name, "1\n")
    assert [one.max_points for one in load_package(path).task.subtasks] == [30, 70]
    (path / "init.yml").write_text("archive: t.zip\ntest_cases: {case_points: [30]}\n")
    with pytest.raises(PackageError, match=r"yml:2: case_points: 1 numbers, the archive has 2"):
        load_package(path)


@pytest.mark.parametrize(
    ("head", "tests", "said"),
    [
        ("", "test_cases: {input_format: '(a*)*b'}\n", "yml:1: test_cases: patterns"),
        ("io_redirects: {a: {fd: 0}}\n", LIST, "io_redirects"),
        ("checker: {name: standard, args: {strict: 1}}\n", LIST, "checker: strict"),
        ("checker: linecount\n", LIST, "checker linecount"),
    ],
)
def test_what_is_not_served_is_refused_by_name(
    write: Write, head: str, tests: str, said: str
) -> None:
    with pytest.raises(UnsupportedTask, match=said):
        load_package(folder(write, head, tests))
