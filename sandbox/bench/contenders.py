"""Who takes part in the benchmark: each runs the same tiny static program a number of times."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from sandbox.backend import Executable, Job, Sandbox
from sandbox.data import Blob
from sandbox.engine.slots import pinned_cores
from sandbox.errors import BackendUnavailable, SandboxError
from sandbox.limits import Limits

INPUT = b"19 23\n"
OUTPUT = b"42\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lap:
    """What some runs took.

    Attributes:
        elapsed_s: On the clock.
        cpu_s: CPU time of everything that took part; None where it cannot be known.
    """

    elapsed_s: float
    cpu_s: float | None


class Contender(Protocol):
    """One row of the benchmark."""

    name: str
    workers: int

    def lap(self, runs: int) -> Lap:
        """Runs the program that often."""


@dataclass(slots=True, kw_only=True)
class Floor:
    """The C loop of floor.c, one process or several at once."""

    program: Path
    folder: Path
    workers: int
    name: str = "floor"

    def lap(self, runs: int) -> Lap:
        """Shares the runs out to `workers` loops."""
        command = [str(self.folder / "floor"), str(runs // self.workers), str(self.folder / "in")]
        loops = [
            subprocess.Popen(
                [*command, str(core), str(self.program)],
                stdout=subprocess.PIPE,
                start_new_session=True,  # the kernel shares cores out by session, as for workers
            )
            for core in pinned_cores(self.workers)
        ]
        answers = [loop.communicate()[0].split() for loop in loops]
        if any(loop.returncode for loop in loops):
            raise SandboxError("the bare fork+exec loop failed")
        elapsed_s = max(int(answer[0]) for answer in answers) / 1e9
        return Lap(elapsed_s=elapsed_s, cpu_s=sum(int(answer[1]) for answer in answers) / 1e9)


@dataclass(slots=True, kw_only=True)
class Backend:
    """A backend of ours."""

    name: str
    workers: int
    sandbox: Sandbox
    program: Path

    def lap(self, runs: int) -> Lap:
        """The runs as one `run_many`."""
        files = {"main": Blob.of_file(self.program)}
        executable = Executable(language="c", argv=("./main",), files=files)
        stdin, limits = Blob.of_bytes(INPUT), Limits()
        start_s, start_cpu_s = time.perf_counter(), self._cpu_s()
        jobs = (Job(program=executable, limits=limits, stdin=stdin) for _ in range(runs))
        for result in self.sandbox.run_many(jobs):
            if not result.ok or result.stdout.size_bytes != len(OUTPUT):
                raise SandboxError(f"{self.name}: the tiny program failed: {result}")
        elapsed_s = time.perf_counter() - start_s
        return Lap(elapsed_s=elapsed_s, cpu_s=self._cpu_s() - start_cpu_s)

    def _cpu_s(self) -> float:
        workers = getattr(self.sandbox, "workers_cpu_s", None)
        return _own_cpu_s() + (workers() if workers is not None else 0.0)


@dataclass(slots=True, kw_only=True)
class Command:
    """A command per run, by a plain `subprocess.run`."""

    name: str
    command: tuple[str, ...]
    input: Path
    workers: int = 1

    def lap(self, runs: int) -> Lap:
        """One process after the other."""
        start_s, start_cpu_s = time.perf_counter(), _own_cpu_s()
        for _ in range(runs):
            with self.input.open("rb") as stdin:
                answer = subprocess.run(self.command, stdin=stdin, capture_output=True, check=False)
            if answer.returncode != 0 or answer.stdout != OUTPUT:
                raise SandboxError(f"{self.name}: {answer.stderr.decode(errors='replace')}")
        elapsed_s = time.perf_counter() - start_s
        return Lap(elapsed_s=elapsed_s, cpu_s=_own_cpu_s() - start_cpu_s)


@dataclass(slots=True, kw_only=True)
class GoJudge:
    """go-judge's HTTP server, the program uploaded once."""

    url: str
    file_id: str
    name: str = "go-judge"
    workers: int = 1

    def lap(self, runs: int) -> Lap:
        """One request a run, as its users do."""
        collector = {"name": "stdout", "max": 10240}
        command = {
            "args": ["./main"],
            "files": [{"content": INPUT.decode()}, collector, {"name": "stderr", "max": 10240}],
            "cpuLimit": 2_000_000_000,
            "clockLimit": 5_000_000_000,
            "memoryLimit": 268435456,
            "procLimit": 32,
            "copyIn": {"main": {"fileId": self.file_id}},
        }
        start_s = time.perf_counter()
        for _ in range(runs):
            answer = _post(f"{self.url}/run", {"cmd": [command]})
            if answer[0]["files"].get("stdout", "").encode() != OUTPUT:
                raise SandboxError(f"go-judge: {answer}")
        return Lap(elapsed_s=time.perf_counter() - start_s, cpu_s=None)


