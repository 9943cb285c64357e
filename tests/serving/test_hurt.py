"""What is done to a service that it must outlive: bodies that are none, callers that leave,
processes that are killed, a stop in the middle of work."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from tests.serving.service import Service

PATHS = ("/run_code", "/v1/run", "/v1/judge", "/v1/testsets", "/api/v2/execute")
SLEEPS = "import time; time.sleep({}); print(input())"


def until(holds: Any, within_s: float = 30.0) -> None:
    end_s = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < end_s
        time.sleep(0.02)


def raw(service: Service, path: str, body: bytes) -> socket.socket:
    parts = urlsplit(service.url)
    line = socket.create_connection((parts.hostname, parts.port), timeout=60)
    head = f"POST {path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
    line.sendall(f"{head}content-length: {len(body)}\r\n\r\n".encode() + body)
    return line


@pytest.mark.parametrize("path", PATHS)
def test_no_body_is_too_strange(service: Service, path: str) -> None:
    deep = b'{"code":' + b"[" * 200_000 + b"]" * 200_000 + b"}"
    for body in (deep, b'{"code": "\xff\xfe"}', b'{"code": "\\ud800"}', b"\0" * 100, b"{}" * 9):
        headers = {"Content-Type": "application/json"}
        answer = service.http.post(path, content=body, headers=headers)
        assert answer.status_code in (400, 422), (body[:20], answer.status_code)
    assert service.http.get("/readyz").status_code == 200


def test_what_is_no_http_leaves_no_line_in_the_log(service: Service) -> None:
    """Else anybody who can reach the port could fill the disk with it."""
    parts = urlsplit(service.url)
    with socket.create_connection((parts.hostname, parts.port), timeout=60) as line:
        line.sendall(b"no HTTP at all\r\n\r\n")
        assert b" 400 " in line.makefile("rb").readline()
    assert service.http.get("/healthz").status_code == 200
    assert "Invalid" not in service.log.read_text()


def test_a_body_of_200_megabytes(service: Service) -> None:
    def endless() -> Any:
        for _ in range(200):
            yield b" " * (1 << 20)

    stated = {"Content-Length": str(200 << 20)}
    for headers in (stated, {}):  # with its length said before, and in chunks
        try:
            answer = httpx.post(f"{service.url}/run_code", content=endless(), headers=headers)
            assert answer.status_code == 413
        except httpx.TransportError:
            pass  # it closed the line while we still wrote
    assert service.http.get("/readyz").status_code == 200


def test_nobody_runs_for_a_caller_that_is_gone(tmp_path: Path) -> None:
    running = Service(tmp_path, "--slots", "1", "--processes", "1")
    try:
        lines = []
        for number in range(6):
            source = SLEEPS.format(1) + f"#{number}"
            body = json.dumps({"code": source, "language": "python", "stdin": "x"}).encode()
            lines.append(raw(running, "/run_code", body))
        until(lambda: running.metric("solver_busy") >= 1 and running.metric("solver_queue_length"))
        for line in lines:
            line.close()
        until(lambda: running.metric("solver_callers_gone_total") >= 1)
        until(lambda: running.metric("solver_queue_length") == 0)
        until(lambda: running.metric("solver_busy") == 0)
        assert running.metric("solver_answers_total") + running.metric(
            "solver_callers_gone_total"
        ) == len(lines)
    finally:
        assert running.stop() == 0


def test_a_full_queue_says_so_by_its_door(tmp_path: Path) -> None:
    running = Service(tmp_path, "--slots", "1", "--processes", "1", "--client-queue", "1")
    try:
        bodies = [
            {"code": SLEEPS.format(1.5) + f"#{number}", "language": "python"} for number in range(8)
        ]
        with ThreadPoolExecutor(8) as threads:
            url = f"{running.url}/run_code"
            codes = threads.map(
                lambda body: httpx.post(url, json=body, timeout=60).status_code, bodies
            )
            until(lambda: running.metric("solver_queue_length") >= 1)
            native = running.http.post(
                "/v1/run", json={"program": {"language": "c", "source": ""}, "tests": [{}]}
            )
            assert native.status_code == 429 and int(native.headers["Retry-After"]) >= 1
            # Another client has a queue of its own.
            other = running.http.post(
                "/run_code",
                json={"code": "print(1)", "language": "python"},
                headers={"X-Solver-Client": "other"},
            )
            assert other.status_code == 200
            assert set(codes) == {200, 504}
    finally:
        assert running.stop() == 0


def workers_of(pid: int) -> list[int]:
    """Processes below the owner: the slots' workers."""
    rows = subprocess.run(["ps", "-e", "-o", "pid=,ppid="], capture_output=True, text=True).stdout
    pairs = [tuple(map(int, row.split())) for row in rows.splitlines()]
    return [child for child, parent in pairs if parent == pid]


