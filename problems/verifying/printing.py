"""Role: packages, results and reports as people read them, and as JSON values."""

from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from problems.inclusion import node_of
from problems.package import Package
from problems.submission import Expectation
from problems.task import Program, Task
from problems.verdict import SubmissionResult, Verdict
from problems.verifying.labels import label_of
from problems.verifying.report import VerifyReport


def _program(program: Program | None) -> str | None:
    return None if program is None else f"{program.role} ({program.language})"


def describe(package: Package) -> dict[str, Any]:
    """What `show --json` prints."""
    task, testset = package.task, package.testset

    def tests_in(subtask: str) -> int | None:
        node = node_of(testset.scoring, subtask)
        return None if node is None else len(set(node.all_testcases()))

    return {
        "name": task.name,
        "title": task.title,
        "format": package.format,
        "type": str(task.type),
        "scored": task.scored,
        "max_points": task.max_points,
        "time_limit_s": task.limits.time_s,
        "time_multiplier": task.limits.time_multiplier,
        "memory_bytes": task.limits.memory_bytes,
        "function": task.interface.is_function,
        "processes": task.processes,
        "subtasks": [
            {
                "name": subtask.name,
                "max_points": subtask.max_points,
                "includes": list(subtask.includes),
                "description": subtask.description,
                "tests": tests_in(subtask.name),
            }
            for subtask in task.subtasks
        ],
        "tests": len(testset.testcases),
        "distinct_tests": len({case.input for case in testset.testcases.values()}),
        "examples": len(task.examples),
        "output_files": {
            file.name: "optional" if file.program_runs else "only" for file in task.output_files
        },
        "checker": _program(testset.checker) or testset.comparison.get("kind"),
        "interactor": _program(testset.interactor),
        "validators": [_program(validator) for validator in testset.validators],
        "submissions": len(package.submissions),
        "left_out": [{"name": one.name, "reason": one.reason} for one in package.left_out],
        "statement_format": task.statement.source_format,
        "statement_language": task.statement.language,
        "statement_languages": list(task.statement.languages),
        "statement_chars": len(task.statement.text),
        "notes": list(package.notes),
    }


def print_package(package: Package, console: Console) -> None:
    """What `show` prints."""
    facts = describe(package)
    title = escape(facts["title"])
    console.print(f"[bold]{title}[/bold]  ({escape(facts['name'])}, {facts['format']})")
    time = facts["time_limit_s"]
    times = f"{facts['time_multiplier']:g} times"
    limit = (
        f"{time:g} s"
        if time
        else f"no time limit stated: {times} what the jury's slowest accepted program needs"
    )
    console.print(
        f"{facts['type']}{', functions' if facts['function'] else ''}; {limit}; "
        f"{facts['memory_bytes'] // 2**20} MiB; {facts['tests']} tests "
        f"({facts['distinct_tests']} distinct), {facts['examples']} examples; "
        f"checker: {facts['checker'] or facts['interactor']}"
    )
    kinds = list(facts["output_files"].values())
    if kinds:
        console.print(
            f"output files beside the program: {kinds.count('optional')} may be handed in, "
            f"{kinds.count('only')} must be"
        )
    if facts["statement_languages"]:
        console.print(
            f"statement: {facts['statement_language']}; also in "
            f"{', '.join(facts['statement_languages'])} (--statement-language)",
            markup=False,
        )
    table = Table("subtask", "points", "tests", "includes")
    for subtask in facts["subtasks"]:
        tests = subtask["tests"]
        table.add_row(
            subtask["name"],
            f"{subtask['max_points']:g}",
            "" if tests is None else str(tests),
            ", ".join(subtask["includes"]),
        )
    console.print(table)
    for note in facts["notes"]:
        console.print(f"note: {note}", markup=False)
    for jury in package.submissions:
        console.print(f"  {jury.name}  {_label(jury.expected)}", markup=False)
    for one in package.left_out:
        console.print(f"  {one.name}  left out: {one.reason}", markup=False)


def _label(expected: Expectation) -> str:
    """A label on one line; of a word for each subtask all of them."""
    label = label_of(expected)
    if isinstance(label, dict):
        return ", ".join(f"{name} {word}" for name, word in label.items())
    return label if isinstance(label, str) else f"{label:g} points"


def result_json(name: str, result: SubmissionResult) -> dict[str, Any]:
    """One submission of `judge --json`."""
    return {
        "submission": name,
        "verdict": str(result.verdict),
        "points": result.points,
        "cpu_s": round(result.cpu_s, 4),
        "compile_message": result.compile_message,
        "subtasks": [
            {
                "name": subtask.subtask,
                "points": subtask.points,
                "max_points": subtask.max_points,
                "verdict": str(subtask.verdict),
            }
            for subtask in result.subtasks
        ],
        "testcases": [
            {
                "name": case.testcase,
                "verdict": str(case.verdict),
                "score": case.score,
                "cpu_s": round(case.cpu_s, 4),
                "wall_s": round(case.wall_s, 4),
                "waited_s": round(case.waited_s, 4),
                "repeats": case.repeats,
                "memory_bytes": case.memory_bytes,
                "message": case.message,
            }
            for case in result.testcases
        ],
    }


