"""Stage 2, afterwards: which candidates are the same program in other words.

Comments and layout go, the program's own names are numbered in the order in which they first appear
(`same_python.py`, `same_cpp.py`); programs in other languages are the same as their own text alone.
Equal forms compile and behave alike, so one of them is compiled and run for all; how often it was
drawn stays known. Better two that are kept apart than one that is judged by another's result.
"""

import re
from collections import Counter
from collections.abc import Sequence

from sandbox.data import digest_of
from solver.sampling.answers.programs import FAMILIES
from solver.sampling.answers.same_cpp import tokens_of
from solver.sampling.answers.same_python import tree_of
from solver.source_text import cleaned, encoded
from solver.types import Candidate

_COMMENT = re.compile(rb"//[^\n]*|/\*.*?\*/|#[^\n]*", re.S)
_NAME_OR_BLANK = re.compile(rb"[A-Za-z_]\w*|\s+")


def normalised(source: str, language: str) -> str:
    """A digest that equal programs share; of the text where only that tells them apart."""
    family = FAMILIES.get(language, language)
    form: bytes | None = None
    if family == "python":
        tree = tree_of(cleaned(source), language)
        form = None if tree is None else tree.encode("utf-8", "surrogatepass")
    elif family in ("cpp", "c"):
        form = tokens_of(encoded(source))
    if form is None:
        return digest_of(language.encode() + b"\0text\0" + encoded(source).rstrip(b"\n"))
    return digest_of(language.encode() + b"\0form\0" + form)


def _shape(candidate: Candidate) -> bytes:
    """What is left without names, blanks and comments: equal programs agree in it, cheaply."""
    content = encoded(candidate.source)
    bare = _NAME_OR_BLANK.sub(b"", _COMMENT.sub(b"", content))
    return candidate.language.encode() + b"\0" + bare


def representatives(candidates: Sequence[Candidate]) -> list[int]:
    """For each candidate the row of the first one that is the same program in other words."""
    exact: dict[tuple[str, str], int] = {}
    rows = [
        exact.setdefault((one.language, cleaned(one.source)), row)
        for row, one in enumerate(candidates)
    ]
    # Parsing costs a millisecond: only those that could be equal to another are parsed.
    shapes = {row: _shape(candidates[row]) for row in exact.values()}
    counts = Counter(shapes.values())
    first: dict[str, int] = {}
    same: dict[int, int] = {}
    for row, shape in shapes.items():
        one = candidates[row]
        alone = counts[shape] == 1
        same[row] = (
            row if alone else first.setdefault(normalised(cleaned(one.source), one.language), row)
        )
    return [same[row] for row in rows]
