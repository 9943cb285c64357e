"""What a contestant may know of how outputs are compared: it comes along with the task."""

from collections.abc import Callable
from pathlib import Path

from problems.jury.comparison import comparison_of, is_cased, merges
from problems.package import load_package
from tests.problems.small_packages import KATTIS, TPS_CMS

Write = Callable[..., Path]


def test_the_package_s_tolerance_is_the_task_s(write: Write) -> None:
    task = load_package(write(KATTIS)).task
    # One group has flags of its own: the statement's are the package's.
    assert task.comparison == {"kind": "kattis", "flags": "float_tolerance 1e-6"}
    assert merges(task.comparison) and not is_cased(task.comparison)


def test_flags_that_all_tests_have_are_the_task_s(write: Write) -> None:
    files = {name: text for name, text in KATTIS.items() if "secret/g2" not in name}
    files["problem.yaml"] = "name: Sum\n"
    files["data/testdata.yaml"] = "output_validator_flags: case_sensitive float_tolerance 1e-3\n"
    files["data/secret/testdata.yaml"] = "range: 0 30\n"
    comparison = load_package(write(files)).task.comparison
    assert comparison["flags"] == "case_sensitive float_tolerance 1e-3"
    assert merges(comparison) and is_cased(comparison)


def test_white_diff_minds_case_and_has_no_tolerance(write: Write) -> None:
    comparison = load_package(write(TPS_CMS)).task.comparison
    assert comparison == {"kind": "white-diff"}
    assert is_cased(comparison) and not merges(comparison)


def test_beside_a_checker_there_is_no_comparison(write: Write) -> None:
    files = {
        **KATTIS,
        "problem.yaml": "name: Sum\nvalidation: custom\n",
        "output_validators/check.py": "import sys\nsys.exit(42)\n",
    }
    package = load_package(write(files))
    assert package.task.checker is not None
    assert package.task.comparison == {} == comparison_of({}, {("case_sensitive",)})


def test_flags_that_nobody_knows_are_left_to_the_judge() -> None:
    assert not merges({"kind": "kattis", "flags": "float_tolerance much"})
    assert not merges({"kind": "exact"}) and is_cased({"kind": "exact"})
    assert merges({"kind": "decimal-lines"}) and merges({"kind": "equal-values"})
