"""A service as its users start it, on loopback."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[2]
TOKENS = {"anna": "anna-0123456789abcdef", "ben": "ben-0123456789abcdef"}


class Service:
    """`solver sandbox serve` as a child process."""

    def __init__(self, folder: Path, *words: str, tokens: bool = False) -> None:
        command = [sys.executable, "-m", "solver", "sandbox", "serve", "--port", "0"]
        command += ["--data", str(folder / "data"), *words]
        environment = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache")}
        if tokens:
            rows = ",".join(f"{name}={token}" for name, token in TOKENS.items())
            environment["SOLVER_SANDBOX_TOKENS"] = rows
        self.log = folder / "log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(command, stderr=log, cwd=ROOT, env=environment)
        self.url = ""
        while not self.url:
            assert self.process.poll() is None, self.log.read_text()
            found = re.search(r"serving at (http://\S+)", self.log.read_text())
            self.url = found.group(1) if found else ""
            time.sleep(0.0 if found else 0.02)  # it wants the processor itself
        self.http = httpx.Client(base_url=self.url, timeout=120)

    def children(self) -> list[int]:
        """Its processes: the owner of the slots first, then those of HTTP."""
        pid = self.process.pid
        return sorted(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Ends it; its exit code."""
        self.http.close()
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(timeout=60)

    def metric(self, name: str) -> float:
        """A number of /metrics, over all labels."""
        rows = re.findall(rf"^{name}(?:{{.*}})? (\S+)$", self.http.get("/metrics").text, re.M)
        return sum(map(float, rows))