def open_contenders(
    folder: Path, program: Path, stack: ExitStack, skipped: dict[str, str]
) -> list[Contender]:
    """All that this machine has; what it lacks goes into `skipped` with the reason."""
    contenders: list[Contender] = [
        Floor(program=program, folder=folder, workers=1),
        Floor(program=program, folder=folder, workers=2),
    ]
    for name, workers in (("namespaces", 1), ("namespaces", 2), ("docker", 1), ("bubblewrap", 1)):
        try:
            contenders.append(_backend(name, workers, program, stack))
        except BackendUnavailable as error:
            skipped[name] = str(error)
    contenders.append(Command(name="subprocess", command=(str(program),), input=folder / "in"))
    optional: dict[str, Callable[[], Contender]] = {
        "isolate": lambda: _isolate(folder, program, stack),
        "go-judge": lambda: _go_judge(program, stack),
    }
    for name, make in optional.items():
        if shutil.which(name) is None:
            skipped[name] = "not on the PATH"
            continue
        try:
            contenders.append(make())
        except (OSError, SandboxError, subprocess.SubprocessError) as error:
            skipped[name] = str(error)
    return contenders


def _backend(name: str, workers: int, program: Path, stack: ExitStack) -> Backend:
    from sandbox.opening import open_sandbox

    sandbox = stack.enter_context(open_sandbox(name, slots=workers))
    shown = "bwrap-per-run" if name == "bubblewrap" else name
    return Backend(name=shown, workers=workers, sandbox=sandbox, program=program)


def _isolate(folder: Path, program: Path, stack: ExitStack) -> Contender:
    made = subprocess.run(["isolate", "--init"], capture_output=True, text=True, check=True)
    stack.callback(subprocess.run, ["isolate", "--cleanup"], capture_output=True, check=False)
    shutil.copy(program, Path(made.stdout.strip()) / "box" / "main")
    command = ("isolate", "--silent", "--time=2", "--wall-time=5", "--mem=262144", "--run", "--")
    return Command(name="isolate", command=(*command, "./main"), input=folder / "in")


def _go_judge(program: Path, stack: ExitStack) -> Contender:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        ["go-judge", "-http-addr", f"127.0.0.1:{port}", "-parallelism", "1", "-silent"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    stack.callback(server.wait)
    stack.callback(server.send_signal, signal.SIGTERM)
    url = f"http://127.0.0.1:{port}"
    for _ in range(100):
        try:
            urllib.request.urlopen(f"{url}/version", timeout=1).close()
            break
        except OSError:
            time.sleep(0.05)
    boundary = "solver-bench"
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="main"\r\n\r\n'
    body = head.encode() + program.read_bytes() + f"\r\n--{boundary}--\r\n".encode()
    kind = f"multipart/form-data; boundary={boundary}"
    request = urllib.request.Request(f"{url}/file", body, {"Content-Type": kind})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return GoJudge(url=url, file_id=json.load(answer))


def _post(url: str, value: dict[str, Any]) -> Any:
    body = json.dumps(value).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def _own_cpu_s() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def say(text: str) -> None:
    """Progress, on stderr."""
    sys.stderr.write(text + "\n")
