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
    assert found["run"]["message"] == "Exited with error status 3"


@pytest.mark.parametrize(
    ("source", "status", "signal", "said"),
    [
        ("while True: pass", "TO", "SIGKILL", "Time limit exceeded"),
        ("import os; os.abort()", "SG", "SIGABRT", "Caught fatal signal 6"),
        ("a = bytearray(1 << 30)", "SG", "SIGKILL", "Caught fatal signal 9"),
    ],
)
def test_how_it_ends(service: Service, source: str, status: str, signal: str, said: str) -> None:
    files = [{"content": source}]
    limits = {"run_timeout": 300, "run_memory_limit": 64 << 20}
    run = execute(service, language="python", files=files, **limits)["run"]
    assert (run["status"], run["signal"], run["code"]) == (status, signal, None)
    assert run["message"].startswith(said)


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


def refused(service: Service, **fields: Any) -> str:
    answer = service.http.post("/api/v2/execute", json=fields)
    assert answer.status_code == 400, answer.text
    said: str = answer.json()["message"]
    return said


PRINT = [{"content": "print(1)"}]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "language is required as a string"),
        ({"language": 3, "version": "*"}, "language is required as a string"),
        ({"language": "python", "version": ""}, "version is required as a string"),
        ({"language": "python", "version": "*"}, "files is required as an array"),
        (
            {"language": "python", "version": "*", "files": [*PRINT, {"name": "x"}]},
            "files[1].content is required as a string",
        ),
        (
            {"language": "python", "version": "*", "files": []},
            "files must include at least one utf8 encoded file",
        ),
        (
            {"language": "cobol", "version": "1.x", "files": PRINT},
            "cobol-1.x runtime is unknown",
        ),
        (
            {"language": "python", "version": "*", "files": PRINT, "run_timeout": "9"},
            "If specified, run_timeout must be a number",
        ),
        (
            {"language": "python", "version": "*", "files": PRINT, "run_timeout": -5},
            "run_timeout must be non-negative",
        ),
        (
            {"language": "python", "version": "*", "files": PRINT, "compile_timeout": 600_001},
            "compile_timeout cannot exceed the configured limit of 600000",
        ),
    ],
)
def test_a_request_is_refused_in_its_words(
    service: Service, fields: dict[str, Any], said: str
) -> None:
    assert refused(service, **fields) == said


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (
            {
                "language": "python",
                "files": [*PRINT, {"name": "b", "content": "=", "encoding": "base64"}],
            },
            "files[1].content is not base64",
        ),
        ({"language": "cms_ioi", "files": [{"content": ""}]}, "graders/grader_config.json: "),
        (
            {"language": "cf_python3", "files": [{"name": "main.py", "content": ""}]},
            "grader_config",
        ),
    ],
)
def test_files_that_are_none_are_named(service: Service, fields: dict[str, Any], said: str) -> None:
    assert refused(service, version="*", **fields).startswith(said)


def test_a_version_is_one_that_is_offered(service: Service) -> None:
    """As there: a range of npm's, met by what /runtimes lists, or the runtime is unknown."""
    rows = service.http.get("/api/v2/runtimes").json()
    python = next(row for row in rows if row["language"] == "python")
    assert python["version"].startswith("3.") and "py" in python["aliases"]
    major, minor, patch = map(int, python["version"].split("."))
    for taken in (python["version"], "3.x", f"^{major}.{minor}", ">= 3.0.0", "1 || 3"):
        found = execute(service, language="py", version=taken, files=PRINT)
        assert (found["language"], found["version"]) == ("python", python["version"])
        assert found["run"]["stdout"] == "1\n"
    for other in ("9.9", f"{major}.{minor}.{patch + 1}", "<3", "latest"):
        said = refused(service, language="py", version=other, files=PRINT)
        assert said == f"py-{other} runtime is unknown"


def test_the_program_is_the_first_file_that_is_text(service: Service) -> None:
    data = {"name": "data", "content": "aGk=", "encoding": "base64"}
    files = [data, {"name": "x.py", "content": "print(open('data').read(), input())"}]
    found = execute(service, language="python", files=files, stdin="a\nb\n")
    assert found["run"]["stdout"] == "hi a\n"
    lines = [{"content": "import sys; print(repr(sys.stdin.read()))"}]
    for stdin, read in (("a", "a\n"), ("a\n", "a\n"), (None, "\n")):
        found = execute(service, language="python", files=lines, stdin=stdin)
        assert found["run"]["stdout"] == f"{read!r}\n"


def test_a_plain_run_may_be_asked_for_anew(service: Service) -> None:
    files = [{"content": "import time; print(time.time_ns())"}]
    body = {"language": "python", "version": "*", "files": files}

    def printed(**headers: str) -> str:
        answer = service.http.post("/api/v2/execute", json=body, headers=headers)
        said: str = answer.json()["run"]["stdout"]
        return said

    assert printed() == printed() != printed(**{"X-Solver-Fresh": "1"})
