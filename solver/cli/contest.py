"""`solver contest`: run a contest, replay it, audit its log."""

import json
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from solver.cli.app import EXIT_DOES_NOT_HOLD
from solver.contest.audit import Audit
from solver.contest.audit import audit as audit_log
from solver.contest.live import scoreboard_table
from solver.contest.scoreboard import scoreboard_record


@click.group()
def contest() -> None:
    """Play whole contests, replay them, and check their logs.

    \b
    Examples:
      solver contest run problems/bundled/contest --run runs/cup
      solver contest run CONTEST --model pool:POOLS --rules icpc --json
      solver contest audit runs/cup
    """


@contest.command()
@click.argument("log", type=click.Path(exists=True, path_type=Path))
@click.option("--head", help="Hash that the contest printed at its end: finds missing last lines.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
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
    console = Console(highlight=False)
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
