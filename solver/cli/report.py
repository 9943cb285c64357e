"""`solver report`: what a run came to."""

import json
from pathlib import Path

import click
from rich.console import Console

from solver.cli import options
from solver.cli.console import output

_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.argument("run", type=click.Path(exists=True, path_type=Path))
@options.as_json
@click.option(
    "--html",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also write one self-contained page: charts, clusters, programs, tests, cost.",
)
@click.option("--plots", type=_FOLDER, help="Also write the figures, as SVG and PNG.")
@click.option("--tables", type=_FOLDER, help="Also write the numbers, as CSV and Parquet.")
@click.option(
    "--label",
    is_flag=True,
    help="Judge every candidate on the hidden tests first, so that the run stands beside random "
    "choice and the whole pool. Kept in the run folder.",
)
@click.option(
    "--truths", type=_FOLDER, help="Or: a folder of TASK.parquet from `solver pool label`."
)
@options.backend
def report(
    run: Path,
    as_json: bool,
    html: Path | None,
    plots: Path | None,
    tables: Path | None,
    label: bool,
    truths: Path | None,
    backend: str,
) -> None:
    """Report on a contest RUN: scoreboard, every submission, and why it was chosen.

    \b
    Examples:
      solver report runs/ioi
      solver report runs/ioi --html report.html
      solver report runs/ioi --label --html report.html --plots plots --tables tables
      solver report runs/ioi --json | jq .points
    """
    # Imported here: numpy and torch take a second, which --help need not wait for.
    from solver.report.build import build_report
    from solver.report.document import report_document
    from solver.report.table import report_table

    built = build_report(run)
    if label:
        _label(run, backend)
    wrote: list[Path] = []
    if html is not None or plots is not None or tables is not None:
        from solver.report.html import write_html
        from solver.report.page.data import run_data

        data = run_data(built, truths)
        if html is not None:
            write_html(built, html, data)
            wrote.append(html)
        if plots is not None:
            from solver.report.plots import write_plots

            wrote += write_plots(data, plots)
        if tables is not None:
            from solver.report.tables import write_tables

            wrote += write_tables(data, tables)
    for file in wrote:
        click.echo(f"wrote {file}", err=True)
    if as_json:
        click.echo(json.dumps(report_document(built), indent=1))
    else:
        output().print(report_table(built))


def _label(run: Path, backend: str) -> None:
    from sandbox import open_sandbox
    from solver.contests.live import watching
    from solver.report.build import build_report
    from solver.report.labelling import label_run

    with open_sandbox(backend) as sandbox, watching(Console(stderr=True)) as watch:
        failed = label_run(build_report(run), sandbox, watch.stage)
    for task, count in failed.items():
        click.echo(
            f"warning: {task}: {count} candidates could not be judged; it is left out", err=True
        )
