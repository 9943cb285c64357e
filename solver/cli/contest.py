"""`solver contest`: run a contest, replay it, audit its log."""

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from solver.cli import options, sampling_options, strategy_option
from solver.cli.app import EXIT_DOES_NOT_HOLD
from solver.cli.console import output
from solver.cli.contest_replay import replay
from solver.cli.groups import FullGroup
from solver.contests.live import beside_table, scoreboard_table
from solver.contests.logs.audit import Audit
from solver.contests.logs.audit import audit as audit_log
from solver.contests.scoreboard import scoreboard_record
from solver.errors import SolverError


@click.group(cls=FullGroup)
def contest() -> None:
    """Play whole contests, replay them, and check their logs.

    \b
    Examples:
      solver contest run problems/bundled/contest --run runs/cup
      solver contest run CONTEST --model pool:POOLS --rules icpc --json
      solver contest audit runs/cup
    """


contest.add_command(replay)


@contest.command()
@click.argument("contest_dir", type=click.Path(path_type=Path))
@click.option("--model", help=f"{options.MODEL_HELP} Default: as the contest says, else embedded.")
@click.option(
    "--pool-dir",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Recorded candidates, <task>.jsonl: the same as --model pool:DIR.",
)
@click.option(
    "--rules",
    type=click.Choice(["ioi", "icpc", "codeforces", "atcoder"]),
    help="Default: as the contest says, else ioi.",
)
@click.option(
    "--standings",
    type=click.Path(path_type=Path),
    help="People's results (CSV of points, medal, rating; Codeforces' JSON; LiveOIBench's "
    "contestants as FILE#CONTEST): the run's rank among them, and its medal.",
)
@click.option("--limit", type=click.IntRange(min=1), help="Submissions a problem (IOI: 50).")
@click.option("--interval", type=click.FloatRange(min=0), help="Seconds between two (IOI: 60).")
@click.option("--duration", type=click.FloatRange(min=0, min_open=True), help="Seconds a day.")
@strategy_option.strategy
@sampling_options.sampling
@click.option(
    "--rounds",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Sample again after a share of the submissions, with the judge's points in the prompt.",
)
@click.option(
    "--least-gain",
    type=click.FloatRange(min=0),
    default=0.0,
    show_default=True,
    help="End a round when the strategy expects fewer points of its next submission.",
)
@click.option(
    "--tokens-per-s",
    type=click.FloatRange(min=0, min_open=True),
    default=5000.0,
    show_default=True,
    help="Speed of the model on the contest's simulated clock.",
)
@click.option(
    "--run", "run_dir", type=click.Path(path_type=Path), help="Run folder [runs/CONTEST]."
)
@click.option(
    "--resume", is_flag=True, help="Go on with a run that is there, and fail where there is none."
)
@click.option("--real-time", is_flag=True, help="Let the wall clock run, and keep the interval.")
@options.breaking
@options.backend
@options.as_json
def run(
    contest_dir: Path,
    model: str | None,
    pool_dir: Path | None,
    rules: str | None,
    standings: Path | None,
    limit: int | None,
    interval: float | None,
    duration: float | None,
    strategy: str,
    sampling: sampling_options.SamplingWords,
    rounds: int,
    least_gain: float,
    tokens_per_s: float,
    run_dir: Path | None,
    resume: bool,
    real_time: bool,
    breaking: str | None,
    backend: str,
    as_json: bool,
) -> None:
    """Play a whole contest against a simulated judge that owns its hidden tests.

    CONTEST_DIR holds a contest.toml, a CMS contest.yaml, a Contest API export, or just problem
    packages. Kill it when you like: the same command goes on where it stopped.

    \b
    Examples:
      solver contest run problems/bundled/contest
      solver contest run CONTEST --pool-dir POOLS --rules ioi --run runs/ioi
      solver contest run ioi-2026 --standings people.csv      # after solver problems fetch ioi-2026
      solver contest run CONTEST --model hf:Qwen/Qwen2.5-Coder-7B-Instruct --rounds 3 --json
    """
    # Imported here: numpy and torch take a second, which --help need not wait for.
    from solver.cli.settle import check_words, settle
    from solver.contests.command import CONTEST_MODEL, RunOptions, run_from_command_line
    from solver.contests.folders.fetch import known_sources
    from solver.contests.folders.folder import PlanOptions, read_contest
    from solver.contests.people.rating import ContestResult, placing
    from solver.contests.people.standings import read_standings
    from solver.kept.begun import begun_or_nothing
    from solver.report.build import build_report
    from solver.report.document import report_document
    from solver.report.html import write_html

    if model is not None and pool_dir is not None:
        raise click.UsageError("--model and --pool-dir exclude each other")
    if not contest_dir.exists() and str(contest_dir) in known_sources():
        raise SolverError(
            f"{contest_dir}: no such folder; `solver problems fetch {contest_dir}` brings it"
        )
    folder = read_contest(contest_dir)
    if standings is not None:
        folder = replace(folder, standings=standings)
    run_folder = run_dir or Path("runs") / folder.path.resolve().name
    with begun_or_nothing(run_folder):
        played = run_from_command_line(
            folder,
            run_folder,
            RunOptions(
                settle=lambda: settle(
                    sampling,
                    run_folder,
                    model=f"pool:{pool_dir}" if pool_dir is not None else model,
                    default_model=CONTEST_MODEL,
                    strategy=strategy,
                    backend=backend,
                    breaking=breaking,
                ),
                check=lambda config, tasks: check_words(sampling, config, tasks),
                samples=sampling.given.get("samples", 1),
                strategy=strategy,
                rounds=rounds,
                backend=backend,
                resume=resume,
                real_time=real_time,
                tokens_per_s=tokens_per_s,
                least_gain_points=least_gain,
                plan=PlanOptions(
                    rules=rules, limit=limit, interval_s=interval, duration_s=duration
                ),
            ),
            Console(stderr=True),
        )
    report = build_report(run_folder)
    document = report_document(report)
    place = None
    if folder.standings is not None:
        result = ContestResult(attempts={}, points=played.board.total.points)
        place = placing(read_standings(folder.standings), result)
        document["placing"] = asdict(place)
    if folder.published:
        document["published"] = dict(folder.published)
    (run_folder / "report.json").write_text(json.dumps(document, indent=1) + "\n")
    write_html(report, run_folder / "report.html")
    if as_json:
        click.echo(json.dumps(document, indent=1))
        return
    console = output(highlight=False)
    console.print(scoreboard_table(played.board, folder.title, folder.cut_offs()))
    beside = beside_table(played.board, folder)
    if beside is not None:
        console.print(beside)
    if place is not None:
        console.print(
            f"rank {place.rank:g} among {place.people} people, ahead of {place.percentile:.1f} %"
        )
    console.print(f"report {run_folder / 'report.html'}", soft_wrap=True)
    console.print(f"log {played.log}, head {played.head}", soft_wrap=True)


