"""What labelling pools costs, this build beside another one; are labels equal? Prints JSON.

    python benchmarks/labelling.py POOL=PACKAGE... --before TREE [--programs 60] [--budget 300]

Each build labels a pool (`solver pool label`) from empty caches, then once more with the programs
compiled and no label known: that second run is labelling alone. Builds take turns. No pool is begun
after `--budget` seconds. CPU seconds are those of a control group, sandbox included.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from demo import HERE, environment_of, set_up

from sandbox.host import cgroups
from solver.replays.truth import read_truth


def first_of(pool: Path, count: int, made: Path) -> None:
    """The first so many candidates of a pool, helpers left out."""
    rows = [json.loads(line) for line in pool.read_text().splitlines()]
    kept = [row for row in rows if row.get("kind", "candidate") == "candidate"][:count]
    made.write_text("".join(json.dumps(row) + "\n" for row in kept))


def labelled(tree: Path, cache: Path, pool: Path, package: Path, out: Path) -> dict[str, float]:
    """Labels a pool: wall and CPU seconds."""
    group = cgroups.make_group()
    if group is None:
        raise SystemExit("no control groups here: CPU seconds cannot be told from others'")
    program = (
        "import os, sys\n"
        "for fd in map(int, sys.argv.pop(1).split(',')):\n"
        "    os.write(fd, b'0')\n"
        "from solver.cli.app import main\n"
        "main()\n"
    )
    joins = group.join_fds()
    argv = ["pool", "label", str(pool), "--task", str(package), "--out", str(out)]
    # The folder that it runs in comes before an editable installation of another tree.
    command = [".venv/bin/python", "-c", program, ",".join(map(str, joins)), *argv]
    start = time.time()
    done = subprocess.run(
        command,
        cwd=tree,
        env=environment_of(tree, cache),
        pass_fds=joins,
        capture_output=True,
        text=True,
    )
    spent = {"wall_s": round(time.time() - start, 2), "cpu_s": round(group.cpu_s(), 2)}
    group.remove()
    if done.returncode:
        raise SystemExit(f"{tree}: {done.stderr[-2000:]}")
    return spent


def compared(ours: Path, before: Path) -> dict[str, int]:
    """How many programs got the same points and, beside that, another wrong test's verdict."""
    one, other = read_truth(ours), read_truth(before)
    assert one.candidate_ids == other.candidate_ids
    same = (one.points == other.points).all(axis=1)
    verdicts = [a == b for a, b in zip(one.verdicts, other.verdicts, strict=True)]
    return {
        "candidates": len(same),
        "other_points": int((~same).sum()),
        "other_verdicts": len(verdicts) - sum(verdicts),
    }


def measure(pool: Path, package: Path, trees: dict[str, Path], count: int) -> dict[str, Any]:
    row: dict[str, Any] = {"pool": pool.stem}
    with tempfile.TemporaryDirectory() as folder:
        part = Path(folder, pool.name)
        first_of(pool, count, part)
        for name, tree in trees.items():
            cache = Path(folder, name)
            set_up(tree, cache, Path(folder, "no models"))
            out = Path(folder, f"{name}.truth.parquet")
            cold = labelled(tree, cache, part, package, out)
            shutil.rmtree(cache / "solver" / "labels")
            row[name] = {"cold": cold, "labels": labelled(tree, cache, part, package, out)}
        row |= compared(*(Path(folder, f"{name}.truth.parquet") for name in ("ours", "before")))
    for kind in ("cold", "labels"):
        row[f"{kind}_cpu_ratio"] = round(
            row["ours"][kind]["cpu_s"] / row["before"][kind]["cpu_s"], 3
        )
    return row


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pools", nargs="+", help="POOL.jsonl=PACKAGE")
    parser.add_argument("--before", type=Path, required=True)
    parser.add_argument("--programs", type=int, default=60)
    parser.add_argument("--budget", type=float, default=300.0)
    options = parser.parse_args()
    trees = {"ours": HERE, "before": options.before.resolve()}
    until = time.monotonic() + options.budget
    rows = []
    for number, pair in enumerate(options.pools):
        if time.monotonic() > until:
            break
        pool, package = (Path(part).resolve() for part in pair.split("=", 1))
        order = dict(list(trees.items())[:: 1 if number % 2 else -1])
        rows.append(measure(pool, package, order, options.programs))
        print(json.dumps(rows[-1]), file=sys.stderr, flush=True)
    print(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
