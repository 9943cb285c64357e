"""`solver runs chaos`: a contest that is hurt ends as one that is not."""

import json

import click
from rich.table import Table

from solver.cli import options
from solver.cli.console import output

_SHOWN = 20


@click.command()
@click.option("--faults", type=click.IntRange(min=1), default=100, show_default=True)
@click.option("--seed", type=int, help="Of moments and faults; drawn and printed by default.")
@click.option("--only", multiple=True, help="This fault alone; may be given several times.")
@options.as_json
def chaos(faults: int, seed: int | None, only: tuple[str, ...], as_json: bool) -> None:
    """Play a bundled contest again and again while it is hurt; exit code 1 if one ends otherwise.

    At random moments the driver is killed, alone or with all that it started, or some of its
    workers, or the model server; Ctrl-C and SIGTERM come; it is stopped for a while; the time of
    day jumps; its disk is full (as root). After each the same command goes on. Submissions,
    verdicts, points and samples must be those of a contest that nobody hurt, and what the log held
    once it holds for good. A hundred faults take 15 to 30 minutes.

    \b
    Examples:
      solver runs chaos
      solver runs chaos --faults 20 --only disk --only ctrl-c --json
    """
    from solver.cli.app import EXIT_DOES_NOT_HOLD
    from solver.runs.chaos import chaos as hurt

    try:
        report = hurt(
            faults=faults, seed=seed, only=only, progress=lambda text: click.echo(text, err=True)
        )
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    if as_json:
        click.echo(json.dumps(report.to_json(), indent=1))
    else:
        table = Table("fault", "brought", "exit codes", "")
        for name, row in report.rows.items():
            codes = ", ".join(f"{code}: {row.codes[code]}" for code in sorted(row.codes))
            table.add_row(name, str(row.brought), codes, row.skipped or row.says)
        output().print(table)
        for what in report.failures[:_SHOWN]:
            click.echo(f"NOT HELD: {what}")
        click.echo(
            f"{report.brought} faults, {report.equal} of {report.runs} contests as the undisturbed "
            f"one ({report.submissions} submissions), {report.elapsed_s:.0f} s, seed {report.seed}"
        )
    if not report.held:
        click.get_current_context().exit(EXIT_DOES_NOT_HOLD)
