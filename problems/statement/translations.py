"""Role: the languages that a package's statement can be had in, and the task in one of them.

The IOI's archive has `translations/CODE.pdf` (`de_DE`, `zh_Hans_CN`), CMS folders
`statements/CODE.pdf`, Kattis `problem_statement/problem.CODE.tex`.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from problems.errors import PackageError
from problems.statement.convert import read_statement
from problems.task import Task

_FOLDERS = ("translations", "statements", "statement", "problem_statement", "testo")
_FORMATS = (".tex", ".md", ".markdown", ".html", ".htm", ".pdf", ".txt")
_CODE = re.compile(
    r"(?:^|[._-])([a-z]{2}(?:_[A-Z][a-z]{3})?(?:_[A-Z]{2,3})?|[a-z]{3}(?:_[A-Z][a-z]{3})?_[A-Z]{2,3})$"
)


def translations_of(root: Path) -> Mapping[str, Path]:
    """Language code, as the file's name has it, to the statement's file.

    Args:
        root: The package's folder. One that is a file has none.
    """
    found: dict[str, Path] = {}
    for name in _FOLDERS:
        folder = root / name
        # A folder or file that is a link out of the package is nobody's statement.
        if not folder.is_dir() or not folder.resolve().is_relative_to(root.resolve()):
            continue
        for file in sorted(folder.iterdir(), key=_by_format):
            code = _CODE.search(file.stem)
            inside = file.is_file() and file.resolve().is_relative_to(root.resolve())
            if code and inside and file.suffix.lower() in _FORMATS:
                found.setdefault(code[1], file)
    return dict(sorted(found.items()))


def _by_format(file: Path) -> tuple[int, str]:
    suffix = file.suffix.lower()
    return _FORMATS.index(suffix) if suffix in _FORMATS else len(_FORMATS), file.name


def in_language(task: Task, files: Mapping[str, Path], language: str, path: Path) -> Task:
    """The task with its statement in a language: `de_DE`, or `de` where only one country has it.

    Args:
        files: `translations_of` the package.
        path: The package, for errors.

    Raises:
        PackageError: It is not there, or several are meant; names those that are.
    """
    known = task.statement.language
    asked = language.replace("-", "_")
    meant = [code for code in files if code == asked]
    if not meant and asked == known:
        return task
    meant = meant or [code for code in files if code.partition("_")[0] == asked]
    if len(meant) != 1:
        choice = ", ".join(dict.fromkeys([known, *(meant or files)]))
        said = (
            f"several statements are in {language!r}" if meant else f"no statement in {language!r}"
        )
        raise PackageError(path, f"{said}; it has: {choice}")
    (code,) = meant
    statement = read_statement(files[code], examples=task.examples, subtasks=task.subtasks)
    return replace(task, statement=replace(statement, language=code, languages=tuple(files)))
