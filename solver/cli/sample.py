"""`solver sample`: draw candidates for one task and keep them, without running any of them."""

import json
import time
from collections import Counter
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from solver.cli import options


@click.command()
@click.argument("task_dir", type=click.Path(exists=True, path_type=Path))
@options.model
@options.samples
@click.option("--language", "languages", multiple=True, help="As python3; may be repeated.")
@click.option("--helpers", type=click.IntRange(min=0), default=4, show_default=True)
@options.seed
@click.option("--max-tokens", type=click.IntRange(min=16), default=1024, show_default=True)
@click.option("--limit-tokens", type=click.IntRange(min=1), help="Stop after so many tokens.")
@click.option("--limit-s", type=click.FloatRange(min=0, min_open=True), help="Stop after so long.")
@click.option("--prompts", type=click.Path(exists=True, file_okay=False), help="Your templates.")
@click.option("--dry-run", is_flag=True, help="Print the prompts and the budget; draw nothing.")
@click.option("--run", type=click.Path(path_type=Path), help="Run folder; the same one resumes.")
@click.option("--out", type=click.Path(path_type=Path), help="Write the programs as a pool file.")
@options.as_json
def sample(
    task_dir: Path,
    model: str,
    samples: int,
    languages: tuple[str, ...],
    helpers: int,
    seed: int,
    max_tokens: int,
    limit_tokens: int | None,
    limit_s: float | None,
    prompts: str | None,
    dry_run: bool,
    run: Path | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Draw candidates, generators and validators for one task.

    Every answer is on the disk before it counts: run the same command again after an interruption
    and only what is missing is drawn.

    \b
    Examples:
      solver sample problems/bundled/contest/apples --dry-run
      solver sample problems/bundled/contest/apples --language python3 --samples 64
      solver sample TASK --model openai:Qwen2.5-Coder-7B@http://localhost:8000/v1 --out pool.jsonl
    """
    # Imported here: numpy and the readers take a while, which --help need not wait for.
    from problems.loading import load_task
    from solver.sampling.config import SamplingConfig

    task = load_task(task_dir)
    fields: dict[str, Any] = {"samples": samples, "helpers": helpers, "seed": seed}
    fields |= {
        "max_tokens": max_tokens,
        "max_tokens_total": limit_tokens,
        "max_s": limit_s,
        "prompts": prompts,
    }
    if languages:
        fields["languages"] = languages
    config = SamplingConfig(**fields)
    if dry_run:
        _show_plan(_plan(task, model, config), as_json)
        return
    _draw(task, model, config, run or Path("runs") / f"sample-{task.name}", out, as_json)


def _plan(task: Any, model: str, config: Any) -> dict[str, Any]:
    """The prompts and what they would cost, without loading the model."""
    from solver.sampling.open import takes_turns
    from solver.sampling.plan import plan_candidates, plan_helpers
    from solver.sampling.prompts import Prompts

    prompts = Prompts(Path(config.prompts) if config.prompts else None)
    chat = takes_turns(model)
    wanted = plan_candidates(task, config, prompts, chat=chat)
    wanted += plan_helpers(task, config, prompts) if chat else []
    cells: dict[tuple[Any, ...], dict[str, Any]] = {}
    for each in wanted:
        request = each.request
        cell = cells.setdefault(
            (each.kind, each.subtask, each.language, request.messages, request.parameters),
            {
                "kind": each.kind,
                "subtask": each.subtask,
                "language": each.language,
                "temperature": request.parameters.temperature,
                "samples": 0,
                "messages": [[message.role, message.content] for message in request.messages],
            },
        )
        cell["samples"] += 1
    characters = sum(len(text) for each in cells.values() for _, text in each["messages"])
    prompt_tokens = sum(
        each["samples"] * sum(len(text) for _, text in each["messages"]) // 4
        for each in cells.values()
    )
    most_tokens = len(wanted) * config.max_tokens
    cost = prompt_tokens * config.price_prompt_mtok + most_tokens * config.price_answer_mtok
    return {
        "task": task.name,
        "model": model,
        "prompts": list(cells.values()),
        "budget": {
            "answers": len(wanted),
            "distinct_prompts": len(cells),
            "prompt_characters": characters,
            "prompt_tokens_about": prompt_tokens,
            "answer_tokens_at_most": min(most_tokens, config.max_tokens_total or most_tokens),
            "cost_at_most": round(cost / 1e6, 6),
        },
    }


def _show_plan(plan: dict[str, Any], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(plan, indent=1))
        return
    for cell in plan["prompts"]:
        what = f"{cell['kind']}, {cell['language']}, subtask {cell['subtask'] or 'all'}"
        click.echo(f"=== {cell['samples']} x {what}, temperature {cell['temperature']}")
        for role, text in cell["messages"]:
            click.echo(f"--- {role}\n{text}")
    click.echo("=== budget")
    for name, value in plan["budget"].items():
        click.echo(f"{name.replace('_', ' '):24} {value}")


def _draw(
    task: Any, model: str, config: Any, folder: Path, out: Path | None, as_json: bool
) -> None:
    from solver.kept.samples import RunFolder
    from solver.sampling.answers.dedup import representatives
    from solver.sampling.draw import Budget, draw_round
    from solver.sampling.open import open_engine
    from solver.sampling.pools.pool import write_pool
    from solver.types import Pool

    engine = open_engine(model, config)
    budget = Budget(config)
    bars = Progress(
        TextColumn("sampling"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[rate]}"),
        console=Console(stderr=True),
    )
    start_s = time.monotonic()
    try:
        with RunFolder(folder) as run, bars:
            bar = bars.add_task("sampling", total=None, rate="")

            def progress(done: int, total: int) -> None:
                rate = budget.tokens / max(0.001, time.monotonic() - start_s)
                cost = f", cost {budget.cost:.4f}" if budget.cost else ""
                words = f"{budget.tokens} tokens, {rate:.1f} tok/s{cost}"
                bars.update(bar, completed=done, total=total, rate=words)

            drawn = draw_round(task, engine, run, config, budget, progress)
            usage = [each for each in run.usage() if each.task == task.name]
    finally:
        engine.close()
    elapsed_s = time.monotonic() - start_s
    same_as = representatives(drawn.candidates)
    document = {
        "task": task.name,
        "model": model,
        "candidates": len(drawn.candidates),
        "distinct": len({each.source for each in drawn.candidates}),
        "distinct_normalised": len(set(same_as)),
        "largest_multiplicity": max(Counter(same_as).values()),
        "helpers": dict(Counter(each.kind.value for each in drawn.helpers)),
        "unusable": {reason.value: count for reason, count in drawn.unusable.items()},
        "tokens": drawn.tokens,
        "elapsed_s": round(elapsed_s, 3),
        "tokens_per_s": round(drawn.tokens / elapsed_s, 2),
        "cost": round(budget.cost, 6),
        "stopped": drawn.stopped,
        "usage": [
            {
                "subtask": each.subtask,
                "samples": each.samples,
                "tokens": each.tokens,
                "prompt_tokens": each.prompt_tokens,
            }
            for each in usage
        ],
        "run": str(folder),
    }
    if out is not None:
        pool = Pool(task=task.name, candidates=drawn.candidates, helpers=drawn.helpers)
        write_pool(out, pool)
        document["out"] = str(out)
    if as_json:
        click.echo(json.dumps(document, indent=1))
    else:
        _show(document)


def _show(document: dict[str, Any]) -> None:
    console = Console()
    unusable = ", ".join(f"{count} {reason}" for reason, count in document["unusable"].items())
    console.print(
        f"{document['task']}: {document['candidates']} candidates, {document['distinct']} distinct "
        f"({document['distinct_normalised']} up to names and layout); no program: "
        f"{unusable or 'none'}"
    )
    table = Table(box=None, pad_edge=False)
    for title in ("subtask", "samples", "tokens", "prompt tokens"):
        table.add_column(title, justify="left" if title == "subtask" else "right")
    for row in document["usage"]:
        numbers = (row["samples"], row["tokens"], row["prompt_tokens"])
        table.add_row(row["subtask"] or "all", *(str(each) for each in numbers))
    console.print(table)
    console.print(
        f"{document['tokens']} tokens in {document['elapsed_s']:.1f} s "
        f"({document['tokens_per_s']:.1f} tok/s); kept in {document['run']}"
    )
    if document["stopped"]:
        console.print(f"ended early: {document['stopped']}")
