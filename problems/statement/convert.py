"""The statement of a package as text that a model can read.

Every source becomes Markdown with TeX formulas: TeX through `statement_tex`, HTML and Markdown
through `statement_html`, PDF through pypdf. Examples come from the package's data, since most
formats keep them out of the text.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from problems.errors import PackageError
from problems.statement.html import html_to_markdown, markdown_to_text
from problems.statement.pdf import page_text
from problems.statement.samples import with_places, with_samples
from problems.statement.subtasks import subtask_descriptions, subtask_versions
from problems.statement.tex import tex_to_markdown, tidy
from problems.task import Example, Statement, Subtask

__all__ = ["build_statement", "read_statement", "subtask_descriptions"]

MAX_STATEMENT_BYTES = 64 * 1024 * 1024
MAX_PDF_PAGES = 100

_FORMATS = {
    ".tex": "tex",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".pdf": "pdf",
    ".txt": "text",
}
_PDF_NOTE = (
    "[Extracted from a PDF: formulas may have lost sub- and superscripts, fractions, signs.]"
)

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def read_statement(
    folder_or_file: Path,
    *,
    examples: Sequence[Example],
    subtasks: Sequence[Subtask],
    language: str = "en",
    constants: Mapping[str, str] | None = None,
    interactions: Mapping[str, str] | None = None,
) -> Statement:
    """The statement of a package.

    Args:
        folder_or_file: A statement file, or the folder that holds statements in some languages
            and formats. Of a folder the wanted language is taken before English before any other,
            and TeX before Markdown, HTML, PDF and plain text.
        examples: Put where the text asks for them, else at the end unless it has them already.
        subtasks: The task's subtasks; a version is made for each where the text names them.
        language: Language code wanted.
        constants: Names that the text writes as `{{name}}` or `\\constant{name}` (Kattis 2025-09).
        interactions: Sample's name to the log of its interaction, lines that begin with `<` and
            `>`.

    Returns:
        The statement; the examples alone where the folder holds no statement or does not exist.

    Raises:
        PackageError: A file that cannot be read as what its name says.
    """
    file = folder_or_file if folder_or_file.is_file() else find_statement(folder_or_file, language)
    if file is None:
        return build_statement("", examples=examples, subtasks=subtasks, interactions=interactions)
    source_format = _FORMATS.get(file.suffix.lower(), "text")
    return build_statement(
        _read(file, source_format, constants or {}),
        examples=examples,
        subtasks=subtasks,
        interactions=interactions,
        language=_language(file) or language,
        source_format=source_format,
    )


def build_statement(
    text: str,
    *,
    examples: Sequence[Example],
    subtasks: Sequence[Subtask],
    language: str = "en",
    source_format: str = "text",
    interactions: Mapping[str, str] | None = None,
) -> Statement:
    """A statement from text that is Markdown already: examples put in, one version a subtask."""
    text = with_samples(tidy(text), examples, interactions)
    return Statement(
        text=text,
        language=language,
        source_format=source_format,
        per_subtask=subtask_versions(text, subtasks),
    )


def find_statement(folder: Path, language: str = "en") -> Path | None:
    """The best statement file of a folder: language first, then format.

    Raises:
        PackageError: It is a link that leads out of the package, the folder's parent.
    """
    if not folder.is_dir():
        return None
    files = [
        file
        for file in sorted(folder.iterdir())
        if file.suffix.lower() in _FORMATS and file.is_file() and not _is_partial(file)
    ]
    wanted = [language, "en", None]
    formats = [".tex", ".md", ".markdown", ".html", ".htm", ".pdf", ".txt"]

    def rank(file: Path) -> tuple[int, int, int]:
        code = _language(file)
        first_words = ("problem", "statement", "index", "testo", folder.parent.name)
        named = 0 if file.name.split(".")[0].split("-")[0] in first_words else 1
        place = wanted.index(code) if code in wanted else len(wanted)
        return place, named, formats.index(file.suffix.lower())

    best = min(files, key=rank, default=None)
    # The package is the statement folder's parent: a link may lead about in it, not out of it.
    if best is not None and not best.resolve().is_relative_to(folder.parent.resolve()):
        raise PackageError(best, "link leads out of the package")
    return best


def _is_partial(file: Path) -> bool:
    """Files that lie beside statements and are none: solutions, style files, notes."""
    return re.search(r"solution|editorial|readme|olymp|header|footer", file.stem, re.I) is not None


def _language(file: Path) -> str | None:
    """Language code in a file name: `problem.sv.tex`, `en.md`, `statement-en.pdf`."""
    stem = file.name.removesuffix(file.suffix).removesuffix(".extracted")
    found = re.search(r"(?:^|[._-])([a-z]{2})(?:[-_][A-Za-z]{2})?$", stem)
    return found[1] if found else None


def _read(file: Path, source_format: str, constants: Mapping[str, str]) -> str:
    try:
        if file.stat().st_size > MAX_STATEMENT_BYTES:
            raise PackageError(file, f"a statement of more than {MAX_STATEMENT_BYTES} bytes")
        data = b"" if source_format == "pdf" else file.read_bytes()
    except OSError as error:
        raise PackageError(file, f"cannot be read: {error.strerror}") from error
    if source_format == "pdf":
        return pdf_to_text(file)
    # Old packages are Latin-1 here and there, and a wrong letter in prose hurts nobody.
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    text = with_places(with_constants(text, constants))
    if source_format == "tex":
        return tex_to_markdown(text)
    if source_format == "markdown":
        return markdown_to_text(text)
    return html_to_markdown(text) if source_format == "html" else tidy(text)


def with_constants(text: str, constants: Mapping[str, str]) -> str:
    """The text with `{{name}}` and `\\constant{name}` replaced; unknown names stay as they are."""
    if not constants:
        return text
    return re.sub(
        r"\{\{([A-Za-z_][\w.]*)\}\}|\\constant\{([A-Za-z_][\w.]*)\}",
        lambda match: constants.get(match[1] or match[2], match[0]),
        text,
    )


def pdf_to_text(file: Path) -> str:
    """Text of a PDF, page by page, under a note that formulas may have suffered.

    Raises:
        PackageError: The file is no PDF that pypdf can read.
    """
    try:
        pages = PdfReader(file).pages
        texts = [page_text(page) for page in pages[:MAX_PDF_PAGES]]
    except (PyPdfError, OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        # pypdf lets the errors of its own parsing through on broken files.
        raise PackageError(file, f"cannot be read as PDF: {error}") from error
    # Fonts without names for their glyphs give control characters where blanks and quotes were.
    body = tidy(_CONTROLS.sub(" ", "\n\n".join(texts)))
    return f"{_PDF_NOTE}\n\n{body}" if body else ""


def statement_files(folder: Path) -> Mapping[str, Path]:
    """Language code to the statement file that would be read for it."""
    if not folder.is_dir():
        return {}
    codes = {code for file in folder.iterdir() if (code := _language(file)) is not None}
    found = {code: find_statement(folder, code) for code in sorted(codes)}
    return {code: file for code, file in found.items() if file is not None}
