"""No trick gets a reward, at any door; who knows the answer does, so that this can fail."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.serving.service import Service
from tests.serving.tricks import CPP, PYTHON, filled

ANSWER = "834920175562"
TESTS = {"tests": [{"input": "5\n", "answer": f"{ANSWER}\n"}], "output_bytes": 1 << 20}
CHECKER = """
import sys
right = open(sys.argv[2]).read().split() == open(sys.argv[3], errors="replace").read().split()
print(1.0 if right else 0.0)
"""
Reward = Callable[[Service, str, str], Any]


def judged(service: Service, language: str, source: str) -> Any:
    """The native door: hidden tests by reference."""
    made = service.http.post("/v1/testsets", json=TESTS)
    assert made.status_code == 200, made.text
    program = {"language": language, "source": source}
    body = {"package": made.json()["id"], "program": program}
    answer = service.http.post("/v1/judge", json=body)
    assert answer.status_code == 200, answer.text
    assert ANSWER not in answer.text or ANSWER in source
    reward = answer.json()["reward"]
    assert type(reward) is float and 0.0 <= reward <= 1.0
    return reward


def codeforces(service: Service, language: str, source: str) -> Any:
    """Piston's, a Codeforces problem with a checker: passed iff stdout says 1."""
    name, door = ("main.py", "cf_python3") if language == "python3" else ("main.cpp", "c++17")
    files = {
        name: source,
        "checker.py": CHECKER,
        "input.txt": "5\n",
        "correct_output.txt": ANSWER,
        "grader_config": "TIME_LIMIT=2\nMEMORY_LIMIT=256\nINPUT_MODE=stdio",
    }
    run = executed(service, door, files)
    return float(run["stdout"].strip() == "1" and run["code"] == 0)


def ioi(service: Service, language: str, source: str) -> Any:
    """Piston's, an IOI problem: the score is what stands on stdout."""
    assert language == "cpp17"
    config = {"task_type": "Batch", "code": "guess", "time_limit": 2, "memory_limit": 256 << 20}
    files = {
        "graders/guess.cpp": source,
        "graders/grader_config.json": json.dumps(config),
        "input.txt": "5\n",
        "correct_output.txt": ANSWER,
    }
    run = executed(service, "cms_ioi", files)
    return float(run["stdout"] or 0)


def executed(service: Service, language: str, files: dict[str, str]) -> dict[str, Any]:
    body = {
        "language": language,
        "version": "*",
        "files": [{"name": name, "content": text} for name, text in files.items()],
        "run_timeout": 12_000,
    }
    answer = service.http.post("/api/v2/execute", json=body)
    assert answer.status_code == 200, answer.text
    assert "Resource temporarily unavailable" not in answer.json()["run"]["stderr"]
    assert "code" in answer.json()["compile"]
    run: dict[str, Any] = answer.json()["run"]
    return run


def compared(service: Service, language: str, source: str) -> Any:
    """SandboxFusion's: the caller compares stdout with what it keeps for itself, as verl does."""
    fields = {"code": source, "language": {"python3": "python", "cpp17": "cpp"}[language]}
    answer = service.http.post("/run_code", json={**fields, "stdin": "5\n", "run_timeout": 2})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found["status"] in ("Success", "Failed"), found
    right = found["run_result"] is not None and found["run_result"]["stdout"].strip() == ANSWER
    return float(right and found["status"] == "Success")


@pytest.mark.parametrize("door", [judged, codeforces, compared])
def test_no_trick_is_worth_anything(service: Service, door: Reward) -> None:
    port = urlsplit(service.url).port or 0
    assert len(PYTHON) + len(CPP) >= 25
    sources = {name: filled(source, ANSWER, port) for name, source in PYTHON.items()}

    def reward(source: str) -> Any:
        return door(service, "python3", source)

    with ThreadPoolExecutor(4) as threads:
        rewards = dict(zip(sources, threads.map(reward, sources.values()), strict=True))
    assert {name: found for name, found in rewards.items() if found != 0.0} == {}
    # Once more, for those that left something behind for a later run.
    for name in ("leaves a note for the next run", "replaces the checker's tools"):
        assert door(service, "python3", sources[name] + "\n#again") == 0.0
    assert door(service, "python3", f"print({ANSWER})") == 1.0


@pytest.mark.parametrize("door", [judged, codeforces, ioi, compared])
def test_no_trick_of_the_compiler_is_worth_anything(service: Service, door: Reward) -> None:
    for name, source in CPP.items():
        assert door(service, "cpp17", source) == 0.0, name
    honest = f'#include <cstdio>\nint main() {{ std::puts("{ANSWER}"); }}'
    assert door(service, "cpp17", honest) == 1.0


def test_asking_twice_draws_no_second_time(service: Service) -> None:
    tests = {"tests": [{"input": "", "answer": "1"}]}
    id_ = service.http.post("/v1/testsets", json=tests).json()["id"]
    source = "import random; print(random.randint(1, 2))"
    body = {"package": id_, "program": {"language": "python3", "source": source}}
    headers = {"X-Solver-Fresh": "1"}
    rewards = [
        service.http.post("/v1/judge", json=body, headers=headers).json()["reward"]
        for _ in range(12)
    ]
    assert len(set(rewards)) == 1


@pytest.mark.parametrize("word", ["nan", "inf", "1.5", "-1", "1e400", "true", "9" * 500])
def test_a_checker_that_gives_what_is_no_reward(service: Service, word: str) -> None:
    """A failure of the jury's program is a failure, never a reward and never 0."""
    checker = {"language": "python3", "role": "cms-checker", "source": f"print('{word}')"}
    body = {**TESTS, "checker": checker}
    id_ = service.http.post("/v1/testsets", json=body).json()["id"]
    program = {"language": "python3", "source": "print(1)"}
    answer = service.http.post("/v1/judge", json={"package": id_, "program": program})
    assert answer.status_code == 500 and answer.json()["error"]["kind"] == "broken"
    assert word not in answer.text or word in ("true", "-1", "nan", "inf")
