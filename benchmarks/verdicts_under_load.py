"""Do verdicts depend on who else is on the machine? Packages judged alone, then beside busy loops.

Prints one JSON document: for each build the share of labels that hold alone and under load, every
submission whose verdict, points or measured time limit differ between the two, and how many runs
were measured again alone.

    python benchmarks/verdicts_under_load.py PACKAGE... [--busy 8] [--beside CHECKOUT]

Packages are Kattis legacy folders; of each label's folder only the first submissions are taken, so
that it takes minutes. The busy loops run on the same cores as the judge; half of them compute, half
stream through memory. Nothing is compiled under load; measured time limits are measured anew.
`--beside` runs another checkout's build in the same rounds, in turns.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).parents[1]
LOOPS = ("while True: pass", "a = bytearray(1 << 25)\nwhile True: a = bytearray(a)")
ENDINGS = (".cc", ".cpp", ".c", ".py")


@contextmanager
def busy_machine(count: int) -> Iterator[None]:
    """So many processes that never wait, ended by their own ids."""
    started = [
        subprocess.Popen([sys.executable, "-S", "-c", LOOPS[index % len(LOOPS)]])
        for index in range(count)
    ]
    try:
        yield
    finally:
        for process in started:
            process.kill()
        for process in started:
            process.wait()


def trimmed(package: Path, folder: Path, most: int) -> Path:
    """A copy of the package with at most so many submissions a label."""
    target = folder / package.name
    shutil.copytree(package, target, symlinks=True)
    for label in sorted((target / "submissions").iterdir()):
        if not label.is_dir():
            continue
        taken = 0
        for entry in sorted(label.iterdir()):
            if entry.suffix in ENDINGS and taken < most:
                taken += 1
            elif entry.is_dir():
                shutil.rmtree(entry)
            else:
                entry.unlink()
    return target


def verified(checkout: Path, packages: list[Path], cache: Path, workers: int) -> dict[str, Any]:
    """One call of `solver problems verify` of that checkout; time limits are measured anew."""
    with tempfile.TemporaryDirectory() as store:
        argv = [sys.executable, "-m", "solver", "problems", "verify", *map(str, packages), "--json"]
        argv += ["--workers", str(workers), "--store", store]
        start_s = time.monotonic()
        done = subprocess.run(
            argv,
            capture_output=True,
            text=True,
            cwd=checkout,
            env={**os.environ, "PYTHONPATH": str(checkout), "XDG_CACHE_HOME": str(cache)},
        )
    if done.returncode not in (0, 1):
        raise SystemExit(f"verify of {checkout} ended with {done.returncode}: {done.stderr}")
    document: dict[str, Any] = json.loads(done.stdout)
    document["took_s"] = round(time.monotonic() - start_s, 1)
    return document


def rows_of(document: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    """Rows by package and submission."""
    return {(row["package"], row["submission"]): row for row in document["submissions"]}


def compared(alone: dict[str, Any], loaded: dict[str, Any]) -> dict[str, Any]:
    """What differs between one build's two documents."""
    differences: list[dict[str, Any]] = []
    limits: dict[str, list[float]] = {}
    before, after = rows_of(alone), rows_of(loaded)
    for key in sorted(before.keys() | after.keys()):
        first, second = before.get(key), after.get(key)
        if first is None or second is None:
            differences.append({"submission": "/".join(key), "judged_once_only": True})
            continue
        if first["time_limit_s"] != second["time_limit_s"]:
            limits[key[0]] = [first["time_limit_s"], second["time_limit_s"]]
        said = [[row["actual"], row["points"], row["agrees"]] for row in (first, second)]
        if said[0] != said[1]:
            differences.append(
                {
                    "submission": "/".join(key),
                    "alone": said[0],
                    "loaded": said[1],
                    "cpu_s": [first["cpu_s"], second["cpu_s"]],
                    "time_limit_s": [first["time_limit_s"], second["time_limit_s"]],
                }
            )
    ratios = sorted(
        second["cpu_s"] / first["cpu_s"]
        for key, first in before.items()
        if (second := after.get(key)) and (first["cpu_s"] or 0) > 0.05 and second["cpu_s"]
    )
    return {
        "submissions": len(before),
        "agreement": [round(alone["agreement"], 4), round(loaded["agreement"], 4)],
        "took_s": [alone["took_s"], loaded["took_s"]],
        "differences": differences,
        "time_limits_that_differ": limits,
        "cpu_loaded_by_alone": {
            "median": round(ratios[len(ratios) // 2], 3) if ratios else None,
            "largest": round(ratios[-1], 3) if ratios else None,
        },
        "repeats": [_sum(alone, "repeats"), _sum(loaded, "repeats")],
        "waited_s": [_sum(alone, "waited_s"), _sum(loaded, "waited_s")],
    }


def _sum(document: dict[str, Any], field: str) -> float | None:
    found = [row[field] for row in document["submissions"] if field in row]
    return round(sum(found), 1) if found else None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("packages", nargs="+", type=Path)
    parser.add_argument("--busy", type=int, default=8)
    parser.add_argument("--submissions", type=int, default=3)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--beside", type=Path, help="another checkout, whose build runs as well")
    options = parser.parse_args()
    builds = {"this": HERE}
    if options.beside is not None:
        builds["beside"] = options.beside.resolve()
    document: dict[str, Any] = {
        "packages": [package.name for package in options.packages],
        "busy": options.busy,
        "load_before": os.getloadavg()[0],
        "builds": {},
    }
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in builds}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        packages = [
            trimmed(each.resolve(), folder, options.submissions) for each in options.packages
        ]
        for build, checkout in builds.items():
            print(f"{build}: alone", file=sys.stderr, flush=True)
            found[build].append(verified(checkout, packages, folder / build, options.workers))
        for build, checkout in builds.items():
            print(f"{build}: beside {options.busy} busy loops", file=sys.stderr, flush=True)
            with busy_machine(options.busy):
                found[build].append(verified(checkout, packages, folder / build, options.workers))
    for build, (alone, loaded) in found.items():
        document["builds"][build] = compared(alone, loaded)
    print(json.dumps(document, indent=1))


if __name__ == "__main__":
    main()
