"""`solver scorer`: collects training data, trains, evaluates and explains the estimate."""

import json
from pathlib import Path
from typing import Any

import click
import numpy as np

from problems.loading import load_task
from sandbox import open_sandbox
from sandbox.compiling.compile import Compiler
from solver.cli import options
from solver.cli.groups import FullGroup
from solver.cli.stages import Stages
from solver.errors import SolverError
from solver.replays.truth import read_truth
from solver.sampling.pools.pool import pool_of


@click.group(cls=FullGroup)
def scorer() -> None:
    """The learned scorer: the chance that a candidate gets a subtask's full points.

    \b
    Examples:
      solver scorer collect elk.jsonl --task packages/elk --truth elk.parquet \\
          --contest nordic-2021 --out elk.npz
      solver scorer train *.npz --out my.safetensors
      solver scorer eval *.npz            each contest by a scorer that never saw it
      solver scorer explain elk.jsonl --task packages/elk --candidate elk/07
    """


@scorer.command()
@click.argument("file", metavar="POOL", type=click.Path(path_type=Path))
@click.option("--task", "task_dir", required=True, type=click.Path(path_type=Path))
@click.option("--truth", required=True, type=click.Path(path_type=Path))
@click.option("--contest", help="What is left out together; the task folder's parent if not given.")
@click.option("--inputs", default=48, show_default=True, type=click.IntRange(1))
@click.option("--run", type=click.Path(path_type=Path), help="Folder for what was observed.")
@click.option("--encoder", help="hf:FOLDER or hf:NAME: a transformer's embedding joins the record.")
@click.option("--out", required=True, type=click.Path(path_type=Path))
@options.task_name
def collect(
    file: Path,
    task_dir: Path,
    truth: Path,
    contest: str | None,
    inputs: int,
    run: Path | None,
    task_name: str | None,
    encoder: str | None,
    out: Path,
) -> None:
    """Observes a labelled pool and writes a record: numbers only, to train and replay from."""
    from solver.observed import ObservingConfig, observe_all
    from solver.observing.bench import Bench
    from solver.observing.inputs import InputsConfig
    from solver.replays.record import record_of, write_record
    from solver.replays.world import default_run

    task = load_task(task_dir)
    recorded = pool_of(file, task.name, task_name)
    reader = None
    if encoder is not None:
        from solver.scorer.encoder import Encoder

        reader = Encoder(encoder)
    with open_sandbox() as sandbox, Stages("running") as line:
        bench = Bench.of(task, Compiler(sandbox), run or default_run(file), tell=line.notify)
        observed = observe_all(
            recorded.candidates,
            recorded.helpers,
            bench,
            ObservingConfig(inputs=InputsConfig(count=inputs)),
        )
    name = contest or task_dir.resolve().parent.name
    record = record_of(recorded, task, observed, read_truth(truth), name, encoder=reader)
    write_record(out, record)
    click.echo(f"{out}: {len(recorded.candidates)} candidates of {task.name}, contest {name}")


@scorer.command()
@click.argument("records", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path))
@options.seed
@click.option("--without", multiple=True, help="A contest to leave out; may be repeated.")
@click.option("--note", default="", help="Where the data came from; kept in the file.")
@click.option(
    "--encoder", help="hf:... that the records were collected with: reads embeddings too."
)
def train(
    records: tuple[Path, ...],
    out: Path,
    seed: int,
    without: tuple[str, ...],
    note: str,
    encoder: str | None,
) -> None:
    """Trains and calibrates a scorer on records; takes seconds.

    \b
    Examples:
      solver scorer train records/*.npz --out mine.safetensors
      solver scorer train records/*.npz --out mine.safetensors --without ioi-2024
    """
    from solver.replays.evaluation import labelled
    from solver.replays.record import read_record
    from solver.scorer.training import TrainConfig, train

    read = [read_record(path) for path in records]
    for path, one in zip(records, read, strict=True):
        if encoder is not None and one.encoder != encoder:
            raise SolverError(f"{path}: collected with encoder {one.encoder}, not {encoder}")
    data = [labelled(one) for one in read]
    data = [one for one in data if one.contest not in without]
    if not data:
        raise SolverError("no record is left to train on")
    notes = {
        "command": f"solver scorer train RECORDS --seed {seed}",
        "tasks": ", ".join(f"{one.task} ({len(one.right)})" for one in data),
        "without": ", ".join(without),
        "note": note,
    }
    made = train(data, TrainConfig(seed=seed), notes, encoder)
    made.save(out)
    click.echo(f"{out}: trained on {len(data)} pools, slope {made.calibration[0]:.2f}")


