"""Data sets as local parquet and JSONL files, in the published columns with rows of our own."""

import base64
import json
import os
import pickle
import zlib
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from problems.errors import PackageError, UnsupportedTask
from problems.formats.dataset_livecodebench import private_tests
from problems.formats.dataset_rows import Row
from problems.judging.judge import Judge
from problems.package import load_package
from problems.submission import Submission
from problems.task import TaskType
from problems.verdict import Verdict
from problems.verifying.verify import Verifier
from sandbox.backend import Sandbox
from sandbox.compiling.compile import Compiler


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOLVER_CACHE", str(tmp_path / "cache"))


def save(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(rows), path)
    else:
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


GRADER = """
#include <cstdio>
#include "twice.h"
int main() {
    int n;
    scanf("%d", &n);
    printf("%d\\n", twice(n));
}
"""


def ioi_rows() -> list[dict[str, Any]]:
    common = {
        "year": 2031,
        "day": 1,
        "id": "twice",
        "name": "Twice",
        "statement": (
            "Return $2n$.\n\n## Subtasks\n\n1. (40 points) $n \\le 10$\n2. (60 points) no limits"
        ),
        "time_limit": 1.0,
        "memory_limit": 268435456,
        "score_precision": 2,
        "task_type": "Batch",
        "starting_code": "",
        "grader_files": [
            ["graders/grader.cpp", GRADER],
            ["graders/twice.h", "int twice(int n);\n"],
        ],
        "problem": "",
    }
    return [
        {**common, "subtask": "00-samples", "score": 0, "test_names": ["0-01"]},
        {**common, "subtask": "01-small", "score": 40, "test_names": ["0-01", "1-01"]},
        {**common, "subtask": "02-full", "score": 60, "test_names": ["0-01", "1-01", "2-01"]},
    ]


def ioi_tests() -> list[dict[str, Any]]:
    return [
        {
            "year": 2031,
            "day": 1,
            "problem_name": "Twice",
            "problem_id": "twice",
            "test_name": name,
            "test_input": f"{n}\n",
            "test_output": f"{2 * n}\n",
        }
        for name, n in (("0-01", 3), ("1-01", 10), ("2-01", 40000), ("9-01", 5))
    ]


@pytest.mark.parametrize("suffix", [".parquet", ".jsonl"])
def test_open_ioi(suffix: str, tmp_path: Path, sandbox: Sandbox, compiler: Compiler) -> None:
    folder = tmp_path / "ioi"
    save(folder / f"ioi{suffix}", ioi_rows())
    save(folder / "cases" / f"2031{suffix}", ioi_tests())
    package = load_package(folder)
    task = package.task
    assert package.format == "open-r1/ioi"
    assert [(s.name, s.max_points) for s in task.subtasks] == [("01-small", 40), ("02-full", 60)]
    assert task.subtasks[1].includes == ("01-small",)
    assert task.subtasks[0].description == r"$n \le 10$"
    assert len(package.testset.testcases) == 3
    judge = Judge(task, package.testset, sandbox, compiler)
    wrong = b'#include "twice.h"\nint twice(int n) { return n < 100 ? 2 * n : 0; }\n'
    result = judge.judge(Submission(language="cpp17", sources={"twice.cpp": wrong}))
    assert result.points == 40
    right = b'#include "twice.h"\nint twice(int n) { return n + n; }\n'
    assert judge.judge(Submission(language="cpp20", sources={"a.cpp": right})).points == 100


def test_open_ioi_with_a_test_missing(tmp_path: Path) -> None:
    save(tmp_path / "d/ioi.jsonl", ioi_rows())
    save(tmp_path / "d/cases.jsonl", ioi_tests()[:2])
    with pytest.raises(PackageError, match=r"ioi\.jsonl:1: .*'2-01'"):
        load_package(tmp_path / "d")


