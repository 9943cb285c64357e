"""Runs the contenders in turn, round after round: machines change their speed, ratios stay."""

import os
import platform
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from sandbox.bench.contenders import INPUT, Contender, open_contenders
from sandbox.errors import BackendUnavailable
from sandbox.host.cgroups import describe

_HERE = Path(__file__).parent
_SLOW_SHARE = 10
"""Rows that take this many times longer than the floor run fewer times a round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One contender's medians.

    Attributes:
        of_floor: runs_per_s / (floor of one core x workers), the median of the rounds' ratios.
        cpu_ms_per_run: CPU time of everything that took part; None where it cannot be known.
        low, high: Smallest and largest ratio of a round.
    """

    name: str
    workers: int
    runs_per_s: float
    of_floor: float
    cpu_ms_per_run: float | None
    low: float
    high: float

    def to_json(self) -> dict[str, Any]:
        """The row as the benchmark prints it; what is unknown is left out."""
        row: dict[str, Any] = {
            "name": self.name,
            "workers": self.workers,
            "runs_per_s": round(self.runs_per_s, 1),
            "of_floor": round(self.of_floor, 3),
            "of_floor_low": round(self.low, 3),
            "of_floor_high": round(self.high, 3),
        }
        if self.cpu_ms_per_run is not None:
            row["cpu_ms_per_run"] = round(self.cpu_ms_per_run, 3)
        return row


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchReport:
    """The whole benchmark."""

    floor_runs_per_s: float
    rows: tuple[Row, ...]
    skipped: dict[str, str]
    two_workers_of_one: float
    rounds: int
    runs: int

    def to_json(self) -> dict[str, Any]:
        """The document that `solver sandbox bench --json` prints."""
        return {
            "machine": {
                "cores": len(os.sched_getaffinity(0)),
                "kernel": platform.release(),
                "cgroup": describe(),
                "load": round(os.getloadavg()[0], 2),
            },
            "floor_runs_per_s": round(self.floor_runs_per_s, 1),
            "namespaces_two_workers_of_one": round(self.two_workers_of_one, 3),
            "rows": [row.to_json() for row in self.rows],
            "skipped": self.skipped,
            "rounds": self.rounds,
            "runs": self.runs,
        }


def bench(
    *, runs: int = 250, rounds: int = 15, progress: Callable[[str], None] = lambda _: None
) -> BenchReport:
    """Runs the benchmark.

    Args:
        runs: How often a fast contender runs the program in a round.
        rounds: How many rounds; a median is taken over them.
        progress: Told what happens.

    Raises:
        BackendUnavailable: No C compiler.
    """
    skipped: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="solver-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        (folder / "in").write_bytes(INPUT)
        for source in ("floor", "tiny"):
            _build(_HERE / f"{source}.c", folder / source)
        contenders = open_contenders(folder, folder / "tiny", stack, skipped)
        share = [_warm(contender, runs) for contender in contenders]
        rates: list[list[float]] = [[] for _ in contenders]
        cpu_ms: list[list[float]] = [[] for _ in contenders]
        for number in range(rounds):
            progress(f"round {number + 1} of {rounds}")
            for index, contender in enumerate(contenders):
                lap = contender.lap(share[index])
                rates[index].append(share[index] / lap.elapsed_s)
                if lap.cpu_s is not None:
                    cpu_ms[index].append(1000 * lap.cpu_s / share[index])
        rows = tuple(
            _row(contender, rates[index], rates[0], cpu_ms[index])
            for index, contender in enumerate(contenders)
        )
        own = [rates[i] for i, contender in enumerate(contenders) if contender.name == "namespaces"]
        scaling = [two / one for one, two in zip(*own, strict=True)] if len(own) == 2 else [0.0]
    return BenchReport(
        floor_runs_per_s=median(rates[0]),
        rows=rows,
        skipped=skipped,
        two_workers_of_one=median(scaling),
        rounds=rounds,
        runs=runs,
    )


def _warm(contender: Contender, runs: int) -> int:
    """Lets a contender run a little, and says how often it should run in a round."""
    trial = max(4 * contender.workers, runs // 50)
    lap = contender.lap(trial)
    slow = lap.elapsed_s / trial > 1e-3 * _SLOW_SHARE / 4
    return max(2, runs // _SLOW_SHARE) if slow else runs


def _row(contender: Contender, rates: list[float], floor: list[float], cpu_ms: list[float]) -> Row:
    ratios = [rate / (base * contender.workers) for rate, base in zip(rates, floor, strict=True)]
    return Row(
        name=contender.name,
        workers=contender.workers,
        runs_per_s=median(rates),
        of_floor=median(ratios),
        cpu_ms_per_run=median(cpu_ms) if cpu_ms else None,
        low=min(ratios),
        high=max(ratios),
    )


def _build(source: Path, target: Path) -> None:
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        raise BackendUnavailable("no C compiler for the benchmark", "apt install gcc libc6-dev")
    subprocess.run([compiler, "-O2", "-static", "-o", target, source], check=True)
