"""Stage 2, afterwards: whether a piece of code is a whole program, and in which language.

Languages are parsed, not guessed from words: Python by `compile()`, C, C++, Java and Rust by
tree-sitter.
"""

import ast
import builtins
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import IntEnum
from functools import cache

import tree_sitter
import tree_sitter_cpp
import tree_sitter_java
import tree_sitter_python
import tree_sitter_rust

Node = tree_sitter.Node

FAMILIES = {
    "cpp17": "cpp",
    "cpp20": "cpp",
    "cpp23": "cpp",
    "c": "c",
    "python3": "python",
    "pypy3": "python",
    "java": "java",
    "rust": "rust",
}
_GRAMMARS = {
    "cpp": tree_sitter_cpp,
    "c": tree_sitter_cpp,
    "python": tree_sitter_python,
    "java": tree_sitter_java,
    "rust": tree_sitter_rust,
}
_READERS = {"input", "raw_input", "stdin", "open", "fileinput", "readline", "sys_stdin"}
_WRITERS = {"print", "stdout", "write", "writelines"}
_TESTS = {"unittest", "pytest", "doctest", "hypothesis", "timeit"}
_ELIDED = re.compile(
    r"(?:#|//|/\*)[^\n]*\b(?:same as (?:above|before)|rest of (?:the|your) (?:code|program)"
    r"|(?:existing|previous|your|remaining|other) code|as before|unchanged|omitted)\b",
    re.I,
)
MOST_BYTES = 1_000_000


class Kind(IntEnum):
    """How much of a program a piece of code is; more is better."""

    NOTHING = 0
    FRAGMENT = 1
    PARTS = 2
    """Functions or classes without what starts them: the whole answer where a grader calls it."""
    PROGRAM = 3
    WANTED = 4
    """It defines what the task asks for by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What a piece of code is.

    Attributes:
        broken: The language's parser refuses it.
        defines: Names that it defines at its top level.
        needs: Names that it uses and nobody in it defines (Python alone).
    """

    kind: Kind
    broken: bool
    defines: frozenset[str] = field(default_factory=frozenset)
    needs: frozenset[str] = field(default_factory=frozenset)

    @property
    def rank(self) -> int:
        """Of two pieces the one with the higher rank is rather the program."""
        return 2 * self.kind - 3 * self.broken


def look(code: str, family: str, wanted: frozenset[str] = frozenset()) -> Looked:
    """What a piece of code in that language is.

    Args:
        wanted: Names of which the task wants some defined; empty where it wants a whole program.
    """
    if len(code) > MOST_BYTES:
        return Looked(kind=Kind.FRAGMENT, broken=True)
    if family == "python":
        looked = _python(code)
    elif family in _GRAMMARS:
        looked = _by_tree(code, family)
    else:
        looked = Looked(kind=Kind.PROGRAM if code.strip() else Kind.NOTHING, broken=False)
    if wanted and wanted & looked.defines:
        # With a main() of its own it is the grader that a model wrote to try its functions.
        driver = family != "python" and "main" in looked.defines
        return replace(looked, kind=Kind.PARTS if driver else Kind.WANTED)
    if looked.kind > Kind.FRAGMENT and _ELIDED.search(code):
        return replace(looked, kind=Kind.FRAGMENT)
    return looked


def wanted_names(signatures: str, family: str) -> frozenset[str]:
    """Functions and classes that a header, or a starter code, asks the contestant to define."""
    if family == "python":
        return frozenset(re.findall(r"^[ \t]*(?:class|def) (\w+)", signatures, re.M))
    if family not in _GRAMMARS:
        return frozenset()
    named = {
        _defined_name(node) or _declared_name(node)
        for node in nodes(parse(signatures, family).root_node)
    }
    return frozenset(name for name in named if name)


