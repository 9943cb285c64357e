"""`solver contest replay`: the o1-ioi table of a contest from recorded candidates."""

import json
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from solver.cli import options
from solver.cli.console import output


def read_limits(ctx: click.Context, param: click.Parameter, value: str) -> tuple[int, ...]:
    """Reads limits separated by commas; every one is at least 1."""
    try:
        limits = tuple(int(part) for part in value.split(","))
    except ValueError:
        raise click.BadParameter(f"{value!r} is not numbers separated by commas") from None
    if min(limits) < 1:
        raise click.BadParameter("a limit is at least 1")
    return limits


@click.command()
@click.argument("contest_dir", type=click.Path(exists=True, path_type=Path))
@click.argument("pools", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--strategy",
    "names",
    multiple=True,
    help="May be repeated; all for every one [expected_gain, round_robin].",
)
@click.option(
    "--limits",
    callback=read_limits,
    default="1,10,50,10000",
    show_default=True,
    help="Submissions a problem; 10000 stands for no limit.",
)
@click.option("--seeds", type=click.IntRange(min=2), default=200, show_default=True)
@click.option("--processes", type=click.IntRange(min=1), default=2, show_default=True)
@click.option(
    "--truths",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of <task>.parquet as `solver pool label` writes them; missing ones are made.",
)
@click.option(
    "--rows",
    "rows_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also write a row a limit, strategy and simulated contest, as .csv or .parquet.",
)
@options.backend
@options.as_json
def replay(
    contest_dir: Path,
    pools: tuple[Path, ...],
    names: tuple[str, ...],
    limits: tuple[int, ...],
    seeds: int,
    processes: int,
    truths: Path | None,
    rows_file: Path | None,
    backend: str,
    as_json: bool,
) -> None:
    """Replay the contest in CONTEST_DIR thousands of times from recorded POOLS.

    CONTEST_DIR may be a folder of `contest run`: its contest, with what was sampled there. POOLS
    are pool files named after their tasks, folders of them, or folders of `contest run`; without
    any, the contest's own are taken. Prints random choice, strategies and the whole pool for every
    limit.

    \b
    Examples:
      solver contest replay problems/bundled/contest
      solver contest replay runs/contest --strategy expected_gain
      solver contest replay CONTEST POOLS --strategy all --seeds 1000 --json
      solver contest replay contests/ioi-2024 pools/sphinx.jsonl --limits 10,50
    """
    # Imported here: numpy and torch take a second, which --help need not wait for.
    from sandbox import open_sandbox
    from sandbox.compiling.compile import Compiler
    from solver import strategies
    from solver.contests.folders.folder import read_contest
    from solver.contests.live import watching
    from solver.contests.logs.recorded import contest_of, is_run, pools_of_runs
    from solver.contests.rules import rules_named
    from solver.replays.contest import contest_table, table_document
    from solver.replays.contest_worlds import open_worlds, pools_of
    from solver.replays.rows import check_rows, write_contest_rows

    chosen = strategies.NAMES if "all" in names else names or ("expected_gain", "round_robin")
    for name in chosen:
        strategies.check_name(name)
    if rows_file is not None:
        check_rows(rows_file)
    if is_run(contest_dir):
        folder, places = contest_of(contest_dir), pools_of_runs(pools or [contest_dir])
    else:
        folder, places = read_contest(contest_dir), pools_of_runs(pools)
    folder = folder.with_recorded(places)
    files = pools_of(folder, places)
    with open_sandbox(backend) as sandbox, watching(Console(stderr=True)) as watch:
        worlds = open_worlds(
            folder,
            files,
            sandbox,
            Compiler(sandbox),
            mode=rules_named(folder.rules or "ioi").feedback,
            truths=truths,
            notify=watch.stage,
        )
    rows = contest_table(worlds, chosen, limits, seeds=seeds, processes=processes)
    if rows_file is not None:
        write_contest_rows(rows, rows_file)
        click.echo(f"wrote {rows_file}", err=True)
    document = table_document(folder.title, rows, seeds)
    if as_json:
        click.echo(json.dumps(document, indent=1))
        return
    table = Table(
        "limit",
        "random",
        *chosen,
        "whole pool",
        title=f"{folder.title}: {', '.join(worlds)}; {seeds} contests each",
        title_justify="left",
    )
    for row in rows:
        cells = [f"{row.random.mean:.1f}"]
        for name in chosen:
            found = row.strategies[name]
            cells.append(f"{found.mean:.1f} ({found.low:.1f} to {found.high:.1f})")
        limit = "none" if row.limit >= 10_000 else str(row.limit)
        table.add_row(limit, *cells, f"{row.oracle:.1f}")
    output().print(table)
