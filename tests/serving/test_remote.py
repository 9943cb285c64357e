"""A sandbox whose slots are services: the same protocol, whatever happens to one of them."""

import itertools
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from sandbox import Executable, Job, LimitKind, Limits, Link, open_sandbox
from sandbox.compiling.compile import Compiler
from sandbox.errors import BackendUnavailable, InvalidJob, SandboxError
from sandbox.remote.sandbox import RemoteSandbox
from tests.serving.service import ROOT, TOKENS, Service

SUM = b'#include <cstdio>\nint main() { long a, b; scanf("%ld %ld", &a, &b); printf("%ld", a+b); }'


@pytest.fixture(scope="module")
def remote(service: Service) -> Iterator[RemoteSandbox]:
    with open_sandbox(service.url) as opened:
        assert isinstance(opened, RemoteSandbox)
        yield opened


def python(text: str) -> Executable:
    return Executable(language="python3", argv=("/usr/bin/python3", "-c", text), files={})


def test_compiled_and_run_there(remote: RemoteSandbox, tmp_path: Path) -> None:
    assert remote.slots == 2
    program = Compiler(remote, cache=tmp_path).compile({"sum.cpp": SUM}, "cpp17")
    assert isinstance(program, Executable), program
    jobs = [Job(program=program, limits=Limits(), stdin=b"%d 7" % n) for n in range(150)]
    assert [r.stdout.read() for r in remote.run_many(jobs)] == [b"%d" % (n + 7) for n in range(150)]
    endless = (Job(program=program, limits=Limits(), stdin=b"%d 1" % n) for n in itertools.count())
    results = remote.run_many(endless)
    assert [next(results).stdout.read() for _ in range(3)] == [b"1", b"2", b"3"]
    results.close()  # type: ignore[attr-defined]


def test_all_of_a_result_comes_back(remote: RemoteSandbox) -> None:
    text = "open('out/a', 'w').write(str(len(open('in', 'rb').read())))"
    result = remote.run(
        Job(
            program=python(f"import sys; {text}; sys.stderr.write('e'); sys.exit(3)"),
            limits=Limits(),
            files={"in": b"\xff\0" * 70_000},
            keep=("out/a", "never"),
            folders=("out",),
        )
    )
    assert (result.exit_code, result.stderr) == (3, b"e")
    assert {name: blob.read() for name, blob in result.kept.items()} == {"out/a": b"140000"}
    busy = remote.run(Job(program=python("while 1: pass"), limits=Limits(cpu_s=0.2)))
    assert busy.limit is LimitKind.CPU and busy.exit_code is None


def test_two_joined_by_pipes(remote: RemoteSandbox) -> None:
    asks = python("print(6, flush=True)\nassert input() == '12'")
    doubles = python("print(int(input()) * 2, flush=True)")
    links = [Link(writer=(0, 1), reader=(1, 0)), Link(writer=(1, 1), reader=(0, 0))]
    jobs = [Job(program=program, limits=Limits()) for program in (asks, doubles)]
    with remote.alone():
        joined = remote.run_joined(jobs, links)
    assert [result.exit_code for result in joined.results] == [0, 0]


def test_equal_jobs_are_run_again(remote: RemoteSandbox) -> None:
    job = Job(program=python("import time; print(time.time_ns())"), limits=Limits())
    assert remote.run(job).stdout.read() != remote.run(job).stdout.read()


def test_what_no_sandbox_runs(remote: RemoteSandbox) -> None:
    with pytest.raises(InvalidJob):
        remote.run(Job(program=python("1"), limits=Limits(), files={"../up": b""}))
    with pytest.raises(InvalidJob):
        remote.run(Job(program=Executable(language="", argv=("/none",), files={}), limits=Limits()))


@pytest.mark.parametrize("body", [b"", b"SJB1\0\0\0\2[]", b"SJB1\xff\xff\xff\xff{}", b"\0" * 99])
def test_a_broken_message_is_refused(service: Service, body: bytes) -> None:
    headers = {"Content-Type": "application/x-solver-jobs"}
    answer = service.http.post("/v1/jobs", content=body, headers=headers)
    assert answer.status_code == 400 and answer.json()["error"]["message"]