def language_of_code(code: str) -> str | None:
    """The family whose parser takes the code best; None where it reads as no program at all."""
    if len(code) > MOST_BYTES or not code.strip():
        return None
    looked = _python(code)
    if not looked.broken:
        # Output, a trace and a word are Python, too; what does something is a program.
        return "python" if looked.kind > Kind.FRAGMENT or _acts(code) else None
    shares = {
        family: _broken_share(parse(code, family).root_node, code)
        for family in ("cpp", "java", "rust", "python")
    }
    best = min(shares, key=lambda family: shares[family])
    telling = best if _telling(code, best) else None
    if telling is None or shares[best] > 0.3:
        hinted = [family for family in shares if _telling(code, family) and shares[family] < 0.5]
        return hinted[0] if hinted else None
    return telling


_TELLING = {
    "cpp": re.compile(
        r"^\s*#\s*(?:include|define|pragma)\b|\busing namespace\b|\bmain\s*\(|^\s*(?:int|void|long"
        r"|bool|double|auto|string|vector<.*>|std::\S+|template|struct)\b[^;=\n]*\([^;\n]*\)\s*\{",
        re.M,
    ),
    "java": re.compile(r"^\s*(?:import java|package [\w.]+;|(?:\w+ )*class \w+.*\{)", re.M),
    "rust": re.compile(r"^\s*(?:use \w+(?:::|;)|(?:pub )?fn \w+|impl\b|#!?\[\w)", re.M),
    "python": re.compile(
        r"^(?:import \w+|from \w[\w.]* import\b|def \w+\(.*|class \w+.*:|[^\n]*\binput\(\)"
        r"|[^\n]*\bprint[ (]|(?:for|while|if|with) [^\n]*:[ \t]*(?:#[^\n]*)?$|@\w+|try:)",
        re.M,
    ),
}


def _telling(code: str, family: str) -> bool:
    return bool(_TELLING[family].search(code))


@cache
def _parser(family: str) -> tree_sitter.Parser:
    return tree_sitter.Parser(tree_sitter.Language(_GRAMMARS[family].language()))


def parse(code: str, family: str) -> tree_sitter.Tree:
    """The tree of a source in C, C++, Java, Python or Rust."""
    return _parser(family).parse(code.encode("utf-8", "surrogatepass"))


def nodes(root: Node) -> Iterator[Node]:
    """All nodes, parents first."""
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(node.children))


def _broken_share(root: Node, code: str) -> float:
    """Share of the text that stands in nodes which the parser could not place."""
    broken, stack = 0, [root]
    while stack:
        node = stack.pop()
        if node.is_error or node.is_missing:
            broken += max(1, node.end_byte - node.start_byte)
        elif node.has_error:
            stack.extend(node.children)
    return broken / max(1, len(code.encode("utf-8", "replace")))


