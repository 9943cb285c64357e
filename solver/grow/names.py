"""Growing pools: the wrong variable, as when one line is copied and half adapted."""

from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from solver.grow.edit import Edit, Slip

_USES = {
    "binary_expression",
    "binary_operator",
    "comparison_operator",
    "boolean_operator",
    "argument_list",
    "subscript_argument_list",
    "subscript",
    "conditional_expression",
    "return_statement",
}
_SCOPES = (
    "translation_unit",
    "function_definition",
    "compound_statement",
    "for_statement",
    "for_range_loop",
    "while_statement",
    "if_statement",
    "lambda_expression",
    "struct_specifier",
    "class_specifier",
    "case_statement",
)
_ALTERNATIVES = 2
"""Other names tried at one place: the ones that are used next before and after it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Variable:
    """A declaration: where its name can be used (byte offsets)."""

    name: bytes
    kind: bytes
    start: int
    end: int


def wrong_names(root: Node, source: bytes, grammar: str) -> list[Edit]:
    """At each use of a variable, its neighbours among the variables in scope instead.

    In C++ only a variable declared with the same type takes another's place; in Python any does.
    """
    declared = _declared(root, source) if grammar == "cpp" else None
    found: list[Edit] = []
    recent: list[bytes] = []
    for node in _identifiers(root):
        name = source[node.start_byte : node.end_byte]
        alike = None if declared is None else _alike(declared, name, node.start_byte)
        if alike is not None and name not in alike:
            continue
        parent = node.parent
        value = parent is not None and parent.type in _USES and not _called(node, parent)
        others = [other for other in recent if other != name and (alike is None or other in alike)]
        if value:
            found += [
                Edit(start=node.start_byte, end=node.end_byte, text=other, slip=Slip.WRONG_NAME)
                for other in others[:_ALTERNATIVES]
            ]
        if value or declared is not None:
            recent = [name, *(other for other in recent if other != name)]
    return found


def _alike(declared: list[_Variable], name: bytes, at: int) -> set[bytes]:
    """The variables in scope there that have the type of `name`; itself among them."""
    inside = [one for one in declared if one.start < at < one.end]
    # Of two declarations of a name the inner one, which comes later, holds.
    kinds = {one.name: one.kind for one in inside}
    if name not in kinds or kinds[name] == b"auto":
        return set()
    return {other for other, kind in kinds.items() if kind == kinds[name]}


def _called(node: Node, parent: Node) -> bool:
    return parent.child_by_field_name("function") == node


def _identifiers(root: Node) -> Iterator[Node]:
    stack = [root]
    while stack:
        node = stack.pop()
        if node.type == "identifier":
            yield node
        stack.extend(reversed(node.children))


def _declared(root: Node, source: bytes) -> list[_Variable]:
    """All variables of a C++ program, in the order of their declarations."""
    found: list[_Variable] = []
    stack = [(root, root)]
    while stack:
        node, scope = stack.pop()
        inner = node if node.type in _SCOPES else scope
        stack.extend((child, inner) for child in node.children)
        if node.type not in ("declaration", "parameter_declaration", "for_range_loop"):
            continue
        kind = node.child_by_field_name("type")
        if kind is None:
            continue
        text = b" ".join(source[kind.start_byte : kind.end_byte].split())
        for declarator in node.children_by_field_name("declarator"):
            shape, name = b"", declarator
            while name is not None and name.type != "identifier":
                if name.type in ("array_declarator", "pointer_declarator", "function_declarator"):
                    shape += name.type.encode()
                within = name.child_by_field_name("declarator")
                name = (
                    within
                    if within is not None
                    # type: ignore[assignment]
                    else (name.named_children[0] if name.type == "reference_declarator" else None)
                )
            if name is not None:
                word = source[name.start_byte : name.end_byte]
                start = name.end_byte
                found.append(
                    _Variable(name=word, kind=text + shape, start=start, end=inner.end_byte)
                )
    return sorted(found, key=lambda one: one.start)
