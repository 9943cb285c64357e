"""Stage 2, afterwards: which candidates are the same program in other words.

Normalised by tree-sitter: comments and layout go, identifiers are numbered in the order in which
they first appear. Equal texts then behave alike, so one of them is compiled and run for all; how
often it was drawn stays known.
"""

from collections.abc import Sequence
from functools import cache

import tree_sitter
import tree_sitter_cpp
import tree_sitter_python

from sandbox.data import digest_of
from solver.types import Candidate

_IDENTIFIERS = {"identifier", "field_identifier", "type_identifier", "namespace_identifier"}
# Names that are not the program's own keep their meaning only under their own name.
_PYTHON_FIXED = {"attribute", "import_statement", "import_from_statement", "keyword_argument"}


@cache
def _parser(language: str) -> tree_sitter.Parser | None:
    if language in ("python3", "pypy3"):
        return tree_sitter.Parser(tree_sitter.Language(tree_sitter_python.language()))
    if language in ("cpp17", "cpp20", "cpp23", "c"):
        return tree_sitter.Parser(tree_sitter.Language(tree_sitter_cpp.language()))
    return None


def normalised(source: str, language: str) -> str:
    """A digest that equal programs share; of the bare text where the language has no parser here.

    Only names that the program declares itself are renumbered: a call of `max` stays `max`.
    """
    parser = _parser(language)
    content = source.encode("utf-8", "surrogateescape")
    if parser is None:
        return digest_of(b" ".join(content.split()))
    root = parser.parse(content).root_node
    own = _declared(root)
    numbers: dict[bytes, bytes] = {}
    words: list[bytes] = [language.encode()]
    for leaf in _leaves(root):
        text = leaf.text or b""
        if leaf.type in _IDENTIFIERS and text in own:
            text = numbers.setdefault(text, b"v%d" % len(numbers))
        words.append(text)
        if language in ("python3", "pypy3") and _ends_line(leaf):
            # Layout is meaning in Python: depth and line ends stay.
            words.append(b"\n%d" % _depth(leaf))
    return digest_of(b"\0".join(words))


def _leaves(root: tree_sitter.Node) -> list[tree_sitter.Node]:
    """All leaves in order, comments left out; strings are leaves as a whole."""
    found: list[tree_sitter.Node] = []
    stack = [root]
    while stack:
        node = stack.pop()
        if node.type == "comment":
            continue
        if node.child_count == 0 or node.type in ("string", "string_literal", "char_literal"):
            found.append(node)
        else:
            stack.extend(reversed(node.children))
    return found


def _declared(root: tree_sitter.Node) -> set[bytes]:
    """Names that the program declares: variables and parameters (not functions of libraries)."""
    names: set[bytes] = set()
    stack = [root]
    while stack:
        node = stack.pop()
        stack.extend(node.children)
        for field in ("declarator", "left", "parameters", "name"):
            child = node.child_by_field_name(field)
            if child is None or node.type in _PYTHON_FIXED:
                continue
            if node.type in _DECLARING:
                names |= _names_in(child)
    names -= {b"main", b"self", b"solve"}
    return names


_DECLARING = {
    "declaration",
    "init_declarator",
    "parameter_declaration",
    "optional_parameter_declaration",
    "for_range_loop",
    "function_definition",
    "function_declarator",
    "assignment",
    "for_statement",
    "for_in_clause",
    "lambda",
    "field_declaration",
}


def _names_in(node: tree_sitter.Node) -> set[bytes]:
    """Identifiers of a declarator: the declared ones, not those of initial values or subscripts."""
    if node.type in ("identifier", "field_identifier"):
        return {node.text or b""}
    names: set[bytes] = set()
    for child in node.named_children:
        if child.type in ("attribute", "subscript", "call", "call_expression"):
            continue
        if node.type == "init_declarator" and child == node.child_by_field_name("value"):
            continue
        names |= _names_in(child)
    return names


def _ends_line(leaf: tree_sitter.Node) -> bool:
    following: tree_sitter.Node | None = leaf
    while following is not None and following.next_sibling is None:
        following = following.parent
    after = following.next_sibling if following is not None else None
    return after is None or after.start_point[0] > leaf.end_point[0]


def _depth(leaf: tree_sitter.Node) -> int:
    depth = 0
    node: tree_sitter.Node | None = leaf
    while node is not None:
        depth += node.type == "block"
        node = node.parent
    return depth


def representatives(candidates: Sequence[Candidate]) -> list[int]:
    """For each candidate the row of the first one that is the same program in other words."""
    first: dict[str, int] = {}
    return [
        first.setdefault(normalised(candidate.source, candidate.language), row)
        for row, candidate in enumerate(candidates)
    ]
