"""`solver train`: rows of judged programs, the check of what is held out, the loop, its worth."""

import json
from pathlib import Path

import click

from solver.cli import options
from solver.cli.groups import FullGroup
from solver.cli.sampling_options import LanguageWord
from solver.cli.train_loop import eval_, export, merge, run

KINDS = ("program", "repair", "verdict", "break")
_PATH = click.Path(path_type=Path)

held_out_option = click.option(
    "--held-out",
    "held_out",
    multiple=True,
    type=_PATH,
    help="Package, or contest folder (then all of it), that must not be trained on; repeatable.",
)


@click.group(cls=FullGroup)
def train() -> None:
    """Train a model further on programs that the judge found right.

    `data` makes rows from what was sampled, `check` looks for held-out tasks in them, `run`
    samples, judges and fine-tunes in rounds, `eval` says what it was worth on tasks that were never
    trained on, `merge` makes one model of a model and an adapter, `export` writes an adapter for
    llama.cpp.

    \b
    Examples:
      solver train data runs/cup --out rows --held-out contests/ioi-2024
      solver train check rows --held-out contests/ioi-2024
      solver train run --model hf:MODEL --task contests/ladder --held-out contests/ioi-2024 \\
          --run runs/train
      solver train eval runs/train --task contests/ioi-2024
    """


@train.command()
@click.argument("places", metavar="RUN|POOL...", nargs=-1, required=True, type=_PATH)
@click.option(
    "--task",
    "packages",
    multiple=True,
    type=_PATH,
    help="Package of a pool's task, or the contest folder that holds it. A run knows its own.",
)
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path))
@held_out_option
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice(KINDS),
    default=("program",),
    show_default=True,
    help="Right programs; drafts that repaired one; right or wrong; inputs that break. Repeatable.",
)
@click.option("--rows", type=click.IntRange(min=1), default=2000, show_default=True)
@click.option(
    "--per-cell",
    type=click.IntRange(min=1),
    default=8,
    show_default=True,
    help="Programs of one subtask.",
)
@click.option(
    "--per-behaviour",
    type=click.IntRange(min=1),
    default=3,
    show_default=True,
    help="Of these, programs that behave alike on every input.",
)
@click.option("--language", "languages", multiple=True, type=LanguageWord(), help="Only this one.")
@click.option(
    "--prompts",
    type=click.Path(exists=True, file_okay=False),
    help="Templates that the model is asked with, as `solver sample` takes them.",
)
@click.option("--base", is_flag=True, help="Prompts of a base model, which takes no turns.")
@options.backend
@options.as_json
def data(
    places: tuple[Path, ...],
    packages: tuple[Path, ...],
    out: Path,
    held_out: tuple[Path, ...],
    kinds: tuple[str, ...],
    rows: int,
    per_cell: int,
    per_behaviour: int,
    languages: tuple[str, ...],
    prompts: str | None,
    base: bool,
    backend: str,
    as_json: bool,
) -> None:
    """Make training rows from RUNs of `contest run` and recorded POOLs.

    Every program is judged on its package's hidden tests, subtask by subtask; those with full
    points become rows, in the prompt of that subtask. Doubles go (by text up to names, by compiled
    program, by behaviour), hard subtasks come first, and no task fills the data. A row holds
    statement, program and share of the points, never a hidden test. Beside rows.jsonl stands the
    data card, card.json and card.md, with every program's origin.

    \b
    Examples:
      solver train data drawn --task contests/ladder --out rows
      solver train data runs/cup --out rows --held-out contests/ioi-2024 --kind repair
    """
    # Imported here: torch and numpy take a second, which --help need not wait for.
    from rich.console import Console

    from sandbox import open_sandbox
    from sandbox.compiling.compile import Compiler
    from solver.contests.live import watching
    from solver.sampling.config import SamplingConfig
    from solver.training.collecting import collect_rows, write_data
    from solver.training.honesty import held_out_in
    from solver.training.rows import Kind
    from solver.training.selecting import SelectConfig
    from solver.training.sources import open_sources, tasks_in

    config = SelectConfig(
        rows=rows, per_cell=per_cell, per_behaviour=per_behaviour, languages=languages
    )
    held = held_out_in(held_out)
    tasks = tasks_in(packages)
    with open_sandbox(backend) as sandbox, watching(Console(stderr=True)) as watch:
        sources = open_sources(places, tasks, sandbox, Compiler(sandbox), watch.stage)
    wanted = [Kind(kind) for kind in dict.fromkeys(kinds)]
    asked = SamplingConfig(prompts=prompts)
    found = collect_rows(sources, config, kinds=wanted, held_out=held, chat=not base, asked=asked)
    write_data(out, found)
    if as_json:
        document = {name: value for name, value in found.card.items() if name != "origins"}
        click.echo(json.dumps(document | {"out": str(out)}, indent=1))
        return
    for one in found.left_out:
        click.echo(f"left out: {one.words}", err=True)
    click.echo(f"{len(found.rows)} rows of {found.card['tasks']} tasks -> {out}")
    for name, count in found.card["counts"]["subtask"].items():
        click.echo(f"  {name}: {count}")


@train.command()
@click.argument("place", metavar="DATA", type=_PATH)
@held_out_option
@click.option(
    "--threshold",
    type=click.FloatRange(min=0, max=1, min_open=True),
    default=0.3,
    show_default=True,
    help="Least share of a statement's runs of five words that makes it the same statement.",
)
@options.as_json
def check(place: Path, held_out: tuple[Path, ...], threshold: float, as_json: bool) -> None:
    """Look for held-out tasks in DATA (rows.jsonl or its folder); exit code 1 where one is there.

    By the task's name, by its contest, by its statement (near copies too) and by its examples. A
    statement that was translated or told in other words is not seen.

    \b
    Example:
      solver train check rows --held-out contests/ioi-2024 --held-out packages/elk
    """
    from solver.cli.app import EXIT_DOES_NOT_HOLD
    from solver.training.honesty import held_out_in, overlaps
    from solver.training.rows import read_rows

    if not held_out:
        raise click.UsageError("name what is held out: --held-out PACKAGE-OR-CONTEST")
    rows = read_rows(place)
    held = held_out_in(held_out)
    found = overlaps(rows, held, threshold)
    if as_json:
        document = {
            "data": str(place),
            "rows": len(rows),
            "held_out": [f"{one.contest}/{one.name}" for one in held],
            "overlaps": [one.as_record() for one in found],
        }
        click.echo(json.dumps(document, indent=1))
    else:
        for one in found:
            click.echo(one.words)
        if not found:
            click.echo(f"none of {len(held)} held-out tasks is in the {len(rows)} rows")
    if found:
        click.get_current_context().exit(EXIT_DOES_NOT_HOLD)


for _command in (run, eval_, merge, export):
    train.add_command(_command)
