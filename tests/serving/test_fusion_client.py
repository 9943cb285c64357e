"""The `sandbox-fusion` package as it is, in an environment of its own (scripts/peers.sh), and
requests in the shape in which verl sends them."""

import json
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.serving.service import Service

PEERS = Path(os.environ.get("SOLVER_PEERS", Path.home() / ".cache/solver/peers")) / "bin/python"
CLIENT = """
import json
from sandbox_fusion import RunCodeRequest, run_code, run_concurrent, set_sandbox_endpoint
from sandbox_fusion import SummaryMapping, summary_run_code_result

set_sandbox_endpoint(ENDPOINT)
COMPILED = "#include <cstdio>\\nint main() { int n; scanf(\\"%d\\", &n); printf(\\"%d\\", 2 * n); }"
words = SummaryMapping(Success="right", Failed="failed", CompileFailed="no program",
                       CompileTimeout="slow compiler", RunFailed="exit", RunTimeout="slow")
programs = {
    "right": ("print(int(input()) * 2)", "python"),
    "exit": ("raise SystemExit(3)", "python"),
    "slow": ("while True: pass", "python"),
    "no program": ("int main( {", "cpp"),
    "compiled": (COMPILED, "cpp"),
}
requests = {
    name: RunCodeRequest(code=code, language=language, stdin="21", run_timeout=1)
    for name, (code, language) in programs.items()
}
answers = dict(zip(requests, run_concurrent(run_code, args=[[one] for one in requests.values()])))
again = {name: run_code(request) for name, request in requests.items()}
print(json.dumps({
    name: [
        str(answer.status.value),
        summary_run_code_result(answer, words),
        answer.run_result.stdout if answer.run_result else None,
        answer == again[name],
    ]
    for name, answer in answers.items()
}))
"""


def test_the_package_reads_every_answer(service: Service) -> None:
    found = (
        subprocess.run([PEERS, "-c", "import sandbox_fusion"], capture_output=True)
        if (PEERS.exists())
        else None
    )
    if found is None or found.returncode:
        pytest.skip("sandbox-fusion is not installed: scripts/peers.sh")
    before = service.metric("solver_answers_total")
    script = CLIENT.replace("ENDPOINT", repr(service.url))
    done = subprocess.run([PEERS, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)
    assert {name: row[0] for name, row in rows.items()} == {
        "right": "Success",
        "exit": "Failed",
        "slow": "Failed",
        "no program": "Failed",
        "compiled": "Success",
    }
    assert rows["right"][2] == "42\n" and rows["compiled"][2] == "42"
    assert {name: row[1] for name, row in rows.items()} == {
        **{name: name for name in ("right", "exit", "slow", "no program")},
        "compiled": "right",
    }
    # A request that is sent again is answered from memory: each was worked on once.
    assert all(row[3] for row in rows.values())
    assert service.metric("solver_answers_total") == before + len(rows)


def test_five_tries_of_one_request_cost_one_run(service: Service) -> None:
    """The package sends a request up to five times (findings/sandbox-fusion-client-...)."""
    body = {"code": "import time; print(time.time_ns())", "language": "python"}
    before = service.metric("solver_answers_total")
    with ThreadPoolExecutor(5) as threads:  # at once: they join the first
        url = f"{service.url}/run_code"
        answers = list(threads.map(lambda _: httpx.post(url, json=body, timeout=60), range(5)))
    answers += [service.http.post("/run_code", json=body) for _ in range(5)]
    assert len({answer.text for answer in answers}) == 1
    assert service.metric("solver_answers_total") == before + 1


def test_as_verl_asks(service: Service) -> None:
    """One POST a test, all at once, a connection each; the answer is read as verl reads it."""
    code = (
        "#include <iostream>\nint main() { long n; std::cin >> n; std::cout << n % 1000 << '\\n'; }"
    )
    before = service.metric("solver_compiles")

    def asked(number: int) -> Any:
        body = {
            "compile_timeout": 10,
            "run_timeout": 10,
            "code": code,
            "stdin": str(number),
            "memory_limit_MB": 1024,
            "language": "cpp",
            "files": {},
            "fetch_files": [],
        }
        answer = httpx.post(f"{service.url}/run_code", json=body, timeout=30)
        answer.raise_for_status()
        found = answer.json()
        assert found["status"] == "Success" and found["compile_result"]["status"] == "Finished"
        assert found["run_result"]["return_code"] == 0
        return found["run_result"]["stdout"].rstrip("\n") == str(number % 1000)

    with ThreadPoolExecutor(32) as threads:
        assert all(threads.map(asked, range(7000, 7040)))
    assert service.metric("solver_compiles") == before + 1
