"""`POST /run_code`: what SandboxFusion's callers send, and what they read in the answer."""

import base64
from typing import Any

import pytest

from tests.serving.service import Service

SUM = "#include <iostream>\nint main() { long a, b; std::cin >> a >> b; std::cout << a + b; }\n"


def run_code(service: Service, **fields: Any) -> dict[str, Any]:
    answer = service.http.post("/run_code", json={"language": "python", **fields})
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    assert set(document) >= {"status", "message", "compile_result", "run_result", "files"}
    for part in (document["compile_result"], document["run_result"]):
        assert part is None or all(isinstance(part[name], str) for name in ("stdout", "stderr"))
    return document


def test_a_program_that_ends_well(service: Service) -> None:
    found = run_code(service, code="print(int(input()) * 2)", stdin="21\n")
    assert found["status"] == "Success" and found["compile_result"] is None
    assert found["run_result"]["stdout"] == "42\n" and found["run_result"]["return_code"] == 0


def test_a_compiled_one(service: Service) -> None:
    found = run_code(service, code=SUM, language="cpp", stdin="20 22", memory_limit_MB=64)
    assert found["status"] == "Success" and found["compile_result"]["return_code"] == 0
    assert found["run_result"]["stdout"] == "42"


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"code": "import sys; sys.exit(3)"}, "Finished", 3),
        ({"code": "def f(:"}, "Finished", 1),
        ({"code": "import os; os.kill(os.getpid(), 11)"}, "Finished", -11),
        ({"code": "while True: pass", "run_timeout": 0.3}, "TimeLimitExceeded", None),
        ({"code": "import time; time.sleep(9)", "run_timeout": 0.3}, "TimeLimitExceeded", None),
        ({"code": "a = bytearray(1 << 28)", "memory_limit_MB": 48}, "Finished", -9),
    ],
    ids=["exit code", "no Python", "signal", "busy", "asleep", "memory"],
)
def test_how_a_program_fails(
    service: Service, fields: dict[str, Any], status: str, code: int | None
) -> None:
    found = run_code(service, **fields)
    assert found["status"] == "Failed"
    assert (found["run_result"]["status"], found["run_result"]["return_code"]) == (status, code)


def test_the_memory_limit_is_named(service: Service) -> None:
    found = run_code(service, code="a = bytearray(1 << 29)", memory_limit_MB=48)
    assert found["run_result"]["limit"] == "memory"
    assert "memory limit" in found["run_result"]["stderr"]


def test_what_does_not_compile(service: Service) -> None:
    found = run_code(service, code="int main( {", language="cpp")
    assert found["status"] == "Failed" and found["run_result"] is None
    assert found["compile_result"]["status"] == "Finished"
    assert (
        found["compile_result"]["return_code"] == 1 and "error" in found["compile_result"]["stderr"]
    )


def test_files_go_in_and_come_back(service: Service) -> None:
    code = """
with open("in/deep/numbers.txt") as stream:
    total = sum(map(int, stream))
with open("in/deep/numbers.txt", "a") as stream:
    stream.write("4\\n")
with open("total.txt", "w") as stream:
    stream.write(str(total))
"""
    numbers = base64.b64encode(b"1\n2\n3\n").decode()
    found = run_code(
        service,
        code=code,
        files={"in/deep/numbers.txt": numbers, "skipped": None},
        fetch_files=["total.txt", "never"],
    )
    assert found["status"] == "Success", found
    assert {name: base64.b64decode(text) for name, text in found["files"].items()} == {
        "total.txt": b"6"
    }


@pytest.mark.parametrize("name", ["/etc/passwd", "../up", "a/../../b", "a//b", ""])
def test_no_file_leads_out(service: Service, name: str) -> None:
    for fields in ({"files": {name: ""}}, {"fetch_files": [name]}):
        found = run_code(service, code="print(1)", **fields)
        assert found["status"] == "Failed" and found["run_result"] is None and found["message"]


def test_a_body_that_is_none(service: Service) -> None:
    for body in (b"", b"{", b"[1]", b'{"code": 3}', b'{"code": "x", "run_timeout": -1}'):
        answer = service.http.post("/run_code", content=body)
        assert answer.status_code == 422 and isinstance(answer.json()["detail"], list), body
    unknown = service.http.post("/run_code", json={"code": "x", "language": "cobol"})
    assert unknown.status_code == 422
    assert unknown.json()["detail"][0]["loc"] == ["body", "language"]


def test_the_same_program_on_other_inputs_is_compiled_once(service: Service) -> None:
    before = service.metric("solver_compiles")
    code = SUM.replace("a + b", "a * b")
    for number in range(3):
        found = run_code(service, code=code, language="cpp", stdin=f"{number} 5")
        assert found["run_result"]["stdout"] == str(5 * number)
    assert service.metric("solver_compiles") == before + 1


def test_a_repeated_request_is_answered_from_memory(service: Service) -> None:
    dice = "import random, time; print(random.random(), time.time())"
    first, second = (run_code(service, code=dice) for _ in range(2))
    assert first == second
    body = {"code": dice, "language": "python"}
    fresh = service.http.post("/run_code", json=body, headers={"X-Solver-Fresh": "1"}).json()
    assert fresh["run_result"]["stdout"] != first["run_result"]["stdout"]
    other = service.http.post("/run_code", json=body, headers={"X-Solver-Client": "b"}).json()
    assert other["run_result"]["stdout"] != first["run_result"]["stdout"]
