"""Does breaking help the choice? One pool after the other, each under a cap, results as they come.

    python benchmarks/breaking_pools.py --out OUT POOL=PACKAGE ... [--cap 90] [--truth FOLDER]
    python benchmarks/breaking_pools.py --out OUT --random POOL=PACKAGE ...
    python benchmarks/breaking_pools.py --out OUT --guests POOL=PACKAGE ...

Each pool is looked at twice, without and with breaking, by a process of its own that is ended after
`--cap` CPU seconds (or `--wall`); called again, it goes on where it was, and a pool that is done is
left alone.
OUT holds of each pool NAME.json (whom breaking breaks and accuses, what it took), NAME.off.npz and
NAME.on.npz (records). `--guests` lets labelled programs of the package join one at a time
(`breaking_guests.py`; NAME.guests.json). `--random` runs 256 inputs of the generators instead,
within the CPU time that the attack took (NAME.random.json). A pool that was drawn without helpers
has the package's own validators for its own, and mutated examples for generators.
`benchmarks/breaking_report.py OUT` makes tables of it. Prints a line of JSON a pool.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from breaking import words_of_jury
from breaking_guests import guests
from breaking_opening import opened

from problems.loading import load_task
from sandbox import open_sandbox
from sandbox.compiling.compile import Compiler
from sandbox.data import Blob
from solver.breaking import stage
from solver.breaking.accuse import BROKEN
from solver.breaking.attack import Attacked, Column
from solver.breaking.config import BreakingConfig
from solver.breaking.evidence import accused_matrix, evidence_of
from solver.breaking.runs import Runs
from solver.breaking.types import Evidence
from solver.kept.answers import KeptAnswers
from solver.observed import Observed, ObservingConfig, observe_all
from solver.observing.behaviour import observe
from solver.observing.bench import Bench
from solver.observing.build import compile_all
from solver.observing.equivalence import written_checkers
from solver.observing.examples import passes_examples
from solver.observing.inputs import InputsConfig, generate
from solver.observing.separating import Seen, refine
from solver.replays.record import record_of, write_record
from solver.types import GeneratedInput, HelperKind, Pool

RANDOM = 256


def cpu_s(root: int | None = None) -> float:
    """CPU seconds of a process (this one) and all its descendants, ended ones included (Linux)."""
    root = root or os.getpid()
    tick = os.sysconf("SC_CLK_TCK")
    times: dict[int, tuple[int, int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            times[int(folder.name)] = int(fields[1]), sum(int(word) for word in fields[11:15])
    mine, spent = {root}, times.get(root, (0, 0))[1]
    while more := {pid for pid, (parent, _) in times.items() if parent in mine} - mine:
        spent += sum(times[pid][1] for pid in more)
        mine |= more
    return spent / tick


class Clock:
    """CPU and wall seconds between two looks."""

    def __init__(self) -> None:
        self._last = cpu_s(), time.monotonic()

    def lap(self) -> dict[str, float]:
        """Since the last call."""
        before, self._last = self._last, (cpu_s(), time.monotonic())
        spent, passed = (now - then for now, then in zip(self._last, before, strict=True))
        return {"cpu_s": round(spent, 1), "wall_s": round(passed, 1)}


def looked_at(
    file: Path, package: Path, truths: Path | None, out: Path, compiler: Compiler
) -> dict[str, Any]:
    """One pool without and with breaking."""
    clock = Clock()
    pool, truth, contest = opened(file, package, truths, compiler)
    task = load_task(package)
    bench = Bench.of(task, compiler, out / "runs" / file.stem)
    bench.run.mkdir(parents=True, exist_ok=True)
    took = {"labels": clock.lap()}
    arms: dict[str, Observed] = {}
    for arm in ("off", "on"):
        config = ObservingConfig(breaking=BreakingConfig(on=arm == "on"))
        arms[arm] = observe_all(pool.candidates, pool.helpers, bench, config)
        record = record_of(pool, task, arms[arm], truth, contest)
        write_record(out / f"{file.stem}.{arm}.npz", record)
        took[arm] = clock.lap()
    broken = arms["on"].broken
    names = [subtask.name for subtask in task.subtasks]
    ids = [one.id for one in pool.candidates]
    accused = {
        "made": accused_matrix(broken.before, ids, names),
        "breaking": accused_matrix(broken.evidence, ids, names),
    }
    passes = passes_examples(arms["off"].behaviour)
    words = words_of_jury(
        package, broken.evidence, accused["breaking"], truth.right, pool.candidates, bench
    )
    made_words = words_of_jury(
        package, broken.before, accused["made"], truth.right, pool.candidates, bench
    )
    told = {
        "task": task.name,
        "pool": file.stem,
        "contest": contest,
        "subtasks": names,
        "candidates": [
            {
                "row": row,
                "right": truth.right[row].tolist(),
                "verdict": str(truth.verdicts[row]),
                "passes": bool(passes[row]),
                "attacked": one.id in broken.evidence,
                "accused": {arm: np.round(told[row], 4).tolist() for arm, told in accused.items()},
                "kinds": kinds_of(broken.evidence.get(one.id)),
                "jury": words.get(row),
                "jury_made": made_words.get(row),
            }
            for row, one in enumerate(pool.candidates)
        ],
        "matrix": np.round(accused["breaking"], 4).tolist(),
        "runs_cpu_s": round(broken.spent.cpu_s, 1),
        "inputs_kept": len(broken.inputs),
    }
    took["words"] = clock.lap()
    seen = seen_of(pool, bench)
    told["random_cpu_s"] = round(stage.random_cpu_s(seen), 1)
    return told | {"took": took}


def kinds_of(evidence: Evidence | None) -> list[str]:
    breaks = () if evidence is None else evidence.breaks
    return sorted({str(one.kind) for one in breaks if one.probability >= BROKEN})


def seen_of(pool: Pool, bench: Bench) -> Seen:
    """What observing made before the attack; all of it is kept, so nothing runs."""
    programs = compile_all(pool.candidates, bench)
    inputs = generate(pool.helpers, bench)
    checkers = written_checkers(bench.task, pool.helpers, bench.compiler)
    behaviour = observe(programs, inputs, bench, checkers=checkers)
    seen = Seen(helpers=pool.helpers, programs=programs, inputs=inputs, behaviour=behaviour)
    return refine(seen, bench)


def random_arm(
    file: Path, package: Path, truths: Path | None, out: Path, compiler: Compiler
) -> dict[str, Any]:
    """256 inputs of the generators as they are, within the CPU time that the attack took."""
    pool, truth, _ = opened(file, package, truths, compiler)
    bench = Bench.of(load_task(package), compiler, out / "runs" / file.stem)
    seen = seen_of(pool, bench)
    rows = stage.to_attack(seen, BreakingConfig().programs)
    targets = {row: seen.programs.executable(row) for row in rows}
    names = [subtask.name for subtask in bench.task.subtasks]
    clock, done = Clock(), Attacked()
    with KeptAnswers(bench.run) as answers:
        place, legal = stage.workplace(seen, bench, answers, BreakingConfig())
        runs = Runs(bench.runner, answers)
        budget_s = json.loads((out / f"{file.stem}.json").read_text())["runs_cpu_s"]
        drafts = [draft for draft in place.drafts.meant(RANDOM) if len(draft[0]) < 2_000_000]
        inputs: Sequence[GeneratedInput] = legal.look(drafts, as_meant=True)
        if not any(one.kind is HelperKind.GENERATOR for one in pool.helpers):
            # Mutated examples are what is random where no generator is.
            inputs = generate(pool.helpers, bench, InputsConfig(count=RANDOM))
        for one in inputs:
            if runs.cpu_s >= budget_s:
                break
            told = runs.run(targets, Blob.of_bytes(one.content))
            done.columns.append(Column(input=one, outcomes=told))
        reals = stage.prints_reals(done, bench.task)
        trial = stage.try_all(seen, pool.candidates, rows, done, bench, answers, reals=reals)
    evidence = {trial.names[row]: one for row, one in evidence_of(trial, names).items()}
    accused = accused_matrix(evidence, [one.id for one in pool.candidates], names)
    words = words_of_jury(package, evidence, accused, truth.right, pool.candidates, bench)
    return {
        "task": bench.task.name,
        "pool": file.stem,
        "accused": np.round(accused, 4).tolist(),
        "jury": {str(row): word for row, word in words.items()},
        "inputs": len(done.columns),
        "runs_cpu_s": round(runs.cpu_s, 1),
        "took": clock.lap(),
    }


def guests_of(
    file: Path, package: Path, truths: Path | None, out: Path, compiler: Compiler
) -> dict[str, Any]:
    """The package's labelled programs in the company of the pool."""
    pool, _, _ = opened(file, package, truths, compiler)
    bench = Bench.of(load_task(package), compiler, out / "runs" / file.stem)
    clock = Clock()
    told = guests(pool, package, bench, seen_of(pool, bench))
    return told | {"task": bench.task.name, "pool": file.stem, "took": clock.lap()}


