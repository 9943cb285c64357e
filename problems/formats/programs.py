"""Role: source files of a package -> a `Program` or `Submission`, with its language.

The language follows from the file names (`problems.languages`).
"""

from pathlib import Path

from problems.errors import PackageError
from problems.formats.folder import Folder
from problems.languages import language_of
from problems.submission import Submission
from problems.task import Program

SOURCE_LIMIT_BYTES = 8 * 1024 * 1024


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
    language = language_of(sources)
    if language is None:
        raise PackageError(path, "no source file in a known language")
    return Program(role=role, language=language, sources=sources, args=args)


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
