"""What `make demo` costs after set-up, a command and a stage at a time; prints JSON.

    python benchmarks/demo.py [--before TREE] [--rounds 1] [--models FOLDER] [--only ours]
        [--keep FOLDER]

Each build has a cache of its own, in which set-up prepared what it prepares, and nothing else but
the model's files. With `--before` the script of another checkout runs as well, in turn with ours.
CPU seconds are those of a control group that the whole script runs in, sandbox included, so that
what else the machine does is not among them.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sandbox.host import cgroups

HERE = Path(__file__).resolve().parents[1]
STARTS = re.compile(r"\++ (.*)")
STAGES = re.compile(r"\s*(\w+): ([a-z]+)(?: packages)? \(\d+\)")


def environment_of(tree: Path, cache: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(tree), "XDG_CACHE_HOME": str(cache)}


def set_up(tree: Path, cache: Path, models: Path) -> None:
    """What `make setup` leaves: headers, and the model that was fetched before."""
    (cache / "solver").mkdir(parents=True)
    (cache / "solver" / "models").symlink_to(models)
    if not (tree / "sandbox" / "prepare.py").exists():
        return  # a build whose set-up prepares nothing
    argv = [".venv/bin/python", "-m", "sandbox.prepare", "cpp17", "cpp20"]
    subprocess.run(argv, cwd=tree, env=environment_of(tree, cache), check=True, stdout=sys.stderr)


class Meter:
    """Wall and CPU seconds of each part: a command, or a stage that it says it is in."""

    def __init__(self, group: cgroups.Group) -> None:
        self._group = group
        self._name, self._begun, self._used = "start", time.time(), group.cpu_s()
        self.parts: list[dict[str, float | str]] = []

    def begin(self, name: str) -> None:
        """A part begins, so the one before has ended."""
        now, used = time.time(), self._group.cpu_s()
        spent = {"wall_s": now - self._begun, "cpu_s": used - self._used}
        self.parts.append({"part": self._name, **{key: round(s, 2) for key, s in spent.items()}})
        self._name, self._begun, self._used = name, now, used


def played(tree: Path, cache: Path, run: Path, log: Path) -> dict[str, object]:
    """The script's parts with wall and CPU seconds, and the points of the contest."""
    group = cgroups.make_group()
    if group is None:
        raise SystemExit("no control groups here: CPU seconds cannot be told from others'")
    joins = group.join_fds()

    def enter() -> None:
        for fd in joins:
            os.write(fd, b"0")

    meter = Meter(group)
    with log.open("w") as kept:
        script = subprocess.Popen(
            ["bash", "-x", "scripts/demo.sh", str(run)],
            cwd=tree,
            env=environment_of(tree, cache),
            stdout=kept,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=enter,
        )
        assert script.stderr is not None
        for line in script.stderr:
            started, stage = STARTS.match(line), STAGES.match(line)
            if started and started[1].startswith(".venv/bin/solver"):
                meter.begin(" ".join(started[1].split()[1:3]))
            elif stage:
                meter.begin(f"{stage[1]}: {stage[2]}")
            elif not started:
                kept.write(line)
        if script.wait():
            raise SystemExit(f"the demo of {tree} failed: {log}")
    meter.begin("end")
    for fd in joins:
        os.close(fd)
    group.remove()
    table = json.loads(
        subprocess.run(
            [".venv/bin/solver", "report", str(run), "--json"],
            cwd=tree,
            env=environment_of(tree, cache),
            stdout=subprocess.PIPE,
            check=True,
        ).stdout
    )
    parts = meter.parts[1:]
    return {
        "wall_s": sum(float(part["wall_s"]) for part in parts),
        "cpu_s": sum(float(part["cpu_s"]) for part in parts),
        "points": {task["task"]: task["points"] for task in table["tasks"]},
        "parts": parts,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--before", type=Path, help="a checkout of the build to compare with")
    parser.add_argument("--only", choices=("ours", "before"), help="one of the two builds")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--models", type=Path, default=Path("~/.cache/solver/models").expanduser())
    parser.add_argument("--keep", type=Path, help="where run folders and logs are left")
    options = parser.parse_args()
    trees = {"ours": HERE} | ({"before": options.before.resolve()} if options.before else {})
    trees = {name: tree for name, tree in trees.items() if options.only in (None, name)}
    found: dict[str, list[dict[str, object]]] = {name: [] for name in trees}
    with tempfile.TemporaryDirectory() as folder:
        kept = options.keep.resolve() if options.keep else Path(folder)
        for number in range(options.rounds):
            order = list(trees.items())
            for name, tree in order if number % 2 else reversed(order):
                cache = Path(folder, f"cache-{name}-{number}")
                set_up(tree, cache, options.models)
                run, log = kept / f"run-{name}-{number}", kept / f"{name}-{number}.log"
                found[name].append(played(tree, cache, run, log))
                shutil.rmtree(cache)
                print(json.dumps({name: found[name][-1]}), file=sys.stderr)
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
