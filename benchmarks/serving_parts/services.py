"""Services as child processes: ours, and a plain one of the same API."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[2]
PLAIN = Path(__file__).parent / "plain.py"


def cpu_of(pid: int) -> float:
    """CPU time of a process and of the children that it has waited for."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


class Served:
    """A service as a child process."""

    def __init__(self, *words: str) -> None:
        self.folder = tempfile.TemporaryDirectory()
        data = Path(self.folder.name)
        log = (data / "log").open("wb")
        command = [sys.executable, "-m", "solver", "sandbox", "serve", "--port", "0"]
        command += ["--data", str(data / "data"), *words]
        environment = {**os.environ, "XDG_CACHE_HOME": str(data / "cache")}
        self.process = subprocess.Popen(command, stderr=log, cwd=ROOT, env=environment)
        while "serving at" not in (said := (data / "log").read_text()):
            assert self.process.poll() is None, said
            time.sleep(0.05)
        self.url = said.split("serving at ")[1].split()[0]

    def children(self) -> list[int]:
        pid = self.process.pid
        return sorted(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))

    def metric(self, name: str) -> float:
        rows = httpx.get(f"{self.url}/metrics").text.splitlines()
        return sum(float(row.split()[-1]) for row in rows if row.startswith(name))

    def cpu_s(self) -> float:
        """Of all its processes, the slots among them."""
        return sum(map(cpu_of, self.children())) + self.metric("solver_workers_cpu_seconds")

    def __enter__(self) -> "Served":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        self.folder.cleanup()


class Plain:
    """The plain subprocess service."""

    def __init__(self) -> None:
        port = random.randint(20_000, 60_000)
        self.process = subprocess.Popen([sys.executable, str(PLAIN), str(port)])
        self.url = f"http://127.0.0.1:{port}"
        for _ in range(200):
            with contextlib.suppress(httpx.TransportError):
                httpx.get(self.url)
                return
            time.sleep(0.1)

    def close(self) -> None:
        self.process.terminate()
        self.process.wait()
