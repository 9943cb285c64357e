"""A pool as the breaking benchmarks see it: its labels, helpers, and not too many candidates."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from breaking import known_truth
from breaking_validators import own_validators

from problems.loading import load_task
from problems.task import Task
from sandbox.compiling.compile import Compiler
from solver.observing.behaviour import observe
from solver.observing.bench import Bench
from solver.observing.build import compile_all
from solver.observing.examples import passes_examples
from solver.observing.inputs import InputsConfig, generate
from solver.replays.record import read_record
from solver.replays.truth import Labeller, Truth, read_truth
from solver.sampling.pools.pool import read_pool
from solver.submissions import text_digest
from solver.types import Candidate, Pool

TIME_S = 1.0
"""Of the hidden tests, as in the records of docs/data/choosing."""
MOST = 40
"""Candidates of a larger pool: the first of those that pass the examples."""


def opened(
    file: Path, package: Path, truths: Path | None, compiler: Compiler
) -> tuple[Pool, Truth, str]:
    """The pool with its labels, from tables where most are known, and the contest's name."""
    task = load_task(package)
    pool = read_pool(file)
    pool = replace(
        pool,
        task=task.name,
        helpers=pool.helpers or own_validators(package),
        candidates=tuple(replace(one, task=task.name) for one in pool.candidates),
    )
    if len(pool.candidates) > MOST:
        pool = replace(pool, candidates=passers(pool, task, compiler)[:MOST])
    known = {} if truths is None else known_truth(truths, file.stem)
    label_s = None if task.limits.time_s else TIME_S
    labelled = tuple(one for one in pool.candidates if text_digest(one) in known)
    if 3 * len(labelled) >= 2 * len(pool.candidates):
        # Judging the rest would cost more than the attack: they are left out.
        pool = replace(pool, candidates=labelled)
        table = _tables(truths or Path(), file.stem)
        rows = {d: (t, r) for t in table for r, d in enumerate(t.source_digests)}
        found = [rows[text_digest(one)] for one in pool.candidates]
        truth = Truth(
            task=task.name,
            subtasks=tuple(subtask.name for subtask in task.subtasks),
            max_points=found[0][0].max_points,
            candidate_ids=tuple(one.id for one in pool.candidates),
            source_digests=tuple(text_digest(one) for one in pool.candidates),
            program_digests=tuple(t.program_digests[r] for t, r in found),
            points=np.array([t.points[r] for t, r in found]),
            verdicts=tuple(t.verdicts[r] for t, r in found),
        )
    else:
        truth = Labeller(package, compiler.sandbox, compiler, time_s=label_s).truth(pool.candidates)
        kept = set(truth.candidate_ids)
        pool = replace(pool, candidates=tuple(c for c in pool.candidates if c.id in kept))
    return pool, truth, package.resolve().parent.name


def passers(pool: Pool, task: Task, compiler: Compiler) -> tuple[Candidate, ...]:
    """Those that pass the examples, one of each program, in the pool's order."""
    with TemporaryDirectory() as folder:
        bench = Bench.of(task, compiler, Path(folder))
        programs = compile_all(pool.candidates, bench)
        examples = generate((), bench, InputsConfig(count=len(task.examples)))
        passes = passes_examples(observe(programs, examples, bench))
    first: dict[str, Candidate] = {}
    for row, one in enumerate(pool.candidates):
        digest = programs.digests[row]
        if passes[row] and digest is not None:
            first.setdefault(digest, one)
    return tuple(first.values())


def _tables(folder: Path, name: str) -> list[Truth]:
    tables = [read_truth(file) for file in sorted(folder.rglob(f"{name}.truth.parquet"))]
    return tables + [read_record(file).truth for file in sorted(folder.rglob(f"{name}-24.npz"))]
