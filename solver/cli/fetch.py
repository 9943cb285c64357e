"""`solver problems fetch`: official packages from their public repository."""

import json
from collections.abc import Mapping
from pathlib import Path

import click

from solver.cli import options
from solver.contests.folders.fetch import Source, fetch_contest, known_sources
from solver.errors import SolverError


@click.command()
@click.argument("name", required=False)
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path),
    help="Folder to make; NAME in the current folder where it is left out.",
)
@click.option("--url", help="Another git address of the same repository (a mirror, a local clone).")
@click.option(
    "--clone",
    type=click.Path(file_okay=False, path_type=Path),
    help="Your own clone of the repository, or an unpacked download: taken as it lies there.",
)
@click.option("--commit", help="Another commit than the one in the list.")
@options.as_json
def fetch(
    name: str | None,
    folder: Path | None,
    url: str | None,
    clone: Path | None,
    commit: str | None,
    as_json: bool,
) -> None:
    """Fetch the official packages of a contest; without NAME, list what is known.

    \b
    Examples:
      solver problems fetch
      solver problems fetch ioi-2024 --to contests/ioi-2024
      solver problems fetch ioi-2026 --clone ~/task-archive
      solver problems fetch ioi-2024 --url /mnt/mirror/tasks.git
    """
    sources = known_sources()
    if name is None:
        _list(sources, as_json)
        return
    if name not in sources:
        raise SolverError(f"no contest named {name!r}; known: {', '.join(sources)}")
    if clone is not None and (url or commit):
        raise click.UsageError("--clone takes the files as they lie; --url and --commit fetch")
    source = sources[name]
    changes = {key: value for key, value in (("url", url), ("commit", commit)) if value}
    source = source.model_copy(update=changes)
    click.echo(f"fetching {clone or source.url}", err=True)
    fetched = fetch_contest(source, folder or Path(name), clone)
    for task in fetched.missing:
        click.echo(f"the repository holds no package of {task}", err=True)
    if as_json:
        document = {
            "folder": str(fetched.folder),
            "commit": fetched.commit,
            "tasks": list(fetched.tasks),
            "missing": list(fetched.missing),
        }
        click.echo(json.dumps(document, indent=1))
    else:
        click.echo(f"{fetched.folder}: {', '.join(fetched.tasks)} ({fetched.commit})")
        click.echo(f"play it: solver contest run {fetched.folder}")


def _list(sources: Mapping[str, Source], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({k: v.model_dump() for k, v in sources.items()}, indent=1))
        return
    for name, source in sources.items():
        click.echo(f"{name:12} {source.title:12} {source.url}")
