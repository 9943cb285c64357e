"""AetherCode and ICPC-Eval: rows of our own making in their shape."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from problems.errors import PackageError, UnsupportedTask
from problems.judging.judge import Judge
from problems.jury.testlib import installed_testlib
from problems.package import load_package
from problems.submission import Submission
from problems.verdict import Verdict
from sandbox.backend import Sandbox
from sandbox.compiling.compile import Compiler

NEAR = """#include "testlib.h"
int main(int argc, char **argv) {
    registerTestlibCmd(argc, argv);
    int expected = ans.readInt(), given = ouf.readInt();
    if (expected - given > 1 || given - expected > 1) quitf(_wa, "far off");
    quitf(_ok, "near");
}
"""
HEADER = """#include <cstdlib>
#include <fstream>
enum Verdict { _ok = 0, _wa = 1 };
struct File : std::ifstream { int readInt() { int n; *this >> n; return n; } };
inline File inf, ouf, ans;
inline void registerTestlibCmd(int, char **argv) {
    inf.open(argv[1]), ouf.open(argv[2]), ans.open(argv[3]);
}
inline void quitf(Verdict verdict, const char *) { std::exit(verdict); }
"""
AETHER: Mapping[str, object] = {
    "id": 7,
    "description": "Print the sum of two numbers.",
    "time_limit": 1500,
    "memory_limit": 64,
    "checker": "",
    "test_cases": [{"input": "1 2\n", "output": "3\n"}, {"input": "5 5\n", "output": "10\n"}],
    "year": 2024,
    "date": "2024/01/01",
    "difficulty": "Easy",
    "contest_category": "Our own",
    "contest_name": "A cup",
}
ICPC: Mapping[str, object] = {
    "id": "q1",
    "title": "Sum",
    "description": "Print the sum.",
    "input": "Two numbers.",
    "output": "One number.",
    "note": None,
    "examples": [["1 2\n", "3\n"]],
    "test_cases": [["1 2\n", "3\n"], ["5 5\n", "10\n"]],
    "time_limit_ms": 1500,
    "memory_limit_mb": 64,
    "spj_code": None,
}


def saved(path: Path, *rows: Mapping[str, object]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def verdict(path: Path, sandbox: Sandbox, compiler: Compiler, more: int) -> Verdict:
    package = load_package(path)
    source = f"print(sum(map(int, input().split())) + {more})\n".encode()
    judge = Judge(package.task, package.testset, sandbox, compiler)
    return judge.judge(Submission(language="python3", sources={"a.py": source})).verdict


@pytest.mark.parametrize(("row", "name"), [(AETHER, "aethercode-7"), (ICPC, "icpc-eval-q1")])
def test_rows_without_a_checker(
    tmp_path: Path, sandbox: Sandbox, compiler: Compiler, row: Mapping[str, object], name: str
) -> None:
    path = saved(tmp_path / "rows.jsonl", row)
    task = load_package(path).task
    assert task.name == name
    assert (task.limits.time_s, task.limits.memory_bytes) == (1.5, 64 << 20)
    assert "5 5" not in repr(task)
    assert verdict(path, sandbox, compiler, 0) is Verdict.AC
    assert verdict(path, sandbox, compiler, 1) is Verdict.WA


@pytest.mark.parametrize("row", [{**AETHER, "checker": NEAR}, {**ICPC, "spj_code": NEAR}])
def test_a_checker_decides(
    tmp_path: Path,
    sandbox: Sandbox,
    compiler: Compiler,
    row: Mapping[str, object],
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    """With a header of our own in testlib's place, of the few calls that the checker makes."""
    (tmp_path / "testlib.h").write_text(HEADER)
    monkeypatch.setenv("SOLVER_TESTLIB", str(tmp_path / "testlib.h"))
    installed_testlib.cache_clear()
    request.addfinalizer(installed_testlib.cache_clear)
    path = saved(tmp_path / "rows.jsonl", row)
    assert verdict(path, sandbox, compiler, 1) is Verdict.AC
    assert verdict(path, sandbox, compiler, 2) is Verdict.WA


CASES = AETHER["test_cases"]
COLUMNS = {"input": ["1 2\n", "5 5\n"], "output": ["3\n", "10\n"]}


@pytest.mark.parametrize(
    "row",
    [
        {**AETHER, "test_cases": json.dumps(CASES)},
        {**AETHER, "test_cases": COLUMNS},
        {**ICPC, "test_cases": CASES, "examples": [{"input": "1 2\n", "output": "3\n"}]},
        {**ICPC, "test_cases": json.dumps(COLUMNS), "examples": None},
    ],
)
def test_one_list_in_other_shapes(tmp_path: Path, row: Mapping[str, object]) -> None:
    package = load_package(saved(tmp_path / "rows.jsonl", row))
    tests = [
        (case.input.read_bytes(), case.answer and case.answer.read_bytes())
        for case in package.testset.testcases.values()
    ]
    assert tests == [(b"1 2\n", b"3\n"), (b"5 5\n", b"10\n")]


@pytest.mark.parametrize("missing", ["test_cases", "checker", "contest_category"])
def test_a_column_that_is_missing_is_named(tmp_path: Path, missing: str) -> None:
    row = {key: value for key, value in AETHER.items() if key != missing}
    with pytest.raises(PackageError, match=rf"rows\.jsonl: .*no column .*{missing}"):
        load_package(saved(tmp_path / "rows.jsonl", row))


def test_examples_and_sections_stand_in_the_statement(tmp_path: Path) -> None:
    task = load_package(saved(tmp_path / "rows.jsonl", ICPC)).task
    assert [example.input for example in task.examples] == [b"1 2\n"]
    assert "Two numbers." in task.statement.text


def test_one_of_several_is_named(tmp_path: Path) -> None:
    path = saved(tmp_path / "rows.jsonl", AETHER, {**AETHER, "id": 8})
    assert load_package(Path(f"{path}#8")).task.name == "aethercode-8"
    with pytest.raises(PackageError, match="2 problems"):
        load_package(path)


@pytest.mark.parametrize(
    ("change", "error", "said"),
    [
        ({"checker": "int main() {}"}, UnsupportedTask, "rows.jsonl:1: a checker"),
        ({"test_cases": []}, PackageError, "test_cases"),
        ({"time_limit": 0}, PackageError, "time_limit"),
        ({"test_cases": [{"input": "1"}]}, PackageError, "test_cases.0"),
        ({"test_cases": "[{"}, PackageError, "not valid JSON"),
        ({"test_cases": {"input": ["1"], "output": []}}, PackageError, "unequal lengths"),
    ],
)
def test_broken_rows_are_named(
    tmp_path: Path, change: Mapping[str, object], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        load_package(saved(tmp_path / "rows.jsonl", {**AETHER, **change}))
