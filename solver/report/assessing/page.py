"""The report of `solver assess` as one HTML file, without a script, nothing fetched."""

import re
from collections.abc import Sequence
from pathlib import Path

from markupsafe import Markup, escape

from solver.kept.whole_files import whole_file
from solver.replays.trials import OWN_ORDER
from solver.report.assessing.markdown import side_by_side, told
from solver.report.assessing.sheet import Sheet
from solver.report.html import environment
from solver.report.page.colouring import PLAIN, colours

_RUN = re.compile(r"(\d+)([a-z.])")


def write_page(sheets: Sequence[Sheet], path: Path) -> None:
    """Writes the page; one that is there is replaced.

    Raises:
        RunFolderError: The folder cannot be written.
    """
    with whole_file(path) as partial:
        partial.write_text(assessment_page(sheets), encoding="utf-8")


def assessment_page(sheets: Sequence[Sheet]) -> str:
    """The page's text. Programs and names are escaped."""
    made = environment()
    made.filters["told"] = told
    made.filters["coloured"] = coloured
    made.filters["side_by_side"] = side_by_side
    return made.get_template("assess/assess.html").render(
        sheets=sheets, most=max(sheets[0].found.points_strategy), own_order=OWN_ORDER
    )


def coloured(source: str, language: str) -> Markup:
    """A program's text with spans of colour, a line a line."""
    units = source.encode("utf-16-le", "surrogatepass")
    parts, at = [], 0
    for length, letter in _RUN.findall(colours(source, language)):
        end = at + 2 * int(length)
        text = units[at:end].decode("utf-16-le", "replace")
        at = end
        for number, line in enumerate(text.split("\n")):
            if number:
                parts.append("</span><span>")
            if line:
                safe = escape(line)
                parts.append(safe if letter == PLAIN else f'<span class="t{letter}">{safe}</span>')
    parts.append(escape(units[at:].decode("utf-16-le", "replace")))
    return Markup(f'<pre class="code" tabindex="0"><span>{"".join(parts)}</span></pre>')
