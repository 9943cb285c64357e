"""`solver problems verify` against problemtools' `verifyproblem -p submissions`, side by side.

Prints one JSON document: wall times of both on the same packages in one run, their ratio, and every
submission on which the two differ in verdict or points.

    python benchmarks/verify_vs_problemtools.py [PACKAGE...] [--workers 2]

Packages are Kattis legacy folders; without any, the bundled contest's are taken. Ours starts with
empty caches (nothing compiled, no time limit known), then runs once more with what that left.
"""

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

FOLDERS = "accepted|partially_accepted|wrong_answer|time_limit_exceeded|run_time_error"
LINE = re.compile(
    rf"(?P<name>(?:{FOLDERS})/\S+) \(.*?\) "
    r"(?P<how>OK with extra time|OK|got|was fully accepted):? (?P<verdict>[A-Z]+)"
    r"(?: \((?P<points>-?[0-9.]+)\))?"
)
TIME_LIMIT = re.compile(r"setting timelim to ([0-9.]+) secs")


def peer_verdicts(output: str) -> dict[str, tuple[str, float | None, bool]]:
    """Submission -> (verdict, points, whether only within extra time) from verifyproblem's text."""
    found: dict[str, tuple[str, float | None, bool]] = {}
    for match in LINE.finditer(output):
        points = match["points"]
        extra = match["how"] == "OK with extra time"
        found[match["name"]] = (match["verdict"], float(points) if points else None, extra)
    return found


def children_cpu_s() -> float:
    """User and system time of all ended children: a measure that a busy machine disturbs less."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def run_peer(package: Path, threads: int = 1) -> tuple[dict[str, Any], float]:
    """Runs verifyproblem on one package: verdicts by submission, and wall seconds."""
    program = Path(sys.executable).with_name("verifyproblem")
    argv = [str(program), str(package), "-p", "submissions", "-j", str(threads)]
    start = time.monotonic()
    done = subprocess.run(argv, capture_output=True, text=True)
    wall_s = time.monotonic() - start
    return peer_verdicts(done.stdout + done.stderr), wall_s


def run_ours(packages: list[Path], workers: int, cache: Path) -> tuple[dict[str, Any], float]:
    """Runs ours on all packages, with this folder for all caches."""
    program = Path(sys.executable).with_name("solver")
    argv = [str(program), "problems", "verify", *map(str, packages), "--json"]
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache)}
    start = time.monotonic()
    done = subprocess.run(
        [*argv, "--workers", str(workers)], capture_output=True, text=True, env=environment
    )
    wall_s = time.monotonic() - start
    if done.returncode not in (0, 1):
        raise SystemExit(f"solver problems verify ended with {done.returncode}: {done.stderr}")
    return json.loads(done.stdout), wall_s


def differences(
    name: str, peer: dict[str, tuple[str, float | None, bool]], ours: dict[str, Any]
) -> tuple[int, list[dict[str, Any]]]:
    """Number of submissions that both judged, and those on which they differ.

    What the peer calls a judge error (JE: the package's own validator breaks a rule that it checks)
    it did not judge.
    """
    compared = 0
    found: list[dict[str, Any]] = []
    for row in ours["submissions"]:
        if row["package"] != name or peer.get(row["submission"], ("JE",))[0] == "JE":
            continue
        compared += 1
        verdict, points, _ = peer[row["submission"]]
        mine = {"RE": "RTE", "MLE": "RTE"}.get(row["package_verdict"], row["package_verdict"])
        same_points = points is None or abs(points - row["points"]) < 0.01
        if mine == verdict and (same_points or verdict != "AC"):
            continue
        found.append(
            {
                "package": name,
                "submission": row["submission"],
                "peer": [verdict, points],
                "ours": [mine, row["points"]],
                "about_time": "TLE" in (verdict, mine) or _slow(row),
            }
        )
    return compared, found


def _slow(row: dict[str, Any]) -> bool:
    words = {subtask["verdict"] for subtask in row["subtasks"].values()}
    return "TLE" in words or bool(row.get("extra_time"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("packages", nargs="*", type=Path)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    bundled = Path(__file__).parents[1] / "problems" / "bundled" / "contest"
    chosen = options.packages or sorted(path.parent for path in bundled.glob("*/problem.yaml"))
    packages = [package.resolve() for package in chosen]
    cpu_s = [children_cpu_s()]
    with tempfile.TemporaryDirectory() as folder:
        cold, cold_s = run_ours(packages, options.workers, Path(folder))
        cpu_s.append(children_cpu_s())
        peer_s = 0.0
        peers: dict[str, dict[str, tuple[str, float | None, bool]]] = {}
        for package in packages:
            print(f"verifyproblem {package.name}", file=sys.stderr, flush=True)
            peers[package.name], wall_s = run_peer(package)
            peer_s += wall_s
        cpu_s.append(children_cpu_s())
        _, warm_s = run_ours(packages, options.workers, Path(folder))
        cpu_s.append(children_cpu_s())
    compared = 0
    found: list[dict[str, Any]] = []
    for name, verdicts in peers.items():
        number, different = differences(name, verdicts, cold)
        compared += number
        found += different
    document = {
        "packages": [package.name for package in packages],
        "workers": options.workers,
        "peer_wall_s": round(peer_s, 1),
        "ours_wall_s": round(cold_s, 1),
        "ours_again_wall_s": round(warm_s, 1),
        "ratio": round(peer_s / cold_s, 2),
        "ratio_again": round(peer_s / warm_s, 2),
        "peer_cpu_s": round(cpu_s[2] - cpu_s[1], 1),
        "ours_cpu_s": round(cpu_s[1] - cpu_s[0], 1),
        "ours_again_cpu_s": round(cpu_s[3] - cpu_s[2], 1),
        "submissions_compared": compared,
        "differences": found,
    }
    print(json.dumps(document, indent=1))


if __name__ == "__main__":
    main()
