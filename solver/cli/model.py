"""`solver model`: which models can be fetched, which are there, and bringing one."""

import json

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn
from rich.table import Table

from solver.cli import options
from solver.cli.console import output
from solver.cli.groups import FullGroup
from solver.sampling import models


@click.group(cls=FullGroup)
def model() -> None:
    """Fetch and list the models that run inside this process.

    Any other model needs no fetching: name it with --model (a folder, a .gguf file, a server).
    """


@model.command("list")
@options.as_json
def list_models(as_json: bool) -> None:
    """Show what can be fetched and what is here.

    \b
    Examples:
      solver model list
      solver model list --json
    """
    rows = [
        {
            "name": each.name,
            "title": each.title,
            "license": each.license,
            "size_bytes": each.size_bytes,
            "sha256": each.sha256,
            "fetched": models.is_there(each),
            "path": str(each.path),
        }
        for each in models.known_models()
    ]
    if as_json:
        click.echo(json.dumps({"folder": str(models.models_folder()), "models": rows}, indent=1))
        return
    table = Table(box=None, pad_edge=False)
    for title in ("name", "MB", "license", "fetched", "what it is"):
        table.add_column(title, overflow="fold")
    for row in rows:
        size = f"{int(str(row['size_bytes'])) / 1e6:.0f}"
        there = "yes" if row["fetched"] else "no"
        table.add_row(str(row["name"]), size, str(row["license"]), there, str(row["title"]))
    console = output()
    console.print(table)
    console.print(f"kept in {models.models_folder()}", soft_wrap=True)


@model.command()
@click.argument("name", required=False)
@click.option("--check", is_flag=True, help="Read the whole file and check its hash again.")
@options.as_json
def fetch(name: str | None, check: bool, as_json: bool) -> None:
    """Bring a model's weights, check their hash, and put them into the cache folder.

    NAME is one of `solver model list`; without it, the embedded default is brought. What was
    downloaded before an interruption is not downloaded again.

    \b
    Examples:
      solver model fetch
      solver model fetch --check
      SOLVER_MODELS=/data/models solver model fetch qwen2.5-coder-0.5b
    """
    wanted = models.model_named(name) if name else models.default_model()
    bars = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        console=Console(stderr=True),
    )
    with bars:
        bar = bars.add_task(wanted.name, total=wanted.size_bytes)
        path = models.fetch(wanted, lambda done, total: bars.update(bar, completed=done))
        bars.update(bar, completed=wanted.size_bytes)
    if check:
        models.check_hash(wanted)
    if as_json:
        click.echo(json.dumps({"name": wanted.name, "path": str(path), "sha256": wanted.sha256}))
    else:
        click.echo(str(path))
