"""The comparisons that data sets of problems and DMOJ judge by themselves.

`decimal_lines` and `equal_values` decide as LiveCodeBench's `lcb_runner/evaluation/testing_util.py`
(commit 15808c7) does: `grade_stdio` and `grade_call_based`. The others decide as DMOJ's checkers.
"""

import json
import re
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from sandbox.data import Blob


def decimal_lines(output: Blob, answer: Blob) -> bool:
    """Line by line: the same text but for blanks around it, or the same numbers exactly.

    2.0 is 2, and 50000000000000000 is not 50000000000000001: no tolerance. Blank lines count,
    except before the first and after the last one that is not.
    """
    team, judge = _lines(output), _lines(answer)
    if len(team) != len(judge):
        return False
    return all(
        own == right or _equal_numbers(own, right) for own, right in zip(team, judge, strict=True)
    )


def _lines(blob: Blob) -> list[str]:
    text = blob.read().decode("utf-8", "surrogateescape")
    return [line.strip() for line in text.strip().split("\n")]


def _equal_numbers(own: str, right: str) -> bool:
    try:
        return _numbers(own) == _numbers(right)
    except InvalidOperation:
        return False


def _numbers(line: str) -> Sequence[Decimal]:
    return [Decimal(word) for word in line.split()]


def equal_values(output: Blob, answer: Blob) -> bool:
    """Both are JSON, and Python's `==` holds between them: 2.0 is 2, and true is 1."""
    try:
        return bool(_value(output) == _value(answer))
    except (ValueError, RecursionError):
        return False


def _value(blob: Blob) -> Any:
    return json.loads(blob.read().decode("utf-8", "surrogateescape"))


def same_lines(output: Blob, answer: Blob) -> bool:
    """Both have as many words on each line; blank lines do not count (DMOJ's `standard`)."""
    return [len(line) for line in _words(output)] == [len(line) for line in _words(answer)]


def same_letters(output: Blob, answer: Blob) -> bool:
    """The same characters as often, in any order and case, blanks aside (DMOJ's `easy`)."""
    team, judge = (b"".join(blob.read().split()).lower() for blob in (output, answer))
    return Counter(team) == Counter(judge)


def lines_in_any_order(output: Blob, answer: Blob) -> bool:
    """The same lines up to blanks, in any order (DMOJ's `sorted`)."""
    return sorted(_words(output)) == sorted(_words(answer))


def words_in_any_order(output: Blob, answer: Blob) -> bool:
    """The same words, in any order (DMOJ's `unordered`)."""
    return sorted(output.read().split()) == sorted(answer.read().split())


def _words(blob: Blob) -> list[list[bytes]]:
    lines = (line.split() for line in re.split(rb"[\r\n]", blob.read()))
    return [line for line in lines if line]