def codeforces_row(identity: str = "9001/A", **changes: Any) -> dict[str, Any]:
    return {
        "id": identity,
        "contest_id": "9001",
        "index": "A",
        "title": "Close to Half",
        "time_limit": 1.0,
        "memory_limit": 256.0,
        "description": "Split $$$n$$$ into two positive numbers.",
        "input_format": "One integer.",
        "output_format": "Two integers.",
        "interaction_format": None,
        "note": None,
        "examples": [{"input": "4\n", "output": "2 2\n"}],
        "official_tests": [
            {"input": "4\n", "output": "2 2\n"},
            {"input": "9\n", "output": "4 5\n"},
        ],
        "official_tests_complete": True,
        "input_mode": "stdio",
        "generated_checker": (
            "import sys\n"
            "n = int(open(sys.argv[1]).read())\n"
            "x, y = map(int, open(sys.argv[3]).read().split())\n"
            "print(1 if x > 0 < y and x + y == n else 0)\n"
        ),
        **changes,
    }


def test_codeforces(tmp_path: Path, sandbox: Sandbox, compiler: Compiler) -> None:
    path = save(
        tmp_path / "cf.parquet",
        [codeforces_row("9001/A"), codeforces_row("9001/B", generated_checker=None)],
    )
    with pytest.raises(PackageError, match=r"2 problems; name one as cf\.parquet#ID: 9001/A"):
        load_package(path)
    package = load_package(f"{path}#9001A")
    assert package.task.title == "Close to Half"
    assert "Split $n$ into" in package.task.statement.text
    assert len(package.testset.testcases) == 2
    judge = Judge(package.task, package.testset, sandbox, compiler)
    source = b"n = int(input())\nprint(1, n - 1)\n"
    submission = Submission(language="python3", sources={"a.py": source})
    assert judge.judge(submission).verdict is Verdict.AC
    plain = load_package(f"{path}#9001/B")
    judge = Judge(plain.task, plain.testset, sandbox, compiler)
    assert judge.judge(submission).verdict is Verdict.WA


def test_codeforces_by_file(tmp_path: Path, sandbox: Sandbox, compiler: Compiler) -> None:
    path = save(tmp_path / "f.jsonl", [codeforces_row(input_mode="file")])
    package = load_package(path)
    judge = Judge(package.task, package.testset, sandbox, compiler)
    files = "n = int(open('input.txt').read())\nprint(1, n - 1, file=open('output.txt', 'w'))\n"
    for source, verdict in (
        (files, Verdict.AC),
        ("n = int(input())\nprint(1, n - 1)\n", Verdict.RE),
    ):
        submission = Submission(language="python3", sources={"a.py": source.encode()})
        assert judge.judge(submission).verdict is verdict


def test_codeforces_generated_tests(tmp_path: Path) -> None:
    row = codeforces_row(official_tests_complete=False, generated_tests=2)
    alone = load_package(save(tmp_path / "alone.jsonl", [row]))
    assert alone.notes == (
        "the tests are not complete",
        "2 generated tests are not among the files",
    )
    folder = tmp_path / "data"
    folder.mkdir()
    save(folder / "train.parquet", [row])
    rows = [
        {"problem_id": problem, "test_case_i": number, "input": f"{number}0\n", "output": "1 1\n"}
        for problem, number in (("9001/A", 2), ("9001/B", 1), ("9001/A", 1))
    ]
    save(folder / "test_cases_9001.parquet", rows)
    package = load_package(folder)
    assert package.notes == ()
    inputs = [test.input.read_bytes() for test in package.testset.testcases.values()]
    assert inputs == [b"4\n", b"9\n", b"10\n", b"20\n"]


def test_codeforces_refusals(tmp_path: Path) -> None:
    talks = save(tmp_path / "a.jsonl", [codeforces_row(interaction_format="Ask.")])
    with pytest.raises(UnsupportedTask, match="interactive"):
        load_package(talks)
    empty = save(tmp_path / "b.jsonl", [codeforces_row(official_tests=[])])
    with pytest.raises(PackageError, match=r"b\.jsonl:1: .*no official tests"):
        load_package(empty)
    mistyped = save(tmp_path / "c.jsonl", [codeforces_row(), codeforces_row("2/A", examples="x")])
    with pytest.raises(PackageError, match=r"c\.jsonl:2: examples"):
        load_package(f"{mistyped}#2/A")


