"""Recomputes a contest from its log alone, and looks for what the rules do not allow."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from solver.contests.logs.log import LogDamaged, LogLine, read_log
from solver.contests.plan import ContestPlan
from solver.contests.scoreboard import Scoreboard, plan_of, scoreboard, scoreboard_record
from solver.errors import SolverError
from solver.submissions import submission_digest, submission_in

# Contest times are sums of floats.
TOLERANCE_S = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What an audit found.

    Attributes:
        problems: What is wrong, one line each; empty when the log holds.
        complete: The contest was played to its end.
        board: Recomputed from the submissions and results; None where the chain is broken.
        sources_checked: Programs kept beside the log whose digest was compared.
    """

    path: Path
    problems: tuple[str, ...]
    complete: bool
    head: str | None = None
    plan: ContestPlan | None = None
    board: Scoreboard | None = None
    submissions: int = 0
    sources_checked: int = 0


def audit(path: Path, *, head: str | None = None) -> Audit:
    """Audits a log.

    Args:
        head: The hash that the contest printed at its end; finds lines missing at the end.

    Raises:
        FileNotFoundError: There is no such log.
        SolverError: It is empty or does not begin with a contest.
    """
    try:
        content = read_log(path)
    except LogDamaged as damage:
        return Audit(path=path, problems=(str(damage),), complete=False)
    if not content.records or content.records[0]["kind"] != "contest":
        raise SolverError(f"{path}: does not begin with a contest")
    plan = plan_of(content.records[0])
    board = scoreboard(plan, content.records)
    problems = list(_broken_rules(plan, content.records))
    ends = [record for record in content.records if record["kind"] == "end"]
    if ends and ends[-1]["scoreboard"] != scoreboard_record(board):
        problems.append("the scoreboard at the end is not what the results add up to")
    if head is not None and head != content.head:
        problems.append(f"the last line's hash is {content.head}, not {head}")
    if content.torn_bytes:
        problems.append(f"the last line is unfinished ({content.torn_bytes} bytes): resume the run")
    checked, wrong = _wrong_sources(path.parent / "submissions", content.records)
    return Audit(
        path=path,
        problems=(*problems, *wrong),
        complete=bool(ends),
        head=content.head,
        plan=plan,
        board=board,
        submissions=sum(record["kind"] == "submission" for record in content.records),
        sources_checked=checked,
    )


def _broken_rules(plan: ContestPlan, records: tuple[LogLine, ...]) -> list[str]:
    problems = []
    keys: Counter[str] = Counter()
    taken: dict[str, LogLine] = {}
    times_s: dict[str, list[float]] = {task.name: [] for task in plan.tasks}
    for line, record in enumerate(records, start=1):
        if record["kind"] == "submission":
            keys[record["key"]] += 1
            task = record["task"]
            if task not in times_s:
                problems.append(f"line {line}: {task} is not in the contest")
                continue
            planned = plan.task(task)
            at_s = record["at_s"]
            if not planned.opens_s <= at_s < planned.closes_s:
                problems.append(f"line {line}: {record['id']} came outside the contest")
            before = times_s[task]
            if before and at_s < before[-1] + plan.interval_s - TOLERANCE_S:
                problems.append(f"line {line}: {record['id']} came before the interval had passed")
            before.append(at_s)
            if plan.limit is not None and len(before) == plan.limit + 1:
                problems.append(f"line {line}: {task} has more than {plan.limit} submissions")
            if record["id"] in taken:
                problems.append(f"line {line}: the id {record['id']} was given twice")
            taken[record["id"]] = record
        elif record["kind"] == "judgement" and record["id"] not in taken:
            problems.append(f"line {line}: a result of {record['id']}, which nobody submitted")
    problems += [f"key {key} was handed in {n} times" for key, n in keys.items() if n > 1]
    return problems


def _wrong_sources(folder: Path, records: tuple[LogLine, ...]) -> tuple[int, list[str]]:
    """Compares the programs beside the log, where they were kept, with the log's digests."""
    checked, wrong = 0, []
    for record in records:
        if record["kind"] != "submission":
            continue
        place = folder / record["source_sha256"]
        if not place.is_dir():
            continue
        checked += 1
        if submission_digest(submission_in(place, record["language"])) != record["source_sha256"]:
            wrong.append(f"{place}: the program of {record['id']} is not what was handed in")
    return checked, wrong
