"""Rows of `problem` and `tests`: our own, in the shapes that trainers use."""

import json
from pathlib import Path

import pytest

from problems.errors import PackageError
from problems.judging.judge import Judge
from problems.package import load_package
from problems.submission import Submission
from problems.verdict import Verdict
from sandbox.backend import Sandbox
from sandbox.compiling.compile import Compiler

STDIN: list[dict[str, object]] = [
    {"input": "1 2\n", "output": "3\n", "testtype": "stdin", "metadata": {"func_name": None}},
    {"input": "5 5\n", "output": "10\n", "testtype": "stdin"},
]
CALLS: list[dict[str, object]] = [
    {"input": "1\n2", "output": "3", "testtype": "functional", "metadata": {"func_name": "add"}},
    {"input": "5\n5", "output": "10", "testtype": "functional", "metadata": {"func_name": "add"}},
]
OLDER = {"inputs": ["1 2\n", "5 5\n"], "outputs": ["3\n", "10\n"]}
OLDER_CALLS = {"inputs": [[1, 2], [5, 5]], "outputs": [3, 10], "fn_name": "add"}
WRAPPED = {"inputs": [[1, 2], [5, 5]], "outputs": [[3], [10]], "fn_name": "add"}
# verl's: text with an argument a line, as in LiveCodeBench.
LINES = {"inputs": ["1\n2", "5\n5"], "outputs": ["3", "10"], "fn_name": "add"}
VALUES: list[dict[str, object]] = [
    {"input": [1, 2], "output": 3, "testtype": "functional", "metadata": {"func_name": "add"}}
]
LISTED = {"inputs": [["1 2"], ["5 5"]], "outputs": [["3"], [10]]}
PROGRAM = "print(sum(map(int, input().split())) + {more})\n"
METHOD = "class Solution:\n    def add(self, a, b):\n        return a + b + {more}\n"


def rows(path: Path, *tests: object) -> Path:
    lines = [json.dumps({"problem": "Add two numbers.", "tests": one}) for one in tests]
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.mark.parametrize(
    ("tests", "source"),
    [
        (STDIN, PROGRAM),
        (json.dumps(STDIN), PROGRAM),
        (OLDER, PROGRAM),
        (CALLS, METHOD),
        (OLDER_CALLS, METHOD),
        (WRAPPED, METHOD),
        (LINES, METHOD),
        (VALUES, METHOD),
        (LISTED, PROGRAM),
        ([{"input": ["1 2"], "output": [3]}], PROGRAM),
    ],
)
def test_both_shapes_are_judged(
    tmp_path: Path, sandbox: Sandbox, compiler: Compiler, tests: object, source: str
) -> None:
    package = load_package(rows(tmp_path / "rows.jsonl", tests))
    judge = Judge(package.task, package.testset, sandbox, compiler)
    for more, expected in ((0, Verdict.AC), (1, Verdict.WA)):
        content = source.format(more=more).encode()
        submission = Submission(language="python3", sources={"a.py": content})
        assert judge.judge(submission).verdict is expected


def test_a_row_is_named_by_its_number(tmp_path: Path) -> None:
    path = rows(tmp_path / "rows.jsonl", STDIN, CALLS)
    task = load_package(Path(f"{path}#2")).task
    assert task.name == "rows-2"
    assert task.interface.is_function
    with pytest.raises(PackageError, match="2 problems"):
        load_package(path)


@pytest.mark.parametrize(
    ("tests", "said"),
    [
        ("[", "not valid JSON"),
        ("7", "expected a list"),
        ([], "no tests"),
        ([{**STDIN[0], "testtype": "spoken"}], "testtype is spoken"),
        ([STDIN[0], CALLS[0]], "testtype is functional, stdin"),
        ([CALLS[0], {**CALLS[1], "metadata": {"func_name": "sub"}}], "add, sub"),
        ([{**CALLS[0], "metadata": {}}], "no func_name"),
        ({"inputs": ["1"], "outputs": []}, "1 inputs, 0 outputs"),
        ({"inputs": "1"}, "as lists"),
    ],
)
def test_broken_tests_are_named(tmp_path: Path, tests: object, said: str) -> None:
    with pytest.raises(PackageError, match=rf"rows\.jsonl:1: .*{said}"):
        load_package(rows(tmp_path / "rows.jsonl", tests))


def test_a_call_with_one_text_is_that_text(tmp_path: Path) -> None:
    """Not JSON, line by line, so it is no row of arguments."""
    tests = {"inputs": ["ab\ncd"], "outputs": [4], "fn_name": "count"}
    package = load_package(rows(tmp_path / "rows.jsonl", tests))
    (case,) = package.testset.testcases.values()
    assert json.loads(case.input.read_text()) == "ab\ncd"


ASKED = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Add two."}]


@pytest.mark.parametrize(
    "row",
    [
        {
            "data_source": "codecontests",
            "prompt": ASKED,
            "reward_model": {"style": "rule", "ground_truth": json.dumps(OLDER)},
        },
        {
            "responses_create_params": {"input": ASKED},
            "verifier_metadata": {"unit_tests": {**OLDER, "fn_name": None}},
        },
    ],
)
def test_rows_of_verl_and_of_nemo_gym(tmp_path: Path, row: dict[str, object]) -> None:
    path = tmp_path / "train.jsonl"
    path.write_text(json.dumps(row) + "\n")
    package = load_package(path)
    assert "Add two." in package.task.statement.text
    tests = [case.input.read_text() for case in package.testset.testcases.values()]
    assert tests == ["1 2\n", "5 5\n"]
    column = next(reversed(row))
    path.write_text(json.dumps({**row, column: {}}) + "\n")
    with pytest.raises(PackageError, match=rf"train.jsonl:1: {column}\.\w+: missing"):
        load_package(path)
