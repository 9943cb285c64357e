"""Programs of many tests a second through each way, the ways taken in turn.

What is light (the engine, our own API, `/run_code` with compile hits) is measured in many short
turns, so that a machine that is slow for a moment is slow for all of them; what compiles is
measured once a round. Ratios are of medians.

Each way's CPU time is read as well, of all its processes: what a program costs does not depend on
what else the machine does, and says what a machine that is full would reach.
"""

import argparse
import itertools
import json
import os
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from sandbox import Executable, Job, Limits, Sandbox, open_sandbox
from sandbox.compiling.compile import Compiler
from serving_parts.client import sent
from serving_parts.services import Plain, Served, cpu_of

TESTS = 20
SOURCE = """#include <bits/stdc++.h>
using namespace std;
int main() {
    long long n, sum = SALT;
    cin >> n;
    vector<long long> a(n);
    for (auto& x : a) { cin >> x; sum += x * x; }
    sort(a.begin(), a.end());
    cout << sum << " " << a.front() << "\\n";
}
"""
TURNS_A_ROUND = 4
TIMES_A_TURN = 4
COMPILED_PROGRAMS = 3
PLAIN_TESTS = 8


def programs(count: int, salt: int) -> list[str]:
    return [SOURCE.replace("SALT", str(salt + number)) for number in range(count)]


def inputs() -> list[str]:
    dice = random.Random(1)
    return [f"{n}\n{' '.join(str(dice.randint(1, 999)) for _ in range(n))}\n" for n in range(3, 23)]


def expected(source: str, text: str) -> str:
    numbers = list(map(int, text.split()[1:]))
    salt = int(source.split("sum = ")[1].split(";")[0])
    return f"{salt + sum(x * x for x in numbers)} {min(numbers)}\n"


class Direct:
    """The engine called by its own process: programs that are built, results read."""

    def __init__(self, sandbox: Sandbox, cache: Path, sources: list[str]) -> None:
        compiler = Compiler(sandbox, cache=cache)
        self._sandbox = sandbox
        self._texts = [text.encode() for text in inputs()]
        self._built: list[Executable] = []
        for source in sources:
            built = compiler.compile({"main.cpp": source.encode()}, "cpp17")
            assert isinstance(built, Executable)
            self._built.append(built)

    def run(self, times: int, threads: int) -> tuple[float, list[list[str]]]:
        """Seconds for all programs so many times, and what each printed."""
        begun_s = time.perf_counter()
        with ThreadPoolExecutor(threads) as pool:
            found = list(pool.map(self._run, self._built * times))
        return time.perf_counter() - begun_s, found

    def cpu_s(self) -> float:
        """Of this process and the slots."""
        mine = resource.getrusage(resource.RUSAGE_SELF)
        workers = getattr(self._sandbox, "workers_cpu_s", lambda: 0.0)()
        return mine.ru_utime + mine.ru_stime + float(workers)

    def _run(self, program: Executable) -> list[str]:
        jobs = [Job(program=program, limits=Limits(), stdin=text) for text in self._texts]
        return [result.stdout.read().decode() for result in self._sandbox.run_many(jobs)]


Took = tuple[float, float]
"""Programs, and the seconds that they took."""