@scorer.command("eval")
@click.argument("records", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--weights", type=click.Path(path_type=Path), help="Evaluate this file as it is.")
@options.seed
@click.option("--replays", default=0, type=click.IntRange(0), help="Seeds to replay strategies.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1))
@click.option("--encoder", help="hf:... that the records were collected with.")
@options.as_json
def evaluate_command(
    records: tuple[Path, ...],
    weights: Path | None,
    seed: int,
    replays: int,
    limit: int,
    encoder: str | None,
    as_json: bool,
) -> None:
    """Evaluates on contests left out: ranking, calibration, and replays with those estimates.

    \b
    Examples:
      solver scorer eval records/*.npz
      solver scorer eval records/*.npz --weights mine.safetensors --replays 50 --json
    """
    from solver import strategies
    from solver.replays.evaluation import evaluate, score_with
    from solver.replays.play import replay_all
    from solver.replays.record import read_record
    from solver.replays.table import table_of
    from solver.scorer.model import load_scorer
    from solver.scorer.training import TrainConfig

    read = {path.stem: read_record(path) for path in records}
    if weights is not None:
        given = load_scorer(weights)
        found = score_with(read, dict.fromkeys(read, given))
    else:
        found = evaluate(read, TrainConfig(seed=seed), encoder=encoder)
    document: dict[str, Any] = {
        "left_out": "nothing" if weights is not None else "the task's contest",
        "ece": found.reliability.ece,
        "brier": found.reliability.brier,
        "reliability": [
            {"low": b.low, "high": b.high, "count": b.count, "predicted": b.predicted}
            | {"observed": b.observed}
            for b in found.reliability.bins
        ],
        "tasks": [
            {"task": row.task, "contest": row.contest, "ece": row.reliability.ece}
            | {"brier": row.reliability.brier, "auc": row.auc, "rank_of_best_right": row.top}
            for row in found.tasks
        ],
    }
    if replays:
        worlds = {
            name: record.world(found.probability[name], limit=limit)
            for name, record in read.items()
        }
        curves = replay_all(worlds, strategies.NAMES, replays)
        document["replay"] = table_of(worlds, curves, limit)
    if as_json:
        click.echo(json.dumps(document))
        return
    _show(document)


@scorer.command()
@click.argument("file", metavar="POOL", type=click.Path(path_type=Path))
@click.option("--task", "task_dir", required=True, type=click.Path(path_type=Path))
@click.option("--candidate", required=True, help="Its id in the pool.")
@click.option("--subtask", help="One subtask; all if not given.")
@click.option("--weights", type=click.Path(path_type=Path))
@click.option("--run", type=click.Path(path_type=Path), help="Folder for what was observed.")
@options.task_name
def explain(
    file: Path,
    task_dir: Path,
    candidate: str,
    subtask: str | None,
    weights: Path | None,
    run: Path | None,
    task_name: str | None,
) -> None:
    """Says what an estimate rests on: each feature, and how much it moves the estimate.

    \b
    Example:
      solver scorer explain elk.jsonl --task packages/elk --candidate elk/003
    """
    from solver.observed import observe_all
    from solver.observing.bench import Bench
    from solver.replays.world import default_run
    from solver.scorer.explain import contributions
    from solver.scorer.features import features_of
    from solver.scorer.model import DEFAULT_WEIGHTS, load_scorer

    task = load_task(task_dir)
    recorded = pool_of(file, task.name, task_name)
    ids = [one.id for one in recorded.candidates]
    if candidate not in ids:
        raise SolverError(f"{file}: no candidate {candidate!r} (the first is {ids[0]!r})")
    if subtask is not None and subtask not in [one.name for one in task.subtasks]:
        raise SolverError(f"{task_dir}: no subtask {subtask!r}")
    with open_sandbox() as sandbox, Stages("running") as line:
        bench = Bench.of(task, Compiler(sandbox), run or default_run(file), tell=line.notify)
        observed = observe_all(recorded.candidates, recorded.helpers, bench)
    features = features_of(recorded.candidates, observed.behaviour, observed.clusters, task)
    loaded = load_scorer(weights or DEFAULT_WEIGHTS)
    row = ids.index(candidate)
    embedding = None
    if loaded.encoder is not None:
        from solver.scorer.encoder import Encoder

        sources = [one.source for one in recorded.candidates]
        embedding = Encoder(loaded.encoder).embed(task.statement.text, sources)
    chances = loaded.probability(features, observed.clusters.label, embedding)
    if loaded.projection is not None and embedding is not None:
        from solver.scorer.encoder import joined

        features = joined(features, embedding, loaded.projection)
    for s, one in enumerate(task.subtasks):
        if subtask in (None, one.name):
            click.echo(f"{candidate}, {one.name}: estimate {chances[row, s]:.3f}")
            pool_rows = features[:, s][observed.clusters.label[:, s] >= 0]
            typical = np.median(pool_rows, axis=0) if len(pool_rows) else features[row, s]
            for name, value, middle, move in contributions(loaded, features[row, s], typical)[:12]:
                click.echo(f"  {move:+7.2f}  {name}: {value:.3f} (pool's median {middle:.3f})")


def _show(document: dict[str, Any]) -> None:
    click.echo(f"left out: {document['left_out']}")
    for row in document["tasks"]:
        auc = "   -  " if row["auc"] is None else f"{row['auc']:.3f}"
        top = "  -" if row["rank_of_best_right"] is None else f"{row['rank_of_best_right']:.1f}"
        click.echo(
            f"  {row['task']:<20} {row['contest']:<32} AUC {auc}  best right at {top:>5}  "
            f"ECE {row['ece']:.3f}  Brier {row['brier']:.3f}"
        )
    click.echo(f"all: ECE {document['ece']:.4f}, Brier {document['brier']:.4f}")
    for one in document["reliability"]:
        if one["count"]:
            click.echo(
                f"  {one['low']:.1f}-{one['high']:.1f}: {one['count']:6d} candidates, "
                f"predicted {one['predicted']:.3f}, observed {one['observed']:.3f}"
            )
    if "replay" in document:
        total = document["replay"]["total"]
        for row in document["replay"]["tasks"]:
            share = row["random_over_oracle"]
            closed = {
                name: row["strategies"][name]["gap_closed_at"]
                for name in ("round_robin", "expected_gain")
            }
            click.echo(
                f"  {row['task']:<20} random/oracle {share:.2f}  "
                + "  ".join(
                    f"{name} at 10 {_number(at.get('10'))} at 50 {_number(at.get('50'))}"
                    for name, at in closed.items()
                )
            )
        for name, entry in total["strategies"].items():
            means, hard = entry["gap_closed_mean"], entry["gap_closed_mean_hard"]
            click.echo(
                f"  {name:<16} mean gap closed at 10 {_number(means.get('10'))}, at 50 "
                f"{_number(means.get('50'))}; hard tasks {_number(hard.get('10'))}, "
                f"{_number(hard.get('50'))}"
            )
        over = total["strategies"]["expected_gain"]["over_round_robin"]
        click.echo(
            f"  expected_gain over round_robin {over['mean']:+.3f} "
            f"[{over['low']:+.3f}, {over['high']:+.3f}]"
        )


def _number(value: float | None) -> str:
    return "   -  " if value is None else f"{value:+.3f}"
