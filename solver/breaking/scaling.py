"""Generators that are asked for more (or for less): their number literals are moved to a bound.

A generator writes small inputs because somebody wrote `randint(1, 40)`. The same program with
200000 in that place knows the shape of a legal input better than anything that we could infer; the
validators say which of the changed ones still write legal inputs. (Fuzzers do it with the values of
a call: BAPCtools `fuzz`, rbx `stress --fuzz`. Here no parameters are known, so literals are moved.)
"""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from solver.breaking.bounds import value_of

_Span = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scaled:
    """A generator with some literals moved.

    Attributes:
        target: What they were moved to.
        moved: The value that they had; None where several values were moved.
    """

    source: str
    target: int
    moved: int | None


def literals_of(source: str) -> dict[int, list[_Span]]:
    """Whole numbers of a Python program to where they stand; lists of numbers count as one place.

    Returns:
        Value to spans (line, column, end line, end column; lines from 1, columns in bytes). Empty
        where the source does not parse.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return {}
    found: dict[int, list[_Span]] = {}
    skip: set[int] = set()
    for node in ast.walk(tree):
        if id(node) in skip:
            continue
        if isinstance(node, ast.Subscript):
            # An index says where, not how many.
            skip |= {id(inner) for inner in ast.walk(node.slice)}
        elif isinstance(node, ast.List | ast.Tuple) and len(node.elts) > 2:
            values = [value_of(one) for one in node.elts]
            known = [value for value in values if value is not None]
            if len(known) == len(values):
                skip |= {id(inner) for inner in ast.walk(node)}
                for one in node.elts:
                    found.setdefault(max(known), []).append(_span(one))
        elif isinstance(node, ast.expr):
            value = value_of(node)
            if value is not None:
                skip |= {id(inner) for inner in ast.walk(node)}
                if value > 1:
                    found.setdefault(value, []).append(_span(node))
    return found


def _span(node: ast.expr) -> _Span:
    return node.lineno, node.col_offset, node.end_lineno or 0, node.end_col_offset or 0


def replaced(source: str, spans: Sequence[_Span], value: int) -> str:
    """The source with these places holding another number."""
    lines = source.encode().split(b"\n")
    for line, column, end_line, end_column in sorted(spans, reverse=True):
        if line == end_line:
            row = lines[line - 1]
            lines[line - 1] = row[:column] + b"%d" % value + row[end_column:]
    return b"\n".join(lines).decode()


def scaled_up(source: str, bounds: Sequence[int], most: int = 1_000_000) -> Iterator[Scaled]:
    """A Python generator's larger versions: one value at a time, then all that are small together.

    Args:
        bounds: What literals are moved to, the largest first.
        most: No literal is moved above this one.
    """
    literals = literals_of(source)
    usable = [bound for bound in bounds if 10 <= bound <= most]
    for target in usable:
        small = [value for value in literals if value < target]
        for value in sorted(small, reverse=True):
            moved = replaced(source, literals[value], target)
            yield Scaled(source=moved, target=target, moved=value)
        if len(small) > 1:
            spans = [span for value in small for span in literals[value]]
            yield Scaled(source=replaced(source, spans, target), target=target, moved=None)


def scaled_down(source: str) -> Iterator[Scaled]:
    """Versions that write small inputs: every larger literal is 1, 2, 3 or 4, alone or together."""
    literals = literals_of(source)
    for target in (2, 3, 1, 4):
        large = [value for value in literals if value > target]
        if len(large) > 1:
            spans = [span for value in large for span in literals[value]]
            yield Scaled(source=replaced(source, spans, target), target=target, moved=None)
        for value in sorted(large):
            moved = replaced(source, literals[value], target)
            yield Scaled(source=moved, target=target, moved=value)
