"""Role: what DOMjudge adds to Kattis packages: `domjudge-problem.ini`, tags in submissions.

Read after DOMjudge's own importer (`ImportProblemService`, `SubmissionService`, 2026). The file's
keys are a problem's name and time limit beside what the contest needs (colour, letter); a package
may come with it alone, without `problem.yaml`. A submission may say in its source what is expected
of it: `@EXPECTED_RESULTS@: WORD, WORD`, up to the end of the line.
"""

import configparser
import re
from collections.abc import Mapping
from dataclasses import dataclass

from problems.errors import PackageError
from problems.formats.folder import Folder
from problems.verdict import Verdict

INI = "domjudge-problem.ini"
_SECTION = "problem"
_DESCRIBED = frozenset({"short-name", "externalid", "color", "points", "allow_submit"})
_LONGEST_S = 3600.0

# DOMjudge takes a folder's name for a verdict as well, with `_` for `-`.
RESULTS: Mapping[str, Verdict] = {
    "AC": Verdict.AC,
    "ACCEPTED": Verdict.AC,
    "CORRECT": Verdict.AC,
    "WA": Verdict.WA,
    "WRONG-ANSWER": Verdict.WA,
    "NO-OUTPUT": Verdict.WA,
    "PRESENTATION-ERROR": Verdict.WA,
    "TLE": Verdict.TLE,
    "TIME-LIMIT-EXCEEDED": Verdict.TLE,
    "TIMELIMIT": Verdict.TLE,
    "RTE": Verdict.RE,
    "RE": Verdict.RE,
    "RUN-TIME-ERROR": Verdict.RE,
    "RUNTIME-ERROR": Verdict.RE,
    "RUN-ERROR": Verdict.RE,
    "MLE": Verdict.MLE,
    "MEMORY-LIMIT": Verdict.MLE,
    "MEMORY-LIMIT-EXCEEDED": Verdict.MLE,
    "OLE": Verdict.OLE,
    "OUTPUT-LIMIT": Verdict.OLE,
    "OUTPUT-LIMIT-EXCEEDED": Verdict.OLE,
    "CE": Verdict.CE,
    "COMPILER-ERROR": Verdict.CE,
    "COMPILE-ERROR": Verdict.CE,
    "PAC": Verdict.PARTIAL,
}
_TAG = re.compile(rb"@EXPECTED_(?:GRADES|RESULTS)@[ \t:]*([^\r\n]*)")
_WORD = re.compile(r"[A-Za-z][A-Za-z_-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`domjudge-problem.ini`, as far as judging needs it.

    Attributes:
        executables: Keys by which the server's own programs would judge (`special_compare`).
    """

    name: str | None = None
    time_limit_s: float | None = None
    executables: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def read_ini(folder: Folder) -> Settings:
    """The settings; empty where the package has no such file.

    Raises:
        PackageError: It cannot be read, or its time limit is no number of seconds.
    """
    if not folder.has(INI):
        return Settings()
    parser = configparser.RawConfigParser(strict=False, comment_prefixes=(";", "#"))
    path = folder.root / INI
    try:
        parser.read_string(f"[{_SECTION}]\n{folder.text(INI)}")
    except configparser.Error as error:
        reason = f"expected lines of key = value: {str(error).splitlines()[-1].strip()}"
        raise PackageError(path, reason) from error
    found = {
        key: value.strip().strip("'\"")
        for section in parser.sections()
        for key, value in parser.items(section)
    }
    limit = None
    if "timelimit" in found:
        limit = seconds_of(found["timelimit"])
        if limit is None:
            raise PackageError(path, f"timelimit: {found['timelimit']!r} is no number of seconds")
    served = {"name", "timelimit", "special_compare", "special_run", *_DESCRIBED}
    return Settings(
        name=found.get("name") or None,
        time_limit_s=limit,
        executables=tuple(key for key in ("special_compare", "special_run") if found.get(key)),
        notes=tuple(f"{INI}: {key}: not known here" for key in found if key not in served),
    )


def seconds_of(text: str) -> float | None:
    """A time limit written as a number alone, None where it is none that a judge could keep."""
    try:
        limit = float(text.strip())
    except ValueError:
        return None
    return limit if 0 < limit < _LONGEST_S else None


def verdict_of(word: str) -> Verdict | None:
    """The verdict that a word of a tag or a folder's name means; None where it is none."""
    return RESULTS.get(word.upper().replace("_", "-"))


def tagged(source: bytes) -> tuple[str, ...]:
    """Words of the tag in a source, in its order; none where there is no tag.

    They are set apart by blanks or commas. What stands behind a word that no comma ends is prose
    ("TIMELIMIT - quadratic"), unless it is such a word itself (`AC WA`, a word a group).
    """
    match = _TAG.search(source)
    if match is None:
        return ()
    found: list[str] = []
    for part in match[1].decode("utf-8", "replace").split(","):
        for number, word in enumerate(part.split()):
            named = _WORD.fullmatch(word)
            if named is None or (number > 0 and verdict_of(word) is None):
                break
            found.append(word)
    return tuple(found)
