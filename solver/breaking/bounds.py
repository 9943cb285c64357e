"""The numbers that may be a task's bounds: read from its statement and from its helpers' sources.

Which number bounds what is not read: an input is made with it, and the validators say whether it
is legal. So a number too many costs a run, and a pattern that was missed is often seen in another
place.
"""

import ast
import re
from collections.abc import Iterable, Sequence

from problems.task import Task
from solver.types import HelperProgram

MOST = 10**18
_SPACES = re.compile(r"(?<=\d)(?:\\,|\{,\}|\\ |~|[\u2009\u202f\u00a0,' ])(?=\d{3}(?!\d))")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_TIMES = r"(?:\\cdot|\\times|·|×|\*)"
_POWER = re.compile(
    rf"(?:(\d+(?:\.\d+)?)\s*{_TIMES}\s*)?\b(10|2)\s*(?:\^|\*\*)\s*\{{?\s*(\d{{1,2}})\s*\}}?"
)
_RAISED = re.compile(rf"(?:(\d+(?:\.\d+)?)\s*{_TIMES}\s*)?\b(10|2)([⁰¹²³⁴⁵⁶⁷⁸⁹]{{1,2}})")
_SCIENTIFIC = re.compile(r"\b(\d+(?:\.\d+)?)[eE]\+?(\d{1,2})\b")
_INTEGER = re.compile(r"(?<![\w.^])\d{1,18}(?![\w.])")
_CODE_INTEGER = re.compile(r"(?<![\w.])\d[\d']{0,20}(?=(?:[uUlL]*)\b)(?![.\w]*\.)")


def numbers_in(text: str) -> set[int]:
    """Whole numbers that a text states, powers written out: "2 \\cdot 10^5" is 200000.

    "1 200" is read as one number and as two.
    """
    found = {int(word) for word in _INTEGER.findall(text)}
    text = _SPACES.sub("", text)
    for factor, base, exponent in _POWER.findall(text):
        found.add(_product(factor, int(base), int(exponent)))
    for factor, base, raised in _RAISED.findall(text):
        found.add(_product(factor, int(base), int(raised.translate(_SUPERSCRIPTS))))
    for factor, exponent in _SCIENTIFIC.findall(text):
        found.add(_product(factor, 10, int(exponent)))
    found |= {int(word) for word in _INTEGER.findall(text)}
    return {number for number in found if number <= MOST}


def _product(factor: str, base: int, exponent: int) -> int:
    return round(float(factor or 1) * 1_000_000) * int(base**exponent) // 1_000_000


def numbers_in_code(source: str, language: str) -> set[int]:
    """Whole numbers that a program is written with, constant arithmetic worked out."""
    if language in ("python3", "pypy3"):
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError, RecursionError):
            return set()
        values = (value_of(node) for node in ast.walk(tree))
        return {value for value in values if value is not None and 0 <= value <= MOST}
    found = {int(word.replace("'", "")) for word in _CODE_INTEGER.findall(source)}
    return {number for number in found | numbers_in(source) if number <= MOST}


def value_of(node: ast.AST) -> int | None:
    """The whole number that an expression of constants is; None for anything else."""
    if isinstance(node, ast.Constant):
        value = node.value
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        whole = isinstance(value, int) or (value.is_integer() and abs(value) <= MOST)
        return int(value) if whole else None
    if isinstance(node, ast.BinOp):
        left, right = value_of(node.left), value_of(node.right)
        if left is None or right is None:
            return None
        if isinstance(node.op, ast.Mult):
            return left * right
        if isinstance(node.op, ast.Pow) and 0 <= right <= 63 and abs(left) <= 10:
            return int(left**right)
        if isinstance(node.op, ast.Add):
            return left + right
        if isinstance(node.op, ast.Sub):
            return left - right
    return None


def bounds_of(task: Task, helpers: Sequence[HelperProgram]) -> list[int]:
    """Numbers that may bound something, the largest first."""
    found = numbers_in(task.statement.text)
    for subtask in task.subtasks:
        found |= numbers_in(subtask.description)
    for helper in helpers:
        found |= numbers_in_code(helper.source, helper.language)
    return sorted((number for number in found if number > 1), reverse=True)


def targets(bounds: Iterable[int], above: int, most: int) -> list[int]:
    """Bounds that a count which is `above` today may grow to, the largest first."""
    return [bound for bound in bounds if above < bound <= most]
