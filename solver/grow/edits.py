"""Growing pools, all edits of a program: small slips that a programmer makes, by tree-sitter.

Comments, strings and include lines are never touched.
"""

from collections.abc import Iterator
from functools import cache

import tree_sitter_cpp
import tree_sitter_python
from tree_sitter import Language, Node, Parser, Tree

from solver.grow.edit import Edit
from solver.grow.names import wrong_names
from solver.grow.rules import RULES

_SKIPPED = ("comment", "string_literal", "string", "char_literal", "preproc_include")


@cache
def _parser(grammar: str) -> Parser:
    module = tree_sitter_cpp if grammar == "cpp" else tree_sitter_python
    return Parser(Language(module.language()))


def grammar_of(language: str) -> str | None:
    """The grammar for a language id, None where programs of it are not mutated."""
    if language.startswith("cpp") or language == "c":
        return "cpp"
    return "python" if language in ("python3", "pypy3") else None


def parse(source: bytes, grammar: str) -> Tree:
    """The syntax tree of a program."""
    return _parser(grammar).parse(source)


def edits_of(source: bytes, language: str) -> list[Edit]:
    """All single edits of a program, in the order of their position; empty for other languages."""
    grammar = grammar_of(language)
    if grammar is None:
        return []
    tree = parse(source, grammar)
    found: list[Edit] = []
    for node in _walk(tree.root_node):
        for rule in RULES:
            found += rule(node, source, grammar)
    found += wrong_names(tree.root_node, source, grammar)
    return found


def _walk(node: Node) -> Iterator[Node]:
    stack = [node]
    while stack:
        current = stack.pop()
        if current.type in _SKIPPED:
            continue
        yield current
        stack.extend(reversed(current.children))
