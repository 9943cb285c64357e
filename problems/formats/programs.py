"""Role: source files of a package -> a `Program` or `Submission`, with its language.

The language follows from the file names (`problems.languages`).
"""

from collections.abc import Mapping
from pathlib import Path

from problems.errors import PackageError
from problems.formats.folder import Folder
from problems.jury.scripts import SCRIPTS
from problems.languages import language_of
from problems.submission import Submission
from problems.task import Program

SOURCE_LIMIT_BYTES = 8 * 1024 * 1024


NO_SOURCE = "no source file in a language that is known here"
_NOTES = (".md", ".txt", ".yaml", ".yml", ".json", ".pdf", ".in", ".out", ".ans", ".html", "")


def is_note(path: Path) -> bool:
    """A file that lies beside submissions and is none by its ending."""
    return not path.is_dir() and path.suffix.lower() in _NOTES


def read_sources(folder: Folder, path: Path) -> dict[str, bytes]:
    """Files of a program that is one file or a folder: name below the folder -> content.

    Raises:
        PackageError: A file leads out of the package or cannot be read.
    """
    if path.is_dir():
        return {
            file.relative_to(path).as_posix(): folder.read(file, SOURCE_LIMIT_BYTES)
            for file in folder.walk(path)
        }
    return {path.name: folder.read(path, SOURCE_LIMIT_BYTES)}


def read_program(folder: Folder, path: Path, role: str, args: tuple[str, ...] = ()) -> Program:
    """A checker, interactor, validator or manager.

    Raises:
        PackageError: No file of it is source code in a language that is known here.
    """
    sources = read_sources(folder, path)
    language = program_language(sources)
    if language is None:
        raise PackageError(path, NO_SOURCE)
    return Program(role=role, language=language, sources=sources, args=args, name=path.name)


def program_language(sources: Mapping[str, bytes]) -> str | None:
    """Language of a jury's program: `SCRIPTS` where it brings a build or a run script."""
    return SCRIPTS if {"build", "run"} & set(sources) else language_of(sources)


def read_submission(folder: Folder, path: Path, python: str = "python3") -> Submission | None:
    """A jury submission, or None where `path` holds no source code.

    Args:
        python: Language id of Python programs: Kattis runs them with PyPy.
    """
    sources = read_sources(folder, path)
    language = language_of(sources)
    if language is None:
        return None
    if language == "python3":
        language = python
    return Submission(language=language, sources=sources)
