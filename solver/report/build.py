"""From a contest's log to the report's content; every writer shows the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from problems.verdict import Verdict
from solver.contests.logs.log import LogLine, NoRecord, read_log
from solver.contests.plan import ContestPlan
from solver.contests.rules.base import Attempt, TaskScore
from solver.contests.run import LOG_NAME, SOURCES_NAME
from solver.contests.scoreboard import Scoreboard, attempts_of, plan_of, scoreboard
from solver.errors import RunFolderError


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedSubmission:
    """One submission and why it was made.

    Attributes:
        number: 1-based, within the task.
        aim: The subtask that the strategy aimed at; None for the whole task.
        estimate: Probability that the strategy gave it.
        expected_gain: Points that the strategy expected to gain; None where it computes none.
        points: Subtask name to points, as the judge told them.
        best_points: Points of the task after it.
        gained_points: What it added.
        program: Folder of what was handed in, below the run folder.
    """

    number: int
    id: str
    at_s: float
    round: int
    candidate: str
    language: str
    aim: str | None
    estimate: float
    expected_gain: float | None
    reason: str
    verdict: Verdict | None
    points: dict[str, float]
    best_points: float
    gained_points: float
    program: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedTask:
    """One task of the run.

    Attributes:
        curve: Points after 0, 1, 2, ... submissions.
        curve_tokens: As long as `curve`: tokens that had been drawn for the task by then, repair
            rounds and votes among them.
        left: Why the task was left; None while it is played.
        tally: What became of the model's answers (`Tally.as_record`); None in older runs.
    """

    name: str
    score: TaskScore
    candidates: int
    clusters: int
    rounds: int
    tokens: int
    cpu_s: float
    limit: int | None
    submissions: tuple[ReportedSubmission, ...]
    curve: tuple[float, ...]
    curve_tokens: tuple[int, ...]
    left: str | None
    tally: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The whole run.

    Attributes:
        complete: The contest was played to its end.
        head: Hash of the log's last line; `solver contest audit --head` checks against it.
    """

    run: Path
    log: Path
    head: str
    complete: bool
    plan: ContestPlan
    board: Scoreboard
    tasks: tuple[ReportedTask, ...]
    strategy: str
    rounds: int
    seed: int


def build_report(run: Path) -> Report:
    """The report of a run folder (or of the log in it).

    Raises:
        RunFolderError: No contest was begun there.
        LogDamaged: The log does not check.
    """
    log = run if run.is_file() else run / LOG_NAME
    if not log.is_file():
        raise RunFolderError(f"{run}: no {LOG_NAME}: no contest was run in this folder")
    try:
        content = read_log(log)
    except NoRecord as error:
        # A file that somebody names may be anything; in a run folder it was a log once.
        if run.is_file() and error.line == 1:
            raise RunFolderError(f"{run}: no run folder, and no log of one ({error})") from error
        raise
    if not content.records:
        raise RunFolderError(f"{log}: an empty log: the contest had not begun")
    first = content.records[0]
    plan = plan_of(first)
    board = scoreboard(plan, content.records)
    return Report(
        run=log.parent,
        log=log,
        head=content.head,
        complete=any(record["kind"] == "end" for record in content.records),
        plan=plan,
        board=board,
        tasks=tuple(_task(plan, score, content.records) for score in board.tasks),
        strategy=first["strategy"],
        rounds=first["rounds"],
        seed=first["seed"],
    )


def _task(plan: ContestPlan, score: TaskScore, records: Sequence[LogLine]) -> ReportedTask:
    mine = [record for record in records if record.get("task") == score.task]
    prepared = [record for record in mine if record["kind"] in ("prepared", "grown")]
    left = [record["reason"] for record in mine if record["kind"] == "left"]
    submissions = _submissions(plan, score.task, records)
    return ReportedTask(
        name=score.task,
        score=score,
        candidates=max((record["candidates"] for record in prepared), default=0),
        clusters=max((record["clusters"] for record in prepared), default=0),
        rounds=sum(record["kind"] == "prepared" for record in prepared),
        tokens=sum(record["tokens"] for record in prepared),
        cpu_s=sum(record["cpu_s"] for record in prepared),
        limit=plan.limit,
        submissions=submissions,
        curve=(0.0, *(submission.best_points for submission in submissions)),
        curve_tokens=(0, *(_tokens_until(prepared, one.at_s) for one in submissions)),
        left=left[-1] if left else None,
        tally=prepared[-1].get("tally") if prepared else None,
    )


def _tokens_until(prepared: Sequence[LogLine], at_s: float) -> int:
    """Tokens of the rounds that were ready at a contest time."""
    return sum(int(record["tokens"]) for record in prepared if record["ready_s"] <= at_s)


def _submissions(
    plan: ContestPlan, task: str, records: Sequence[LogLine]
) -> tuple[ReportedSubmission, ...]:
    choices = {record["key"]: record for record in records if record["kind"] == "choice"}
    judged = {record["id"] for record in records if record["kind"] == "judgement"}
    taken = [
        record
        for record in records
        if record["kind"] == "submission" and record["task"] == task and record["id"] in judged
    ]
    attempts: Sequence[Attempt] = attempts_of(records).get(task, ())
    sheet = plan.task(task).sheet
    reported: list[ReportedSubmission] = []
    best = 0.0
    for number, (record, attempt) in enumerate(zip(taken, attempts, strict=True), start=1):
        choice = choices[record["key"]]
        now = plan.rules.score(sheet, attempts[:number], plan.duration_s).points
        reported.append(
            ReportedSubmission(
                number=number,
                id=record["id"],
                at_s=record["at_s"],
                round=choice["round"],
                candidate=choice["candidate"],
                language=record["language"],
                aim=choice["subtask"],
                estimate=choice["estimate"],
                expected_gain=choice["expected_gain"],
                reason=choice["reason"],
                verdict=attempt.final.verdict,
                points=dict(attempt.final.points),
                best_points=now,
                gained_points=now - best,
                program=f"{SOURCES_NAME}/{record['source_sha256']}",
            )
        )
        best = now
    return tuple(reported)
