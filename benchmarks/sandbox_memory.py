"""Resident memory of a worker and of its caller before and after many runs; prints JSON.

    python benchmarks/sandbox_memory.py [--runs 20000] [--backend namespaces]

Each run has an input of its own, so that what is placed in the worker has to be let go again.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import sandbox.bench
from sandbox import Blob, Executable, Job, Limits, open_sandbox

TINY = Path(sandbox.bench.__file__).parent / "tiny.c"


def resident_kib(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


def helpers() -> list[int]:
    """Our helper processes: the keepers and the workers' PID 1."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            command = (entry / "cmdline").read_bytes()
            if b"solver-sandbox-helper" in command and _is_ours(int(entry.name)):
                found.append(int(entry.name))
        except OSError:
            continue
    return sorted(found)


def _is_ours(pid: int) -> bool:
    while pid > 1:
        if pid == os.getpid():
            return True
        stat = Path(f"/proc/{pid}/stat").read_text()
        pid = int(stat.rpartition(")")[2].split()[1])
    return False


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20_000)
    parser.add_argument("--backend", default="namespaces")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, open_sandbox(arguments.backend, slots=1) as box:
        binary = Path(folder, "tiny")
        subprocess.run(["gcc", "-O2", "-static", "-o", binary, TINY], check=True)
        program = Executable(language="c", argv=("./main",), files={"main": Blob.of_file(binary)})
        limits = Limits()

        def run(first: int, last: int) -> None:
            jobs = (
                Job(program=program, limits=limits, stdin=Blob.of_bytes(b"%d 1" % number))
                for number in range(first, last)
            )
            for number, result in enumerate(box.run_many(jobs), first):
                assert result.stdout.read() == b"%d\n" % (number + 1)

        run(0, 1000)
        pids = helpers()
        before = {
            "caller_kib": resident_kib(os.getpid()),
            "helpers_kib": [*map(resident_kib, pids)],
        }
        for first in range(1000, arguments.runs, 1000):
            run(first, min(arguments.runs, first + 1000))
            print(f"\r{first + 1000}", end="", file=sys.stderr)
        after = {"caller_kib": resident_kib(os.getpid()), "helpers_kib": [*map(resident_kib, pids)]}
        same = helpers() == pids
    print(file=sys.stderr)
    report = {"runs": arguments.runs, "after_1000": before, "at_the_end": after}
    print(json.dumps({**report, "same_processes": same}, indent=1))


if __name__ == "__main__":
    main()
