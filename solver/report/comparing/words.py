"""A comparison for a terminal, and the sentences that the page shows too."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

Document = Mapping[str, Any]


def comparison_table(document: Document) -> RenderableType:
    """Totals, then differences that are sure, then a line a task."""
    parts: list[RenderableType] = [Text(sentence_of(document)), _totals(document)]
    rows = list(differences(document))
    if rows:
        table = Table(title="Differences", title_justify="left", box=None, pad_edge=False)
        for name in ("entry", "against", "measure", "difference", "95 %", ""):
            table.add_column(name)
        for row in rows:
            table.add_row(
                row["name"],
                row["against"],
                row["measure"],
                f"{row['value']:+.3g}",
                f"{row['low']:+.3g} to {row['high']:+.3g}",
                told(row),
            )
        parts.append(table)
    parts.append(_tasks(document))
    if document["left_out"]:
        parts.append(Text(f"not compared, some lack them: {', '.join(document['left_out'])}"))
    return Group(*parts)


def sentence_of(document: Document) -> str:
    """How it was measured, in one paragraph."""
    tasks, entries = document["tasks"], document["entries"]
    alone = (
        "One task: the intervals say nothing of other tasks."
        if len(tasks) == 1
        else "For the intervals tasks are drawn anew too; differences are paired by task."
    )
    return (
        f"{len(entries)} entries on {len(tasks)} task{'s' if len(tasks) > 1 else ''}: "
        f"{', '.join(tasks)}. pass@k is the unbiased estimator, points at k each subtask's best of "
        f"k submissions. Intervals of 95 %: of pass@k and random choice over other draws of as "
        f"many programs, of a strategy over its {document['seeds']} replays. {alone}"
    )


def differences(document: Document) -> Iterator[Mapping[str, Any]]:
    """Those at the first and the last mark, and at 10: enough for a reader."""
    marks = document["marks"]
    shown = {marks[0], marks[-1], 10}
    for row in document["differences"]:
        number = row["measure"].removeprefix("pass@").removeprefix("points at ")
        if int(number.split(",")[0]) in shown:
            yield row


def told(row: Mapping[str, Any]) -> str:
    """Whether a difference is one."""
    if row["sure"]:
        return ""
    return "equal" if row["low"] == row["high"] == 0 else "may be chance"


def figure_text(found: Mapping[str, float] | None, *, share: bool = False) -> str:
    """A figure with its interval."""
    if found is None:
        return "–"
    if share:
        return f"{100 * found['value']:.1f} % [{100 * found['low']:.1f}, {100 * found['high']:.1f}]"
    return f"{found['value']:.1f} [{found['low']:.1f}, {found['high']:.1f}]"


def _totals(document: Document) -> Table:
    marks = document["marks"]
    shown = [mark for mark in (marks[0], 10, marks[-1]) if mark in marks]
    table = Table(title="All tasks", title_justify="left", box=None, pad_edge=False)
    table.add_column("entry")
    table.add_column("choice")
    for mark in dict.fromkeys(shown):
        table.add_column(f"at {mark}", justify="right")
    for entry in document["entries"]:
        total = entry["total"]
        passed = [figure_text(total["pass_at"][str(k)], share=True) for k in dict.fromkeys(shown)]
        table.add_row(entry["name"], "pass@k", *passed)
        for name in document["strategies"]:
            cells = [figure_text(total["points_at"][name][str(k)]) for k in dict.fromkeys(shown)]
            table.add_row("", f"points, {name}", *cells)
        table.add_row("", "points, whole pool", f"{total['oracle']:.1f} of {total['max_points']:g}")
    return table


def _tasks(document: Document) -> Table:
    limit = str(document["limit"])
    table = Table(title=f"Each task, at {limit}", title_justify="left", box=None, pad_edge=False)
    for name in ("task", "entry", "right", "pass@1", *document["strategies"], "whole pool"):
        table.add_column(name, no_wrap=name in ("task", "entry"))
    for at, task in enumerate(document["tasks"]):
        for entry in document["entries"]:
            row = entry["tasks"][at]
            table.add_row(
                task if entry is document["entries"][0] else "",
                entry["name"],
                f"{row['right']} of {row['candidates']}",
                figure_text(row["pass_at"]["1"], share=True),
                *(figure_text(row["points_at"][name][limit]) for name in document["strategies"]),
                f"{row['oracle']:g} of {row['max_points']:g}",
            )
    return table
