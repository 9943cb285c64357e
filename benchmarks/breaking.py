"""The tests that are made at solve time: whom do they break, whom do they accuse? Prints JSON.

    python benchmarks/breaking.py POOL=PACKAGE ... [--truth FOLDER] [--cases FILE]
    python benchmarks/breaking.py --fit FILE ...

For each pool the programs that pass the examples are run on 256 random inputs of the generators,
and attacked, both within the same CPU time of the programs. Neither has an answer key: the verdict
is that of `solver.breaking`. `--truth` holds tables of `solver pool label` and records (NAME.truth.
parquet, NAME-24.npz); without one the pool is labelled. `--cases` keeps what every accusation rests
on, from which `--fit` makes the weights of `solver/breaking/accuse.py`, tasks left out.
"""

import argparse
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from problems.jury.validators import InputValidators
from problems.loading import load_task
from problems.package import Package, load_package
from problems.testset import Testcase
from sandbox import open_sandbox
from sandbox.compiling.compile import CompileError, Compiler
from sandbox.data import Blob
from solver.breaking import stage
from solver.breaking.accuse import BROKEN, NAMES, values_of
from solver.breaking.attack import Attacked, Column, attack
from solver.breaking.config import BreakingConfig
from solver.breaking.evidence import Trial, accused_matrix, case_of, evidence_of
from solver.breaking.runs import Runs, same_answer
from solver.breaking.types import Evidence
from solver.kept.answers import KeptAnswers
from solver.observing.behaviour import observe
from solver.observing.bench import Bench
from solver.observing.build import compile_all
from solver.observing.equivalence import written_checkers
from solver.observing.inputs import generate
from solver.observing.separating import Seen, refine
from solver.replays.record import read_record
from solver.replays.suite import SuiteQuality, quality_of
from solver.replays.truth import Labeller, Truth, read_truth
from solver.sampling.pools.pool import read_pool
from solver.submissions import text_digest
from solver.types import Candidate

RANDOM = 256
WORDS = ("upheld", "illegal", "false")


def known_truth(folder: Path, name: str) -> dict[str, NDArray[np.bool_]]:
    """Source digest to (S,) right, of all tables of this name."""
    tables: list[Truth] = [read_truth(file) for file in folder.rglob(f"{name}.truth.parquet")]
    tables += [read_record(file).truth for file in folder.rglob(f"{name}-24.npz")]
    return {
        digest: table.right[row]
        for table in tables
        for row, digest in enumerate(table.source_digests)
    }


def measured(
    pool_file: Path, package: Path, truth: Path | None, compiler: Compiler, run: Path
) -> dict[str, Any]:
    """One pool: random inputs alone, and breaking."""
    start = time.monotonic()
    task = load_task(package)
    recorded = read_pool(pool_file)
    candidates: Sequence[Candidate] = [replace(c, task=task.name) for c in recorded.candidates]
    if truth is not None:
        known = known_truth(truth, pool_file.stem)
    else:
        labelled = Labeller(package, compiler.sandbox, compiler).truth(candidates)
        known = dict(zip(labelled.source_digests, labelled.right, strict=True))
    candidates = [one for one in candidates if text_digest(one) in known]
    right = np.array([known[text_digest(one)] for one in candidates])
    run.mkdir(parents=True, exist_ok=True)
    bench = Bench.of(task, compiler, run)
    programs = compile_all(candidates, bench)
    inputs = generate(recorded.helpers, bench)
    checkers = written_checkers(task, recorded.helpers, compiler)
    behaviour = observe(programs, inputs, bench, checkers=checkers)
    seen = Seen(helpers=recorded.helpers, programs=programs, inputs=inputs, behaviour=behaviour)
    seen = refine(seen, bench)
    config = BreakingConfig(small=RANDOM)
    rows = stage.to_attack(seen, config.programs)
    passes = np.zeros(len(candidates), dtype=np.bool_)
    passes[rows] = True
    targets = {row: programs.executable(row) for row in rows}
    names = [subtask.name for subtask in task.subtasks]
    found: dict[str, Any] = {}
    cases: list[dict[str, Any]] = []
    with KeptAnswers(run) as answers:
        place, legal = stage.workplace(seen, bench, answers, config)
        budget_s = stage.random_cpu_s(seen)
        arms: dict[str, tuple[Attacked, Runs]] = {}
        for arm in ("random", "breaking"):
            runs = Runs(bench.runner, answers)
            begun = time.monotonic()
            if arm == "random":
                done = Attacked()
                drafts = [
                    draft for draft in place.drafts.meant(RANDOM) if len(draft[0]) < 2_000_000
                ]
                for one in legal.look(drafts, as_meant=True):
                    if runs.cpu_s >= budget_s:
                        break
                    told = runs.run(targets, Blob.of_bytes(one.content))
                    done.columns.append(Column(input=one, outcomes=told))
            else:
                limit_s = max(arms["random"][1].cpu_s, 1.0)
                done = attack(place, legal, targets, runs, config, limit_s)
            arms[arm] = done, runs
            reals = stage.prints_reals(done, task)
            trial = stage.try_all(seen, candidates, rows, done, bench, answers, reals=reals)
            evidence = {trial.names[row]: e for row, e in evidence_of(trial, names).items()}
            accused = accused_matrix(evidence, [one.id for one in candidates], names)
            jury = words_of_jury(package, evidence, accused, right, candidates, bench)
            found[arm] = quality_of(accused, right, passes).as_record() | {
                "accused_right_by_jury": {word: list(jury.values()).count(word) for word in WORDS},
                "inputs": len(done.columns),
                "largest_bytes": max((len(c.input.content) for c in done.columns), default=0),
                "cpu_s": round(runs.cpu_s, 1),
                "wall_s": round(time.monotonic() - begun, 1),
            }
            cases += cases_of(task.name, arm, trial, rows, right, names, accused, jury)
    return {
        "task": task.name,
        "pool": pool_file.stem,
        "attacked": len(rows),
        **found,
        "cases": cases,
        "wall_s": round(time.monotonic() - start, 1),
    }