def target_of(args: argparse.Namespace, file: Path) -> Path:
    """Where a pool's result goes."""
    kind = ".random" if args.random else ".guests" if args.guests else ""
    out: Path = args.out
    return out / f"{file.stem}{kind}.json"


def one_pool(args: argparse.Namespace, file: Path, package: Path) -> None:
    """In a process of its own: writes NAME.json, or NAME.random.json."""
    with open_sandbox(slots=args.slots) as sandbox:
        compiler = Compiler(sandbox)
        if args.guests:
            told = guests_of(file, package, args.truth, args.out, compiler)
        elif args.random:
            told = random_arm(file, package, args.truth, args.out, compiler)
        else:
            told = looked_at(file, package, args.truth, args.out, compiler)
    target = target_of(args, file)
    partial = target.with_suffix(".part")
    partial.write_text(json.dumps(told))
    partial.rename(target)


def capped(child: "subprocess.Popen[bytes]", most_cpu_s: float, most_s: float) -> tuple[str, float]:
    """How a process ended, and the CPU seconds that it had when it was last looked at."""
    began = time.monotonic()
    while True:
        spent = round(cpu_s(child.pid), 1)
        try:
            return str(child.wait(2.0)), spent
        except subprocess.TimeoutExpired:
            if spent < most_cpu_s and time.monotonic() - began < most_s:
                continue
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        return "capped", spent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("pools", nargs="+", metavar="POOL=PACKAGE")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--truth", type=Path, help="Tables of `solver pool label`, records.")
    parser.add_argument("--cap", type=float, default=300.0, help="CPU seconds a pool.")
    parser.add_argument("--wall", type=float, default=3600.0, help="Wall seconds a pool.")
    parser.add_argument("--slots", type=int, default=1, help="Runs at once.")
    parser.add_argument("--random", action="store_true")
    parser.add_argument("--guests", action="store_true")
    parser.add_argument("--here", action="store_true", help="One pool, in this process.")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    for pair in args.pools:
        file, package = (Path(word) for word in pair.split("=", 1))
        if target_of(args, file).exists():
            continue
        if args.here:
            one_pool(args, file, package)
            continue
        began = time.monotonic()
        command = [sys.executable, __file__, "--here", "--out", str(args.out), pair]
        command += ["--slots", str(args.slots)]
        command += ["--random"] * args.random + ["--guests"] * args.guests
        command += ["--truth", str(args.truth)] if args.truth else []
        with (args.out / f"{file.stem}.log").open("ab") as log:
            child = subprocess.Popen(command, stderr=log, stdout=log, start_new_session=True)
            end, spent = capped(child, args.cap, args.wall)
        row = {"pool": file.stem, "end": end, "cpu_s": spent}
        row["wall_s"] = round(time.monotonic() - began, 1)
        print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main()
