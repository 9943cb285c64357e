"""Growing pools: the wrong variable, as when one line is copied and half adapted."""

from collections.abc import Iterator

from tree_sitter import Node

from solver.grow.edit import Edit, Slip

_FUNCTIONS = ("function_definition", "lambda_expression")
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
_ALTERNATIVES = 2
"""Other names tried at one place: the ones that are used next before and after it."""


def wrong_names(root: Node, source: bytes, grammar: str) -> list[Edit]:
    """At each use of a variable, its neighbours among the function's variables instead.

    In C++ only a variable declared with the same type takes another's place; in Python any does.
    """
    kinds = _declared(root, source) if grammar == "cpp" else None
    found: list[Edit] = []
    recent: list[bytes] = []
    for node in _identifiers(root):
        name = source[node.start_byte : node.end_byte]
        if kinds is not None and name not in kinds:
            continue
        parent = node.parent
        value = parent is not None and parent.type in _USES and not _called(node, parent)
        others = [other for other in recent if other != name and _alike(kinds, name, other)]
        if value:
            found += [
                Edit(start=node.start_byte, end=node.end_byte, text=other, slip=Slip.WRONG_NAME)
                for other in others[:_ALTERNATIVES]
            ]
        if value or kinds is not None:
            recent = [name, *(other for other in recent if other != name)]
    return found


def _alike(kinds: dict[bytes, bytes] | None, name: bytes, other: bytes) -> bool:
    return kinds is None or kinds[name] == kinds[other]


def _called(node: Node, parent: Node) -> bool:
    return parent.child_by_field_name("function") == node


def _identifiers(root: Node) -> Iterator[Node]:
    stack = [root]
    while stack:
        node = stack.pop()
        if node.type == "identifier":
            yield node
        stack.extend(reversed(node.children))


def _declared(root: Node, source: bytes) -> dict[bytes, bytes]:
    """Variable to type of all declarations; a name declared with two types is left out."""
    kinds: dict[bytes, bytes] = {}
    mixed: set[bytes] = set()
    stack = [root]
    while stack:
        node = stack.pop()
        stack.extend(node.children)
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
                inner = name.child_by_field_name("declarator")
                name = (
                    inner
                    if inner is not None
                    # type: ignore[assignment]
                    else (name.named_children[0] if name.type == "reference_declarator" else None)
                )
            if name is None:
                continue
            word = source[name.start_byte : name.end_byte]
            if kinds.setdefault(word, text + shape) != text + shape:
                mixed.add(word)
    return {name: kind for name, kind in kinds.items() if name not in mixed}
