"""Output files beside a program (CMS's BatchAndOutput): how they are read, and how judged."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from rich.console import Console

from problems.errors import PackageError, UnsupportedTask
from problems.judging.judge import Judge
from problems.package import load_package
from problems.submission import Submission
from problems.tasktypes.output_only import split
from problems.verifying.printing import describe, print_package
from sandbox.backend import Sandbox
from sandbox.compiling.compile import Compiler
from tests.problems.conftest import Write

DOUBLE = b"print(2 * int(input()))\n"
KINDS = """
import sys
answer, output, kind = [open(name).read().split() for name in sys.argv[2:4]] + [sys.argv[4]]
print(1.0 if answer == output else 0.0)
sys.stderr.write(kind)
"""


def tps_package(params: object, **changes: object) -> dict[str, str]:
    """Doubling a number: test 1 is the program's, 2 may be handed in, 3 must be."""
    problem = {
        "code": "twice",
        "protocol_version": 2,
        "task_type": "BatchAndOutput",
        "task_type_params": params,
        "time_limit": 1.0,
        "memory_limit": 256,
    }
    files = {"problem.json": json.dumps({**problem, **changes}), "checker/checker.py": KINDS}
    for number, key in enumerate(("neither", "output_optional", "output_only"), 1):
        subtask = {"score": 10 * number, "testcases": [f"t{number}"], key: True}
        files[f"subtasks/0{number}-part.json"] = json.dumps(subtask)
        files[f"tests/t{number}.in"] = "21\n"
        files[f"tests/t{number}.out"] = "42\n"
    return files


def points(
    folder: Path, sandbox: Sandbox, compiler: Compiler, sources: Mapping[str, bytes]
) -> list[float]:
    package = load_package(folder)
    judge = Judge(package.task, package.testset, sandbox, compiler)
    result = judge.judge(Submission(language="python3", sources=sources))
    return [subtask.points for subtask in result.subtasks]


RIGHT = {"output_t2.txt": b"42\n", "output_t3.txt": b"42\n"}
WRONG = {"output_t2.txt": b"0\n", "output_t3.txt": b"0\n"}


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        ({"a.py": DOUBLE}, [10.0, 20.0, 0.0]),
        ({"a.py": DOUBLE, **RIGHT}, [10.0, 20.0, 30.0]),
        ({"a.py": DOUBLE, **WRONG}, [10.0, 0.0, 0.0]),
        ({"a.py": b"print(0)\n", **RIGHT}, [0.0, 20.0, 30.0]),
        (RIGHT, [0.0, 20.0, 30.0]),
        ({"output_t3.txt": b"42\n"}, [0.0, 0.0, 30.0]),
    ],
)
def test_a_file_is_judged_in_place_of_a_run(
    write: Write,
    sandbox: Sandbox,
    compiler: Compiler,
    sources: Mapping[str, bytes],
    expected: list[float],
) -> None:
    """The three tests have equal inputs: each still has a file of its own."""
    folder = write(tps_package(["alone", ["", ""], "comparator"]))
    assert points(folder, sandbox, compiler, sources) == expected


def test_the_checker_is_told_which_tests_take_files_only(write: Write) -> None:
    package = load_package(write(tps_package(["alone", ["", ""], "comparator"])))
    kinds = {name: case.checker_args for name, case in package.testset.testcases.items()}
    assert kinds == {"t1": ("batch",), "t2": ("batch",), "t3": ("outputonly",)}
    files = {file.name: (file.subtasks, file.program_runs) for file in package.task.output_files}
    assert files == {
        "output_t2.txt": (("02-part",), True),
        "output_t3.txt": (("03-part",), False),
    }


@pytest.mark.parametrize(
    "params",
    [
        ["alone", ["in.txt", "out.txt"], "diff"],
        {
            "task_type_parameters_BatchAndOutput_compilation": "alone",
            "task_type_parameters_BatchAndOutput_io_0_inputfile": "in.txt",
            "task_type_parameters_BatchAndOutput_io_1_outputfile": "out.txt",
            "task_type_parameters_BatchAndOutput_output_eval": "diff",
        },
    ],
)
def test_parameters_by_place_are_those_by_name(write: Write, params: object) -> None:
    package = load_package(write(tps_package(params)))
    interface = package.task.interface
    assert (interface.input_file, interface.output_file) == ("in.txt", "out.txt")
    assert package.testset.checker is None
    assert not package.task.interface.managers


@pytest.mark.parametrize(
    ("changes", "error", "said"),
    [
        ({"task_type_params": ["alone", "", "diff"]}, PackageError, "entry 1"),
        ({"task_type_params": ["both", ["", ""], "diff"]}, PackageError, "compilation"),
        ({"task_type_params": ["alone", ["", ""], "diff", "t1", 5]}, PackageError, "entry 4"),
        ({"task_type_params": 7}, PackageError, "task_type_params"),
        ({"task_type": "Batch"}, PackageError, "output_only"),
        ({"protocol_version": 3}, UnsupportedTask, "protocol_version 3"),
        ({"task_type": "TwoSteps"}, UnsupportedTask, "TwoSteps"),
    ],
)
def test_what_no_cms_would_take(
    write: Write, changes: Mapping[str, object], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        load_package(write(tps_package(["alone", ["", ""], "diff"], **changes)))


def italian(line: str) -> dict[str, str]:
    files = {"task.yaml": f"name: twice\ntime_limit: 1.0\ninfile: ''\noutfile: ''\n{line}\n"}
    files |= {f"input/input{n}.txt": f"{n}\n" for n in (0, 1)}
    files |= {f"output/output{n}.txt": f"{2 * n}\n" for n in (0, 1)}
    return files


def test_an_italian_task_names_its_tests_by_number(
    write: Write, sandbox: Sandbox, compiler: Compiler
) -> None:
    folder = write(italian("output_only_testcases: '1'\noutput_optional_testcases: 0"))
    task = load_package(folder).task
    assert [(file.name, file.program_runs) for file in task.output_files] == [
        ("output_000.txt", True),
        ("output_001.txt", False),
    ]
    assert task.attachments["input_001.txt"] == b"1\n"
    assert points(folder, sandbox, compiler, {"a.py": DOUBLE}) == [50.0]
    both = {"a.py": DOUBLE, "output_001.txt": b"2\n"}
    assert points(folder, sandbox, compiler, both) == [100.0]


def test_an_italian_task_cannot_name_a_test_that_is_not_there(write: Write) -> None:
    with pytest.raises(PackageError, match="yaml:5: output_only_testcases: there is no test 007"):
        load_package(write(italian("output_only_testcases: 7")))


def test_a_program_may_not_see_what_was_handed_in(write: Write) -> None:
    """Nothing of the outputs is compiled or lies beside the running program."""
    task = load_package(write(tps_package(["alone", ["", ""], "diff"]))).task
    parts = split(task, Submission(language="python3", sources={"a.py": DOUBLE, **RIGHT}))
    assert set(parts.program.sources) == {"a.py"}
    assert {test: blob.read(9) for test, blob in parts.outputs.items()} == {
        "t2": b"42\n",
        "t3": b"42\n",
    }


def test_show_names_the_files(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    package = load_package(write(tps_package(["alone", ["", ""], "diff"])))
    assert describe(package)["output_files"] == {
        "output_t2.txt": "optional",
        "output_t3.txt": "only",
    }
    print_package(package, Console(width=100))
    assert "1 may be handed in, 1 must be" in capsys.readouterr().out