def code_contests_row() -> dict[str, Any]:
    return {
        "name": "9002_B. Larger",
        "description": "Print the larger number.",
        "public_tests": {"input": ["1 2\n"], "output": ["2\n"]},
        "private_tests": {"input": ["9 3\n"], "output": ["9\n"]},
        "generated_tests": {"input": ["5 5\n"], "output": ["5\n"]},
        "solutions": {
            "language": [3, 2, 1],
            "solution": [
                "print(max(map(int, input().split())))\n",
                "#include <iostream>\nint main() { int a, b; std::cin >> a >> b; "
                "std::cout << (a > b ? a : b); }\n",
                "print max(map(int, raw_input().split()))\n",
            ],
        },
        "incorrect_solutions": {
            "language": ["PYTHON3"],
            "solution": ["print(input().split()[1])\n"],
        },
        "time_limit": {"seconds": 1, "nanos": 500000000},
        "memory_limit_bytes": 256000000,
        "cf_rating": 800,
    }


@pytest.mark.parametrize("suffix", [".parquet", ".jsonl"])
def test_code_contests_labels_are_submissions(
    suffix: str, tmp_path: Path, sandbox: Sandbox, compiler: Compiler
) -> None:
    row = code_contests_row()
    if suffix == ".parquet":
        row["incorrect_solutions"]["language"] = [3]
    path = save(tmp_path / f"cc{suffix}", [row])
    package = load_package(path)
    assert package.task.limits.time_s == 1.5
    assert [s.submission.language for s in package.submissions] == [
        "python3",
        "cpp17",
        "python2",
        "python3",
    ]
    report = Verifier(sandbox, compiler, store=tmp_path).verify([path])
    assert len(report.judged) == 3
    assert report.holds


def lcb_row(tests: str, **changes: Any) -> dict[str, Any]:
    return {
        "question_title": "Add",
        "question_content": "Add two numbers.",
        "platform": "atcoder",
        "question_id": "abc999_a",
        "starter_code": "",
        "public_test_cases": json.dumps([{"input": "1 2\n", "output": "3\n", "testtype": "stdin"}]),
        "private_test_cases": tests,
        "metadata": "{}",
        **changes,
    }


def packed(value: object) -> str:
    return base64.b64encode(zlib.compress(pickle.dumps(value))).decode()


def test_livecodebench_stdin(tmp_path: Path, sandbox: Sandbox, compiler: Compiler) -> None:
    tests = json.dumps([{"input": "5 6\n", "output": "11\n", "testtype": "stdin"}])
    for number, text in enumerate((tests, packed(tests))):
        path = save(tmp_path / f"{number}.jsonl", [lcb_row(text)])
        package = load_package(path)
        assert len(package.testset.testcases) == 2
        judge = Judge(package.task, package.testset, sandbox, compiler)
        source = b"print(sum(map(int, input().split())))\n"
        submission = Submission(language="python3", sources={"a.py": source})
        assert judge.judge(submission).verdict is Verdict.AC


def test_livecodebench_function(tmp_path: Path, sandbox: Sandbox, compiler: Compiler) -> None:
    tests = json.dumps([{"input": "[1, 2]\n3", "output": "[4,5]", "testtype": "functional"}])
    starter = "class Solution:\n    def shift(self, a: List[int], by: int) -> List[int]:\n        "
    row = lcb_row(
        packed(tests),
        starter_code=starter,
        metadata='{"func_name": "shift"}',
        public_test_cases=json.dumps(
            [{"input": "[]\n9", "output": "[]", "testtype": "functional"}]
        ),
    )
    package = load_package(save(tmp_path / "f.jsonl", [row]))
    assert package.task.type is TaskType.BATCH
    assert package.task.interface.is_function
    judge = Judge(package.task, package.testset, sandbox, compiler)
    for body, verdict in (("return [x + by for x in a]\n", Verdict.AC), ("return a\n", Verdict.WA)):
        source = (starter + body).encode()
        result = judge.judge(Submission(language="python3", sources={"solution.py": source}))
        assert result.verdict is verdict


