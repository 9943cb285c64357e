"""`solver report`: what a run came to."""

import json
from pathlib import Path

import click
from rich.console import Console

from solver.cli import options
from solver.report.build import build_report
from solver.report.document import report_document
from solver.report.html import write_html
from solver.report.table import report_table


@click.command()
@click.argument("run", type=click.Path(exists=True, path_type=Path))
@options.as_json
@click.option(
    "--html",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also write one self-contained HTML page.",
)
def report(run: Path, as_json: bool, html: Path | None) -> None:
    """Report on a contest RUN: scoreboard, every submission, and why it was chosen.

    \b
    Examples:
      solver report runs/ioi
      solver report runs/ioi --html report.html
      solver report runs/ioi --json | jq .points
    """
    built = build_report(run)
    if html is not None:
        write_html(built, html)
        click.echo(f"wrote {html}", err=True)
    if as_json:
        click.echo(json.dumps(report_document(built), indent=1))
    else:
        Console().print(report_table(built))