def words_of_jury(
    package: Path,
    evidence: Mapping[str, Evidence],
    accused: NDArray[np.float64],
    right: NDArray[np.bool_],
    candidates: Sequence[Candidate],
    bench: Bench,
) -> dict[int, str]:
    """What the package says of the accusations of programs with full marks, by their rows.

    "upheld": its validators accept the input, and its accepted programs agree and end, but not as
    the accused: its own tests are too weak. "illegal": a validator complains. "false": the rest.
    """
    suspects = {
        row: [one for one in evidence[each.id].breaks if one.probability >= BROKEN]
        for row, each in enumerate(candidates)
        if right[row].all() and (accused[row] >= BROKEN).any()
    }
    if not suspects:
        return {}
    opened = load_package(package)
    validators = InputValidators(bench.runner.side.programs, opened.testset.validators)
    flags = {repr(test.validator_args): test.validator_args for test in _tests(opened)}
    accepted = [one for one in opened.submissions if one.name.startswith("accepted")]
    made = [bench.runner.build(one.submission) for one in accepted[:4]]
    programs = [one for one in made if not isinstance(one, CompileError)]
    told: dict[int, str] = {}
    for row, breaks in suspects.items():
        words = set()
        for one in breaks:
            blob = Blob.of_bytes(one.input.content)
            if not any(validators.accepted([(blob, args) for args in flags.values()])):
                words.add("illegal")
                continue
            runs = [bench.runner.run(program, blob) for program in programs]
            ended = [run.output.read() for run in runs if run.output is not None]
            agree = len(ended) == len(runs) > 0 and all(same_answer(ended[0], e) for e in ended)
            differs = one.printed is None or not same_answer(ended[0], one.printed)
            words.add("upheld" if agree and differs else "false")
        # One sound reason is enough; one unsound one is a false alarm only where there is no other.
        told[row] = next(word for word in ("upheld", "illegal", "false") if word in words)
    return told


def _tests(package: Package) -> Sequence[Testcase]:
    return list(package.testset.testcases.values())


def cases_of(
    task: str,
    arm: str,
    trial: Trial,
    rows: Sequence[int],
    right: NDArray[np.bool_],
    names: Sequence[str],
    accused: NDArray[np.float64],
    jury: Mapping[int, str],
) -> list[dict[str, Any]]:
    """What each attacked candidate is accused of, a subtask, and whether it is right: with full
    marks, and not convicted by the jury's own programs."""
    told = []
    for row in rows:
        for s, name in enumerate(names):
            found = case_of(trial, row, name)
            told.append(
                {
                    "task": task,
                    "arm": arm,
                    "candidate": int(row),
                    "subtask": name,
                    "right": bool(right[row, s]) and jury.get(row) != "upheld",
                    "full": bool(right[row].all()) and jury.get(row) != "upheld",
                    "values": None if found is None else values_of(found[0]),
                    "accused": round(float(accused[row, s]), 4),
                }
            )
    return told