def lcb_function(tests: list[tuple[str, str]], starter: str, name: str) -> dict[str, Any]:
    """A functional problem: (arguments a line, result) a test."""
    listed = [{"input": a, "output": b, "testtype": "functional"} for a, b in tests]
    return lcb_row(
        json.dumps(listed[1:]),
        starter_code=starter,
        metadata=json.dumps({"func_name": name}),
        public_test_cases=json.dumps(listed[:1]),
    )


# body of `def twist(self, a)` -> whether LiveCodeBench's own runner accepts it for [1, 2] -> [2, 1]
METHODS = {
    "a list": ("return a[::-1]", True),
    "a tuple, which counts as a list": ("return tuple(a[::-1])", True),
    "floats": ("return [float(x) for x in a[::-1]]", True),
    "fractions": (
        "from fractions import Fraction\n        return [Fraction(x) for x in a[::-1]]",
        True,
    ),
    "prints of its own": ("print('working on', a); return a[::-1]", True),
    "prints past sys.stdout": (
        "sys.__stdout__.write('x'); sys.__stdout__.flush(); return a[::-1]",
        True,
    ),
    "names of copy": ("b = deepcopy(a); b.reverse(); return b", True),
    "names of random": ("b = sample(a, len(a)); b.sort(reverse=True); return b", True),
    "names of re": ("return [int(findall(r'[0-9]+', str(x))[0]) for x in a[::-1]]", True),
    "names of statistics": ("return [int(mean([x])) for x in a[::-1]]", True),
    "modules": ("return json.loads(json.dumps(list(itertools.chain(a[::-1]))))", True),
    "deep recursion": (
        "def f(n): return 0 if n == 0 else 1 + f(n - 1)\n        return [x * (f(40000) == 40000)"
        " for x in a[::-1]]",
        True,
    ),
    "a tuple within": ("return [tuple(a[::-1])]", False),
    "a set": ("return set(a)", False),
    "nothing": ("print(a[::-1])", False),
    "text": ("return str(a[::-1])", False),
    "the other order": ("return a", False),
}


@pytest.mark.parametrize("name", METHODS)
def test_livecodebench_methods(
    name: str, tmp_path: Path, sandbox: Sandbox, compiler: Compiler
) -> None:
    body, right = METHODS[name]
    starter = "class Solution:\n    def twist(self, a: List[int]) -> List[int]:\n        "
    row = lcb_function([("[1, 2]", "[2, 1]"), ("[5]", "[5]")], starter, "twist")
    package = load_package(save(tmp_path / "f.jsonl", [row]))
    judge = Judge(package.task, package.testset, sandbox, compiler)
    source = f"{starter}{body}\n".encode()
    result = judge.judge(Submission(language="python3", sources={"solution.py": source}))
    assert (result.verdict is Verdict.AC) == right


def test_livecodebench_values_are_compared_with_equality(
    tmp_path: Path, sandbox: Sandbox, compiler: Compiler
) -> None:
    starter = "class Solution:\n    def half(self, n: int):\n        "
    row = lcb_function([("4", "2"), ("5", "2.5"), ("0", "0.0"), ("2", "true")], starter, "half")
    package = load_package(save(tmp_path / "f.jsonl", [row]))
    judge = Judge(package.task, package.testset, sandbox, compiler)
    for body, verdict in (("return n / 2\n", Verdict.AC), ("return n // 2\n", Verdict.WA)):
        source = (starter + body).encode()
        result = judge.judge(Submission(language="python3", sources={"s.py": source}))
        assert result.verdict is verdict


