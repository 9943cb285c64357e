"""The layout of a task's inputs, as far as their counts go, and inputs grown along it.

Seen in a few legal inputs: a number in the first lines that always equals the numbers of a later
line, the lines that follow, or the letters of a word. Then an input of any size can be written, in
shapes that programs fear. The validators say whether it is legal: nothing here has to be certain.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice

import numpy as np

_INTEGER = re.compile(rb"^-?\d{1,18}$")
_HEADER_LINES = 3

Lines = list[list[bytes]]


class Repeats(StrEnum):
    """What a count counts."""

    LINES = "lines"
    TOKENS = "tokens of a line"
    LETTERS = "letters of a word"


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """A number that says how often something is repeated.

    Attributes:
        line, token: Where it stands, from 0.
        repeats: What is repeated.
        at: The line that holds the repeated tokens or letters, or the first of the repeated lines.
        extra: What is repeated so often more (-1 for the edges of a tree).
    """

    line: int
    token: int
    repeats: Repeats
    at: int
    extra: int


class Shape(StrEnum):
    """How the repeated part is filled."""

    RANDOM = "random"
    SMALL = "smallest values"
    LARGE = "largest values"
    RISING = "rising"
    FALLING = "falling"
    TWO = "two values"
    PERMUTATION = "permutation"
    PATH = "path"
    STAR = "star"
    TREE = "random tree"


def lines_of(content: bytes) -> Lines:
    """Tokens by line; an empty last line is none."""
    return [line.split() for line in content.rstrip(b"\n").split(b"\n")]


def text_of(lines: Lines) -> bytes:
    """The lines as an input."""
    return b"\n".join(b" ".join(line) for line in lines) + b"\n"


def counts_of(samples: Sequence[bytes]) -> list[Count]:
    """Counts that hold in all samples; at least three different ones are wanted to tell."""
    parsed = [lines_of(content) for content in samples if content.strip()]
    if len({text_of(lines) for lines in parsed}) < 2:
        return []
    found: list[Count] = []
    shortest = min(len(lines) for lines in parsed)
    for line in range(min(_HEADER_LINES, shortest)):
        width = min(len(lines[line]) for lines in parsed)
        for token in range(min(4, width)):
            values = [_int(lines[line][token]) for lines in parsed]
            if any(value is None or value < 0 for value in values):
                continue
            counted = [value for value in values if value is not None]
            if len(set(counted)) > 1:
                found += _counted(parsed, counted, line, token)
    return found


def _counted(parsed: Sequence[Lines], values: Sequence[int], line: int, token: int) -> list[Count]:
    found = []
    for extra in (0, -1, 1):
        wanted = [value + extra for value in values]
        for at in range(line + 1, line + 4):
            if all(len(lines) - at == want for lines, want in zip(parsed, wanted, strict=True)):
                found.append(
                    Count(line=line, token=token, repeats=Repeats.LINES, at=at, extra=extra)
                )
            having = [(lines, want) for lines, want in zip(parsed, wanted, strict=True) if want > 0]
            if not having or any(len(lines) <= at for lines, _ in having):
                continue
            if all(len(lines[at]) == want for lines, want in having):
                found.append(
                    Count(line=line, token=token, repeats=Repeats.TOKENS, at=at, extra=extra)
                )
            if extra == 0 and all(
                len(lines[at]) == 1 and len(lines[at][0]) == want for lines, want in having
            ):
                found.append(Count(line=line, token=token, repeats=Repeats.LETTERS, at=at, extra=0))
    return found


def _int(token: bytes) -> int | None:
    return int(token) if _INTEGER.match(token) else None


def grown(
    base: bytes,
    count: Count,
    size: int,
    shape: Shape,
    rng: np.random.Generator,
    *,
    high: int | None = None,
) -> bytes | None:
    """An input in which `count` is `size`.

    Args:
        base: A legal input: what is not repeated, and the range of what is, come from it.
        high: Largest value in the repeated part; None: the largest there, or `size` where values
            are places (none is above the count in the base).

    Returns:
        None where the shape does not fit.
    """
    lines = lines_of(base)
    old = _int(lines[count.line][count.token])
    amount = size + count.extra
    if old is None or amount < 0 or len(lines) <= count.at:
        return None
    lines[count.line][count.token] = b"%d" % size
    if count.repeats is Repeats.LETTERS:
        alphabet = sorted(set(lines[count.at][0]))
        lines[count.at] = [_word(alphabet, amount, shape, rng)]
        return text_of(lines)
    if count.repeats is Repeats.TOKENS:
        column = _column([lines[count.at]], old)
        if column is None:
            return None
        values = _values(column.reaching(size, high), amount, shape, rng)
        if values is None:
            return None
        lines[count.at] = [b"%d" % value for value in values]
        return text_of(lines)
    rows = lines[count.at :]
    widths = {len(row) for row in rows}
    if len(widths) != 1:
        return None
    columns = _columns(rows, old)
    filled: list[Sequence[int]] = []
    known = [column.reaching(size, high) for column in columns if column is not None]
    if len(known) != len(columns):
        return None
    places = [column for column in known if column.place]
    if shape in (Shape.PATH, Shape.STAR, Shape.TREE) and len(places) < 2:
        return None
    ends = iter(_edges(amount, shape, places[0].low if places else 0, rng))
    for column in known:
        pair = column.place and shape in (Shape.PATH, Shape.STAR, Shape.TREE)
        end = next(ends, None) if pair else None
        values = end if end is not None else _values(column, amount, shape, rng)
        if values is None:
            return None
        filled.append(values)
    rows = [[b"%d" % values[row] for values in filled] for row in range(amount)]
    return text_of(lines[: count.at] + rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    """Range of one place's values; `place` where they are positions from `low` to the count."""

    low: int
    high: int
    place: bool

    def reaching(self, size: int, high: int | None) -> "_Column":
        if self.place:
            return _Column(low=self.low, high=size - 1 + self.low, place=True)
        return _Column(low=self.low, high=self.high if high is None else high, place=False)


