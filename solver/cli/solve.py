"""`solver solve`: one task, from the statement to a ranked plan of submissions."""

import json
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from solver.cli import options, sampling_options, strategy_option
from solver.cli.stages import Stages
from solver.errors import SolverError


@click.command()
@click.argument("task_dir", type=click.Path(exists=True, path_type=Path))
@options.model
@sampling_options.sampling
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=50,
    show_default=True,
    help="Submissions in the plan.",
)
@strategy_option.strategy
@options.backend
@click.option("--run", type=click.Path(path_type=Path), help="Run folder; the same one resumes.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Folder to write the planned programs into, in the order of the plan.",
)
@options.as_json
def solve(
    task_dir: Path,
    model: str | None,
    sampling: sampling_options.SamplingWords,
    limit: int,
    strategy: str,
    backend: str,
    run: Path | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Sample candidates for one task and rank what to submit, with reasons.

    TASK_DIR is a problem package in any known format; its hidden tests are not looked at. --run
    with a folder that `solver sample` drew into goes on with what is there.

    \b
    Examples:
      solver solve problems/bundled/contest/apples
      solver solve TASK --model pool:pools/depots.jsonl --json
      solver solve TASK --model openai:Qwen2.5-Coder-7B@http://localhost:8000/v1 --samples 1000
    """
    # Imported here: torch and numpy take a second, which --help need not wait for.
    from problems.loading import load_task
    from solver.api.solving import solve as solve_task
    from solver.cli.settle import check_words, settings_of, settle
    from solver.strategies import check_name

    check_name(strategy)
    task = load_task(task_dir)
    folder = run or Path("runs") / f"solve-{task.name}"
    check_words(sampling, settings_of(sampling, folder, model=model), [task])
    config = settle(sampling, folder, model=model, strategy=strategy, backend=backend)
    with Stages() as bars:
        solved = solve_task(
            task, config.model, limit=limit, run=folder, config=config, notify=bars.notify
        )
    check_inputs(task_dir, solved.examples, solved.inputs)
    document = {
        "task": task.name,
        "plan": [
            {
                "rank": one.rank,
                "candidate": one.candidate.id,
                "language": one.candidate.language,
                "subtask": one.subtask,
                "estimate": round(one.estimate, 6),
                "expected_gain": one.expected_gain,
                "reason": one.reason,
            }
            for one in solved.plan
        ],
        "candidates": solved.candidates,
        "compiled": solved.compiled,
        "pass_examples": solved.pass_examples,
        "clusters": solved.clusters,
        "inputs": solved.inputs,
        "model": config.model,
        "strategy": strategy,
        "run": str(folder),
        "tally": None if solved.tally is None else solved.tally.as_record(),
    }
    if out is not None:
        write_programs(out, [one.candidate for one in solved.plan])
    if as_json:
        click.echo(json.dumps(document, indent=1))
    else:
        show(document)


def check_inputs(task_dir: Path, examples: int, inputs: int) -> None:
    """Says what a plan cannot rest on.

    Raises:
        SolverError: There was nothing to run the candidates on, so that any order is as good.
    """
    where = "put them into its data/sample folder as NAME.in and NAME.ans"
    if inputs == 0:
        raise SolverError(
            f"{task_dir}: nothing to run the candidates on: no examples that can be run, and no "
            f"generator that works; {where}, or give a pool with generator lines; what was drawn "
            "is kept"
        )
    if examples == 0:
        click.echo(
            f"warning: {task_dir}: no examples, so no program is checked against a known answer; "
            f"{where}",
            err=True,
        )


def write_programs(folder: Path, candidates: list[Any]) -> None:
    """The planned programs as files, "01-<id>.cpp", ready to be handed in."""
    from sandbox.compiling.languages import extensions_of
    from solver.source_text import encoded

    folder.mkdir(parents=True, exist_ok=True)
    for rank, candidate in enumerate(candidates, start=1):
        safe = candidate.id.replace("/", "-")
        extension = extensions_of(candidate.language)[0]
        (folder / f"{rank:02d}-{safe}{extension}").write_bytes(encoded(candidate.source))


def show(document: dict[str, Any]) -> None:
    """The plan as a table."""
    from rich.table import Table

    from solver.sampling.tally import tally_words

    console = Console()
    console.print(
        f"{document['task']}: {document['candidates']} candidates, {document['compiled']} ran, "
        f"{document['pass_examples']} pass the examples, {document['clusters']} behaviours on "
        f"{document['inputs']} inputs"
    )
    if document["tally"]:
        console.print(tally_words(document["tally"]))
    table = Table(box=None, pad_edge=False)
    for title in ("#", "candidate", "language", "subtask", "estimate", "why"):
        table.add_column(title, overflow="fold")
    for row in document["plan"]:
        table.add_row(
            str(row["rank"]),
            row["candidate"],
            row["language"],
            row["subtask"] or "all",
            f"{row['estimate']:.2f}",
            row["reason"],
        )
    console.print(table)
    console.print(f"kept in {document['run']}")
