"""Without root and without control groups: same isolation, limits by rlimits and /proc."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

import sandbox.host.cgroups
from sandbox import Executable, Job, LimitKind, Limits, open_sandbox
from sandbox.limits import MIB

ROOT = Path(__file__).parents[3]
NOBODY = 65534
HOG = (
    "#include <stdlib.h>\n#include <string.h>\n#include <unistd.h>\n"
    "int main(){for(int i=0;i<400;i++){memset(malloc(1<<20),1,1<<20);usleep(1000);}}"
)
FORKS = (
    "#include <unistd.h>\n#include <sys/wait.h>\nint main(){int n=0;"
    "for(int i=0;i<20;i++){int p=fork();if(!p){pause();_exit(0);}if(p>0)n++;}return n;}"
)
SPIN = "#include <unistd.h>\nint main(){if(!fork())for(;;);for(;;)pause();}"
SCRIPT = """
import json, sys, tempfile
from pathlib import Path
from sandbox import *
from sandbox.compiling.compile import Compiler
with open_sandbox("namespaces", slots=1) as box:
    compiler = Compiler(box, cache=Path(tempfile.mkdtemp()))
    rows = []
    for source in json.loads(sys.argv[1]):
        program = compiler.compile({"main.c": source.encode()}, "c")
        limits = Limits(cpu_s=0.5, wall_s=10, memory_bytes=64 * 2**20, processes=8)
        result = box.run(Job(program=program, limits=limits))
        rows.append([str(result.status), result.exit_code, result.limit, result.memory_source])
    print(json.dumps(rows))
"""


def _check(rows: list[list[object]]) -> None:
    hog, forks, spin = rows
    assert hog[:3] == ["limit", None, LimitKind.MEMORY]
    assert forks[0] == "exited"
    assert forks[1] == 7  # eight processes with the first
    assert spin[:3] == ["limit", None, LimitKind.CPU]


def test_without_control_groups(
    build: Callable[..., Executable], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox.host.cgroups, "hierarchies", lambda: ())
    limits = Limits(cpu_s=0.5, wall_s=10, memory_bytes=64 * MIB, processes=8)
    with open_sandbox("namespaces", slots=1) as box:
        rows: list[list[object]] = []
        for source in (HOG, FORKS, SPIN):
            result = box.run(Job(program=build(source), limits=limits))
            assert result.memory_source == "rusage"
            rows.append([str(result.status), result.exit_code, result.limit, "rusage"])
    _check(rows)


def test_without_root() -> None:
    """The same, started as a user who is nobody."""
    # Not tmp_path: what lies above it belongs to root alone.
    with tempfile.TemporaryDirectory() as name:
        _run_as_nobody(Path(name))


def _run_as_nobody(home: Path) -> None:
    python = shutil.which("python3", path="/usr/local/bin:/usr/bin")
    command: list[str] = []
    environment = {
        "HOME": str(home),
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "PYTHONPATH": os.pathsep.join((str(ROOT), sysconfig.get_paths()["purelib"])),
    }
    if os.geteuid() == 0:
        if python is None or shutil.which("setpriv") is None:
            pytest.skip("no python3 that others may run, or no setpriv")
        os.chown(home, NOBODY, NOBODY)
        command = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
        trial = [*command, python, "-c", "import pydantic, platformdirs, sandbox.compiling.compile"]
        tried = subprocess.run(trial, capture_output=True, env=environment, check=False)
        if tried.returncode != 0:
            pytest.skip(f"others cannot import the package: {tried.stderr.decode()[-200:]}")
    else:
        python = sys.executable
    answer = subprocess.run(
        [*command, python, "-c", SCRIPT, json.dumps([HOG, FORKS, SPIN])],
        capture_output=True,
        env=environment,
        cwd=home,
        check=False,
        timeout=120,
    )
    assert answer.returncode == 0, answer.stderr.decode()
    _check(json.loads(answer.stdout))