def compiled(code: str) -> ast.Module | None:
    """Python's own tree of a program that Python takes; None where it refuses it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = compile(code, "answer", "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
            # Only the compiler proper sees a `return` outside of a function.
            compile(code, "answer", "exec", dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
            return None
    assert isinstance(tree, ast.Module)
    return tree


def _python(code: str) -> Looked:
    tree = compiled(code)
    if tree is None:
        reads = re.search(r"\binput\s*\(|\bstdin\b", code)
        parts = re.search(r"^(?:def|class) \w", code, re.M)
        kind = Kind.PROGRAM if reads else Kind.PARTS if parts else Kind.FRAGMENT
        defined = frozenset(re.findall(r"^(?:def|class) (\w+)", code, re.M))
        return Looked(kind=kind, broken=True, defines=defined)
    if not any(not _is_plain(statement) for statement in tree.body):
        return Looked(kind=Kind.NOTHING, broken=False)
    used = {each.id for each in ast.walk(tree) if isinstance(each, ast.Name)}
    used |= {each.attr for each in ast.walk(tree) if isinstance(each, ast.Attribute)}
    defines = frozenset(_top_level(tree))
    imported = {
        (alias.name if isinstance(each, ast.Import) else each.module or "").partition(".")[0]
        for each in ast.walk(tree)
        if isinstance(each, (ast.Import, ast.ImportFrom))
        for alias in each.names
    }
    bound = _bound(tree)
    if imported & _TESTS:
        kind = Kind.FRAGMENT
    elif used & _READERS or "fileinput" in imported:
        kind = Kind.PROGRAM
    elif any(isinstance(each, (ast.FunctionDef, ast.ClassDef)) for each in tree.body):
        kind = Kind.PARTS
    else:
        kind = Kind.FRAGMENT
    loaded = {
        each.id
        for each in ast.walk(tree)
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load)
    }
    needs = frozenset(loaded - bound - _BUILTINS)
    return Looked(kind=kind, broken=False, defines=defines, needs=needs)


_BUILTINS = frozenset(dir(builtins)) | {"__name__", "__file__"}


def _is_plain(statement: ast.stmt) -> bool:
    """An expression that does nothing: a number, a word, a line of output."""
    return isinstance(statement, ast.Expr) and not any(
        isinstance(node, (ast.Call, ast.Await, ast.Yield)) for node in ast.walk(statement)
    )


def _acts(code: str) -> bool:
    tree = compiled(code)
    return tree is not None and any(
        isinstance(node, ast.Call) and isinstance(node.func, (ast.Name, ast.Attribute))
        for node in ast.walk(tree)
    )


def _top_level(tree: ast.Module) -> Iterator[str]:
    for statement in tree.body:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield statement.name
            if isinstance(statement, ast.ClassDef):
                for inner in statement.body:
                    if isinstance(inner, ast.FunctionDef):
                        yield inner.name
        else:
            for node in ast.walk(statement):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    yield node.id


def _bound(tree: ast.Module) -> set[str]:
    bound: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            bound.add(node.name)
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            bound.add(node.id)
        elif isinstance(node, ast.arg):
            bound.add(node.arg)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            bound |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
        elif isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and node.name:
            bound.add(node.name)
    return bound


def _by_tree(code: str, family: str) -> Looked:
    root = parse(code, family).root_node
    named = [child for child in root.named_children if "comment" not in child.type]
    if not named:
        return Looked(kind=Kind.NOTHING, broken=False)
    defines: set[str] = set()
    kind = Kind.FRAGMENT
    for node in nodes(root):
        name = _defined_name(node)
        if name is None:
            continue
        defines.add(name)
        if name == "main" and node.type != "class_declaration":
            kind = Kind.PROGRAM
        elif kind is Kind.FRAGMENT:
            kind = Kind.PARTS
    broken = _broken_share(root, code) > 0.5
    return Looked(kind=kind, broken=broken, defines=frozenset(defines))


_DEFINING = {
    "function_definition",
    "class_specifier",
    "struct_specifier",
    "function_item",
    "struct_item",
    "impl_item",
    "class_declaration",
    "record_declaration",
    "method_declaration",
}


def _declared_name(node: Node) -> str | None:
    """The name of a function that is only declared, as headers do."""
    if node.type != "function_declarator":
        return None
    held = node.child_by_field_name("declarator")
    return None if held is None else (held.text or b"").decode("utf-8", "replace")


def _defined_name(node: Node) -> str | None:
    """The name of the function, method or class that a node defines."""
    if node.type not in _DEFINING or node.child_by_field_name("body") is None:
        return None
    held = node.child_by_field_name("name") or node.child_by_field_name("declarator")
    while held is not None and held.child_by_field_name("declarator") is not None:
        held = held.child_by_field_name("declarator")
    if held is None:
        return ""
    if held.type.endswith("identifier") and held.type != "qualified_identifier":
        return (held.text or b"").decode("utf-8", "replace")
    inner = held.child_by_field_name("name")
    text = (inner if inner is not None else held).text or b""
    return text.decode("utf-8", "replace").rpartition("::")[2]