def test_killed_wherever_it_hurts(tmp_path: Path) -> None:
    """Workers, an HTTP process and the owner are killed, clients leave: every request that somebody
    still waits for is answered once, and rightly."""
    running = Service(tmp_path, "--slots", "2", "--processes", "2")
    count, clients = 300, 16
    wrong: list[Any] = []
    answered: dict[int, int] = {}
    lock = threading.Lock()
    stop = threading.Event()

    def ask(number: int) -> None:
        body = {
            "code": f"n = int(input())\nprint(n * n + {number % 7})",
            "language": "python",
            "stdin": str(number),
        }
        for _ in range(20):
            try:
                answer = httpx.post(f"{running.url}/run_code", json=body, timeout=60)
            except httpx.TransportError:
                time.sleep(0.1)
                continue
            if answer.status_code != 200 or answer.json()["status"] == "SandboxError":
                time.sleep(0.1)
                continue
            said = answer.json()["run_result"]["stdout"]
            with lock:
                answered[number] = answered.get(number, 0) + 1
                if said != f"{number * number + number % 7}\n":
                    wrong.append((number, answer.json()))
            return

    def hurt() -> None:
        turn = 0
        while not stop.wait(0.4):
            owner, *fronts = running.children()
            victims = [workers_of(owner)[-1:], fronts[:1], [owner]][turn % 3]
            for pid in victims:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            body = json.dumps({"code": "print(1)", "language": "python"}).encode()
            with contextlib.suppress(OSError):
                raw(running, "/run_code", body).close()
            turn += 1
            if turn >= 9:
                return

    tormentor = threading.Thread(target=hurt)
    try:
        tormentor.start()
        with ThreadPoolExecutor(clients) as threads:
            list(threads.map(ask, range(count)))
        stop.set()
        tormentor.join()
        assert wrong == []
        assert answered == dict.fromkeys(range(count), 1)
        until(lambda: len(running.children()) == 3)
        until(lambda: running.http.get("/readyz").status_code == 200)
    finally:
        stop.set()
        assert running.stop() == 0


def test_told_to_stop_it_finishes_what_it_began(tmp_path: Path) -> None:
    running = Service(tmp_path, "--slots", "2", "--processes", "2")
    body = {"code": SLEEPS.format(1), "language": "python", "stdin": "done"}
    with ThreadPoolExecutor(1) as threads:
        url = f"{running.url}/run_code"
        asked = threads.submit(lambda: httpx.post(url, json=body, timeout=60))
        until(lambda: running.metric("solver_busy") == 1)
        assert running.stop() == 0
        assert asked.result().json()["run_result"]["stdout"] == "done\n"
    with pytest.raises(httpx.TransportError):
        httpx.post(url, json=body)
    assert "Traceback" not in running.log.read_text()


def test_work_without_an_end_does_not_hold_up_the_stop(tmp_path: Path) -> None:
    """The caller is told so, and our own stop is no failure in the log."""
    running = Service(tmp_path, "--slots", "1", "--processes", "1", "--grace", "2")
    body = {"code": "while True: pass", "language": "python", "run_timeout": 1000}
    with ThreadPoolExecutor(1) as threads:
        url = f"{running.url}/run_code"
        asked = threads.submit(lambda: httpx.post(url, json=body, timeout=60))
        until(lambda: running.metric("solver_busy") == 1)
        assert running.stop() == 0
        answer = asked.result()
    assert answer.status_code == 503 and "the service stops" in answer.json()["message"]
    log = running.log.read_text()
    assert "Traceback" not in log
    assert "after 2 s; it is ended" in log


def test_nothing_outlives_a_service_that_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    running = Service(tmp_path, "--slots", "1", "--processes", "1")
    left = running.children()
    assert len(left) == 2 and list(tmp_path.glob("solver-serve-*"))
    running.stop(signal.SIGKILL)
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in left))
    assert not list(tmp_path.glob("solver-serve-*"))


def test_off_loopback_it_wants_a_token(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="is not loopback: give --tokens"):
        Service(tmp_path, "--host", "0.0.0.0")
    tokens = tmp_path / "tokens"
    tokens.write_text("anna=0123456789abcdef0\n")
    tokens.chmod(0o644)
    with pytest.raises(AssertionError, match="others can read it"):
        Service(tmp_path, "--tokens", str(tokens))
