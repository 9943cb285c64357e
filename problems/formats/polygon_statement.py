"""Role: the statement of a Polygon package, from its TeX sections, its TeX file, HTML or PDF."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from lxml import etree

from problems.formats.folder import Folder
from problems.statement.convert import build_statement, read_statement
from problems.statement.tex import tex_to_markdown
from problems.task import Example, Statement, Subtask

# File of a section -> its heading; the order is the one in which Codeforces prints them.
_SECTIONS = (
    ("legend", None),
    ("input", "Input"),
    ("output", "Output"),
    ("interaction", "Interaction"),
    ("scoring", "Scoring"),
    ("notes", "Note"),
)
_COMMANDS = {
    "InputFile": "Input",
    "OutputFile": "Output",
    "Interaction": "Interaction",
    "Scoring": "Scoring",
    "Note": "Note",
    "Notes": "Note",
}
_CODES = {"english": "en", "russian": "ru", "ukrainian": "uk", "italian": "it", "polish": "pl"}
_FILES = ("text/html", "application/x-tex", "application/pdf")


def read_polygon_statement(
    folder: Folder,
    root: etree._Element,
    *,
    examples: Sequence[Example],
    subtasks: Sequence[Subtask],
    interactive: bool = False,
    language: str = "english",
) -> Statement:
    """The statement in English, or else in the first language that there is.

    Args:
        examples: Shown as the package's `example.NN` files have them, where there are such files.
        interactive: Without such files an example is the interactor's own, and is not shown.

    Raises:
        PackageError: A file of it leads out of the package or cannot be read.
    """
    listed = root.findall("statements/statement")
    languages = dict.fromkeys([language, *(s.get("language") or "" for s in listed)])
    for name in languages:
        shown = _as_shown(folder, name, examples, interactive=interactive)
        tex = _sections(folder, name) or _problem_tex(folder, name)
        if tex:
            return build_statement(
                tex_to_markdown(tex),
                examples=shown,
                subtasks=subtasks,
                language=_CODES.get(name, name),
                source_format="tex",
            )
        for kind in _FILES:
            for statement in listed:
                path = statement.get("path")
                wanted = statement.get("language") == name and statement.get("type") == kind
                if wanted and path and folder.has(path):
                    file: Path = folder.file(path)
                    return read_statement(
                        file,
                        examples=shown,
                        subtasks=subtasks,
                        language=_CODES.get(name, name),
                    )
    return build_statement("", examples=() if interactive else examples, subtasks=subtasks)


def _as_shown(
    folder: Folder, language: str, examples: Sequence[Example], *, interactive: bool
) -> list[Example]:
    """The examples with the text of `statement-sections/LANGUAGE/example.NN` and `.NN.a`."""
    found = []
    for number, example in enumerate(examples, start=1):
        path = f"statement-sections/{language}/example.{number:02d}"
        if language and "/" not in language and folder.has(path) and folder.has(f"{path}.a"):
            found.append(
                replace(
                    example,
                    shown_input=folder.read(path),
                    shown_output=folder.read(f"{path}.a"),
                )
            )
        elif not interactive:
            found.append(example)
    return found


def _sections(folder: Folder, language: str) -> str:
    place = f"statement-sections/{language}"
    if not language or "/" in language or not folder.has(f"{place}/legend.tex"):
        return ""
    parts = []
    if folder.has(f"{place}/name.tex"):
        parts.append(f"\\problemname{{{folder.text(f'{place}/name.tex').strip()}}}")
    for name, heading in _SECTIONS:
        if not folder.has(f"{place}/{name}.tex"):
            continue
        text = folder.text(f"{place}/{name}.tex").strip()
        if text:
            parts.append(f"\\section{{{heading}}}\n{text}" if heading else text)
    return "\n\n".join(parts)


def _problem_tex(folder: Folder, language: str) -> str:
    """`problem.tex` with olymp.sty's commands as sections and its examples left out."""
    path = f"statements/{language}/problem.tex"
    if not language or "/" in language or not folder.has(path):
        return ""
    text = folder.text(path)
    text = re.sub(r"\\begin\{problem\}\{([^{}]*)\}(?:\{[^{}]*\}){0,4}", r"\\problemname{\1}", text)
    text = re.sub(
        r"\\begin\{example[s]?(?:wide|three)?\}.*?\\end\{example[s]?(?:wide|three)?\}",
        "",
        text,
        flags=re.S,
    )
    text = re.sub(r"\\Examples?\b|\\end\{problem\}", "", text)
    return re.sub(
        r"\\(" + "|".join(_COMMANDS) + r")\b",
        lambda match: f"\\section{{{_COMMANDS[match[1]]}}}",
        text,
    )
