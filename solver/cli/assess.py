"""`solver assess`: for committees, does a model solve this task."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console

from solver.cli import options, sampling_options, strategy_option
from solver.cli.console import output

if TYPE_CHECKING:
    from solver.hacking.types import HackReport
    from solver.report.assessing.sheet import Sheet


@click.command()
@click.argument(
    "packages", metavar="PACKAGE...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@options.model
@sampling_options.sampling
@strategy_option.strategy
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True)
@click.option("--replays", type=click.IntRange(min=1), default=50, show_default=True)
@click.option(
    "--agent",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Assess an agent in place of a model: JSON lines of a pool, in the order of its "
    "submissions, with a field `trial` that says which try a line belongs to.",
)
@click.option(
    "--hack",
    is_flag=True,
    help="Attack the right programs, the jury's and the sampled ones, with legal inputs.",
)
@options.backend
@click.option(
    "--run",
    type=click.Path(path_type=Path),
    help="Run folder; the same one resumes. Of several packages each has a folder in it.",
)
@click.option(
    "--html", type=click.Path(dir_okay=False, path_type=Path), help="Write the page there as well."
)
@options.as_json
def assess(
    packages: tuple[Path, ...],
    model: str | None,
    sampling: sampling_options.SamplingWords,
    strategy: str,
    limit: int,
    replays: int,
    agent: Path | None,
    hack: bool,
    backend: str,
    run: Path | None,
    html: Path | None,
    as_json: bool,
) -> None:
    """Tell a jury whether a model solves their task.

    PACKAGE is a problem package with its hidden tests (Kattis, Polygon, CMS, TPS, ...); several
    are drafts, side by side. Samples programs, judges each on the hidden tests, and replays the
    choice of submissions. The report is printed and kept in the run folder, as assessment.md and
    assessment.html, with the right programs in right/.

    \b
    Examples:
      solver assess problems/bundled/contest/depots --model pool:problems/bundled/pools/depots.jsonl
      solver assess my-polygon-package.zip --model openai:gpt-oss-20b@http://localhost:8000/v1
      solver assess draft-1 draft-2 draft-3 --samples 200 --html drafts.html
      solver assess my-task --agent trials.jsonl
      solver assess my-task --hack
    """
    # Imported here: torch and numpy take a second, which --help need not wait for.
    from problems.loading import load_task
    from sandbox import open_sandbox
    from solver import strategies
    from solver.cli.hacking import hack_sampled, print_hacks, write_inputs
    from solver.cli.settle import check_words, settings_of, settle
    from solver.contests.live import watching
    from solver.kept.begun import begun_or_nothing
    from solver.kept.driver import driving
    from solver.report.assessing.drafts import Question, named_apart, sheet_of

    strategies.check_name(strategy)
    for package in packages:
        if not package.exists():
            raise click.UsageError(f"{package}: no such package")
    question = Question(
        strategy=strategy,
        limit=limit,
        replays=replays,
        agent=agent,
        task_name=sampling.given.get("task_name"),
    )
    folders = _folders(packages, run)
    home = folders[0] if len(packages) == 1 else folders[0].parent
    sheets: list[Sheet] = []
    hacks: list[HackReport] = []
    with (
        begun_or_nothing(home),
        open_sandbox(backend) as sandbox,
        watching(Console(stderr=True)) as watch,
    ):
        for package, folder in zip(packages, folders, strict=True):
            task = load_task(package)
            if agent is None:
                check_words(sampling, settings_of(sampling, folder, model=model), [task])

            def notify(stage: str, done: int, total: int, name: str = task.name) -> None:
                watch.stage(name, stage, done, total)

            with driving(folder):
                config = settle(sampling, folder, model=model, strategy=strategy, backend=backend)
                sheets.append(sheet_of(package, folder, config, question, sandbox, notify))
            if hack:
                whole = {name.name for name in task.subtasks}
                sampled = [one.candidate for one in sheets[-1].right if whole <= set(one.solves)]
                hacks.append(hack_sampled(package, sampled, sandbox, notify))
    sheets = named_apart(sheets, packages)
    wrote = _write(sheets, folders, home, html)
    write_inputs(hacks, home / "broken")
    if as_json:
        documents = [sheet.document() for sheet in sheets]
        for document, report in zip(documents, hacks, strict=bool(hacks)):
            document["hack"] = report.as_json()
        click.echo(json.dumps(documents[0] if len(sheets) == 1 else documents, indent=1))
    else:
        click.echo((home / "assessment.md").read_text(encoding="utf-8"))
        print_hacks(hacks, output())
    for file in wrote:
        click.echo(f"wrote {file}", err=True)


def _folders(packages: tuple[Path, ...], run: Path | None) -> list[Path]:
    """A run folder a package: --run itself for one, folders in it for several."""
    from problems.loading import load_task

    if len(packages) == 1:
        return [run or Path("runs") / f"assess-{load_task(packages[0]).name}"]
    home = run or Path("runs") / "assess"
    names = [package.resolve().name for package in packages]
    return [
        home / (name if names.count(name) == 1 else f"{number}-{name}")
        for number, name in enumerate(names, start=1)
    ]


def _write(sheets: "list[Sheet]", folders: list[Path], home: Path, html: Path | None) -> list[Path]:
    from solver.kept.whole_files import whole_file
    from solver.report.assessing.drafts import keep_right
    from solver.report.assessing.markdown import sheets_markdown
    from solver.report.assessing.page import write_page

    with whole_file(home / "assessment.md") as partial:
        partial.write_text(sheets_markdown(sheets), encoding="utf-8")
    wrote = [home / "assessment.md", home / "assessment.html"]
    write_page(sheets, home / "assessment.html")
    if html is not None:
        write_page(sheets, html)
        wrote.append(html)
    for sheet, folder in zip(sheets, folders, strict=True):
        wrote += keep_right(folder / "right", sheet)
    return wrote
