"""A measurement for people: Markdown, and its curves as a picture."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from solver.kept.whole_files import whole_file
from solver.report.plots import BLUE, GREY, INK, ORANGE

_COLOURS = (GREY, BLUE, ORANGE, INK)
_DASHES = ("--", "-", "-.", ":")


def evaluation_words(document: Mapping[str, Any]) -> str:
    """The figures in Markdown; a difference whose interval holds 0 is said to be none."""
    marks = [str(mark) for mark in document["marks"]]
    entries = document["entries"]
    heads = [f"pass@{k}" for k in marks] + [f"points at {k}" for k in marks]
    lines = [
        f"{len(document['tasks'])} tasks that were never trained on, {document['samples']} answers "
        f"to each, {document['max_points']:g} points in all; 95 % intervals.",
        "",
        "| model | " + " | ".join(heads) + " | all answers |",
        "|---" * (len(heads) + 2) + "|",
    ]
    for one in entries:
        cells = [_told(one["pass_at"][k], 3) for k in marks]
        cells += [_told(one["points_at"][k], 1) for k in marks]
        lines.append(f"| {one['name']} | " + " | ".join(cells) + f" | {one['oracle']:g} |")
    lines += ["", "| after | difference | shown? |", "|---|---|---|"]
    for row in document["differences"]:
        digits = 3 if row["what"].startswith("pass") else 1
        shown = "no" if row["low"] <= 0 <= row["high"] else "yes"
        lines.append(
            f"| {row['entry']} | {row['what']}: {_told(row, digits, sign='+')} | {shown} |"
        )
    names = [one["name"] for one in entries]
    lines += ["", "| task | " + " | ".join(f"{name}: right" for name in names) + " |"]
    lines += ["|---" * (len(names) + 1) + "|"]
    for place, task in enumerate(document["tasks"]):
        own = [one["tasks"][place] for one in entries]
        cells = [f"{each['right']} of {each['answers']}, {each['oracle']:g} points" for each in own]
        lines.append(f"| {task} | " + " | ".join(cells) + " |")
    if document["left_out_marks"]:
        left = ", ".join(map(str, document["left_out_marks"]))
        lines += ["", f"Too few answers for {left}: draw more with `--samples`."]
    return "\n".join(lines) + "\n"


def _told(figure: Mapping[str, float], digits: int, sign: str = "") -> str:
    form = f"{sign}.{digits}f"
    low, high = format(figure["low"], form), format(figure["high"], form)
    return f"{format(figure['value'], form)} [{low}, {high}]"


def write_curves(document: Mapping[str, Any], file: Path) -> None:
    """Points against samples, a line a model, and against rounds, a line a mark; as SVG.

    Raises:
        RunFolderError: The folder cannot be written.
    """
    # Imported here: only pictures need it.
    import matplotlib

    matplotlib.use("agg")
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 3.4), layout="constrained")
    left, right = figure.subplots(1, 2, sharey=True)
    for place, (name, rows) in enumerate(document["curves"]["samples"].items()):
        style = {"color": _COLOURS[place % 4], "linestyle": _DASHES[place % 4]}
        _line(left, [row["samples"] for row in rows], rows, name, style)
    for place, (mark, rows) in enumerate(document["curves"]["rounds"].items()):
        style = {"color": _COLOURS[place % 4], "linestyle": _DASHES[place % 4]}
        _line(right, [row["entry"] for row in rows], rows, f"{mark} answers", style)
    left.set_xlabel("answers")
    left.set_ylabel("points")
    right.set_xlabel("round")
    for axes in (left, right):
        axes.set_ylim(bottom=0)
        axes.legend(frameon=False)
    with whole_file(file) as partial:
        figure.savefig(partial, format="svg", metadata={"Date": None})


def _line(axes: Any, xs: list[Any], rows: Any, name: str, style: Mapping[str, str]) -> None:
    axes.plot(xs, [row["value"] for row in rows], label=name, marker="o", markersize=3, **style)
    lows, highs = [row["low"] for row in rows], [row["high"] for row in rows]
    axes.fill_between(xs, lows, highs, color=style["color"], alpha=0.12, linewidth=0)
