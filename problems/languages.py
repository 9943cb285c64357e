"""Role: the language of a program from its file names, as Kattis decides it.

The language with the most matching files wins, and Kattis's priorities break ties.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from sandbox.compiling.languages import LanguageTable

# Languages without an entry in the sandbox's table are known by name, so that a report can say
# which compiler is missing. Endings: the languages table of the Kattis format.
_OTHERS: Mapping[str, str] = {
    ending: language
    for language, endings in {
        "ada": ".adb .ads",
        "algol68": ".a68",
        "apl": ".apl",
        "bash": ".sh",
        "cobol": ".cob",
        "crystal": ".cr",
        "csharp": ".cs",
        "d": ".d",
        "dart": ".dart",
        "elixir": ".ex",
        "erlang": ".erl",
        "forth": ".fth .4th .forth .frt",
        "fortran": ".f90",
        "fsharp": ".fs",
        "gerbil": ".ss",
        "go": ".go",
        "haskell": ".hs",
        "javascript": ".js",
        "julia": ".jl",
        "kotlin": ".kt",
        "lisp": ".lisp .cl",
        "lua": ".lua",
        "modula2": ".mod .def",
        "nim": ".nim",
        "objectivec": ".m",
        "ocaml": ".ml",
        "odin": ".odin",
        "pascal": ".pas",
        "perl": ".pl .pm",
        "php": ".php",
        "python2": ".py2",
        "racket": ".rkt",
        "ruby": ".rb",
        "scala": ".scala .sc",
        "simula": ".sim",
        "smalltalk": ".st",
        "snobol": ".sno",
        "swift": ".swift",
        "typescript": ".ts",
        "visualbasic": ".vb",
        "zig": ".zig",
    }.items()
    for ending in endings.split()
}
# problemtools' `config/languages.yaml`, highest first; others come after these.
_PRIORITY = (
    *("cpp20", "c", "python3", "java", "csharp", "ruby", "haskell", "rust", "scala", "javascript"),
    *("php", "go", "ocaml", "pascal", "kotlin"),
)
_PYTHON2 = re.compile(rb"^#!.*python2")


@cache
def suffixes() -> Mapping[str, str]:
    """A source file's suffix -> language id; C++ is C++20 and Python is Python 3.

    Raises:
        UnknownLanguage: The user's own table of languages cannot be read.
    """
    table = LanguageTable.load()
    known = {suffix: table.of_file(f"x{suffix}").id for one in table for suffix in one.extensions}
    return {**_OTHERS, **known}


def language_of(sources: Mapping[str, bytes]) -> str | None:
    """Language id of a program's files, or None where no file is a source file."""
    counts: dict[str, int] = {}
    for name in sources:
        language = suffixes().get(Path(name).suffix)
        if language is not None:
            counts[language] = counts.get(language, 0) + 1
    if not counts:
        return None
    order = {language: place for place, language in enumerate(_PRIORITY)}
    best = max(counts, key=lambda language: (counts[language], -order.get(language, len(order))))
    if best == "python3" and any(
        name.endswith(".py") and _PYTHON2.match(content) for name, content in sources.items()
    ):
        return "python2"
    return best
