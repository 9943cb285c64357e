"""What evaluators bring: rows and folders of our own making in the shapes of their benchmarks."""

import json
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from problems.errors import PackageError, UnsupportedTask
from problems.judging.judge import Judge
from problems.jury.testlib import installed_testlib
from problems.package import load_package
from problems.submission import Submission
from problems.task import TaskType
from problems.verdict import SubmissionResult, Verdict
from sandbox.backend import Sandbox
from sandbox.compiling.compile import Compiler
from tests.problems.test_dataset_checked import HEADER, NEAR

Judged = Callable[..., SubmissionResult]
DOUBLE = "print(2 * int(input()))\n"
SMALL = "n = int(input())\nprint(2 * n if n < 10 else 0)\n"


@pytest.fixture
def testlib(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """A header of our own in testlib's place, of the few calls that our checkers make."""
    (tmp_path / "testlib.h").write_text(HEADER)
    monkeypatch.setenv("SOLVER_TESTLIB", str(tmp_path / "testlib.h"))
    installed_testlib.cache_clear()
    request.addfinalizer(installed_testlib.cache_clear)


@pytest.fixture
def judged(sandbox: Sandbox, compiler: Compiler) -> Judged:
    def judge(path: Path, source: str, language: str = "python3") -> SubmissionResult:
        package = load_package(path)
        judge = Judge(package.task, package.testset, sandbox, compiler)
        name = "a.py" if language == "python3" else "a.cpp"
        return judge.judge(Submission(language=language, sources={name: source.encode()}))

    return judge


def points(result: SubmissionResult) -> list[float]:
    return [subtask.points for subtask in result.subtasks]


def rows(path: Path, *content: Mapping[str, object]) -> Path:
    if path.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist([dict(one) for one in content]), path)
    else:
        path.write_text("".join(json.dumps(one) + "\n" for one in content))
    return path


