"""The report as one HTML file: inline SVG and style, no script, nothing fetched."""

from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from solver.contests.live import clock_text
from solver.report.build import Report
from solver.report.figures import curve_figure, heat_map
from solver.sampling.tally import tally_words


def write_html(report: Report, path: Path) -> None:
    """Writes the page; a page that is there is replaced."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(html_report(report), encoding="utf-8")


def html_report(report: Report) -> str:
    """The page's text. Everything from the run is escaped: candidates may be named anything."""
    environment = Environment(
        loader=PackageLoader("solver.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["clock"] = clock_text
    environment.filters["tally"] = tally_words
    template = environment.get_template("report.html")
    return template.render(
        report=report,
        curves={task.name: curve_figure(task) for task in report.tasks},
        heat_maps={task.name: heat_map(task) for task in report.tasks},
    )