def fitted(rows: Sequence[tuple[tuple[float, ...], bool]]) -> NDArray[np.float64]:
    """Weights of a ridge logistic regression, the constant last; tasks weigh what they have."""
    x = np.array([(*values, 1.0) for values, _ in rows])
    y = np.array([float(wrong) for _, wrong in rows])
    ridge = np.array([0.3] * len(NAMES) + [0.01])
    w = np.zeros(x.shape[1])
    for _ in range(50):
        p = 1.0 / (1.0 + np.exp(-np.clip(x @ w, -30, 30)))
        hessian = (x * (p * (1 - p))[:, None]).T @ x + np.diag(ridge)
        w = w + np.linalg.solve(hessian, x.T @ (y - p) - ridge * w)
    return w


def fit(files: Sequence[Path]) -> dict[str, Any]:
    """Weights on all tasks, and what they come to on each task when it is left out."""
    cases = [case for file in files for case in json.loads(file.read_text())]
    told = [case for case in cases if case["arm"] == "breaking" and case["values"] is not None]
    tasks = sorted({case["task"] for case in told})
    rows = [(case["task"], tuple(case["values"]), not case["right"]) for case in told]
    chance = np.zeros(len(rows))
    for task in tasks:
        w = fitted([(v, y) for t, v, y in rows if t != task])
        for k, (name, values, _) in enumerate(rows):
            if name == task:
                chance[k] = 1.0 / (1.0 + np.exp(-np.clip(np.dot((*values, 1.0), w), -30, 30)))
    wrong = np.array([y for _, _, y in rows])
    bins = np.minimum((chance * 10).astype(int), 9)
    ece = sum(
        abs(chance[bins == b].mean() - wrong[bins == b].mean()) * (bins == b).mean()
        for b in range(10)
        if (bins == b).any()
    )
    everyone = {(c["task"], c["candidate"]): c["full"] for c in cases if c["arm"] == "breaking"}
    levels = {}
    for level in (0.8, 0.9, 0.95, 0.97, 0.98, 0.99):
        convicted = [c for c, p in zip(told, chance, strict=True) if p >= level]
        by = {(c["task"], c["candidate"]) for c in convicted if not c["right"] and not c["full"]}
        bad = {(c["task"], c["candidate"]) for c in convicted if c["full"]}
        full = sum(everyone.values())
        levels[str(level)] = SuiteQuality(
            wrong=len(everyone) - full, broken=len(by), right=full, accused=len(bad)
        ).as_record()
    weights = fitted([(v, y) for _, v, y in rows])
    return {
        "tasks": len(tasks),
        "cases": len(rows),
        "ece_left_out": round(float(ece), 4),
        "levels_left_out": levels,
        "weights": dict(zip((*NAMES, "constant"), weights.round(3).tolist(), strict=True)),
    }


def total(rows: Sequence[dict[str, Any]], arm: str) -> dict[str, Any]:
    """All tasks together."""
    kinds = ("wrong", "broken", "right", "accused")
    counts = {kind: sum(row[arm][kind] for row in rows) for kind in kinds}
    jury = {word: sum(row[arm]["accused_right_by_jury"][word] for row in rows) for word in WORDS}
    cpu: dict[str, Any] = {"accused_right_by_jury": jury}
    cpu |= {"cpu_s": round(sum(row[arm]["cpu_s"] for row in rows), 1)}
    return SuiteQuality(**counts).as_record() | cpu


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("pools", nargs="*", metavar="POOL=PACKAGE")
    parser.add_argument("--truth", type=Path)
    parser.add_argument("--cases", type=Path)
    parser.add_argument("--run", type=Path, default=Path("runs/breaking"))
    parser.add_argument("--fit", type=Path, nargs="+")
    args = parser.parse_args()
    if args.fit:
        print(json.dumps(fit(args.fit), indent=1))
        return
    rows = []
    with open_sandbox() as sandbox:
        compiler = Compiler(sandbox)
        for pair in args.pools:
            pool, _, package = pair.partition("=")
            run = args.run / Path(pool).stem
            rows.append(measured(Path(pool), Path(package), args.truth, compiler, run))
            if args.cases:
                args.cases.write_text(json.dumps([case for row in rows for case in row["cases"]]))
            print(json.dumps({k: v for k, v in rows[-1].items() if k != "cases"}), flush=True)
    print(
        json.dumps(
            {
                "broken_from": BROKEN,
                "total": {arm: total(rows, arm) for arm in ("random", "breaking")},
            }
        )
    )


if __name__ == "__main__":
    main()
