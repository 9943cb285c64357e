"""`solver sandbox check faults`: what breaks around a sandbox, and what it says then."""

import json
import sys
from collections.abc import Sequence

import click
from rich.table import Table

from sandbox.faults import FaultsReport, check_faults
from sandbox.faults.suite import ROUNDS
from solver.cli.app import EXIT_DOES_NOT_HOLD
from solver.cli.console import output

_SHOWN = 20


def run_faults(rounds: int | None, seed: int | None, only: Sequence[str], as_json: bool) -> None:
    """Runs the rounds and prints the report; exit code 1 if one did not hold.

    Raises:
        click.UsageError: There is no fault of such a name.
    """
    try:
        report = check_faults(
            rounds=rounds or ROUNDS,
            seed=seed,
            only=only,
            progress=lambda text: click.echo(text, err=True),
        )
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    if as_json:
        click.echo(json.dumps(report.to_json(), indent=1))
    else:
        _show(report)
    if not report.held:
        sys.exit(EXIT_DOES_NOT_HOLD)


def _show(report: FaultsReport) -> None:
    table = Table()
    for title in ("", "fault", "rounds", "right", "errors", "wrong", "hangs", "left"):
        table.add_column(title, no_wrap=True)
    for row in report.rows:
        if row.skipped is not None:
            table.add_row("[yellow]skipped[/]", row.name)
            click.echo(f"without {row.name}: {row.skipped}")
            continue
        mark = "[green]held[/]" if row.held == row.rounds else "[red]NOT HELD[/]"
        figures = (row.rounds, row.right, row.errors.total(), row.wrong, row.hangs + row.died)
        left = ", ".join(f"{count} {kind}" for kind, count in row.left.items() if count)
        table.add_row(mark, row.name, *map(str, figures), left)
    output().print(table)
    for fault, seed, what in report.failures[:_SHOWN]:
        click.echo(f"{fault}, seed {seed}: {what}")
    if len(report.failures) > _SHOWN:
        click.echo(f"... and {len(report.failures) - _SHOWN} more (all with --json)")
    for fault, seed, _ in report.failures[:1]:
        click.echo(
            f"one round again: solver sandbox check faults --only {fault} --seed {seed} --rounds 1"
        )
    rounds, held = (sum(getattr(r, name) for r in report.rows) for name in ("rounds", "held"))
    click.echo(f"{held} of {rounds} rounds held in {report.elapsed_s:.0f} s, seed {report.seed}")
