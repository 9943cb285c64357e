"""`solver sample`: draw candidates for one task and keep them, without running any of them."""

import json
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from rich.table import Table

from solver.cli import options, sampling_options
from solver.cli.console import output
from solver.cli.stages import Stages

DEFAULTS = {"helpers": 4}
"""More than other commands ask for: a pool is drawn once and used often."""

LIVE_WORDS = {"length": "cut off", "refused": "refused", "error": "broken off"}


@click.command()
@click.argument("task_dir", type=click.Path(exists=True, path_type=Path))
@options.model
@sampling_options.sampling
@click.option("--dry-run", is_flag=True, help="Print the prompts and the budget; draw nothing.")
@click.option("--run", type=click.Path(path_type=Path), help="Run folder; the same one resumes.")
@click.option("--out", type=click.Path(path_type=Path), help="Write the programs as a pool file.")
@options.as_json
def sample(
    task_dir: Path,
    model: str | None,
    sampling: sampling_options.SamplingWords,
    dry_run: bool,
    run: Path | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Draw candidates, generators and validators for one task.

    Every answer is on the disk before it counts: run the same command again after an interruption
    and only what is missing is drawn. `solver solve --run` with the same folder goes on with it.

    \b
    Examples:
      solver sample problems/bundled/contest/apples --dry-run
      solver sample problems/bundled/contest/apples --language python3 --samples 64
      solver sample TASK --model openai:Qwen2.5-Coder-7B@http://localhost:8000/v1 --out pool.jsonl
    """
    # Imported here: numpy and the readers take a while, which --help need not wait for.
    from problems.loading import load_task
    from solver.cli.settle import check_words, settings_of, settle
    from solver.kept.about import keep_about
    from solver.kept.begun import begun_or_nothing
    from solver.kept.driver import driving

    task = load_task(task_dir)
    folder = run or Path("runs") / f"sample-{task.name}"
    asked = settings_of(sampling, folder if run else None, model=model, defaults=DEFAULTS)
    check_words(sampling, asked, [task], runs_programs=False)
    if asked.sampling.statement_language is not None:
        task = load_task(task_dir, statement_language=asked.sampling.statement_language)
    if dry_run:
        _show_plan(_plan(task, asked.model, asked.sampling), as_json)
        return
    parts = ("model", "sampling")
    with begun_or_nothing(folder), driving(folder):
        keep_about(folder)
        config = settle(sampling, folder, model=model, defaults=DEFAULTS, parts=parts)
        task = load_task(task_dir, statement_language=config.sampling.statement_language)
        _draw(task, config.model, config.sampling, folder, out, as_json)


def _plan(task: Any, model: str, config: Any) -> dict[str, Any]:
    """The prompts and what they would cost, without loading the model."""
    from solver.sampling.open import answer_limit, takes_turns
    from solver.sampling.plan import plan_candidates, plan_helpers
    from solver.sampling.prompts import Prompts

    prompts = Prompts.of(config)
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
    limit = answer_limit(model, config)
    # Unknown where only the server knows how long an answer may become.
    most_tokens = None if limit is None else len(wanted) * limit
    if config.max_tokens_total is not None:
        most_tokens = min(most_tokens or config.max_tokens_total, config.max_tokens_total)
    cost = None
    if most_tokens is not None:
        cost = prompt_tokens * config.price_prompt_mtok + most_tokens * config.price_answer_mtok
        cost = round(cost / 1e6, 6)
    if config.max_cost is not None:
        cost = min(cost or config.max_cost, config.max_cost)
    return {
        "task": task.name,
        "model": model,
        "prompts": list(cells.values()),
        "budget": {
            "answers": len(wanted),
            "distinct_prompts": len(cells),
            "prompt_characters": characters,
            "prompt_tokens_about": prompt_tokens,
            "answer_tokens_at_most": most_tokens,
            "cost_at_most": cost,
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
        told = "as the model's own limit allows" if value is None else value
        click.echo(f"{name.replace('_', ' '):24} {told}")


def _draw(
    task: Any, model: str, config: Any, folder: Path, out: Path | None, as_json: bool
) -> None:
    from solver.kept.samples import RunFolder
    from solver.sampling.answers.dedup import representatives
    from solver.sampling.draw import Budget, cost_of, draw_round
    from solver.sampling.open import open_engine
    from solver.sampling.pools.pool import write_pool
    from solver.types import Pool

    engine = open_engine(model, config)
    bars = Stages("sampling")
    start_s = time.monotonic()
    try:
        with RunFolder(folder) as run, bars:
            budget = Budget.of_run(config, run)
            before = budget.tokens

            def progress(done: int, total: int) -> None:
                tokens = budget.tokens - before
                rate = tokens / max(0.001, time.monotonic() - start_s)
                cost = f", cost {budget.cost:.4f}" if budget.cost else ""
                # The model's own end is no news; a limit's, a filter's and the server's are.
                lost = "".join(
                    f", {count} {LIVE_WORDS[word]}"
                    for word, count in sorted(budget.finishes.items())
                    if word in LIVE_WORDS
                )
                words = f"{tokens} tokens, {rate:.1f} tok/s{cost}{lost}"
                bars.update(done, total, words)

            drawn = draw_round(task, engine, run, config, budget, progress)
            usage = [each for each in run.usage() if each.task == task.name]
    finally:
        engine.close()
    elapsed_s = time.monotonic() - start_s
    same_as = representatives(drawn.candidates)
    tally = replace(
        drawn.tally,
        duplicates=len(same_as) - len(set(same_as)),
        cost=round(
            cost_of(config, drawn.tally.tokens, drawn.tally.prompt_tokens),
            6,
        ),
    )
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
        "tally": tally.as_record(),
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
    from solver.sampling.tally import tally_words

    console = output()
    console.print(
        f"{document['task']}: {document['candidates']} candidates, {document['distinct']} distinct "
        f"({document['distinct_normalised']} up to names and layout)"
    )
    console.print(tally_words(document["tally"]))
    if document["tally"]["said"]:
        console.print(f"the server refused: {document['tally']['said']}", markup=False)
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
