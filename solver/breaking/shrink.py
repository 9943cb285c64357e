"""Makes a breaking input shorter while it still breaks: a short one is what can be used.

Delta debugging (Zeller and Hildebrandt, 2002) over lines and tokens, with one difference: counts
that hold in the task's inputs are set right again after every cut, since otherwise no cut would be
legal. A try is taken when a validator accepts it and the test still holds; the test weighs the
claim anew at every step, because shrinking walks straight to the inputs on which it is wrong.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice

from sandbox.data import digest_of
from solver.breaking.layout import Count, Lines, Repeats, lines_of, text_of
from solver.breaking.legal import Legal
from solver.types import GeneratedInput

Breaks = Callable[[GeneratedInput], bool]
"""Whether a legal input still breaks the program in the same way."""

_INTEGER = re.compile(rb"^-?\d{1,18}$")
_BATCH = 8
_LARGEST_BATCH = 64
"""Where none of a batch will do, the next is twice as large: a validator's start costs more than
what it then says of ten drafts, and the boldest cuts alone are mostly taken."""
_MOST_LINES = 64
"""Cuts of a longer input are at least this fine a part of it."""


def shrink(
    found: GeneratedInput,
    counts: Sequence[Count],
    legal: Legal,
    breaks: Breaks,
    tries: int,
) -> GeneratedInput:
    """The shortest breaking input that was found within so many runs of `breaks`.

    On the way one validator speaks for all; of the inputs that it led to, the shortest one is taken
    that all accept.

    Args:
        found: A legal input that breaks.
        tries: Drafts that are run.
    """
    steps = [found]
    looked = 0
    while looked < tries:
        better = None
        for batch in _in_batches(_shorter(steps[-1].content, counts)):
            for content in legal.hopeful(batch, found.subtasks):
                one = replace(found, id=digest_of(content), content=content)
                looked += 1
                if breaks(one):
                    better = one
                    break
                if looked >= tries:
                    break
            if better is not None or looked >= tries:
                break
        if better is None:
            break
        steps.append(better)
    # What is legal nowhere that the input was is another subtask's business.
    known = {one.content: one for one in legal.look([(one.content, None) for one in steps[1:]])}
    fitting = [known[one.content] for one in reversed(steps[1:]) if one.content in known]
    return next((one for one in fitting if one.subtasks >= found.subtasks), found)


def _in_batches(drafts: Iterator[bytes]) -> Iterator[list[bytes]]:
    size = _BATCH
    while batch := list(islice(drafts, size)):
        yield batch
        size = min(2 * size, _LARGEST_BATCH)


def _shorter(content: bytes, counts: Sequence[Count]) -> Iterator[bytes]:
    """Shorter or simpler versions of an input, the boldest first; each once."""
    seen = {content}
    lines = lines_of(content)
    for draft in chain(_cut(lines, counts), _simpler(lines)):
        text = text_of(draft)
        if text not in seen and _order(text) < _order(content):
            seen.add(text)
            yield text


def _order(content: bytes) -> tuple[int, bytes]:
    return len(content), content


def _cut(lines: Lines, counts: Sequence[Count]) -> Iterator[Lines]:
    """Parts taken out, halves first: of what a count counts, and of lines that none counts."""
    for count in counts:
        if len(lines) <= count.line or len(lines[count.line]) <= count.token:
            continue
        word = lines[count.line][count.token]
        if not _INTEGER.match(word) or len(lines) <= count.at:
            continue
        body = _body(lines, count)
        for start, end in _parts(len(body)):
            left = [list(line) for line in lines]
            left[count.line][count.token] = b"%d" % (int(word) - (end - start))
            kept = [*body[:start], *body[end:]]
            yield _with_body(left, count, kept)
    for start, end in _parts(len(lines)):
        yield [list(line) for line in (*lines[:start], *lines[end:])]


def _body(lines: Lines, count: Count) -> Sequence[object]:
    if count.repeats is Repeats.LINES:
        return lines[count.at :]
    if count.repeats is Repeats.TOKENS:
        return lines[count.at]
    return [bytes([letter]) for letter in (lines[count.at][0] if lines[count.at] else b"")]


def _with_body(lines: Lines, count: Count, body: list[object]) -> Lines:
    if count.repeats is Repeats.LINES:
        return [*lines[: count.at], *[list(row) for row in body if isinstance(row, list)]]
    words = [word for word in body if isinstance(word, bytes)]
    lines[count.at] = words if count.repeats is Repeats.TOKENS else [b"".join(words)]
    return lines


def _parts(length: int) -> Iterator[tuple[int, int]]:
    """Halves, quarters, ... and, of what is short, single ones."""
    size = length // 2
    while size >= 1:
        if length // size > _MOST_LINES:
            return
        for start in range(0, length, size):
            if min(size, length - start) < length:
                yield start, min(length, start + size)
        size //= 2


def _simpler(lines: Lines) -> Iterator[Lines]:
    """One number at a time made smaller: to 0, 1, 2, or to its half."""
    places = [
        (row, column)
        for row, line in enumerate(lines)
        for column, word in enumerate(line)
        if _INTEGER.match(word)
    ]
    for row, column in places[: 4 * _MOST_LINES]:
        value = int(lines[row][column])
        for smaller in dict.fromkeys((0, 1, 2, value // 2)):
            if abs(smaller) < abs(value):
                changed = [list(line) for line in lines]
                changed[row][column] = b"%d" % smaller
                yield changed
