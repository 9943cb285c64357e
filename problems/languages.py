"""Role: the language of a program from its file names, as Kattis decides it.

The language with the most matching files wins, and the table's order breaks ties.
"""

import re
from collections.abc import Mapping
from pathlib import Path

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
