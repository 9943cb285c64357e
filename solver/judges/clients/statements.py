"""A statement as a judge serves it (PDF, HTML, Markdown, text) to the text that a model reads."""

import io

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from problems.statement.html import html_to_markdown
from problems.statement.pdf import page_text
from problems.task import Statement
from solver.judges.errors import BadAnswer


def statement_of(content: bytes, mime: str, language: str = "en") -> Statement:
    """The text of a served statement.

    Raises:
        BadAnswer: It says that it is a PDF and cannot be read as one.
    """
    kind = mime.split(";")[0].strip().lower()
    if kind == "application/pdf" or content.startswith(b"%PDF-"):
        try:
            pages = [page_text(page) for page in PdfReader(io.BytesIO(content)).pages]
        except (PyPdfError, ValueError, LookupError, TypeError, AttributeError) as error:
            raise BadAnswer(f"the statement is not a readable PDF ({error})") from error
        return Statement(text="\n\n".join(pages), language=language, source_format="pdf")
    text = content.decode("utf-8", errors="replace")
    if kind in ("text/html", "application/xhtml+xml"):
        return Statement(text=html_to_markdown(text), language=language, source_format="html")
    source_format = "markdown" if kind == "text/markdown" else "text"
    return Statement(text=text, language=language, source_format=source_format)
