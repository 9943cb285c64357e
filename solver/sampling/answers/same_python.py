"""Stage 2, afterwards: when two Python programs are one in other words.

Python itself parses: programs that it refuses are the same as nothing but themselves. What is left
of a program is its syntax tree without places, in which the program's own names are numbered. A
name is its own only where nothing but the program can see it: no built-in, attribute, keyword
argument, field of a class or name that a star import may bring; and none at all where the program
looks names up, or prints errors, which name them.
"""

import ast
import builtins
import importlib
import re
from collections.abc import Iterator

from solver.sampling.answers.programs import compiled

_BUILTINS = frozenset(dir(builtins))
# Names, line numbers and source texts that a program can see of itself.
_REFLECTION = re.compile(
    r"\b(?:eval|exec|compile|globals|locals|vars|dir|getattr|setattr|hasattr|delattr|__dict__|__doc__"
    r"|__qualname__|__annotations__|__code__|__slots__|inspect|traceback|exc_info|format_exc|logging"
    r"|excepthook|format_map|_getframe|currentframe|f_lineno|tb_lineno|warnings|dataclass|namedtuple"
    r"|NamedTuple|TypedDict|Enum|IntEnum|get_type_hints|signature|co_\w+|gi_frame|__file__|linecache"
    r"|tokenize|open\(__|settrace|setprofile|Template)\b|\.__name__"
)
_PYPY_GRAMMAR = re.compile(r"\bwith\s*\(")
# Modules whose names are looked up here when a program imports them all; nothing of them is run.
_PURE = {
    *("math", "collections", "heapq", "bisect", "itertools", "functools", "string", "random"),
    *("operator", "typing", "decimal", "fractions", "copy", "re", "cmath", "statistics", "time"),
}


def tree_of(source: str, language: str) -> str | None:
    """The program as a tree with numbered names; None where only its very text is the same.

    That is a program which Python refuses, or which may see its own names and lines.
    """
    if _PYPY_GRAMMAR.search(source) and language == "pypy3":
        # Its grammar may be older than ours: what has one tree here may not parse there.
        return None
    tree = compiled(source)
    if tree is None or _REFLECTION.search(source) or _names_errors(tree):
        return None
    own = _own(tree)
    numbers: dict[str, str] = {}
    try:
        return "\0".join(_words(tree, own, numbers))
    except RecursionError:
        return None


def _words(node: ast.AST, own: frozenset[str], numbers: dict[str, str]) -> Iterator[str]:
    yield f"({type(node).__name__}"
    for name, value in ast.iter_fields(node):
        if name in ("type_comment", "type_ignores", "kind"):
            continue
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, ast.AST):
                yield from _words(each, own, numbers)
            elif name in _NAME_FIELDS and isinstance(each, str) and each in own:
                yield numbers.setdefault(each, f"\1{len(numbers)}")
            else:
                yield f"{type(each).__name__}:{each!r}"
        yield ";"
    yield ")"


# Where the tree has a name as text: Name, arg, handlers and patterns, functions, global, imports.
_NAME_FIELDS = {"id", "arg", "name", "names", "rest"}


def _names_errors(tree: ast.Module) -> bool:
    """An error that the program catches by name may be printed, and may name a variable."""
    return any(isinstance(node, ast.ExceptHandler) and node.name for node in ast.walk(tree))


def _own(tree: ast.Module) -> frozenset[str]:
    bound: set[str] = set()
    fixed: set[str] = set(_BUILTINS)
    # A file of functions alone is called from outside, by its names.
    runs = any(not isinstance(each, _DEFINITIONS) for each in tree.body)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            bound.add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            (bound if runs else fixed).add(node.name)
        elif isinstance(node, ast.arg):
            (bound if runs else fixed).add(node.arg)
        elif isinstance(node, ast.Attribute):
            fixed.add(node.attr)
        elif isinstance(node, ast.keyword) and node.arg is not None:
            fixed.add(node.arg)
        elif isinstance(node, ast.ClassDef):
            # Fields and methods are reached as attributes, by the language and libraries as well.
            fixed.add(node.name)
            fixed |= _class_names(node)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            fixed |= _imported(node)
        elif isinstance(node, ast.MatchClass):
            fixed |= set(node.kwd_attrs)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            fixed.add(node.name)
    if "*" in fixed:
        return frozenset()
    # Two leading underscores are mangled within classes.
    return frozenset(name for name in bound - fixed if not name.startswith("__"))


_DEFINITIONS = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Import,
    ast.ImportFrom,
)


def _class_names(node: ast.ClassDef) -> set[str]:
    names: set[str] = set()
    for statement in node.body:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
            names.add(statement.name)
            continue
        for inner in ast.walk(statement):
            if isinstance(inner, ast.Name):
                names.add(inner.id)
    return names


def _imported(node: ast.Import | ast.ImportFrom) -> set[str]:
    """Names that an import binds; "*" where they cannot be known."""
    names: set[str] = set()
    for alias in node.names:
        if alias.name != "*":
            names |= set((alias.asname or alias.name).split(".")) | set(alias.name.split("."))
        elif isinstance(node, ast.ImportFrom) and node.module in _PURE:
            names |= set(dir(importlib.import_module(node.module)))
        else:
            names.add("*")
    return names
