"""`solver replay`: random, every strategy and the oracle on recorded pools."""

import json
import os
from pathlib import Path
from typing import Any

import click

from sandbox import open_sandbox
from sandbox.compiling.compile import Compiler
from solver import strategies
from solver.api.replaying import strategy_names
from solver.breaking.config import BreakingConfig
from solver.cli import options
from solver.cli.stages import Stages
from solver.observing.inputs import InputsConfig
from solver.replays.opening import WorldOptions, open_world
from solver.replays.play import replay_all
from solver.replays.risk import first_risks
from solver.replays.rows import check_rows, write_rows
from solver.replays.table import table_of
from solver.replays.tokens import token_curves
from solver.replays.world import World
from solver.types import FeedbackMode


@click.command()
@click.argument(
    "pools", metavar="POOL...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option(
    "--task",
    "task_dirs",
    required=True,
    multiple=True,
    type=click.Path(path_type=Path),
    help="Task folder, one a pool, in the pools' order.",
)
@click.option(
    "--truth",
    "truths",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Truth tables of `solver pool label`, one a pool; labelled now where there are none.",
)
@click.option(
    "--strategy",
    default="all",
    show_default=True,
    help=f"One of {', '.join(strategies.NAMES)}, several with commas, or all.",
)
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1))
@click.option("--seeds", default=100, show_default=True, type=click.IntRange(1))
@click.option(
    "--feedback",
    type=click.Choice([mode.value for mode in FeedbackMode]),
    default=FeedbackMode.FULL.value,
    show_default=True,
    help="What a submission tells: subtask points, the verdict, nothing.",
)
@click.option("--inputs", default=InputsConfig().count, show_default=True, type=click.IntRange(1))
@click.option("--scorer", type=click.Path(path_type=Path), help="Weights of `solver scorer train`.")
@click.option("--run", type=click.Path(path_type=Path), help="Folder for what was observed.")
@click.option(
    "--rows",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also write a row a task, strategy, seed and number of submissions, as .csv or .parquet.",
)
@click.option(
    "--time-limit", type=options.SOME, help="CPU seconds a hidden test, where none is stated."
)
@options.task_name
@options.breaking
@options.backend
@options.as_json
def replay(
    pools: tuple[Path, ...],
    task_dirs: tuple[Path, ...],
    truths: tuple[Path, ...],
    strategy: str,
    limit: int,
    seeds: int,
    feedback: str,
    inputs: int,
    scorer: Path | None,
    run: Path | None,
    rows: Path | None,
    time_limit: float | None,
    task_name: str | None,
    breaking: str | None,
    backend: str,
    as_json: bool,
) -> None:
    """Replays strategies on recorded pools: what would each have scored with so many submissions?

    Candidates are compiled, run on generated inputs and labelled once; all of it is kept, so that
    the next replay of the same pool takes seconds.

    \b
    Examples:
      solver replay elk.jsonl --task packages/elk
      solver replay elk.jsonl --task packages/elk --strategy expected_gain,round_robin --json
      solver replay a.jsonl b.jsonl --task A --task B --truth a.parquet --truth b.parquet
      solver replay elk.jsonl --task packages/elk --rows seeds.csv
    """
    if len(task_dirs) != len(pools) or (truths and len(truths) != len(pools)):
        raise click.UsageError("give one --task (and one --truth, if any) for each POOL, in order")
    names = strategy_names(strategy)
    if rows is not None:
        check_rows(rows)
    worlds: dict[str, World] = {}
    with open_sandbox(backend) as sandbox:
        compiler = Compiler(sandbox)
        for index, (file, folder) in enumerate(zip(pools, task_dirs, strict=True)):
            look = WorldOptions(
                limit=limit,
                mode=FeedbackMode(feedback),
                inputs=InputsConfig(count=inputs),
                weights=scorer,
                truth=truths[index] if truths else None,
                run=(run / file.stem) if run else None,
                time_s=time_limit,
                task_name=task_name,
                breaking=BreakingConfig(on=breaking != "off"),
            )
            with Stages(file.stem) as line:
                world = open_world(file, folder, sandbox, compiler, look, line.notify)
            name = world.view.task.name
            if name in worlds:
                raise click.UsageError(
                    f"{file}: the second pool of {name}: two pools of one task are two models, and "
                    f"their points do not add up; `solver compare` sets them side by side"
                )
            worlds[name] = world
    curves = replay_all(worlds, names, seeds, processes=_processes(len(worlds) * len(names)))
    document = table_of(worlds, curves, limit)
    against = token_curves(worlds, names, scorer)
    for row in document["tasks"]:
        row["tokens_curve"] = against[row["task"]]
    document["total"]["first_submission"] = first_risks(worlds, names)
    if rows is not None:
        write_rows(curves, rows)
        click.echo(f"wrote {rows}", err=True)
    if as_json:
        click.echo(json.dumps(document))
    else:
        _show(document)


def _processes(jobs: int) -> int:
    return max(1, min(jobs, len(os.sched_getaffinity(0))))


def _show(document: dict[str, Any]) -> None:
    for row in [*document["tasks"], document["total"] | {"task": "all tasks"}]:
        share = row["random"] / row["oracle"] if row["oracle"] else 0.0
        click.echo(
            f"{row['task']}: random {row['random']:.2f}, oracle {row['oracle']:.2f} "
            f"(random is {share:.0%} of the oracle), {row['limit']} submissions"
        )
        for kind, one in row.get("suite", {}).items():
            click.echo(
                f"  tests {kind:<10} break {one['broken']} of {one['wrong']} wrong candidates that "
                f"pass the examples, accuse {one['accused']} of {one['right']} right ones"
            )
        for name, one in row["strategies"].items():
            closed = "no gap" if one["gap_closed"] is None else f"{one['gap_closed']:+.3f}"
            at10 = one["gap_closed_at"].get("10")
            at10 = "" if at10 is None else f"  at 10: {at10:+.3f}"
            click.echo(
                f"  {name:<16} {one['points']:8.2f} points  gap closed {closed} "
                f"[{one['low']:+.3f}, {one['high']:+.3f}]{at10}"
            )
        if "tokens_curve" in row:
            _show_tokens(row["tokens_curve"])
    risk = document["total"]["first_submission"].get("expected_gain")
    if risk:
        click.echo(
            f"first submission of expected_gain: risk promised {risk['promised']:.2f}, kept "
            f"{risk['kept']:.2f} [{risk['low']:.2f}, {risk['high']:.2f}] over {risk['tasks']} tasks"
        )
    over = document["total"]["strategies"].get("expected_gain", {}).get("over_round_robin")
    if over:
        click.echo(
            f"expected_gain over round_robin: {over['mean']:+.3f} "
            f"[{over['low']:+.3f}, {over['high']:+.3f}] of the gap, mean over tasks"
        )


def _show_tokens(curve: dict[str, Any]) -> None:
    """Points against tokens: a column a share of the pool."""
    columns = [f"{each / 1000:8.1f}k" for each in curve["tokens"]]
    click.echo(f"  {'tokens, about':<16} {''.join(columns)}")
    lines = {"whole pool": curve["oracle"], "random": curve["random"], **curve["strategies"]}
    for name, points in lines.items():
        click.echo(f"  {name:<16} {''.join(f'{each:9.2f}' for each in points)}")
