"""A Ray cluster of two logical nodes beside the local sandbox, on this machine, in one run.

Candidates are one compiled C++ program in as many copies as asked for, each with bytes of its own
behind it, so that every one of them has to travel. With `--compile` they are the C++ candidates of
a recorded pool, again and again under another comment, and each of the two compiles them before it
runs them, as a solve does. The two take turns, lot by lot; results are compared as they come.
Prints JSON: the ratio of the wall times, and CPU seconds of Python, which hold on a busy machine
too. Wants ray: `pip install 'contest-solver[ray]'`, or the environment that `scripts/callers.sh`
makes.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from sandbox import Blob, Executable, Job, Limits, Sandbox, open_sandbox
from sandbox.compiling.compile import Compiler
from solver.sampling.pools.pool import read_pool

SUM = b"""#include <cstdio>
int main() { long a, b; if (scanf("%ld %ld", &a, &b) == 2) printf("%ld\\n", a * b + a); }
"""
POOL = Path(__file__).parents[1] / "problems/bundled/pools/depots.jsonl"
LOT = 16
"""Candidates that one of the two runs before it is the other's turn; a solve has them all at once,
and the more there are the less its ends count, where one node waits for the other."""


def compiled() -> Executable:
    with open_sandbox(slots=1) as sandbox:
        program = Compiler(sandbox).compile({"sum.cpp": SUM}, "cpp17")
    assert isinstance(program, Executable), program
    return program


def copies(program: Executable, count: int, first: int) -> list[Executable]:
    ((name, blob),) = program.files.items()
    content = blob.read()
    return [
        Executable(
            language=program.language,
            argv=program.argv,
            files={name: Blob.of_bytes(content + b"candidate %d" % (first + number))},
        )
        for number in range(count)
    ]


def jobs(programs: Iterable[Executable], inputs: list[Blob]) -> Iterable[Job]:
    limits = Limits()
    for program in programs:
        for stdin in inputs:
            yield Job(program=program, limits=limits, stdin=stdin)


def cpu_s(pids: Iterable[int]) -> float:
    """User and system time of processes, without their children."""
    ticks = 0
    for pid in pids:
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(words[11]) + int(words[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def timed(
    sandbox: Sandbox, programs: Callable[[], list[Executable]], inputs: list[Blob], nodes: list[int]
) -> tuple[float, dict[str, float], list[str]]:
    here, there, wall_s = cpu_s([os.getpid()]), cpu_s(nodes), time.monotonic()
    work = jobs(programs(), inputs)
    outputs = [result.stdout.digest for result in sandbox.run_many(work)]
    passed_s = time.monotonic() - wall_s
    spent = {"driver": cpu_s([os.getpid()]) - here, "nodes": cpu_s(nodes) - there}
    return passed_s, spent, outputs


class Sources:
    """C++ candidates of a recorded pool, each time with text of its own, compiled by a sandbox."""

    def __init__(self, folder: Path) -> None:
        self._texts = [
            each.source.encode()
            for each in read_pool(POOL).candidates
            if each.language.startswith("cpp")
        ]
        self._folder = folder
        self._compilers: dict[str, Compiler] = {}

    def compiled(self, name: str, sandbox: Sandbox, first: int, count: int) -> list[Executable]:
        if name not in self._compilers:
            cache = self._folder / name
            self._compilers[name] = Compiler(sandbox, cache=cache, eager=True)
        compiler = self._compilers[name]

        def made(number: int) -> Executable | None:
            text = self._texts[number % len(self._texts)] + b"\n// candidate %d\n" % number
            done = compiler.compile({"main.cpp": text}, "cpp17")
            return done if isinstance(done, Executable) else None

        with ThreadPoolExecutor(2 * sandbox.slots) as threads:
            found = threads.map(made, range(first, first + count))
            return [each for each in found if each is not None]


def measured(
    candidates: int, inputs: int, most_s: float, compiling: bool, size: int
) -> dict[str, Any]:
    import ray
    from ray.cluster_utils import Cluster

    from sandbox.remote.ray_sandbox import RaySandbox

    program = compiled()
    stdins = [Blob.of_bytes(b"%d %d" % (number, 7 * number)) for number in range(inputs)]
    cluster = Cluster()
    store = {"num_cpus": 1, "object_store_memory": 200 << 20}
    cluster.add_node(**store, include_dashboard=False)
    cluster.add_node(**store)
    wall = {"local": 0.0, "ray": 0.0}
    cpu: dict[str, Counter[str]] = {"local": Counter(), "ray": Counter()}
    equal = True
    ratios: list[float] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        open_sandbox(slots=2) as local,
        open_sandbox(f"ray:{cluster.address}") as fleet,
    ):
        assert isinstance(fleet, RaySandbox)
        nodes = [ray.get(member.actor.ready.remote()) for member in fleet.cluster.members]
        pids = {"local": [], "ray": nodes}
        engines: dict[str, Sandbox] = {"local": local, "ray": fleet}
        sources = Sources(Path(folder))
        for name, warm in engines.items():
            list(warm.run_many(jobs(copies(program, 2, -2), stdins)))
            if compiling:
                sources.compiled(name, warm, -6, 6)
        begun_s = time.monotonic()
        for lot in range(max(1, candidates // size)):
            if time.monotonic() - begun_s > most_s:
                break
            first = lot * size
            some = copies(program, size, first)
            seen: dict[str, list[str]] = {}
            times: dict[str, float] = {}
            for name in ("local", "ray") if lot % 2 else ("ray", "local"):
                sandbox = engines[name]
                programs = (
                    partial(sources.compiled, name, sandbox, first, size)
                    if compiling
                    else partial(list, some)
                )
                times[name], used_s, seen[name] = timed(sandbox, programs, stdins, pids[name])
                wall[name] += times[name]
                cpu[name].update(used_s)
            equal = equal and seen["local"] == seen["ray"]
            ratios.append(round(times["ray"] / times["local"], 3))
    cluster.shutdown()
    runs = len(ratios) * size * inputs
    return {
        "compiled": compiling,
        "candidates_a_lot": size,
        "runs": runs,
        "program_bytes": sum(blob.size_bytes for blob in program.files.values()),
        "equal": equal,
        "wall_s": {name: round(each, 2) for name, each in wall.items()},
        "runs_per_s": {name: round(runs / each) for name, each in wall.items()},
        "wall_ray_over_local": round(wall["ray"] / wall["local"], 3),
        "wall_ratio_of_lots": {
            "median": statistics.median(ratios),
            "least": min(ratios),
            "most": max(ratios),
            "one by one": ratios,
        },
        "python_cpu_ms_per_run": {
            name: {where: round(1e3 * each / runs, 4) for where, each in spent.items()}
            for name, spent in cpu.items()
        },
        "load_average": os.getloadavg()[0],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--candidates", type=int, default=1000)
    parser.add_argument("--inputs", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=150.0, help="Begin no lot after these.")
    parser.add_argument("--compile", action="store_true", help="Compile a pool's candidates, too.")
    parser.add_argument("--lot", type=int, default=LOT, help="Candidates a turn.")
    options = parser.parse_args()
    try:
        import ray  # noqa: F401
    except ImportError:
        print("no ray here: pip install 'contest-solver[ray]'", file=sys.stderr)
        print(json.dumps({"skipped": "ray is not installed"}))
        return
    document = measured(
        options.candidates, options.inputs, options.seconds, options.compile, options.lot
    )
    print(json.dumps(document, indent=1))


if __name__ == "__main__":
    main()
