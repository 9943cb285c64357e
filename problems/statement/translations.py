"""Role: the languages that a package's statement can be had in, and the task in one of them.

The IOI's archive has `translations/CODE.pdf` (`de_DE`, `zh_Hans_CN`), CMS folders
`statements/CODE.pdf`, Kattis `statement/problem.CODE.tex` (`sv`, `fil`, `pt-BR`; before 2025-09 in
`problem_statement/`).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from problems.errors import PackageError
from problems.statement.convert import read_statement
from problems.task import Example, Statement, Subtask, Task

_FOLDERS = ("translations", "statements", "statement", "problem_statement", "testo")
_FORMATS = (".tex", ".md", ".markdown", ".html", ".htm", ".pdf", ".txt")
_CODE = re.compile(
    r"(?:^|[._-])([a-z]{2}(?:_[A-Z][a-z]{3})?(?:_[A-Z]{2,3})?|[a-z]{3}(?:_[A-Z][a-z]{3})?_[A-Z]{2,3})$"
)
_KATTIS_CODE = re.compile(r"problem\.([a-z]{2,3}(?:-[A-Z]{2})?)")


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementParts:
    """What a package's statements are made of beside their files, the same in every language.

    Attributes:
        examples: Those that a statement shows.
        constants: Names that a statement may write, to their texts (Kattis 2025-09).
        interactions: Sample's name to the log of its interaction.
        titles: Language code to the problem's name, where the package has several.
    """

    examples: Sequence[Example]
    constants: Mapping[str, str] = field(default_factory=dict)
    interactions: Mapping[str, str] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)

    def read(self, file: Path, subtasks: Sequence[Subtask]) -> Statement:
        """The statement in a file or folder, as `read_statement` reads it."""
        return read_statement(
            file,
            examples=self.examples,
            subtasks=subtasks,
            constants=self.constants,
            interactions=self.interactions,
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
            code = _KATTIS_CODE.fullmatch(file.stem) or _CODE.search(file.stem)
            inside = file.is_file() and file.resolve().is_relative_to(root.resolve())
            if code and inside and file.suffix.lower() in _FORMATS:
                found.setdefault(code[1], file)
    return dict(sorted(found.items()))


def _by_format(file: Path) -> tuple[int, str]:
    suffix = file.suffix.lower()
    return _FORMATS.index(suffix) if suffix in _FORMATS else len(_FORMATS), file.name


def in_language(
    task: Task,
    files: Mapping[str, Path],
    language: str,
    path: Path,
    parts: StatementParts | None = None,
) -> Task:
    """The task with its statement in a language: `de_DE`, or `de` where only one country has it.

    Args:
        files: `translations_of` the package.
        path: The package, for errors.
        parts: What belongs into the statement beside its file; None: the task's examples.

    Raises:
        PackageError: It is not there, or several are meant; names those that are.
    """
    known = task.statement.language
    asked = language.replace("-", "_")
    meant = [code for code in files if code.replace("-", "_") == asked]
    if not meant and asked == known:
        return task
    meant = meant or [code for code in files if re.split("[-_]", code)[0] == asked]
    if len(meant) != 1:
        choice = ", ".join(dict.fromkeys([known, *(meant or files)]))
        said = (
            f"several statements are in {language!r}" if meant else f"no statement in {language!r}"
        )
        raise PackageError(path, f"{said}; it has: {choice}")
    (code,) = meant
    parts = parts or StatementParts(examples=task.examples)
    statement = parts.read(files[code], task.subtasks)
    statement = replace(statement, language=code, languages=tuple(files))
    return replace(task, statement=statement, title=parts.titles.get(code, task.title))
