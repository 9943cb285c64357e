"""`solver compare`: models, strategies or settings on the same tasks."""

import json
import os
from pathlib import Path

import click
from rich.console import Console

from solver.cli import options
from solver.cli.console import output


@click.command()
@click.argument(
    "places", metavar="RUN|POOL...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option(
    "--task",
    "packages",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Package of a pool's task; once for each task. A run knows its own.",
)
@click.option("--name", "names", multiple=True, help="What each is called, in order.")
@click.option(
    "--strategy",
    default="expected_gain",
    show_default=True,
    help="Strategies to replay, with commas, or all; random is always there.",
)
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True)
@click.option("--seeds", type=click.IntRange(min=2), default=50, show_default=True)
@click.option("--html", type=click.Path(dir_okay=False, path_type=Path), help="Also write a page.")
@options.backend
@options.as_json
def compare(
    places: tuple[Path, ...],
    packages: tuple[Path, ...],
    names: tuple[str, ...],
    strategy: str,
    limit: int,
    seeds: int,
    html: Path | None,
    backend: str,
    as_json: bool,
) -> None:
    """Compare models, strategies or settings on the same tasks.

    Each RUN (a folder of `contest run`) or POOL (a file, or a folder of TASK.jsonl) is one entry;
    two pools of one task are two models. pass@k by the unbiased estimator, points at k, and paired
    95 % intervals of the differences.

    \b
    Examples:
      solver compare small.jsonl large.jsonl --task packages/elk --name 7B --name 70B
      solver compare runs/temperature-0.6 runs/temperature-1.0 --html compared.html
      solver compare elk.jsonl --task packages/elk --strategy expected_gain,round_robin
    """
    for place in places:
        if not place.exists():
            raise click.UsageError(f"{place}: no such run, pool or folder of pools")
    # Imported here: torch and numpy take a second, which --help need not wait for.
    from sandbox import open_sandbox
    from sandbox.compiling.compile import Compiler
    from solver.api.replaying import strategy_names
    from solver.contests.live import watching
    from solver.report.comparing.compare import CompareOptions
    from solver.report.comparing.compare import compare as compared
    from solver.report.comparing.entries import open_entries
    from solver.report.comparing.page import write_page
    from solver.report.comparing.words import comparison_table

    chosen = [name for name in strategy_names(strategy) if name != "random"]
    with open_sandbox(backend) as sandbox, watching(Console(stderr=True)) as watch:
        entries = open_entries(
            places, names, packages, sandbox, Compiler(sandbox), limit, watch.stage
        )
    document = compared(
        entries,
        CompareOptions(strategies=chosen, limit=limit, seeds=seeds),
        processes=len(os.sched_getaffinity(0)),
    )
    if html is not None:
        write_page(document, html)
        click.echo(f"wrote {html}", err=True)
    if as_json:
        click.echo(json.dumps(document, indent=1))
    else:
        output().print(comparison_table(document))
