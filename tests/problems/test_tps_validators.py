"""A TPS folder's input validators: which test must pass which command."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from problems.package import load_package
from solver.cli.problems import problems
from tests.problems.conftest import Write

AT_MOST = "import sys\nsys.exit(int(input()) > int(sys.argv[1]))\n"
NAMED = "import sys\nsys.exit(sys.argv[1:] == ['--group', 'small'] and int(input()) > 9)\n"


def folder(write: Write, files: Mapping[str, str], **subtasks: object) -> Path:
    content = {
        "global_validators": ["most.py 500"],
        "subtask_sensitive_validators": ["named.py --group {subtask}"],
        "subtasks": {
            "small": {"index": 1, "score": 30, "validators": ["most.py 50"]},
            "all": {"index": 2, "score": 70, "validators": []},
        },
        **subtasks,
    }
    tests = {f"tests/{name}.in": f"{number}\n" for name, number in TESTS.items()}
    tests |= {name.replace(".in", ".out"): text for name, text in tests.items()}
    return write(
        {
            "problem.json": json.dumps({"name": "same", "has_grader": False}),
            "subtasks.json": json.dumps(content, indent=1),
            "tests/mapping": "small a\nsmall b\nsmall c\nall a\nall d\nall e\n",
            "validator/most.py": AT_MOST,
            "validator/named.py": NAMED,
            **tests,
            **files,
        }
    )


TESTS = {"a": 5, "b": 20, "c": 60, "d": 400, "e": 600}


def test_every_test_meets_its_own_commands(write: Write) -> None:
    package = load_package(folder(write, {}))
    case = package.testset.testcases["a"]
    assert case.validator_args == {
        "most.py 500": ("500",),
        "most.py 50": ("50",),
        "named.py --group small": ("--group", "small"),
        "named.py --group all": ("--group", "all"),
    }
    assert package.notes == ()
    shown = CliRunner().invoke(problems, ["show", str(package.path), "--inputs", "--json"])
    # b breaks the sensitive one, c its subtask's own, e the one for all.
    assert sorted(json.loads(shown.stdout)["invalid_inputs"]) == ["b", "c", "e"]


@pytest.mark.parametrize(
    ("subtasks", "said"),
    [
        ({"global_validators": ["gone.cpp"]}, "validator/ holds no gone.cpp"),
        ({"global_validators": ["read.me"]}, "validator/read.me: not run"),
        ({"notes": "x"}, "subtasks.json:.*notes"),
    ],
)
def test_what_is_not_run_is_noted(write: Write, subtasks: Mapping[str, object], said: str) -> None:
    path = folder(write, {"validator/read.me": "x"}, **subtasks)
    (note,) = load_package(path).notes
    assert note.startswith(("subtasks.json", "validator/"))
    assert all(word in note for word in said.split(":.*"))


def test_a_package_without_validators_says_so(write: Write) -> None:
    nothing: dict[str, object] = {"global_validators": [], "subtask_sensitive_validators": []}
    entries = {"all": {"index": 1, "score": 100}}
    path = folder(write, {"tests/mapping": "all a\n"}, subtasks=entries, **nothing)
    shown = CliRunner().invoke(problems, ["show", str(path), "--inputs"])
    assert "the package has no validator" in shown.output