def print_result(name: str, result: SubmissionResult, task: Task, console: Console) -> None:
    """One submission of `judge`."""
    points = f"  {result.points:g} of {task.max_points:g} points"
    console.print(
        f"[bold]{name}[/bold]  {_coloured(result.verdict)}{points if task.scored else ''}"
        f"  {result.cpu_s:.2f} s"
    )
    if result.compile_message:
        console.print(result.compile_message, markup=False, highlight=False)
    if task.scored:
        for subtask in result.subtasks:
            console.print(
                f"  {subtask.subtask}  {subtask.points:g}/{subtask.max_points:g}  "
                f"{_coloured(subtask.verdict)}"
            )
    for case in result.testcases:
        if case.verdict not in (Verdict.AC, Verdict.SKIPPED):
            message = case.message.splitlines()[0][:100] if case.message else ""
            console.print(
                f"  {case.testcase}  {case.verdict}  {case.cpu_s:.2f} s  {message}", markup=False
            )
            break


def _coloured(verdict: Verdict) -> str:
    return f"[{verdict.colour}]{verdict}[/]"


def print_report(report: VerifyReport, console: Console) -> None:
    """What `verify` prints."""
    document = report.as_json()
    table = Table("package", "submission", "expected", "actual", "points", "CPU s", "")
    for row in document["submissions"]:
        mark = "ok" if row["agrees"] else "DISAGREES"
        if row.get("extra_time"):
            mark = "ok with extra time"
        table.add_row(
            row["package"],
            row["submission"],
            _short(row["expected"]),
            row["actual"],
            "" if row["points"] is None else f"{row['points']:g}",
            "" if row["cpu_s"] is None else f"{row['cpu_s']:.2f}",
            mark,
        )
    for row in document["skipped"]:
        table.add_row(row["package"], row["submission"], "", "", "", "", "skipped")
    console.print(table)
    for row in document["skipped"]:
        why = f"skipped: {row['package']}/{row['submission']}: {row['reason']}"
        console.print(why, markup=False)
    for row in document["submissions"]:
        for warning in row.get("warnings", []):
            console.print(f"warning: {row['package']}/{row['submission']}: {warning}", markup=False)
    for row in document["submissions"]:
        if "accepted_because" in row:
            why = f"{row['package']}/{row['submission']}: {row['accepted_because']}"
            console.print(why, markup=False, soft_wrap=True)
    for row in document["notes"]:
        console.print(f"note: {row['package']}: {row['note']}", markup=False)
    for entry in document["unreadable"]:
        console.print(f"refused: {entry['package']}: {entry['error']}", markup=False)
    rows = document["submissions"]
    for times in document["time_limits"]:
        broken = [row for row in rows if row["package"] == times["package"] and _by_time(row)]
        if broken:
            console.print(_about_limit(times, len(broken)), markup=False)
    for row in rows:
        if not row["agrees"]:
            console.print(_why(row), markup=False, soft_wrap=True)
    skipped = f"{len(document['skipped'])} skipped"
    if not rows:
        console.print(f"no label was checked; {skipped}")
        return
    agreed = sum(row["agrees"] for row in rows)
    console.print(f"{agreed} of {len(rows)} labels hold ({document['agreement']:.2%}); {skipped}")


def _why(row: dict[str, Any]) -> str:
    """Why a label does not hold, with the first test that was rejected."""
    words = f"DISAGREES: {row['package']}/{row['submission']}: {row.get('reason', '')}"
    first = row.get("first_rejected")
    if first is None:
        return words
    message = f" ({first['message']})" if first["message"] else ""
    return f"{words}; first rejected: {first['test']}: {first['verdict']}{message}"


def _by_time(row: dict[str, Any]) -> bool:
    """A label that does not hold here and would under another time limit."""
    return not row["agrees"] and row.get("holds_for") is not None


def _about_limit(times: dict[str, Any], broken: int) -> str:
    measured = ""
    if times["slowest_s"] is not None:
        spread = f"{times['slowest_s']:.3g} s, spread {times['spread_s']:.2g} s"
        measured = f", measured ({times['submission']}: {spread})"
    fits = times["labels_hold"]
    if fits is None:
        word = "no one limit makes all labels hold"
    else:
        below = "" if fits["below_s"] is None else f" and below {fits['below_s']:.4g} s"
        word = f"all of them hold from {fits['from_s']:.4g} s{below}: a machine of another speed"
    return (
        f"{times['package']}: the time limit is {times['limit_s']:g} s here{measured}; {broken} "
        f"labels would hold under another; {word}"
    )


def _short(expected: Any) -> str:
    if isinstance(expected, dict):
        return " ".join(expected.values())
    return str(expected)
