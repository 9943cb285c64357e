"""From a log's records to the contestant's line: what the log says is all that counts."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from problems.verdict import Verdict
from solver.contests.logs.log import LogLine, verdicts_of
from solver.contests.people.humans import medal_for
from solver.contests.plan import ContestPlan, PlannedTask
from solver.contests.rules import rules_named
from solver.contests.rules.base import Attempt, Shown, TaskScore, TaskSheet, Total
from solver.errors import SolverError


@dataclass(frozen=True, slots=True, kw_only=True)
class Scoreboard:
    """The contestant's line.

    Attributes:
        medal: The best medal that the points earn; None below the last or where none are known.
    """

    tasks: tuple[TaskScore, ...]
    total: Total
    medal: str | None = None


def plan_record(plan: ContestPlan) -> dict[str, Any]:
    """The plan as the log's first record holds it."""
    return {
        "contest": plan.name,
        "rules": plan.rules.name,
        "limit": plan.limit,
        "interval_s": plan.interval_s,
        "duration_s": plan.duration_s,
        "medals": dict(plan.medals),
        "tasks": [
            {
                "task": task.name,
                "opens_s": task.opens_s,
                "closes_s": task.closes_s,
                "subtasks": dict(task.sheet.subtasks),
                "precision": task.sheet.precision,
                "worth": task.sheet.worth,
                "pretests": task.sheet.pretests,
            }
            for task in plan.tasks
        ],
    }


def plan_of(record: LogLine) -> ContestPlan:
    """The plan of a log's first record.

    Raises:
        SolverError: It is not one.
    """
    try:
        return ContestPlan(
            name=record["contest"],
            rules=rules_named(record["rules"]),
            limit=record["limit"],
            interval_s=record["interval_s"],
            duration_s=record["duration_s"],
            medals=record["medals"],
            tasks=tuple(
                PlannedTask(
                    sheet=TaskSheet(
                        name=task["task"],
                        subtasks=task["subtasks"],
                        precision=task["precision"],
                        worth=task["worth"],
                        pretests=task["pretests"],
                    ),
                    opens_s=task["opens_s"],
                    closes_s=task["closes_s"],
                )
                for task in record["tasks"]
            ),
        )
    except KeyError as error:
        raise SolverError(f"the log's first record lacks {error}") from error


def attempts_of(records: Iterable[LogLine]) -> dict[str, list[Attempt]]:
    """Judged submissions by task, in the order of submission."""
    submissions: dict[str, LogLine] = {}
    first: dict[str, Shown] = {}
    last: dict[str, Shown] = {}
    for record in records:
        if record["kind"] == "submission":
            submissions[record["id"]] = record
        elif record["kind"] == "judgement":
            verdict = record["verdict"]
            shown = Shown(
                verdict=None if verdict is None else Verdict(verdict),
                points=record["points"],
                free=record["free"],
                verdicts=verdicts_of(record),
            )
            first.setdefault(record["id"], shown)
            last[record["id"]] = shown
    attempts: dict[str, list[Attempt]] = {}
    for identifier, record in submissions.items():
        if identifier in first:
            attempts.setdefault(record["task"], []).append(
                Attempt(at_s=record["at_s"], shown=first[identifier], final=last[identifier])
            )
    return attempts


def scoreboard(plan: ContestPlan, records: Iterable[LogLine]) -> Scoreboard:
    """Adds up a log by the rules."""
    attempts = attempts_of(records)
    scores = tuple(
        plan.rules.score(task.sheet, attempts.get(task.name, ()), plan.duration_s)
        for task in plan.tasks
    )
    total = plan.rules.total(scores)
    return Scoreboard(tasks=scores, total=total, medal=medal_for(total.points, plan.medals))


def scoreboard_record(board: Scoreboard) -> dict[str, Any]:
    """The scoreboard as the log's last record and `--json` hold it."""
    return {
        "points": board.total.points,
        "max_points": board.total.max_points,
        "penalty_s": board.total.penalty_s,
        "medal": board.medal,
        "tasks": [
            {
                "task": score.task,
                "points": score.points,
                "max_points": score.max_points,
                "submissions": score.submissions,
                "failed": score.failed,
                "solved_at_s": score.solved_at_s,
                "penalty_s": score.penalty_s,
                "subtasks": [
                    {
                        "name": subtask.name,
                        "points": subtask.points,
                        "max_points": subtask.max_points,
                    }
                    for subtask in score.subtasks
                ],
            }
            for score in board.tasks
        ],
    }
