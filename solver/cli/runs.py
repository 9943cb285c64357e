"""`solver runs`: run folders as things by themselves."""

import json
from dataclasses import asdict
from pathlib import Path

import click
from rich.table import Table

from solver.cli import options
from solver.cli.chaos import chaos
from solver.cli.console import output
from solver.cli.groups import FullGroup

_RUN = click.argument("run", type=click.Path(exists=True, file_okay=False, path_type=Path))


@click.group(cls=FullGroup)
def runs() -> None:
    """List, look at, check, clean, compare and move run folders.

    A run folder is whole by itself: copied to another machine, the same command goes on there. One
    process drives it (a second one is refused); any number may read it meanwhile.

    \b
    Examples:
      solver runs list
      solver runs verify runs/cup
      solver runs export runs/cup cup.parquet --layout open-r1
    """


@runs.command("list")
@click.argument("folder", type=click.Path(path_type=Path), default=Path("runs"))
@options.as_json
def list_(folder: Path, as_json: bool) -> None:
    """List the runs below FOLDER [runs]: state, samples, submissions, size, who drives them."""
    from solver.runs.found import runs_below, summary_of

    found = [summary_of(path) for path in runs_below(folder)]
    if as_json:
        click.echo(json.dumps([one.as_record() for one in found], indent=1))
        return
    table = Table(box=None, pad_edge=False)
    for title in ("run", "state", "samples", "submissions", "MB", "begun", "model"):
        table.add_column(title)
    for one in found:
        state = f"{one.state}, driven" if one.driver else one.state
        cells = (str(one.samples), str(one.submissions), f"{one.size_bytes / 1e6:.1f}")
        table.add_row(str(one.path), state, *cells, one.begun or "", one.model or "")
    output().print(table)


@runs.command()
@_RUN
@options.as_json
def show(run: Path, as_json: bool) -> None:
    """Show what RUN holds, a line a task."""
    from solver.runs.found import summary_of

    found = summary_of(run)
    if as_json:
        click.echo(json.dumps(found.as_record(), indent=1))
        return
    click.echo(f"{run}: {found.state}, {found.size_bytes / 1e6:.1f} MB, model {found.model}")
    if found.driver:
        click.echo(f"driven by {found.driver}")
    if found.problem:
        click.echo(found.problem)
    for one in found.tasks:
        click.echo(
            f"{one.task}: {one.samples} samples, {one.tokens} tokens, prompts {one.prompt_tokens}"
        )
    if found.submissions:
        click.echo(f"{found.submissions} submissions")


@runs.command()
@_RUN
@options.as_json
def verify(run: Path, as_json: bool) -> None:
    """Read all that RUN keeps and say what is damaged; exit code 1 where anything is.

    Samples with their texts, answers, observations, inputs, the log of submissions with the
    programs that were handed in.
    """
    from solver.cli.app import EXIT_DOES_NOT_HOLD
    from solver.runs.checking import check_run

    found = check_run(run)
    if as_json:
        click.echo(json.dumps(asdict(found), indent=1))
    else:
        for what, count in found.checked.items():
            click.echo(f"{what}: {count}")
        for note in found.notes:
            click.echo(f"note: {note}")
        for problem in found.problems:
            click.echo(f"damaged: {problem}")
    if found.problems:
        click.get_current_context().exit(EXIT_DOES_NOT_HOLD)


@runs.command()
@_RUN
@click.option("--dry-run", is_flag=True, help="Only say what would be removed.")
@options.as_json
def gc(run: Path, dry_run: bool, as_json: bool) -> None:
    """Remove from RUN what nothing in it names: texts without a sample, half-written files."""
    from solver.runs.cleaning import clean_run

    done = clean_run(run, dry=dry_run)
    if as_json:
        click.echo(json.dumps(asdict(done)))
    else:
        word = "would be removed" if dry_run else "removed"
        click.echo(
            f"{done.blobs} texts and {done.partials} half-written files {word}, "
            f"{done.freed_bytes / 1e6:.1f} MB"
        )


@runs.command()
@click.argument("first", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("second", type=click.Path(exists=True, file_okay=False, path_type=Path))
@options.as_json
def diff(first: Path, second: Path, as_json: bool) -> None:
    """Compare two runs: settings, samples, points. Exit code 1 where they differ."""
    from solver.cli.app import EXIT_DOES_NOT_HOLD
    from solver.runs.comparing import compare_runs

    found = compare_runs(first, second)
    if as_json:
        click.echo(json.dumps({**asdict(found), "same": found.same}, indent=1))
    else:
        for name, (one, other) in found.settings.items():
            click.echo(f"{name}: {one} | {other}")
        click.echo(
            f"samples: {found.common} in both, {found.first_alone} | {found.second_alone} in one"
        )
        for task, values in found.points.items():
            points = " | ".join("not played" if each is None else f"{each:g}" for each in values)
            click.echo(f"{task}: {points} points")
    if not found.same:
        click.get_current_context().exit(EXIT_DOES_NOT_HOLD)


@runs.command()
@_RUN
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--layout",
    type=click.Choice(["open-r1", "nemo"]),
    default="open-r1",
    show_default=True,
    help="Whose columns.",
)
@click.option("--helpers", is_flag=True, help="Generators, validators and checkers too.")
@options.as_json
def export(run: Path, file: Path, layout: str, helpers: bool, as_json: bool) -> None:
    """Write RUN's samples to FILE (Parquet), readable by others and by `solver runs import`."""
    from solver.runs.tables import export_run

    count = export_run(run, file, layout=layout, helpers=helpers)
    document = {"file": str(file), "samples": count, "layout": layout}
    click.echo(json.dumps(document) if as_json else f"{count} samples in {file}")


@runs.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("run", type=click.Path(file_okay=False, path_type=Path))
@options.as_json
def import_(file: Path, run: Path, as_json: bool) -> None:
    """Add the samples of an exported FILE to RUN, which is made where it is not there."""
    from solver.runs.tables import import_run

    count = import_run(file, run)
    document = {"run": str(run), "new": count}
    click.echo(json.dumps(document) if as_json else f"{count} new samples in {run}")


runs.add_command(chaos)
