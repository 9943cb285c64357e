"""Role: source files of a package -> a `Program` or `Submission`, with its language.

The language follows from the file names, as Kattis decides it: the language with the most matching
files wins, and the table's order breaks ties.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from problems.errors import PackageError
from problems.formats.folder import Folder
from problems.submission import Submission
from problems.task import Program

# Suffix -> language id; ids without an entry in the sandbox's table are known by name, so that a
# report can say which compiler is missing.
SUFFIXES: Mapping[str, str] = {
    ".cpp": "cpp20",
    ".cc": "cpp20",
    ".cxx": "cpp20",
    ".c++": "cpp20",
    ".C": "cpp20",
    ".c": "c",
    ".java": "java",
    ".py": "python3",
    ".rs": "rust",
    ".cs": "csharp",
    ".go": "go",
    ".hs": "haskell",
    ".rb": "ruby",
    ".kt": "kotlin",
    ".pas": "pascal",
    ".js": "javascript",
    ".ml": "ocaml",
    ".scala": "scala",
    ".pl": "perl",
    ".php": "php",
    ".d": "d",
    ".sh": "bash",
}
_PRIORITY = tuple(dict.fromkeys(SUFFIXES.values()))
_PYTHON2 = re.compile(rb"^#!.*python2")
SOURCE_LIMIT_BYTES = 8 * 1024 * 1024


def language_of(sources: Mapping[str, bytes]) -> str | None:
    """Language id of a program's files, or None where no file is a source file."""
    counts: dict[str, int] = {}
    for name in sources:
        language = SUFFIXES.get(Path(name).suffix)
        if language is not None:
            counts[language] = counts.get(language, 0) + 1
    if not counts:
        return None
    best = max(counts, key=lambda language: (counts[language], -_PRIORITY.index(language)))
    if best == "python3" and any(
        name.endswith(".py") and _PYTHON2.match(content) for name, content in sources.items()
    ):
        return "python2"
    return best


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
