"""Piston's `/api/v2/execute` and `/api/v2/runtimes`, as open-r1 and others use them."""

import json
from typing import Any

import pytest

from tests.serving.service import Service
from tests.serving.test_tricks import executed

GRADER = """
#include <cstdio>
int twice(int);
int main() { int n; std::scanf("%d", &n); std::printf("%d\\n", twice(n)); }
"""
MANAGER = """
#include <cstdio>
#include <cstdlib>
int main(int argc, char** argv) {
    FILE* from = std::fopen(argv[1], "r");
    FILE* to = std::fopen(argv[2], "w");
    int n, said = 0;
    std::scanf("%d", &n);
    std::fprintf(to, "%d\\n", n); std::fflush(to);
    std::fscanf(from, "%d", &said);
    std::puts(said == 2 * n ? "1.0" : said == n ? "0.5" : "0.0");
}
"""
STUB = """
#include <cstdio>
int twice(int);
int main() { int n; std::scanf("%d", &n); std::printf("%d\\n", twice(n)); std::fflush(stdout); }
"""


def execute(service: Service, **fields: Any) -> dict[str, Any]:
    answer = service.http.post("/api/v2/execute", json={"version": "*", **fields})
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


def ioi(service: Service, body: str, *, kind: str = "Batch", **more: str) -> tuple[str, str]:
    config = {"task_type": kind, "code": "twice", "time_limit": 1, "memory_limit": 64 << 20}
    files = {
        "graders/twice.cpp": body,
        "graders/grader_config.json": json.dumps(config),
        "input.txt": "21\n",
        "correct_output.txt": "42\n",
        **more,
    }
    run = executed(service, "cms_ioi", files)
    return run["stdout"], run["stderr"]


def test_what_it_offers(service: Service) -> None:
    rows = service.http.get("/api/v2/runtimes").json()
    names = {name for row in rows for name in (row["language"], *row["aliases"])}
    assert {"python", "c++", "cms_ioi", "c++17", "cf_python3"} <= names


def test_a_plain_program(service: Service) -> None:
    source = "import sys, helper\nprint(helper.two() * int(input()), sys.argv[1])"
    files = [{"content": source}, {"name": "helper.py", "content": "two = lambda: 2"}]
    found = execute(service, language="python", files=files, stdin="21", args=["x"])
    assert found["run"]["stdout"] == "42 x\n" and found["run"]["code"] == 0
    assert "compile" not in found and found["run"]["status"] is None
    plain = [{"content": "#include <iostream>\nint main() { std::cout << 1; return 3; }"}]
    found = execute(service, language="c++", files=plain)
    assert (found["compile"]["code"], found["run"]["code"]) == (0, 3)
    assert found["run"]["status"] == "RE" and found["run"]["stdout"] == "1"


@pytest.mark.parametrize(
    ("source", "status", "signal"),
    [
        ("while True: pass", "TO", "SIGKILL"),
        ("import os; os.abort()", "SG", "SIGABRT"),
        ("a = bytearray(1 << 30)", "SG", "SIGKILL"),
    ],
)
def test_how_it_ends(service: Service, source: str, status: str, signal: str) -> None:
    files = [{"content": source}]
    limits = {"run_timeout": 300, "run_memory_limit": 64 << 20}
    run = execute(service, language="python", files=files, **limits)["run"]
    assert (run["status"], run["signal"], run["code"]) == (status, signal, None)


def test_an_ioi_problem(service: Service) -> None:
    grader = {"graders/grader.cpp": GRADER}
    assert ioi(service, "int twice(int n) { return 2 * n; }", **grader) == (
        "1",
        "Output is correct",
    )
    assert ioi(service, "int twice(int n) { return n; }", **grader) == ("0", "Output isn't correct")
    slow = "int twice(int n) { for (volatile int i = 0;; i = i + 1); return n; }"
    assert ioi(service, slow, **grader) == ("0", "Time limit exceeded")


def test_an_ioi_problem_of_two_processes(service: Service) -> None:
    files = {"graders/manager.cpp": MANAGER, "graders/stub.cpp": STUB}
    right = ioi(service, "int twice(int n) { return 2 * n; }", kind="Communication", **files)
    assert right == ("1", "Output is correct")
    half = ioi(service, "int twice(int n) { return n; }", kind="Communication", **files)
    assert half == ("0.5", "Output is partially correct")


def test_what_does_not_compile(service: Service) -> None:
    found = execute(service, language="c++", files=[{"content": "int main( {"}])
    assert found["compile"]["code"] == 1 and found["run"] == found["compile"]


@pytest.mark.parametrize(
    "fields",
    [
        {"language": "cobol", "files": [{"content": ""}]},
        {"language": "python", "files": []},
        {"language": "python", "files": [{"content": "=", "encoding": "base64"}]},
        {"language": "python", "files": [{"content": ""}], "run_timeout": -5},
        {"language": "cms_ioi", "files": [{"content": ""}]},
        {"language": "cf_python3", "files": [{"name": "main.py", "content": ""}]},
    ],
)
def test_a_body_that_is_none(service: Service, fields: dict[str, Any]) -> None:
    answer = service.http.post("/api/v2/execute", json={"version": "*", **fields})
    assert answer.status_code == 400 and answer.json()["message"]
