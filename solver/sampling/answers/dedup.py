"""Stage 2, afterwards: which candidates are the same program in other words.

Normalised by tree-sitter: comments and layout go, the program's own names are numbered in the order
in which they first appear. Equal forms behave alike, so one of them is compiled and run for all;
how often it was drawn stays known. A name is renumbered only where nothing outside can depend on
it: better two that are kept apart than one that is judged by another's result.
"""

import builtins
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache

import tree_sitter
import tree_sitter_cpp
import tree_sitter_python

from sandbox.data import digest_of
from solver.source_text import encoded
from solver.types import Candidate

Node = tree_sitter.Node

_FAMILIES = {
    "python3": "python",
    "pypy3": "python",
    "cpp17": "cpp",
    "cpp20": "cpp",
    "cpp23": "cpp",
    "c": "cpp",
}
_WHOLE = {"string_content", "string_literal", "raw_string_literal", "char_literal", "preproc_arg"}
_BODIES = {"module", "block"}
_FIXED_PYTHON = frozenset(name.encode() for name in dir(builtins))
_REFLECTION = re.compile(rb"\b(eval|exec|globals|locals|vars|getattr|setattr|__dict__)\b")
_WORD = re.compile(rb"[A-Za-z_]\w*")
_COMMENT = re.compile(rb"//[^\n]*|/\*.*?\*/|#[^\n]*", re.S)
_NAME_OR_BLANK = re.compile(rb"[A-Za-z_]\w*|\s+")


@cache
def _parser(family: str) -> tree_sitter.Parser:
    module = tree_sitter_python if family == "python" else tree_sitter_cpp
    return tree_sitter.Parser(tree_sitter.Language(module.language()))


def normalised(source: str, language: str) -> str:
    """A digest that equal programs share; of the text where it cannot be parsed here."""
    content = encoded(source)
    family = _FAMILIES.get(language)
    root = None if family is None else _parser(family).parse(content).root_node
    if root is None or root.has_error:
        return digest_of(language.encode() + b"\0" + content.strip())
    own = _own_python(root, content) if family == "python" else _own_cpp(root)
    numbers: dict[bytes, bytes] = {}
    words: list[bytes] = [language.encode()]
    for leaf, depth in _leaves(root):
        if leaf is None:
            # Layout is meaning in Python: where a statement begins, and how deep.
            words.append(b"\n%d" % depth)
            continue
        text = (leaf.text or b"").strip() if leaf.type not in _WHOLE else leaf.text or b""
        if leaf.type == "identifier" and text in own:
            text = numbers.setdefault(text, b"\1%d" % len(numbers))
        words.append(text)
    return digest_of(b"\0".join(words))


def _nodes(root: Node) -> Iterator[Node]:
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(node.children)


def _leaves(root: Node) -> Iterator[tuple[Node | None, int]]:
    """Leaves in order without comments; None where a statement of a Python body begins."""
    stack: list[tuple[Node | None, int]] = [(root, 0)]
    while stack:
        node, depth = stack.pop()
        if node is None:
            yield None, depth
        elif node.type != "comment":
            if node.child_count == 0 or node.type in _WHOLE:
                yield node, depth
                continue
            is_body = node.type in _BODIES
            deeper = depth + (node.type == "block")
            for child in reversed(node.children):
                stack.append((child, deeper))
                if is_body and child.type != "comment":
                    stack.append((None, deeper))


def _identifiers(node: Node | None) -> set[bytes]:
    """Names that a pattern on the left of an assignment binds."""
    if node is None or node.type in ("attribute", "subscript", "call"):
        return set()
    if node.type == "identifier":
        return {node.text or b""}
    return set().union(*(_identifiers(child) for child in node.named_children))


