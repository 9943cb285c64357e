"""The report as one HTML file: data, style and script in it, nothing fetched."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from solver.contests.live import clock_text
from solver.kept.whole_files import whole_file
from solver.report.build import Report, ReportedTask
from solver.report.page.data import RunData, calibration_of, packed_run, run_data, tokens_of
from solver.report.reasons import said_once
from solver.sampling.tally import tally_words


def write_html(report: Report, path: Path, data: RunData | None = None) -> None:
    """Writes the page; a page that is there is replaced.

    Args:
        data: Of the same report; None reads it.
    """
    text = html_report(report, data)
    with whole_file(path) as partial:
        partial.write_text(text, encoding="utf-8")


def html_report(report: Report, data: RunData | None = None) -> str:
    """The page's text. Everything from the run is escaped: candidates may be named anything.

    Raises:
        RunFolderError: A file of the run is damaged.
    """
    data = data or run_data(report)
    content = packed_run(data)
    return (
        environment()
        .get_template("page/report.html")
        .render(
            report=report,
            total=report.board.total,
            submissions=sum(task.score.submissions for task in report.tasks),
            candidates=sum(task.candidates for task in report.tasks),
            facts=data.facts,
            models=data.models,
            views=data.views,
            beside=data.beside,
            sum=data.sum,
            tokens={task.name: tokens_of(data, task) for task in report.tasks},
            why={
                each.id: reason
                for task in report.tasks
                for each, reason in zip(
                    task.submissions,
                    said_once([one.reason for one in task.submissions]),
                    strict=True,
                )
            },
            calibration=calibration_of(data),
            cost=[_cost(task) for task in report.tasks],
            log_name=report.log.name,
            # Base64 has no character that HTML reads as anything else.
            index=Markup(content.index),
            texts={name: Markup(text) for name, text in content.texts.items()},
        )
    )


def environment() -> Environment:
    """Templates of all our pages: everything is escaped, a name that is missing is an error."""
    made = Environment(
        loader=PackageLoader("solver.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["clock"] = clock_text
    made.filters["tally"] = tally_words
    made.filters["num"] = number_text
    made.filters["one"] = lambda value: number_text(value, 1)
    made.filters["thousands"] = thousands
    made.filters["own"] = lambda name, task: name.removeprefix(f"{task}/")
    made.filters["count_of"] = count_of
    return made


def number_text(value: float, digits: int = 2) -> str:
    """A number without idle zeros."""
    text = f"{value:.{digits}f}"
    return re.sub(r"\.?0+$", "", text) if "." in text else text


def thousands(value: float) -> str:
    """A whole number with thin spaces."""
    return f"{value:,.0f}".replace(",", "\u202f")


def count_of(count: int, word: str) -> str:
    """ "1 submission", "2 submissions"."""
    return f"{thousands(count)} {word}{'' if count == 1 else 's'}"


def _cost(task: ReportedTask) -> Mapping[str, Any]:
    tally = task.tally or {}
    return {
        "task": task.name,
        "points": task.score.points,
        "tokens": max(task.tokens, tally.get("tokens", 0)),
        "prompt_tokens": tally.get("prompt_tokens", 0),
        "cost": tally.get("cost", 0.0),
        "cpu_s": task.cpu_s,
    }
