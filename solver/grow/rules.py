"""Growing pools, the rules: which slips can be made at a node of a program's syntax tree.

Nothing here knows whether a slip breaks the program; that is what labelling finds out.
"""

from collections.abc import Callable

from tree_sitter import Node

from solver.grow.edit import Edit, Slip

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
_BIG = 50
_LOOP_LIMITS = (4, 20, 1000)


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


def _terms(node: Node, source: bytes, grammar: str) -> list[Edit]:
    """`a + b` becomes `a` or `b`: a term is forgotten."""
    if node.type not in ("binary_expression", "binary_operator"):
        return []
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    operator = node.child_by_field_name("operator")
    if left is None or right is None or operator is None:
        return []
    if _text(operator, source) not in (b"+", b"-", b"&&", b"||", b"%"):
        return []
    kept = [left] if _text(operator, source) in (b"-", b"%") else [left, right]
    return [_swap(node, _text(one, source), Slip.MISSING_TERM) for one in kept]


def _limits(node: Node, source: bytes, grammar: str) -> list[Edit]:
    """A loop that stops too early on large inputs, as with a bound that was guessed."""
    if grammar != "cpp" or node.type != "for_statement":
        return []
    condition = node.child_by_field_name("condition")
    if condition is None or condition.type != "binary_expression":
        return []
    left = condition.child_by_field_name("left")
    if left is None or left.type != "identifier":
        return []
    name, text = _text(left, source), _text(condition, source)
    return [
        _swap(condition, b"(%s && %s < %d)" % (text, name, limit), Slip.SMALL_LIMIT)
        for limit in _LOOP_LIMITS
    ]


def _overflows(node: Node, source: bytes, grammar: str) -> list[Edit]:
    """A sum or product that is computed in 32 bits."""
    if grammar != "cpp" or node.type != "binary_expression" or node.parent is None:
        return []
    operator = node.child_by_field_name("operator")
    if operator is None or _text(operator, source) not in (b"*", b"+"):
        return []
    if node.parent.type == "binary_expression":
        return []
    return [_swap(node, b"(int)(%s)" % _text(node, source), Slip.OVERFLOW)]


def _neighbours(node: Node, source: bytes, grammar: str) -> list[Edit]:
    """`a[i]` becomes `a[i + 1]` or `a[i - 1]`."""
    if node.type not in ("subscript_expression", "subscript"):
        return []
    index = _index_of(node)
    if index is None or index.type != "identifier":
        return []
    name = _text(index, source)
    return [_swap(index, b"%s %s 1" % (name, sign), Slip.NEIGHBOUR) for sign in (b"+", b"-")]


Rule = Callable[[Node, bytes, str], list[Edit]]
RULES: tuple[Rule, ...] = (
    _operators,
    _numbers,
    _names,
    _cases,
    _steps,
    _indices,
    _terms,
    _limits,
    _overflows,
    _neighbours,
)
