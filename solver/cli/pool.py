"""`solver pool`: labels candidates on hidden tests, and grows harder pools."""

import json
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import click
import numpy as np

from sandbox import open_sandbox
from sandbox.compiling.compile import Compiler
from solver.cli import options
from solver.cli.groups import FullGroup
from solver.cli.stages import Stages
from solver.errors import SolverError
from solver.replays.truth import Labeller, Truth
from solver.sampling.pools.pool import pool_of, write_pool
from solver.submissions import text_digest
from solver.types import Pool


@click.group(cls=FullGroup)
def pool() -> None:
    """Recorded pools of candidate programs: what each is worth, and harder pools from them.

    \b
    Examples:
      solver pool label elk.jsonl --task packages/elk --out elk.truth.parquet
      solver pool grow elk.jsonl --task packages/elk --size 500 --right 0.01 \\
          --seed 1 --out elk.grown.jsonl --truth elk.grown.truth.parquet
    """


@pool.command()
@click.argument("file", metavar="POOL", type=click.Path(path_type=Path))
@click.option("--task", "task_dir", required=True, type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Parquet file.")
@click.option(
    "--time-limit", type=options.SOME, help="CPU seconds a test, instead of the package's."
)
@options.task_name
@options.backend
@options.as_json
def label(
    file: Path,
    task_dir: Path,
    out: Path,
    time_limit: float | None,
    task_name: str | None,
    backend: str,
    as_json: bool,
) -> None:
    """Runs every candidate of POOL on the task's hidden tests and writes the truth table.

    Equal programs run once, a group of tests stops at its first failure, and labels are kept on
    disk by the program's hash: a second call, or one after an interrupt, runs only what is new.

    \b
    Examples:
      solver pool label elk.jsonl --task packages/elk --out elk.truth.parquet
      solver pool label lcb.jsonl --task livecodebench.jsonl#abc999_a --out a.parquet --json
    """
    with open_sandbox(backend) as sandbox:
        labeller = Labeller(task_dir, sandbox, Compiler(sandbox), time_s=time_limit)
        recorded = pool_of(file, labeller.task.name, task_name)
        with Stages("labelling") as line:
            truth = labeller.truth(recorded.candidates, line.update)
    truth.write(out)
    for name, reason in labeller.failures.items():
        click.echo(f"warning: {name} has no label: {reason}", err=True)
    _report(truth, out, as_json)


@pool.command()
@click.argument("file", metavar="POOL", type=click.Path(path_type=Path))
@click.option("--task", "task_dir", required=True, type=click.Path(path_type=Path))
@click.option("--size", default=500, show_default=True, type=click.IntRange(2))
@click.option(
    "--right",
    default=0.01,
    show_default=True,
    type=click.FloatRange(0, 1, min_open=True),
    help="Largest share that is right on the hardest subtask.",
)
@click.option(
    "--ladder",
    default=5.0,
    show_default=True,
    type=click.FloatRange(1),
    help="Each easier subtask may have this many times as many right ones.",
)
@click.option(
    "--attempts",
    default=12,
    show_default=True,
    type=click.IntRange(1),
    help="Mutants made at most, as a multiple of --size.",
)
@click.option("--seed", default=1, show_default=True)
@click.option("--out", required=True, type=click.Path(path_type=Path))
@click.option("--truth", "truth_file", type=click.Path(path_type=Path), help="Labels as Parquet.")
@click.option(
    "--record",
    "record_file",
    type=click.Path(path_type=Path),
    help="Also what `solver scorer collect` would write, without compiling anything again.",
)
@click.option("--inputs", default=48, show_default=True, type=click.IntRange(1))
@click.option(
    "--time-limit", type=options.SOME, help="CPU seconds a test, instead of the package's."
)
@click.option("--minutes", type=click.FloatRange(0), help="Stop growing after so long.")
@click.option("--run", type=click.Path(path_type=Path), help="Folder for what was observed.")
@options.task_name
@options.backend
@options.as_json
def grow(
    file: Path,
    task_dir: Path,
    size: int,
    right: float,
    ladder: float,
    attempts: int,
    seed: int,
    out: Path,
    truth_file: Path | None,
    record_file: Path | None,
    inputs: int,
    time_limit: float | None,
    minutes: float | None,
    run: Path | None,
    task_name: str | None,
    backend: str,
    as_json: bool,
) -> None:
    """Makes a large, hard pool from POOL by small slips in its programs, marked as grown.

    At least half of the candidates pass the examples, no behaviour is more common than in POOL,
    and candidates that are right are thinned: at most --right of them on the hardest subtask.
    """
    from solver.grow import GrowConfig, Grower
    from solver.observed import Observed
    from solver.observing.behaviour_config import BehaviourConfig
    from solver.observing.bench import Bench
    from solver.observing.cluster import by_behaviour
    from solver.observing.inputs import InputsConfig, generate
    from solver.observing.separating import Seen, refine
    from solver.replays.record import record_of, write_record
    from solver.replays.world import default_run

    settings = GrowConfig(size=size, right=right, ladder=ladder, attempts=attempts)
    with open_sandbox(backend) as sandbox:
        compiler = Compiler(sandbox)
        labeller = Labeller(task_dir, sandbox, compiler, time_s=time_limit)
        task = labeller.task
        recorded = pool_of(file, task.name, task_name)
        observing = BehaviourConfig(timeouts=1)
        bench = Bench.of(task, compiler, run or default_run(file), observing)
        click.echo("making inputs and running the recorded candidates", err=True)
        made_inputs = generate(recorded.helpers, bench, InputsConfig(count=inputs))
        grower = Grower(recorded.candidates, labeller, bench, made_inputs, observing)
        end = time.monotonic() + (60.0 * minutes if minutes is not None else float("inf"))
        with Stages("growing") as line:
            kept = grower.grow(
                settings,
                np.random.default_rng(seed),
                lambda done, total, made: line.update(done, total, f"{made} mutants"),
                lambda: time.monotonic() > end,
            )
        if kept and record_file is not None:
            with Stages("separating") as line:
                found = Seen(
                    helpers=recorded.helpers,
                    programs=grower.programs_of(kept),
                    inputs=made_inputs,
                    behaviour=grower.behaviour_of(kept),
                )
                telling = replace(bench, tell=lambda stage, done, total: line.update(done, total))
                seen = refine(found, telling, observing=observing).behaviour
    if len(kept) < size:
        click.echo(
            f"warning: the pool gave {len(kept)} candidates under these rules, not {size}",
            err=True,
        )
    if not kept:
        raise SolverError(f"{file}: nothing could be grown from this pool")
    grown = Pool(
        task=recorded.task,
        candidates=tuple(one.candidate for one in kept),
        helpers=recorded.helpers,
    )
    write_pool(
        out,
        grown,
        {
            one.candidate.id: {"grown_from": one.parent, "slips": [str(s) for s in one.slips]}
            for one in kept
        },
    )
    truth = Truth(
        task=task.name,
        subtasks=tuple(subtask.name for subtask in task.subtasks),
        max_points=np.array([subtask.max_points for subtask in task.subtasks]),
        candidate_ids=tuple(one.candidate.id for one in kept),
        source_digests=tuple(text_digest(one.candidate) for one in kept),
        program_digests=tuple(one.program for one in kept),
        points=np.array([one.label.points for one in kept]),
        verdicts=tuple(one.label.verdict for one in kept),
        notes={
            "time_limit_s": f"{labeller.judge.time_s:g}",
            "grown": f"size={size} right={right:g} ladder={ladder:g} seed={seed}",
        },
    )
    if truth_file is not None:
        truth.write(truth_file)
    if record_file is not None:
        observed = Observed(behaviour=seen, clusters=by_behaviour(seen, task))
        contest = task_dir.resolve().parent.name
        write_record(record_file, record_of(grown, task, observed, truth, contest))
    _report(truth, out, as_json)


def _report(truth: Truth, out: Path, as_json: bool) -> None:
    right = dict(zip(truth.subtasks, truth.right.sum(axis=0).tolist(), strict=True))
    if as_json:
        verdicts = Counter(str(verdict) for verdict in truth.verdicts)
        document = {
            "task": truth.task,
            "candidates": len(truth.candidate_ids),
            "right": right,
            "verdicts": dict(sorted(verdicts.items())),
            "oracle": truth.oracle,
            "file": str(out),
            "notes": dict(truth.notes),
        }
        click.echo(json.dumps(document))
        return
    click.echo(f"{truth.task}: {len(truth.candidate_ids)} candidates -> {out}")
    for name, count in right.items():
        click.echo(f"  {name}: {count} right ({count / len(truth.candidate_ids):.1%})")
    click.echo(f"  oracle: {truth.oracle:g} points")
