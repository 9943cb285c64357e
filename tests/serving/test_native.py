"""The API of our own: many tests a call, packages by their id, results as they come."""

import io
import json
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

from solver.serving.app import Front
from solver.serving.config import ServiceConfig
from tests.serving.service import ROOT, Service

DOUBLE = {"language": "python3", "source": "print(int(input()) * 2)"}
SECRET = "7919"


def post(service: Service, path: str, body: dict[str, Any], status: int = 200) -> dict[str, Any]:
    answer = service.http.post(path, json=body)
    assert answer.status_code == status, answer.text
    document: dict[str, Any] = answer.json()
    return document


def archive(folder: Path) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w:gz") as packed:
        packed.add(folder, arcname=folder.name)
    return target.getvalue()


@pytest.fixture(scope="module")
def apples(service: Service) -> str:
    """Id of a bundled package."""
    answer = service.http.post(
        "/v1/packages",
        content=archive(ROOT / "problems/bundled/contest/apples"),
        headers={"Content-Type": "application/gzip"},
    )
    assert answer.status_code == 200, answer.text
    found: str = answer.json()["id"]
    return found


@pytest.fixture(scope="module")
def hidden(service: Service) -> str:
    """Id of a test set in two groups: doubles."""
    tests = [
        {"input": f"{number}\n", "answer": f"{2 * number}\n", "group": group}
        for group, numbers in (("small", (1, 2)), ("large", (int(SECRET), 10**12)))
        for number in numbers
    ]
    body = {"tests": tests, "points": {"small": 30, "large": 70}}
    found: str = post(service, "/v1/testsets", body)["id"]
    return found


def test_many_inputs_in_one_call(service: Service) -> None:
    body = {"program": DOUBLE, "tests": [{"stdin": str(number)} for number in range(30)]}
    found = post(service, "/v1/run", body)
    assert [row["stdout"] for row in found["tests"]] == [f"{2 * n}\n" for n in range(30)]
    named = {"program": found["program"], "tests": [{"stdin": "50"}]}
    assert post(service, "/v1/run", named)["tests"][0]["stdout"] == "100\n"


def test_results_come_as_they_are_there(service: Service) -> None:
    slow = {"language": "python3", "source": "import time; time.sleep(float(input())); print(1)"}
    body = {"program": slow, "tests": [{"stdin": "0"}, {"stdin": "1.5"}], "stream": True}
    with service.http.stream("POST", "/v1/run", json=body) as answer:
        lines = answer.iter_lines()
        first = json.loads(next(lines))
        assert first["test"]["stdout"] == "1\n" and service.metric("solver_busy") >= 1
        rest = [json.loads(line) for line in lines]
    assert [set(row) for row in rest] == [{"test"}, {"answer"}]
    assert rest[-1]["answer"]["tests"] == [first["test"], rest[0]["test"]]


def test_what_a_run_came_to(service: Service) -> None:
    source = "import sys; sys.stdout.buffer.write(b'\\xff' + sys.argv[1].encode())\nexit(4)"
    body = {"program": {"language": "python3", "source": source}, "tests": [{"args": ["x"]}] * 2}
    rows = post(service, "/v1/run", {**body, "stop_early": True})["tests"]
    assert len(rows) == 1 and rows[0]["exit_code"] == 4
    assert rows[0]["stdout_base64"] == "/3g=" and rows[0]["stdout_bytes"] == 2
    broken = {"program": {"language": "cpp17", "source": "int main( {"}, "tests": [{}]}
    found = post(service, "/v1/run", broken)
    assert found["tests"] == [] and "error" in found["compile_error"]["messages"]


def test_a_package_is_judged_by_its_id(service: Service, apples: str) -> None:
    right = {"language": "python3", "source": "a, b = map(int, input().split())\nprint(a + b)\n"}
    found = post(service, "/v1/judge", {"package": apples, "program": right})
    assert found["verdict"] == "AC" and found["reward"] == 1.0
    wrong = {"language": "python3", "source": "print(5)"}
    found = post(service, "/v1/judge", {"package": apples, "program": wrong})
    assert found["verdict"] == "WA" and found["reward"] == 0.0


