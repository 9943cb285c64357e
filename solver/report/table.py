"""The report for a terminal."""

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from problems.verdict import Verdict
from solver.contests.live import clock_text, scoreboard_table
from solver.report.build import Report, ReportedTask
from solver.sampling.tally import tally_words

# Submissions that gained nothing are summed up past this many, so that the table fits a screen.
SHOWN_WITHOUT_GAIN = 3


def report_table(report: Report) -> RenderableType:
    """The scoreboard, then for each task the submissions that counted and why they were made."""
    title = f"{report.plan.name} ({report.plan.rules.name} rules, strategy {report.strategy})"
    if not report.complete:
        title += ": not finished, the same command goes on"
    parts: list[RenderableType] = [scoreboard_table(report.board, title)]
    parts += [_task_table(task) for task in report.tasks if task.submissions]
    parts.append(Text(f"log {report.log}, head {report.head}", style="dim"))
    return Group(*parts)


def _verdict_text(verdict: Verdict | None) -> Text:
    return Text() if verdict is None else Text(verdict, style=verdict.colour)


def _task_table(task: ReportedTask) -> RenderableType:
    table = Table(
        title=Text(
            f"{task.name}: {task.candidates} candidates, {task.clusters} clusters"
            + (f"; {tally_words(task.tally)}" if task.tally else "")
            + (f"; left: {task.left}" if task.left else "")
        ),
        title_justify="left",
        box=None,
        pad_edge=False,
    )
    # The reason takes what the others leave; JSON and HTML also have the estimate and the aim.
    for title in ("no.", "time", "candidate", "verdict", "gain", "total"):
        table.add_column(title, no_wrap=True)
    table.add_column("why", ratio=1)
    idle = 0
    for submission in task.submissions:
        if submission.gained_points <= 0:
            idle += 1
            if idle > SHOWN_WITHOUT_GAIN:
                continue
        table.add_row(
            str(submission.number),
            clock_text(submission.at_s),
            Text(submission.candidate),
            _verdict_text(submission.verdict),
            f"{submission.gained_points:+g}" if submission.gained_points else "",
            f"{submission.best_points:g}",
            Text(submission.reason),
        )
    if idle > SHOWN_WITHOUT_GAIN:
        table.caption = f"{idle - SHOWN_WITHOUT_GAIN} more submissions without a gain"
    return table
