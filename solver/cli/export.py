"""`solver export`: packages as other systems take them, hidden tests included: for judges."""

import json
from pathlib import Path

import click

from solver.cli import options
from solver.cli.groups import FullGroup


@click.group(cls=FullGroup)
def export() -> None:
    """Write packages as tasks of other systems. What is written holds hidden tests.

    \b
    Examples:
      solver export harbor problems/bundled/contest/canal harbor-tasks
      solver export nemo-gym problems/bundled/contest/* --out rows --competition cup
    """


@export.command()
@click.argument("package", type=click.Path(exists=True, path_type=Path))
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--organisation", default="solver", show_default=True, help="Of the task's name.")
@click.option("--image", help="A built image of environment/, for systems that build none.")
@click.option("--verifier-image", help="A built image of tests/.")
@options.as_json
def harbor(
    package: Path,
    folder: Path,
    organisation: str,
    image: str | None,
    verifier_image: str | None,
    as_json: bool,
) -> None:
    """Write PACKAGE as a Harbor task below FOLDER, its verifier a box of its own.

    The agent's box has the statement's files alone; the tests and the judge lie in the verifier's
    image, which gets nothing of the agent's but /app/solution. The judge isolates the program once
    more, for which tests/docker-compose.yaml asks for a privileged box.
    """
    from solver.adapters.harbor import export_harbor

    made = export_harbor(
        package,
        folder,
        organisation=organisation,
        image=image,
        verifier_image=verifier_image,
    )
    click.echo(json.dumps({"task": str(made)}) if as_json else f"{made}")


@export.command("nemo-gym")
@click.argument("packages", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--out", "folder", type=click.Path(path_type=Path), required=True)
@click.option("--competition", required=True, help="The id under which the problems stand.")
@options.as_json
def nemo_gym(packages: tuple[Path, ...], folder: Path, competition: str, as_json: bool) -> None:
    """Write PACKAGES as rows.jsonl and metadata.jsonl of NeMo Gym's server for contests (CCC).

    Packages that its scripts cannot judge (checkers, other types than Batch) are left out, and
    named with the reason; where none is left, the exit code is 1.
    """
    from solver.adapters.nemo_gym import export_nemo_gym
    from solver.cli.app import EXIT_DOES_NOT_HOLD

    wanted = [path for path in packages if path.is_dir() or path.suffix in (".zip", ".gz")]
    made = export_nemo_gym(wanted, folder, competition=competition)
    document = {
        "rows": str(made.rows),
        "metadata": str(made.metadata),
        "problems": made.problems,
        "left_out": dict(made.left_out),
    }
    if as_json:
        click.echo(json.dumps(document, indent=1))
    else:
        click.echo(f"{made.problems} problems in {made.rows} and {made.metadata}")
        for name, reason in made.left_out.items():
            click.echo(f"left out: {name}: {reason}")
    if not made.problems:
        click.get_current_context().exit(EXIT_DOES_NOT_HOLD)