def _own_python(root: Node, content: bytes) -> set[bytes]:
    if _REFLECTION.search(content):
        return set()
    own: set[bytes] = set()
    functions: set[bytes] = set()
    fixed = set(_FIXED_PYTHON)
    for node in _nodes(root):
        if node.type in ("assignment", "for_statement", "for_in_clause"):
            own |= _identifiers(node.child_by_field_name("left"))
        elif node.type in ("parameters", "lambda_parameters"):
            for child in node.named_children:
                named = child.child_by_field_name("name") or child
                own |= {named.text or b""} if named.type == "identifier" else set()
        elif node.type == "function_definition":
            functions |= _identifiers(node.child_by_field_name("name"))
        elif node.type == "attribute":
            fixed |= _identifiers(node.child_by_field_name("attribute"))
        elif node.type == "keyword_argument":
            fixed |= _identifiers(node.child_by_field_name("name"))
        elif node.type in ("import_statement", "import_from_statement", "class_definition"):
            fixed |= set(_WORD.findall(node.text or b"")) if "import" in node.type else set()
            if node.type == "class_definition":
                # Methods may be called by the language or a library.
                fixed |= {
                    name
                    for inner in _nodes(node)
                    if inner.type == "function_definition"
                    for name in _identifiers(inner.child_by_field_name("name"))
                }
    # A file of functions alone is called from outside, by their names.
    runs = any(child.type not in _DEFINITIONS for child in root.named_children)
    return (own | functions if runs else own - functions) - fixed


_DEFINITIONS = {
    "function_definition",
    "class_definition",
    "import_statement",
    "import_from_statement",
    "comment",
}
_CPP_DECLARING = {
    "declaration",
    "parameter_declaration",
    "optional_parameter_declaration",
    "for_range_loop",
}


def _own_cpp(root: Node) -> set[bytes]:
    own: set[bytes] = set()
    functions: set[bytes] = set()
    fixed: set[bytes] = set()
    called: set[bytes] = set()
    for node in _nodes(root):
        if node.type in _CPP_DECLARING:
            for child in node.children_by_field_name("declarator"):
                bound = _declared_cpp(child, functions)
                own |= bound
        elif node.type == "function_definition":
            _declared_cpp(node.child_by_field_name("declarator"), functions)
        elif node.type in ("field_identifier", "namespace_identifier", "type_identifier"):
            fixed.add(node.text or b"")
        elif node.type.startswith("preproc_"):
            # A macro's text is no tree: whatever it may name keeps its name.
            inner = node.type in ("preproc_arg", "preproc_def", "preproc_function_def")
            fixed |= set(_WORD.findall(node.text or b"")) if inner else set()
        elif node.type == "qualified_identifier":
            fixed |= set(_WORD.findall(node.text or b""))
        elif node.type == "call_expression":
            called |= _identifiers(node.child_by_field_name("function"))
    # A call may mean a function of the library that has the name of a variable elsewhere.
    own -= called - functions
    has_main = b"main" in functions
    fixed.add(b"main")
    # Without main() the functions are called from outside, by their names.
    return (own | functions if has_main else own - functions) - fixed


def _declared_cpp(node: Node | None, functions: set[bytes]) -> set[bytes]:
    """Variables that a declarator binds; a function's name goes into `functions`."""
    if node is None:
        return set()
    if node.type == "identifier":
        return {node.text or b""}
    if node.type == "structured_binding_declarator":
        return {child.text or b"" for child in node.named_children if child.type == "identifier"}
    inner = node.child_by_field_name("declarator")
    if inner is None and node.type in ("reference_declarator", "parenthesized_declarator"):
        inner = next(iter(node.named_children), None)
    found = _declared_cpp(inner, functions)
    if node.type == "function_declarator":
        functions |= found
        return set()
    return found


def _shape(candidate: Candidate) -> bytes:
    """What is left without names, blanks and comments: equal programs agree in it, cheaply."""
    content = encoded(candidate.source)
    bare = _NAME_OR_BLANK.sub(b"", _COMMENT.sub(b"", content))
    return candidate.language.encode() + b"\0" + bare


def representatives(candidates: Sequence[Candidate]) -> list[int]:
    """For each candidate the row of the first one that is the same program in other words."""
    exact: dict[tuple[str, str], int] = {}
    rows = [exact.setdefault((one.language, one.source), row) for row, one in enumerate(candidates)]
    # Parsing costs a millisecond: only those that could be equal to another are parsed.
    shapes = {row: _shape(candidates[row]) for row in exact.values()}
    counts = Counter(shapes.values())
    first: dict[str, int] = {}
    same: dict[int, int] = {}
    for row, shape in shapes.items():
        one = candidates[row]
        alone = counts[shape] == 1
        same[row] = row if alone else first.setdefault(normalised(one.source, one.language), row)
    return [same[row] for row in rows]
