"""Role: the `checker` and `interactive` keys of DMOJ's `init.yml`.

Read after DMOJ's judge (`dmoj/checkers`, `dmoj/contrib`, 2026) and its documentation ("Custom
checkers"). `standard` compares words line by line, blank lines aside; `easy` counts characters;
`floats` has one tolerance for `error_mode`; `sorted` and `unordered` take lines and words in any
order.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from problems.errors import PackageError, UnsupportedTask
from problems.formats.documents import Document
from problems.formats.folder import Folder
from problems.jury.checkers import TESTLIB_CHECKER, TESTLIB_INTERACTOR
from problems.jury.testlib import with_testlib
from problems.score import Unit
from problems.task import Program

Comparison = Mapping[str, float | bool | str]

_MODES = {
    "default": "float_tolerance",
    "absolute": "float_absolute_tolerance",
    "relative": "float_relative_tolerance",
}
_FLOATS = {"floats": None, "floatsabs": "absolute", "floatsrel": "relative"}
_PLAIN: Mapping[str | None, Comparison] = {
    None: {"kind": "line-words", "flags": "case_sensitive"},
    "standard": {"kind": "line-words", "flags": "case_sensitive"},
    "easy": {"kind": "same-letters"},
    "identical": {"kind": "exact"},
    "sorted": {"kind": "any-order-lines"},
    "unordered": {"kind": "any-order-words"},
}
# Arguments that change no verdict.
_DESCRIBED = frozenset(
    {"feedback", "pe_allowed", "cached", "lang", "time_limit", "memory_limit"}
    | {"compiler_time_limit", "flags", "files", "type", "args_format_string"}
)
_PERCENT = "treat_checker_points_as_percentage"


def read_checker(
    folder: Folder, document: Document, checker: str | dict[str, Any] | None
) -> tuple[Program | None, Comparison]:
    """A program, or what the built-in comparison has to do.

    Raises:
        PackageError: Arguments that DMOJ does not know either.
        UnsupportedTask: A checker in Python, or one that nothing here serves.
    """
    line = document.line_of(("checker",))
    named: dict[str, Any] = checker if isinstance(checker, dict) else {"name": checker}
    name, args = named.get("name"), named.get("args") or {}
    if not isinstance(args, dict):
        raise PackageError(document.path, "checker: args", line)
    served = {"precision", "error_mode"} if name in _FLOATS else set()
    served |= {"split_on"} if name == "sorted" else set()
    served |= {_PERCENT} if name == "bridged" else set()
    for key in args:
        if key not in served | _DESCRIBED:
            raise UnsupportedTask(f"{document.path}:{line}: checker: {str(key)[:60]}")
    if name in _FLOATS:
        return None, {"kind": "line-words", "flags": _float_flags(document, line, name, args)}
    if name == "bridged":
        return read_bridged(folder, document, args, "checker"), {}
    if name == "sorted" and args.get("split_on", "lines") != "lines":
        if args["split_on"] != "whitespace":
            raise PackageError(document.path, f"checker: split_on {args['split_on']!r}", line)
        name = "unordered"
    if name not in _PLAIN:
        raise UnsupportedTask(f"{document.path}:{line}: checker {str(name)[:60]}")
    return None, _PLAIN[name]


def _float_flags(document: Document, line: int | None, name: str, args: Mapping[str, Any]) -> str:
    digits = args.get("precision", 6)
    if not isinstance(digits, int) or not 0 <= digits <= 15:
        raise PackageError(document.path, f"checker: precision {digits!r}", line)
    mode = _FLOATS[name] or args.get("error_mode", "default")
    if not isinstance(mode, str) or mode not in _MODES:
        reason = f"checker: error_mode {mode!r}, known: {', '.join(_MODES)}"
        raise PackageError(document.path, reason, line)
    return f"case_sensitive {_MODES[mode]} 1e-{digits}"


def read_bridged(folder: Folder, document: Document, args: Mapping[str, Any], key: str) -> Program:
    """A checker or interactor of testlib's convention, in C++.

    `default` of DMOJ calls a checker with the same arguments and knows 0 and 1 alone.

    Raises:
        PackageError: It names no files.
        UnsupportedTask: Another convention or language, or testlib.h is nowhere.
    """
    where = f"{document.path}:{document.line_of((key,))}"
    kind, files = args.get("type", "default"), args.get("files")
    served = ("testlib", "default") if key == "checker" else ("testlib",)
    if kind not in served:
        raise UnsupportedTask(f"{where}: {key} of type {str(kind)[:40]}")
    names = [files] if isinstance(files, str) else files
    if not isinstance(names, list) or not names or not all(isinstance(n, str) for n in names):
        raise PackageError(document.path, f"{key}: no files", document.line_of((key,)))
    strange = [n for n in names if not n.endswith((".cpp", ".cc", ".cxx", ".c", ".h", ".hpp"))]
    if strange or args.get("args_format_string"):
        raise UnsupportedTask(f"{where}: {key}: {strange[0] if strange else 'args_format_string'}")
    sources = {name.rsplit("/", 1)[-1]: folder.read(name) for name in names}
    role = TESTLIB_CHECKER if key == "checker" else TESTLIB_INTERACTOR
    language = "c" if all(name.endswith((".c", ".h")) for name in names) else "cpp17"
    program = Program(role=role, language=language, sources=with_testlib(sources, {}))
    return replace(program, points=Unit.PERCENT) if args.get(_PERCENT) is True else program