def tree(root: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


PLUS: Mapping[str, object] = {
    "id": "7_A. Doubling",
    "title": "A. Doubling",
    "description": "Print twice the number.",
    "time_limit": 1500,
    "memory_limit": 128,
    "generator": '#include "testlib.h"\nint main() {}\n',
    "validator": '#include "testlib.h"\nint main() {}\n',
    "checker": NEAR,
    "correct_submissions": [{"code": DOUBLE, "language": "PYTHON3"}],
    "incorrect_submissions": [
        {"code": "print(0)\n", "language": "python3"},
        {"code": "BEGIN", "language": "PASCAL"},
    ],
    "test_cases": [{"input": "4\n", "output": "8\n"}, {"input": "50\n", "output": "100\n"}],
}


def test_code_contests_plus(tmp_path: Path, testlib: None, judged: Judged) -> None:
    path = rows(tmp_path / "1x.jsonl", PLUS, {**PLUS, "id": "8_B"})
    package = load_package(Path(f"{path}#7_A. Doubling"))
    assert (package.task.limits.time_s, package.task.limits.memory_bytes) == (1.5, 128 << 20)
    assert [one.name for one in package.submissions] == [
        "correct_submissions/0000.py",
        "incorrect_submissions/0000.py",
    ]
    assert package.left_out[0].name == "incorrect_submissions/0001"
    assert len(package.testset.validators) == 1
    assert "generator and validator" in package.notes[0]
    assert [one.role for one in package.task.helpers] == ["testlib-generator", "testlib-validator"]
    chosen = Path(f"{path}#8_B")
    # The checker lets an answer be off by one.
    assert judged(chosen, "print(2 * int(input()) + 1)\n").verdict is Verdict.AC
    assert judged(chosen, "print(2 * int(input()) + 2)\n").verdict is Verdict.WA


@pytest.mark.parametrize(
    ("limit", "seconds"), [(2000, 2.0), (3, 3.0), ({"seconds": 1, "nanos": 5e8}, 1.5), (None, 2.0)]
)
def test_time_limits_of_code_contests_plus(
    tmp_path: Path, testlib: None, limit: object, seconds: float
) -> None:
    path = rows(tmp_path / "1x.jsonl", {**PLUS, "time_limit": limit})
    assert load_package(path).task.limits.time_s == seconds


def test_languages_and_lists_of_code_contests_plus(tmp_path: Path, testlib: None) -> None:
    """`PYTHON` beside `PYTHON3` is Python 2, as in code_contests; a list that is null is empty."""
    found = {"language": ["PYTHON", "python", "CPP"], "code": ["print 1", "print(1)", ""]}
    path = rows(
        tmp_path / "1x.jsonl",
        {**PLUS, "correct_submissions": found, "incorrect_submissions": None},
    )
    languages = [one.submission.language for one in load_package(path).submissions]
    assert languages == ["python2", "python3", "cpp17"]


LIVE: Mapping[str, object] = {
    "problem_id": "CUP-2025-contest-big-doubles",
    "task_name": "Big doubles",
    "task_type": "batch",
    "time_limit": 1.0,
    "memory_limit": 256.0,
    "difficulty": None,
    "algorithms": "[]",
    "problem_statement": "# Big doubles\n\nPrint twice the number.",
    "setup_script": None,
    "evaluation_script": None,
    "grader_code": None,
    "starter_code": None,
}
TESTS = {"t1": {"input": "4\n", "output": "8\n"}, "t2": {"input": "50\n", "output": "100\n"}}
LIVE_TESTS: Mapping[str, object] = {
    "problem_id": "CUP-2025-contest-big-doubles",
    "tests": json.dumps(TESTS),
    "subtasks": json.dumps(
        {
            "0": {"score": 0, "testcases": ["t1"]},
            "1": {"score": 30, "testcases": ["t1"]},
            "2": {"score": 70, "testcases": ["t1", "t2"]},
        }
    ),
}


def live(folder: Path, problem: Mapping[str, object], tests: Mapping[str, object]) -> Path:
    other = {"problem_id": "OTHER-2025-contest-x", "tests": "{}", "subtasks": "{}"}
    rows(folder / "liveoibench_testcases_v1_2025.parquet", other, tests)
    return rows(folder / "liveoibench_v1.parquet", problem)


def test_liveoibench(tmp_path: Path, judged: Judged) -> None:
    path = live(tmp_path, LIVE, LIVE_TESTS)
    task = load_package(path).task
    assert (task.name, task.limits.memory_bytes) == ("big-doubles", 256 << 20)
    assert [(one.name, one.max_points, one.includes) for one in task.subtasks] == [
        ("1", 30, ()),
        ("2", 70, ("1",)),
    ]
    assert "50" not in repr(task)
    assert points(judged(path, SMALL)) == [30, 0]
    assert points(judged(tmp_path, "print(' ', 2 * int(input()))\n")) == [30, 70]


def test_graders_of_liveoibench_are_linked(tmp_path: Path, judged: Judged) -> None:
    grader = (
        '#include <iostream>\n#include "twice.h"\nint main() { int n; std::cin >> n; '
        "std::cout << twice(n); }\n"
    )
    codes = [{"name": "grader.cpp", "code": grader}, {"name": "twice.h", "code": "int twice(int);"}]
    problem = {**LIVE, "grader_code": json.dumps(codes)}
    path = live(tmp_path, problem, LIVE_TESTS)
    task = load_package(path).task
    assert task.interface.is_function and "int twice(int);" in task.interface.signatures["cpp17"]
    source = '#include "twice.h"\nint twice(int n) { return 2 * n; }\n'
    assert points(judged(path, source, "cpp17")) == [30, 70]


@pytest.mark.parametrize(
    ("problem", "tests", "error", "said"),
    [
        ({"task_type": "interactive", "evaluation_script": "run"}, {}, UnsupportedTask, "script"),
        ({"time_limit": 0.0}, {}, PackageError, "time_limit"),
        ({}, {"problem_id": "another"}, PackageError, "no row with its tests"),
        ({}, {"tests": "["}, PackageError, "tests: not a JSON"),
        ({}, {"subtasks": '{"1": {"score": 5, "testcases": ["zz"]}}'}, PackageError, "'zz'"),
        ({}, {"subtasks": "{}"}, PackageError, "no subtask gives points"),
    ],
)
def test_broken_rows_of_liveoibench(
    tmp_path: Path,
    problem: Mapping[str, object],
    tests: Mapping[str, object],
    error: type[Exception],
    said: str,
) -> None:
    path = live(tmp_path, {**LIVE, **problem}, {**LIVE_TESTS, **tests})
    with pytest.raises(error, match=said):
        load_package(path)


def ccc(**changes: Any) -> dict[str, Any]:
    problem: dict[str, Any] = {
        "name": "Doubling",
        "compile": "g++ -O2 -o main main.cpp",
        "run": "./main < input",
        "grader_files": [],
        "problem_header_include": "",
        "subtasks": {
            "small": {
                "aggregation": "min",
                "score": 40.0,
                "score_precision": 0,
                "test_names": ["sample-1"],
                "sample_test_names": ["sample-1"],
                "secret_test_names": [],
            },
            "all_tests": {"aggregation": "sum_tests", "test_names": ["sample-1", "s2"]},
        },
        "all_tests": {
            "sample-1": {"input": "4\n", "output": "8\n", "group": "sample"},
            "s2": {"input": "50\n", "output": "100\n", "group": "secret"},
        },
    }
    # Parquet's structs have every problem's key in every row.
    return {"competition_id": "cup25", "metadata": {"double": problem | changes, "gone": None}}


def test_rows_of_nemo_gym(tmp_path: Path, judged: Judged) -> None:
    path = rows(tmp_path / "test_metadata.jsonl", ccc())
    task = load_package(path).task
    assert [one.input for one in task.examples] == [b"4\n"]
    # A point for each of the two tests.
    assert points(judged(path, SMALL)) == [40, 1]
    assert points(judged(Path(f"{path}#cup25/double"), DOUBLE)) == [40, 2]


def test_the_older_rows_of_nemo_gym(tmp_path: Path, judged: Judged) -> None:
    base = {"grader_files": [], "compile": "", "run": ""}
    one = {"sample-1": {"input": "4\n", "output": "8\n"}}
    problem = {
        "s1": base | {"score": 30, "tests": one},
        "s2": base | {"subtask_score": 70, "tests": {"x": {"input": "50\n", "output": "100\n"}}},
    }
    row = {"competition_id": "old", "metadata": {"double": problem}}
    assert points(judged(rows(tmp_path / "m.jsonl", row), SMALL)) == [30, 0]


@pytest.mark.parametrize(
    ("changes", "error", "said"),
    [
        ({"grader_files": [["judge.py", "x"]]}, UnsupportedTask, "judge.py is for its own script"),
        ({"all_tests": {}}, PackageError, r"metadata.double.all_tests"),
        ({"subtasks": {"a": {"score": 1, "test_names": ["q"]}}}, PackageError, "no test 'q'"),
        (
            {"subtasks": {"a": {"aggregation": "max", "score": 1, "test_names": ["s2"]}}},
            UnsupportedTask,
            "aggregation max",
        ),
    ],
)
def test_broken_rows_of_nemo_gym(
    tmp_path: Path, changes: dict[str, Any], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        load_package(rows(tmp_path / "m.jsonl", ccc(**changes)))


LIGHT: Mapping[str, str] = {
    "config.yaml": (
        "type: default\nchecker: chk.cc\ntime: 1500ms\nmemory: 64m\n"
        "subtasks:\n  - score: 40\n    n_cases: 1\n  - score: 60\n    n_cases: 1\n"
    ),
    "chk.cc": NEAR,
    "statement.txt": "Doubling\n\nPrint twice the number.\n",
    "testdata/1.in": "4\n",
    "testdata/1.ans": "8\n",
    "testdata/2.in": "50\n",
    "testdata/2.ans": "100\n",
}


def test_light_cp_verifier(tmp_path: Path, testlib: None, judged: Judged) -> None:
    folder = tree(tmp_path / "7", LIGHT)
    package = load_package(folder)
    assert package.format == "lightcpverifier"
    assert package.task.title == "Doubling"
    limits = package.task.limits
    assert (limits.time_s, limits.memory_bytes) == (1.5, 64 << 20)
    # The second subtask's first test is 2: tests are counted through.
    assert points(judged(folder, SMALL)) == [40, 0]
    assert points(judged(folder, "print(2 * int(input()) + 1)\n")) == [40, 60]


def test_cases_by_name_and_the_answer_beside(tmp_path: Path, testlib: None, judged: Judged) -> None:
    """A case that names an `.out` has its answer in the `.ans` of that name, where one is there."""
    config = (
        "time_limit: 1s\nmemory_limit: 64m\nsubtasks:\n"
        "- score: 100\n  cases: [{input: 1.in, output: 1.out}]\n"
    )
    files = {**LIGHT, "config.yaml": config, "testdata/1.out": "never read\n"}
    assert points(judged(tree(tmp_path / "7", files), SMALL)) == [100]


@pytest.mark.parametrize(
    ("name", "text", "error", "said"),
    [
        ("config.yaml", "type: leetcode\nsubtasks: [{n_cases: 1}]\n", UnsupportedTask, "leetcode"),
        ("config.yaml", "subtasks: [{n_cases: 3}]\n", PackageError, "3.in"),
        ("config.yaml", "time: soon\nsubtasks: [{n_cases: 1}]\n", PackageError, "yaml:1: time"),
        ("config.yaml", "subtasks: [{score: 1}]\n", PackageError, "without n_cases"),
        ("config.yaml", "checker: no.cc\nsubtasks: [{n_cases: 1}]\n", PackageError, "no.cc"),
    ],
)
def test_broken_folders_of_light_cp_verifier(
    tmp_path: Path, testlib: None, name: str, text: str, error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        load_package(tree(tmp_path / "7", {**LIGHT, name: text}))


DMOJ: Mapping[str, str] = {
    "init.yml": (
        "test_cases:\n"
        "- {in: 0.in, out: 0.out, points: 10}\n"
        "- batched:\n  - {in: 0.in, out: 0.out}\n  points: 30\n"
        "- batched:\n  - {in: 1.in, out: 1.out}\n  points: 60\n  dependencies: [1]\n"
    ),
    "0.in": "4\n",
    "0.out": "8\n",
    "1.in": "50\n",
    "1.out": "100\n",
    "statement.md": "# Doubling\n\nPrint twice the number.\n",
}


def test_dmoj(tmp_path: Path, judged: Judged) -> None:
    folder = tree(tmp_path / "loj-7", DMOJ)
    package = load_package(folder)
    assert package.format == "dmoj"
    assert [one.includes for one in package.task.subtasks] == [(), ("test1",), ("test1", "batch2")]
    assert "Doubling" in package.task.statement.text
    assert points(judged(folder, SMALL)) == [10, 30, 0]
    # The third batch depends on the second.
    assert points(judged(folder, "n = int(input())\nprint(2 * n if n > 9 else 0)\n")) == [0, 0, 0]


def test_an_archive_of_dmoj_without_a_list(tmp_path: Path, judged: Judged) -> None:
    """As DMOJ guesses: the last number is the test, one before it the batch."""
    folder = tree(tmp_path / "p", {"init.yml": "archive: t.zip\npoints: 5\n"})
    with zipfile.ZipFile(folder / "t.zip", "w") as archive:
        for name in ("p.1.1", "p.1.2", "p.2.1"):
            number = 50 if name == "p.2.1" else 4
            archive.writestr(f"data/{name}.in", f"{number}\n")
            archive.writestr(f"data/{name}.out", f"{2 * number}\n")
    task = load_package(folder).task
    assert [(one.name, one.max_points) for one in task.subtasks] == [("batch1", 5), ("batch2", 5)]
    assert points(judged(folder, SMALL)) == [5, 0]


def test_checkers_of_dmoj(tmp_path: Path, testlib: None, judged: Judged) -> None:
    bridged = {
        "init.yml": "checker: {name: bridged, args: {files: c.cpp, type: testlib}}\n"
        + DMOJ["init.yml"],
        "c.cpp": NEAR,
    }
    folder = tree(tmp_path / "p", {**DMOJ, **bridged})
    assert points(judged(folder, "print(2 * int(input()) + 1)\n")) == [10, 30, 60]
    floats = "checker: {name: floats, args: {precision: 2}}\n" + DMOJ["init.yml"]
    near = tree(tmp_path / "q", {**DMOJ, "init.yml": floats})
    assert points(judged(near, "print(2 * int(input()) + 0.001)\n")) == [10, 30, 60]
    assert points(judged(near, "print(2 * int(input()) + 1.5)\n")) == [0, 0, 0]


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        ("custom_judge: judge.py\ntest_cases: []\n", UnsupportedTask, "yml:1: custom_judge"),
        ("checker: chk.py\ntest_cases: [{in: 0.in}]\n", UnsupportedTask, "checker chk.py"),
        ("test_cases: [{in: 9.in, out: 0.out}]\n", PackageError, "yml:1: 9.in: no such file"),
        ("test_cases: [{in: 0.in, out: ../x}]\n", PackageError, "leads out|no such file"),
        ("test_cases: [{in: 0.in, time_limit: 3}]\n", UnsupportedTask, "time_limit of a test"),
        ("test_cases: [{in: 0.in, points: many}]\n", PackageError, "points: 'many'"),
        ("points: 1\n", PackageError, "neither test_cases nor an archive"),
        (
            "test_cases:\n- batched: [{in: 0.in}]\n  dependencies: [1]\n",
            PackageError,
            "no earlier batches",
        ),
        ("interactive: {files: i.cpp}\ntest_cases: [{in: 0.in}]\n", UnsupportedTask, "default"),
    ],
)
def test_broken_folders_of_dmoj(
    tmp_path: Path, text: str, error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        load_package(tree(tmp_path / "p", {**DMOJ, "init.yml": text}))


def test_an_interactor_of_dmoj_makes_a_task_interactive(tmp_path: Path, testlib: None) -> None:
    text = "interactive: {files: i.cpp, type: testlib}\ntest_cases: [{in: 0.in}]\n"
    folder = tree(tmp_path / "p", {**DMOJ, "init.yml": text, "i.cpp": NEAR})
    assert load_package(folder).task.type is TaskType.INTERACTIVE
