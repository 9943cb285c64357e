"""A comparison as one HTML file, nothing fetched."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from markupsafe import Markup

from solver.kept.whole_files import whole_file
from solver.report.comparing.words import differences, figure_text, sentence_of, told
from solver.report.html import environment
from solver.report.page.packing import packed


def write_page(document: Mapping[str, Any], path: Path) -> None:
    """Writes the page; one that is there is replaced.

    Raises:
        RunFolderError: The folder cannot be written.
    """
    with whole_file(path) as partial:
        partial.write_text(comparison_page(document), encoding="utf-8")


def comparison_page(document: Mapping[str, Any]) -> str:
    """The page's text."""
    made = environment()
    made.filters["figure"] = figure_text
    made.filters["share"] = lambda found: figure_text(found, share=True)
    made.filters["told"] = told
    marks = document["marks"]
    return made.get_template("compare/compare.html").render(
        document=document,
        sentence=sentence_of(document),
        shown=sorted({mark for mark in (marks[0], 10, marks[-1]) if mark in marks}),
        differences=list(differences(document)),
        index=Markup(packed(document)),
    )