def _column(rows: Sequence[Sequence[bytes]], old: int) -> _Column | None:
    values = [_int(token) for row in rows for token in row]
    known = [value for value in values if value is not None]
    if not known or len(known) != len(values):
        return None
    low, high = min(known), max(known)
    if low >= 0 and high <= old and high >= old - 1 and old > 2:
        return _Column(low=1 if high == old or low >= 1 else 0, high=high, place=True)
    return _Column(low=low, high=high, place=False)


def _columns(rows: Lines, old: int) -> list[_Column | None]:
    """The columns of repeated lines. Where one surely holds places, so do those that could: the two
    ends of an edge."""
    columns = [_column([[row[k]] for row in rows], old) for k in range(len(rows[0]))]
    if not any(column is not None and column.place for column in columns):
        return columns
    could = [one for one in columns if one is not None and one.low >= 0 and one.high <= old]
    low = min(1, *(one.low for one in could)) if could else 0
    return [
        replace(one, low=low, place=True) if one is not None and one in could else one
        for one in columns
    ]


def _values(
    column: _Column, amount: int, shape: Shape, rng: np.random.Generator
) -> Sequence[int] | None:
    low, high = column.low, max(column.low, column.high)
    if shape is Shape.PERMUTATION:
        if not column.place and high - low + 1 < amount:
            return None
        return [int(value) + low for value in rng.permutation(amount)]
    if shape is Shape.SMALL:
        return [low] * amount
    if shape is Shape.LARGE:
        return [high] * amount
    if shape is Shape.TWO:
        return [int(value) for value in rng.choice([low, high], size=amount)]
    drawn = rng.integers(low, high + 1, size=amount)
    if shape is Shape.RISING:
        drawn.sort()
    elif shape is Shape.FALLING:
        drawn[::-1].sort()
    return [int(value) for value in drawn]


def _edges(
    amount: int, shape: Shape, low: int, rng: np.random.Generator
) -> tuple[Sequence[int], Sequence[int]] | tuple[()]:
    """Both ends of `amount` edges."""
    numbers = np.arange(amount)
    if shape is Shape.PATH:
        first = numbers
    elif shape is Shape.STAR:
        first = np.zeros(amount, dtype=np.int64)
    elif shape is Shape.TREE:
        first = (rng.random(amount) * (numbers + 1)).astype(np.int64)
    else:
        return ()
    return (first + low).tolist(), (numbers + 1 + low).tolist()


def _word(alphabet: Sequence[int], amount: int, shape: Shape, rng: np.random.Generator) -> bytes:
    if shape is Shape.SMALL or len(alphabet) == 1:
        return bytes([alphabet[0]]) * amount
    if shape is Shape.LARGE:
        return bytes([alphabet[-1]]) * amount
    letters = np.array(alphabet, dtype=np.uint8)
    if shape is Shape.TWO:
        return bytes(np.resize(letters[[0, -1]], amount))
    word = rng.choice(letters, size=amount)
    if shape is Shape.RISING:
        word.sort()
    elif shape is Shape.FALLING:
        word[::-1].sort()
    return bytes(word)


def small_ones(
    samples: Sequence[bytes], counts: Sequence[Count], rng: np.random.Generator, wanted: int
) -> Iterator[bytes]:
    """Small inputs along the counts: sizes 1 to 5 in every shape, values near the lowest."""
    bases = sorted(samples, key=len)[:6]
    for _ in range(-(-wanted // max(1, 4 * len(bases) * len(counts)))):
        for base in bases:
            for count in counts:
                for size in islice(rng.permutation(6), 4):
                    shape = list(Shape)[int(rng.integers(len(Shape)))]
                    high = int(rng.integers(1, 6)) if rng.random() < 0.6 else None
                    made = grown(base, count, int(size), shape, rng, high=high)
                    if made is not None:
                        yield made
