"""The report as one JSON document; `solver contest run --json` prints the same."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from solver.kept.about import about_of
from solver.report.build import Report, ReportedTask
from solver.report.facts import models_of


def report_document(report: Report) -> dict[str, Any]:
    """Plain JSON values. The fields of the contest contract come first; more stand beside them."""
    total = report.board.total
    return {
        "contest": report.plan.name,
        "rules": report.plan.rules.name,
        "tasks": [_task(task) for task in report.tasks],
        "points": total.points,
        "max_points": total.max_points,
        "penalty_s": total.penalty_s,
        "medal": report.board.medal,
        "medals": dict(report.plan.medals),
        "log": str(report.log),
        "head": report.head,
        "complete": report.complete,
        "strategy": report.strategy,
        "rounds": report.rounds,
        "seed": report.seed,
        "interval_s": report.plan.interval_s,
        "duration_s": report.plan.duration_s,
        **_what_ran(report.run),
    }


def _what_ran(run: Path) -> dict[str, Any]:
    """When, with what, and by which models; empty values where an older run did not note it."""
    about = about_of(run)
    return {
        "models": models_of(run),
        "begun": about.get("begun"),
        "versions": about.get("versions", {}),
        "machine": about.get("machine", {}),
    }


def _task(task: ReportedTask) -> dict[str, Any]:
    score = task.score
    return {
        "task": task.name,
        "points": score.points,
        "max_points": score.max_points,
        "submissions": score.submissions,
        "limit": task.limit if task.limit is not None else 10_000,
        "candidates": task.candidates,
        "clusters": task.clusters,
        "tally": None if task.tally is None else dict(task.tally),
        "subtasks": [asdict(subtask) for subtask in score.subtasks],
        "failed": score.failed,
        "solved_at_s": score.solved_at_s,
        "penalty_s": score.penalty_s,
        "tokens": task.tokens,
        "cpu_s": task.cpu_s,
        "left": task.left,
        "curve": list(task.curve),
        "curve_tokens": list(task.curve_tokens),
        "history": [asdict(submission) for submission in task.submissions],
    }
