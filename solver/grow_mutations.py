"""Growing pools, the edits: small slips that a programmer makes, found with tree-sitter.

Each edit replaces one stretch of a program. Nothing here knows whether it breaks the program; that
is what labelling finds out. Comments, strings and include lines are never touched.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import numpy as np
import tree_sitter_cpp
import tree_sitter_python
from tree_sitter import Language, Node, Parser, Tree


class Slip(StrEnum):
    """Kinds of edits."""

    COMPARISON = "comparison"
    BOUND = "bound"
    OFF_BY_ONE = "off_by_one"
    TYPE_WIDTH = "type_width"
    MISSING_CASE = "missing_case"
    MISSING_STEP = "missing_step"
    OPERATOR = "operator"
    EXTREME = "extreme"
    INDEX_ORDER = "index_order"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """Replace source[start:end] by `text` (byte offsets)."""

    start: int
    end: int
    text: bytes
    slip: Slip


_COMPARISONS = {
    b"<": (b"<=",),
    b"<=": (b"<",),
    b">": (b">=",),
    b">=": (b">",),
    b"==": (b"<=", b">="),
    b"!=": (b"<", b">"),
}
_OPERATORS = {
    b"+": (b"-",),
    b"-": (b"+",),
    b"&&": (b"||",),
    b"||": (b"&&",),
    b"and": (b"or",),
    b"or": (b"and",),
    b"*": (b"+",),
    b"/": (b"*",),
    b"%": (b"/",),
    b"+=": (b"-=", b"="),
    b"-=": (b"+=",),
    b"|": (b"&",),
    b"^": (b"|",),
}
_EXTREMES = {
    b"min": b"max",
    b"max": b"min",
    b"lower_bound": b"upper_bound",
    b"upper_bound": b"lower_bound",
    b"push_back": b"push_front",
    b"front": b"back",
    b"back": b"front",
    b"bisect_left": b"bisect_right",
    b"bisect_right": b"bisect_left",
    b"greater": b"less",
    b"less": b"greater",
}
_WIDTHS = {
    b"long long": b"int",
    b"int64_t": b"int32_t",
    b"double": b"float",
    b"long double": b"double",
    b"unsigned long long": b"unsigned",
}
_CPP_IFS = ("if_statement",)
_STEPS = {
    "cpp": ("continue_statement", "break_statement", "expression_statement"),
    "python": ("continue_statement", "break_statement", "expression_statement"),
}
_SKIPPED = ("comment", "string_literal", "string", "char_literal", "preproc_include")
_BIG = 50


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
        for rule in _RULES:
            found += rule(node, source, grammar)
    return found


def apply_edits(source: bytes, edits: Sequence[Edit]) -> bytes:
    """The program with these edits, which must not overlap."""
    for edit in sorted(edits, key=lambda one: -one.start):
        source = source[: edit.start] + edit.text + source[edit.end :]
    return source


def mutate(
    source: bytes, language: str, rng: np.random.Generator, edits: list[Edit] | None = None
) -> tuple[bytes, tuple[Slip, ...]] | None:
    """A program with one to three slips, kinds drawn evenly; None where nothing can be edited.

    Args:
        source: The program.
        language: Its language id.
        rng: Decides which slips.
        edits: `edits_of` the program, where known.
    """
    edits = edits_of(source, language) if edits is None else edits
    if not edits:
        return None
    count = int(rng.choice([1, 2, 3], p=[0.72, 0.22, 0.06]))
    kinds: dict[Slip, list[Edit]] = {}
    for edit in edits:
        kinds.setdefault(edit.slip, []).append(edit)
    names = sorted(kinds)
    chosen: list[Edit] = []
    for _ in range(count):
        of_kind = kinds[names[int(rng.integers(len(names)))]]
        edit = of_kind[int(rng.integers(len(of_kind)))]
        if all(edit.end <= other.start or other.end <= edit.start for other in chosen):
            chosen.append(edit)
    return apply_edits(source, chosen), tuple(sorted(edit.slip for edit in chosen))


def _walk(node: Node) -> Iterator[Node]:
    stack = [node]
    while stack:
        current = stack.pop()
        if current.type in _SKIPPED:
            continue
        yield current
        stack.extend(reversed(current.children))


def _text(node: Node, source: bytes) -> bytes:
    return source[node.start_byte : node.end_byte]


def _swap(node: Node, text: bytes, slip: Slip) -> Edit:
    return Edit(start=node.start_byte, end=node.end_byte, text=text, slip=slip)


def _operators(node: Node, source: bytes, grammar: str) -> list[Edit]:
    """Comparison flips and wrong operators; the operator is a leaf of its own."""
    if node.child_count or node.parent is None or "template" in node.parent.type:
        return []
    text = _text(node, source)
    within = node.parent.type
    if text in _COMPARISONS and within in ("binary_expression", "comparison_operator"):
        return [_swap(node, to, Slip.COMPARISON) for to in _COMPARISONS[text]]
    operator_nodes = (
        "binary_expression",
        "binary_operator",
        "boolean_operator",
        "assignment_expression",
        "augmented_assignment",
    )
    if text in _OPERATORS and within in operator_nodes:
        return [_swap(node, to, Slip.OPERATOR) for to in _OPERATORS[text]]
    return []


def _numbers(node: Node, source: bytes, grammar: str) -> list[Edit]:
    """Literals off by one, and large bounds ten times too small."""
    if node.type not in ("number_literal", "integer"):
        return []
    text = _text(node, source)
    digits = text.rstrip(b"uUlL").replace(b"'", b"")
    if not digits.isdigit():
        if b"e" in digits and grammar == "cpp" and digits.replace(b"e", b"").isdigit():
            mantissa, exponent = digits.split(b"e")
            smaller = b"%se%d" % (mantissa, max(1, int(exponent) - 3))
            return [_swap(node, smaller, Slip.BOUND)]
        return []
    value = int(digits)
    suffix = text[len(text.rstrip(b"uUlL")) :]
    if value > _BIG:
        return [_swap(node, b"%d" % (value // 10) + suffix, Slip.BOUND)]
    around = [value + 1, value - 1] if value > 0 else [value + 1]
    return [_swap(node, b"%d" % number + suffix, Slip.OFF_BY_ONE) for number in around]


def _plus_one(node: Node, source: bytes, grammar: str) -> list[Edit]:
    """`x + 1` becomes `x`."""
    if node.type not in ("binary_expression", "binary_operator"):
        return []
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None or right is None or _text(right, source) != b"1":
        return []
    return [_swap(node, _text(left, source), Slip.OFF_BY_ONE)]


def _names(node: Node, source: bytes, grammar: str) -> list[Edit]:
    """min for max, lower for upper bound, narrower types."""
    if node.type in ("identifier", "field_identifier", "type_identifier"):
        text = _text(node, source)
        if text in _WIDTHS and grammar == "cpp":
            return [_swap(node, _WIDTHS[text], Slip.TYPE_WIDTH)]
        return [_swap(node, _EXTREMES[text], Slip.EXTREME)] if text in _EXTREMES else []
    if node.type in ("sized_type_specifier", "primitive_type") and grammar == "cpp":
        text = b" ".join(_text(node, source).split())
        return [_swap(node, _WIDTHS[text], Slip.TYPE_WIDTH)] if text in _WIDTHS else []
    return []


def _cases(node: Node, source: bytes, grammar: str) -> list[Edit]:
    """An `if` whose case is forgotten: its condition never holds, or always does."""
    if node.type != "if_statement":
        return []
    condition = node.child_by_field_name("condition")
    if condition is None:
        return []
    never, always = (b"(false)", b"(true)") if grammar == "cpp" else (b"False", b"True")
    return [
        _swap(condition, never, Slip.MISSING_CASE),
        _swap(condition, always, Slip.MISSING_CASE),
    ]


def _steps(node: Node, source: bytes, grammar: str) -> list[Edit]:
    """A statement that is forgotten; input and output stay, else the slip shows at once."""
    if node.type not in _STEPS[grammar]:
        return []
    text = _text(node, source)
    if any(word in text for word in (b"cin", b"scanf", b"cout", b"printf", b"print(", b"main(")):
        return []
    return [_swap(node, b";" if grammar == "cpp" else b"pass", Slip.MISSING_STEP)]


def _indices(node: Node, source: bytes, grammar: str) -> list[Edit]:
    """`a[i][j]` becomes `a[j][i]`."""
    if node.type not in ("subscript_expression", "subscript"):
        return []
    inner = node.children[0] if node.children else None
    if inner is None or inner.type != node.type:
        return []
    outer_index, inner_index = _index_of(node), _index_of(inner)
    if outer_index is None or inner_index is None:
        return []
    first, second = _text(inner_index, source), _text(outer_index, source)
    if first == second:
        return []
    between = source[inner_index.end_byte : outer_index.start_byte]
    return [
        Edit(
            start=inner_index.start_byte,
            end=outer_index.end_byte,
            text=second + between + first,
            slip=Slip.INDEX_ORDER,
        )
    ]


def _index_of(node: Node) -> Node | None:
    found = node.child_by_field_name("indices") or node.child_by_field_name("subscript")
    if found is not None and found.type == "subscript_argument_list" and found.named_child_count:
        return found.named_children[0]
    return found


_Rule = Callable[[Node, bytes, str], list[Edit]]
_RULES: tuple[_Rule, ...] = (_operators, _numbers, _plus_one, _names, _cases, _steps, _indices)
