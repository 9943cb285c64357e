"""CMS, the points of subtasks: they are told on an HTML page alone, in the locale of its reader."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bs4 import BeautifulSoup

SUBTASK_TITLE = re.compile(r"(\d+)\s*$")
_NUMBER = r"(\d[\d.,\u00a0\u202f’']*)"
SCORE_PAIR = re.compile(rf"\(\s*{_NUMBER}\s*/\s*{_NUMBER}\s*\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class SubtaskPoints:
    """One subtask's line of the details page."""

    name: str
    points: float
    max_points: float


def parse_details(html: str) -> tuple[SubtaskPoints, ...]:
    """The subtasks of a submission's details page; empty where it shows none (yet).

    The page is `ScoreTypeGroup.TEMPLATE`: one `div.subtask` a subtask, its title ending in the
    subtask's number and its score as "(points / maximum)".
    """
    read: list[tuple[str, str, str]] = []
    for block in BeautifulSoup(html, "lxml").select("div.subtask"):
        title, score = block.select_one(".title"), block.select_one(".score")
        number = SUBTASK_TITLE.search(title.get_text(" ", strip=True)) if title else None
        pair = SCORE_PAIR.search(score.get_text(" ", strip=True)) if score else None
        if number is None or pair is None:
            return ()
        read.append((number.group(1), pair.group(1), pair.group(2)))
    mark = _decimal_mark([(points, most) for _, points, most in read])
    return tuple(
        SubtaskPoints(name=name, points=_decimal(points, mark), max_points=_decimal(most, mark))
        for name, points, most in read
    )


def _decimal_mark(pairs: Sequence[tuple[str, str]]) -> str:
    """The decimal mark of a page's locale: "." or ",", told from all of its points and maxima.

    CMS prints numbers with Babel's `format_decimal`, pattern `#,##0.###`: thousands are grouped,
    at most three decimals are shown and trailing zeros are not.
    """
    for text in (text for pair in pairs for text in pair):
        marks: list[str] = re.findall(r"[.,]", text)
        if not marks:
            continue
        last, other = marks[-1], "," if marks[-1] == "." else "."
        after = text[text.rfind(last) + 1 :]
        if other in marks:
            return last
        # Groups have three digits, the first one does not begin with 0, decimals do not end in 0.
        if len(marks) > 1 or after.endswith("0"):
            return other
        if len(after) != 3 or text.startswith("0") or len(text.split(last)[0]) > 3:
            return last
    # 1,234 alone says nothing: CMS's own language is English, and points are within their maximum.
    fits = all(_decimal(points, ".") <= _decimal(most, ".") for points, most in pairs)
    return "." if fits else ","


def _decimal(text: str, mark: str) -> float:
    """A number of a page whose locale has that decimal mark."""
    whole, _, decimals = text.rpartition(mark) if mark in text else (text, "", "")
    return float(f"{re.sub(r'[^0-9]', '', whole) or '0'}.{re.sub(r'[^0-9]', '', decimals) or '0'}")