class Ways:
    """Each is measured once a call, and every answer looked at."""

    def __init__(self, connections: int) -> None:
        self.errors: list[str] = []
        self._connections = connections
        self._texts = inputs()

    def engine(self, direct: Direct, sources: list[str], threads: int) -> Took:
        seconds, found = direct.run(TIMES_A_TURN, threads)
        for source, printed in zip(sources * TIMES_A_TURN, found, strict=True):
            self._check("engine", source, printed)
        return len(found), seconds

    def native(self, url: str, sources: list[str]) -> Took:
        """All tests of a program in one call of our own API."""
        bodies = [
            {
                "program": {"language": "cpp17", "source": source},
                "tests": [{"stdin": text} for text in self._texts],
            }
            for source in sources
        ]
        seconds, answers = sent(f"{url}/v1/run", bodies, self._connections // 2)
        for source, answer in zip(sources, answers, strict=True):
            printed = [row["stdout"] for row in json.loads(answer)["tests"]]
            self._check(url, source, printed)
        return len(sources), seconds

    def run_code(self, url: str, sources: list[str], tests: int = TESTS) -> Took:
        """A test a request, as trainers send them; programs of 20 tests, of so many of which."""
        pairs = [(source, text) for source in sources for text in self._texts[:tests]]
        limits = {"compile_timeout": 60, "run_timeout": 10}
        bodies = [
            {**limits, "code": source, "language": "cpp", "stdin": text} for source, text in pairs
        ]
        seconds, answers = sent(f"{url}/run_code", bodies, self._connections)
        for (source, text), answer in zip(pairs, answers, strict=True):
            found = json.loads(answer).get("run_result")
            if found is None or found["stdout"] != expected(source, text):
                self.errors.append(f"{url}: {answer[:300]!r}")
        return len(pairs) / TESTS, seconds

    def _check(self, where: str, source: str, printed: list[str]) -> None:
        if printed != [expected(source, text) for text in self._texts]:
            self.errors.append(f"{where}: {printed[0]}")


Way = tuple[Callable[[], Took], Callable[[], float]]
"""What is measured, and how much CPU time its processes had so far."""


def speed(options: argparse.Namespace) -> dict[str, Any]:
    ways = Ways(options.connections)
    rates: dict[str, list[float]] = {}
    costs: dict[str, list[float]] = {}
    warm = programs(options.programs, 0)
    threads = 2 * len(os.sched_getaffinity(0))
    plain = None if options.light else Plain()
    salts = itertools.count(10**6, 1000)

    def take(named: Mapping[str, Way]) -> None:
        for name, (way, cpu_s) in named.items():
            before_s = cpu_s()
            count, seconds = way()
            rates.setdefault(name, []).append(count / seconds)
            costs.setdefault(name, []).append((cpu_s() - before_s) / count)
            print(
                f"{name}: {rates[name][-1]:.2f} programs/s, {1000 * costs[name][-1]:.1f} ms of CPU",
                file=sys.stderr,
            )

    with Served() as ours, tempfile.TemporaryDirectory() as cache, open_sandbox() as sandbox:
        direct = Direct(sandbox, Path(cache), warm)
        light: dict[str, Way] = {
            "engine": (lambda: ways.engine(direct, warm, threads), direct.cpu_s),
            "native": (lambda: ways.native(ours.url, warm * TIMES_A_TURN), ours.cpu_s),
            "run_code_hits": (lambda: ways.run_code(ours.url, warm), ours.cpu_s),
        }
        heavy: dict[str, Way] = {}
        if plain is not None:
            heavy["run_code_no_hits"] = (
                lambda: ways.run_code(ours.url, programs(COMPILED_PROGRAMS, next(salts))),
                ours.cpu_s,
            )
            heavy["plain"] = (
                lambda: ways.run_code(plain.url, programs(1, next(salts)), PLAIN_TESTS),
                lambda: cpu_of(plain.process.pid),
            )
        if options.other:
            heavy["other"] = (
                lambda: ways.run_code(options.other, programs(1, next(salts)), PLAIN_TESTS),
                lambda: cpu_of(options.other_pid) if options.other_pid else 0.0,
            )
        for way, _ in light.values():  # compiles, and starts what is started once
            way()
        for _ in range(options.rounds):
            for turn in range(TURNS_A_ROUND):
                take(dict(reversed(light.items())) if turn % 2 else light)
            take(heavy)
    if plain is not None:
        plain.close()
    median = {name: statistics.median(found) for name, found in rates.items()}
    cost_s = {name: statistics.median(found) for name, found in costs.items()}
    shares = [n / e for n, e in zip(rates["native"], rates["engine"], strict=True)]
    pairs = [
        (mine, theirs)
        for mine in ("native", "run_code_hits", "run_code_no_hits")
        for theirs in ("plain", "other")
        if theirs in median and mine in median
    ]
    return {
        "tests_per_program": TESTS,
        "programs_per_s": {name: round(rate, 3) for name, rate in median.items()},
        "cpu_ms_per_program": {name: round(1000 * cost, 1) for name, cost in cost_s.items()},
        "native_over_engine": round(median["native"] / median["engine"], 3),
        "native_over_engine_range": [round(min(shares), 3), round(max(shares), 3)],
        "native_over_engine_by_cpu": round(cost_s["engine"] / cost_s["native"], 3),
        **{f"{a}_over_{b}": round(median[a] / median[b], 1) for a, b in pairs},
        **{f"{a}_over_{b}_by_cpu": round(cost_s[b] / cost_s[a], 1) for a, b in pairs if cost_s[b]},
        "wrong": ways.errors[:5],
        "rounds": {name: [round(rate, 3) for rate in found] for name, found in rates.items()},
    }