# A program for n -> n / 2, and whether LiveCodeBench's own runner accepts it.
PROGRAMS = {
    "a decimal for a whole number": ("print(int(input()) / 2)", True),
    "more digits": ("print('%.3f' % (int(input()) / 2))", True),
    "blanks around the line": ("print(' ', int(input()) / 2, ' ')", True),
    "blank lines at the ends": ("print('\\n%s\\n\\n' % (int(input()) / 2))", True),
    "names without an import": ("print(sqrt(int(stdin.readline()) ** 2) / 2)", True),
    "an end with a status": ("print(int(input()) / 2); exit(3)", True),
    "deep recursion": (
        "def f(n): return 0 if n == 0 else 1 + f(n - 1)\nassert f(40000)\nprint(int(input()) / 2)",
        True,
    ),
    "behind a guard": ("if __name__ == '__main__':\n    print(int(input()) / 2)", True),
    "two lines for one": ("print(int(input()) / 2, end='\\n\\n'); print(1)", False),
    "nearly the number": ("print(int(input()) / 2 + 1e-9)", False),
    "words": ("print('half is', int(input()) / 2)", False),
    "a crash": ("print(int(input()) / 2); 1 / 0", False),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_livecodebench_programs(
    name: str, tmp_path: Path, sandbox: Sandbox, compiler: Compiler
) -> None:
    source, right = PROGRAMS[name]
    tests = [{"input": "5\n", "output": "2.5\n"}, {"input": "6", "output": "3"}]
    row = lcb_row(json.dumps(tests), public_test_cases="[]")
    package = load_package(save(tmp_path / "p.jsonl", [row]))
    assert not package.task.interface.is_function
    judge = Judge(package.task, package.testset, sandbox, compiler)
    result = judge.judge(Submission(language="python3", sources={"a.py": source.encode()}))
    assert (result.verdict is Verdict.AC) == right


def test_livecodebench_programs_in_other_languages(
    tmp_path: Path, sandbox: Sandbox, compiler: Compiler
) -> None:
    row = lcb_row(json.dumps([{"input": "5\n", "output": "2.5\n"}]), public_test_cases="[]")
    package = load_package(save(tmp_path / "p.jsonl", [row]))
    judge = Judge(package.task, package.testset, sandbox, compiler)
    source = b'#include <cstdio>\nint main() { int n; scanf("%d", &n); printf("%.2f", n / 2.0); }\n'
    result = judge.judge(Submission(language="cpp20", sources={"a.cpp": source}))
    assert result.verdict is Verdict.AC


class Runs:
    """Unpickled, it would call `os.system`."""

    def __init__(self, command: str) -> None:
        self.command = command

    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, (self.command,)


def test_a_hostile_pickle_runs_nothing(tmp_path: Path) -> None:
    proof = tmp_path / "proof"
    path = save(tmp_path / "x.jsonl", [lcb_row(packed(Runs(f"touch {proof}")))])
    with pytest.raises(PackageError, match=r"x\.jsonl:1: private_test_cases: .*system"):
        load_package(path)
    assert not proof.exists()


@pytest.mark.parametrize(
    "text",
    ["%%%", "AAAA", base64.b64encode(zlib.compress(b"\x80\x04.")).decode(), packed([1]), packed(3)],
)
def test_rubbish_for_hidden_tests(text: str, tmp_path: Path) -> None:
    row = Row(tmp_path / "x.jsonl", 7, {})
    with pytest.raises(PackageError, match=r"x\.jsonl:7: private_test_cases"):
        private_tests(text, row)


def test_a_zlib_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("problems.formats.dataset_livecodebench.MAX_TESTS_BYTES", 1 << 20)
    bomb = base64.b64encode(zlib.compress(bytes(8 << 20))).decode()
    with pytest.raises(PackageError, match="more than 1048576 bytes"):
        private_tests(bomb, Row(tmp_path / "x.jsonl", 1, {}))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.parquet", b"PAR1rubbishPAR1", r"a\.parquet: not a parquet file"),
        ("b.jsonl", b"{not json\n", r"b\.jsonl:1: not valid JSON"),
        ("c.jsonl", b"[1]\n", r"c\.jsonl:1: expected an object"),
        ("d.jsonl", b'{"other": 1}\n', "no known package format"),
        ("e.jsonl", b"", "no known package format"),
        ("f.jsonl", b"[" * 100_000, r"f\.jsonl:1: not valid JSON"),
    ],
)
def test_broken_files(name: str, content: bytes, message: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(PackageError, match=message):
        load_package(tmp_path / name)


def test_a_link_out_of_a_data_folder(tmp_path: Path) -> None:
    outside = save(tmp_path / "outside.jsonl", [codeforces_row()])
    (tmp_path / "set").mkdir()
    (tmp_path / "set/in.jsonl").symlink_to(outside)
    with pytest.raises(PackageError, match="leads out"):
        load_package(tmp_path / "set")