def test_one_of_two_services_is_killed(service: Service, tmp_path: Path) -> None:
    other = Service(tmp_path, "--slots", "1", "--processes", "1")
    with open_sandbox(f"{service.url},{other.url}") as farm:
        assert farm.slots == 3
        program = python("import time; time.sleep(.03); print(int(input()) + 1)")
        jobs = (Job(program=program, limits=Limits(), stdin=b"%d" % n) for n in range(120))
        found: list[bytes] = []
        for number, result in enumerate(farm.run_many(jobs)):
            found.append(result.stdout.read())
            if number == 20:
                assert other.stop(9) == -9
        assert found == [b"%d\n" % (n + 1) for n in range(120)]


def test_what_is_no_service_is_told_from_nobody() -> None:
    """Somebody whose URL leads to another server looks at the URL, not for a dead process."""
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as stranger:
        threading.Thread(target=stranger.handle_request, daemon=True).start()
        with pytest.raises(BackendUnavailable, match=r"no service of ours \(501\)"):
            open_sandbox(f"http://127.0.0.1:{stranger.server_port}")


def test_a_token_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    running = Service(tmp_path, "--slots", "1", "--processes", "1", tokens=True)
    try:
        with pytest.raises(BackendUnavailable, match=r"another token.*SOLVER_SANDBOX_TOKEN"):
            open_sandbox(running.url)
        monkeypatch.setenv("SOLVER_SANDBOX_TOKEN", TOKENS["anna"])
        with open_sandbox(running.url) as opened:
            result = opened.run(Job(program=python("print(1)"), limits=Limits()))
            assert result.stdout.read() == b"1\n"
        body = {"code": "print(1)", "language": "python"}
        assert running.http.post("/run_code", json=body).status_code == 401
        assert running.http.get("/healthz").status_code == 200
        assert running.http.post(f"/t/{TOKENS['ben']}/run_code", json=body).status_code == 200
        assert running.http.post("/t/guess/run_code", json=body).status_code == 401
        tests = {"tests": [{"input": "", "answer": "1"}]}
        anna, ben = ({"Authorization": f"Bearer {TOKENS[name]}"} for name in ("anna", "ben"))
        found = running.http.post("/v1/testsets", json=tests, headers=anna).json()["id"]
        judged = {"package": found, "program": {"language": "python3", "source": "print(1)"}}
        assert running.http.post("/v1/judge", json=judged, headers=anna).json()["reward"] == 1
        assert running.http.post("/v1/judge", json=judged, headers=ben).status_code == 404
        assert running.http.get(f"/v1/packages/{found}", headers=ben).status_code == 404
    finally:
        assert running.stop() == 0


def test_a_command_runs_its_programs_there(service: Service, tmp_path: Path) -> None:
    program = tmp_path / "hello.py"
    program.write_text("print('hello')")
    command = [sys.executable, "-m", "solver", "sandbox", "run", str(program), "--json"]
    before = service.metric("solver_answers_total")
    done = subprocess.run(
        [*command, "--sandbox", service.url], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert json.loads(done.stdout)["results"][0]["stdout"] == "hello\n"
    assert service.metric("solver_answers_total") > before
    lost = subprocess.run(
        [*command, "--sandbox", "http://127.0.0.1:9"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ},
    )
    assert lost.returncode == 3 and "no service answers" in lost.stderr


def test_threads_may_share_it(remote: RemoteSandbox) -> None:
    program = python("print(int(input()) ** 2)")
    found: dict[int, bytes] = {}

    def run(number: int) -> None:
        job = Job(program=program, limits=Limits(), stdin=b"%d" % number)
        found[number] = remote.run(job).stdout.read()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {number: b"%d\n" % number**2 for number in range(16)}


def test_the_farm_says_who_does_not_answer() -> None:
    with pytest.raises(SandboxError, match=r"127\.0\.0\.1:9"):
        open_sandbox("http://127.0.0.1:9")