@contest.command()
@click.argument("log", type=click.Path(exists=True, path_type=Path))
@click.option("--head", help="Hash that the contest printed at its end: finds missing last lines.")
@options.as_json
@click.pass_context
def audit(ctx: click.Context, log: Path, head: str | None, as_json: bool) -> None:
    """Recompute the scoreboard from a submission LOG (or run folder) and look for tampering.

    Exit code 1 where a line was changed, a rule was broken, or the scoreboard does not add up.

    \b
    Example:
      solver contest audit runs/cup --head 1c1f...
    """
    found = audit_log(log / "submissions.jsonl" if log.is_dir() else log, head=head)
    if as_json:
        click.echo(json.dumps(_audit_document(found), indent=1))
    else:
        _print_audit(found)
    ctx.exit(EXIT_DOES_NOT_HOLD if found.problems else 0)


def _audit_document(found: Audit) -> dict[str, Any]:
    return {
        "log": str(found.path),
        "holds": not found.problems,
        "problems": list(found.problems),
        "complete": found.complete,
        "head": found.head,
        "submissions": found.submissions,
        "sources_checked": found.sources_checked,
        "scoreboard": None if found.board is None else scoreboard_record(found.board),
    }


def _print_audit(found: Audit) -> None:
    console = output(highlight=False)
    if found.board is not None and found.plan is not None:
        console.print(scoreboard_table(found.board, f"{found.plan.name}, recomputed"))
    for problem in found.problems:
        console.print(problem, style="red", markup=False, soft_wrap=True)
    if not found.problems:
        state = "complete" if found.complete else "not played to its end"
        console.print(
            f"the log holds: {found.submissions} submissions, {found.sources_checked} programs "
            f"compared, {state}; head {found.head}",
            soft_wrap=True,
        )