def test_hidden_tests_give_points_and_nothing_else(service: Service, hidden: str) -> None:
    def judged(source: str) -> dict[str, Any]:
        program = {"language": "python3", "source": source}
        return post(service, "/v1/judge", {"package": hidden, "program": program})

    assert judged("print(int(input()) * 2)")["points"] == 100
    some = judged("n = int(input())\nprint(n * 2 if n < 5 else n)")
    assert some["points"] == 30 and 0 < some["reward"] < 1
    assert [row["points"] for row in some["subtasks"]] == [30, 0]
    told = json.dumps(judged("import sys; n = input(); print(n); print(n, file=sys.stderr)"))
    assert SECRET not in told and str(2 * int(SECRET)) not in told


def test_tests_of_a_judgement_come_as_they_are_there(service: Service, hidden: str) -> None:
    body = {"package": hidden, "program": DOUBLE, "stream": True}
    answer = service.http.post("/v1/judge", json=body)
    rows = [json.loads(line) for line in answer.text.splitlines()]
    assert [row["test"]["verdict"] for row in rows[:-1]] == ["AC"] * 4
    assert rows[-1]["answer"]["reward"] == 1.0


def test_nothing_can_be_read_of_what_was_handed_over(service: Service, hidden: str) -> None:
    found = service.http.get(f"/v1/packages/{hidden}")
    assert found.status_code == 200 and found.json()["tests"] == 4
    assert SECRET not in found.text
    for path in (f"/v1/testsets/{hidden}", f"/v1/packages/{hidden}/tests", "/v1/packages"):
        assert service.http.get(path).status_code in (404, 405)


def test_what_is_not_here(service: Service, hidden: str) -> None:
    other = hidden[:-1] + ("1" if hidden[-1] == "0" else "0")
    for name in ("", "0" * 48, other, "../" + hidden, hidden + "/../" + hidden):
        body = {"package": name, "program": DOUBLE}
        assert service.http.post("/v1/judge", json=body).status_code == 404, name
    body = {"program": "0" * 32, "tests": [{}]}
    assert service.http.post("/v1/run", json=body).status_code == 404


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (None, "the package: not a readable archive"),
        ({"cup/readme": "hi"}, "the package: no package of a known format"),
        ({"cup/problem.yaml": "name: ["}, "cup/problem.yaml:"),
        ({"../x": ""}, "the package: ../x: path leads out"),
    ],
)
def test_no_package(service: Service, files: dict[str, str] | None, said: str) -> None:
    """What is wrong is named by where it is in the package, and no folder of the service is."""
    target = io.BytesIO(b"PK")
    if files is not None:
        with zipfile.ZipFile(target, "w") as packed:
            for name, text in files.items():
                packed.writestr(name, text)
    answer = service.http.post(
        "/v1/packages", content=target.getvalue(), headers={"Content-Type": "application/zip"}
    )
    message = answer.json()["error"]["message"]
    assert answer.status_code == 400 and message.startswith(said), message
    assert str(service.log.parent) not in message


def test_a_package_of_no_known_kind(service: Service) -> None:
    assert service.http.post("/v1/packages", content=b"PK").status_code == 415


def test_a_wrong_word_is_refused(service: Service) -> None:
    body = {"program": DOUBLE, "tests": [{}], "limits": {"cpu": 1}}
    answer = service.http.post("/v1/run", json=body)
    assert answer.status_code == 422 and "cpu" in answer.text


def test_the_api_describes_itself(service: Service) -> None:
    found = service.http.get("/openapi.json").json()
    routes = Front(ServiceConfig(socket=Path())).routes
    assert {(path, method) for path in found["paths"] for method in found["paths"][path]} == {
        (route.path, method.lower()) for route in routes for method in route.methods - {"HEAD"}
    }
    assert {"/run_code", "/v1/run", "/v1/judge", "/v1/testsets"} <= set(found["paths"])
    for name in ("RunForm", "JudgeForm", "TestForm"):
        assert name in found["components"]["schemas"]
