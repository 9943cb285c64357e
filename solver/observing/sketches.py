"""Stage 7: min-hashes of programs' texts, many programs at once.

The sketch of a program: its tokens are hashed (FNV-1a), every five neighbours make a shingle (a
polynomial over their hashes), every shingle is mixed with 60 factors modulo a Mersenne prime, and
of each factor the smallest value stays. Equal texts have equal sketches, on every machine; shipped
records hold families made of them, so a value may not change without a new name for what rests on
it.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from solver.source_text import encoded

HASHES = 60
SHINGLE = 5
_TOKEN = re.compile(r"[A-Za-z_]\w*|\d+|[^\s\w]")
_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/|^\s*#(?!include)[^\n]*", re.DOTALL | re.MULTILINE)
_PRIME = np.uint64((1 << 61) - 1)
"""A Mersenne prime: minima are taken of products modulo it."""
_FNV_OFFSET = 14695981039346656037
_FNV_PRIME = 1099511628211
"""The 64-bit parameters of Fowler, Noll and Vo's hash (FNV-1a); the prime is also the base of the
polynomial over a shingle's tokens."""

_TOGETHER_CHARACTERS = 1 << 16
_TOGETHER_SHINGLES = 512
"""What is worked on at once stays in a processor's cache."""
_LONG = 48
"""Tokens above this are hashed one by one."""

_BLANK, _DIGIT, _LETTER, _OTHER = range(4)
_KIND = np.full(128, _OTHER, dtype=np.uint8)
_KIND[[ord(character) for character in map(chr, range(128)) if character.isspace()]] = _BLANK
_KIND[ord("0") : ord("9") + 1] = _DIGIT
_KIND[[ord(letter) for letter in map(chr, range(128)) if letter.isalpha() or letter == "_"]] = (
    _LETTER
)


def sketches_of(sources: Sequence[str]) -> NDArray[np.uint64]:
    """(P, 60) the sketch of each program."""
    rng = np.random.default_rng(7)
    scale = rng.integers(1, 2**61 - 1, size=HASHES, dtype=np.uint64) | np.uint64(1)
    shingles: list[NDArray[np.uint64]] = []
    for texts in _portions([_without_comments(source) for source in sources]):
        shingles += map(_distinct, _shingles_of(texts))
    sketches = np.zeros((len(sources), HASHES), dtype=np.uint64)
    first = 0
    while first < len(shingles):
        last, size = first + 1, len(shingles[first])
        while last < len(shingles) and size + len(shingles[last]) <= _TOGETHER_SHINGLES:
            size += len(shingles[last])
            last += 1
        sketches[first:last] = _smallest(shingles[first:last], scale)
        first = last
    return sketches


def _without_comments(source: str) -> str:
    """The text without comments and directives; most programs have none, and looking for the marks
    is a tenth of the price of the expression."""
    marked = "//" in source or "/*" in source or source.count("#") > source.count("#include")
    return _COMMENT.sub(" ", source) if marked else source


def _portions(texts: Sequence[str]) -> Iterator[list[str]]:
    portion: list[str] = []
    size = 0
    for text in texts:
        portion.append(text)
        size += len(text)
        if size > _TOGETHER_CHARACTERS:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion


def _shingles_of(texts: Sequence[str]) -> list[NDArray[np.uint64]]:
    """The shingles of each text, in its order."""
    plain = [text if text.isascii() else "" for text in texts]
    hashes, bounds = _token_hashes(plain)
    shingles = np.zeros(max(0, len(hashes) - SHINGLE + 1), dtype=np.uint64)
    for offset in range(SHINGLE):
        shingles = shingles * np.uint64(_FNV_PRIME) + hashes[offset : offset + len(shingles)]
    found = []
    for text, first, last in zip(texts, bounds[:-1], bounds[1:], strict=True):
        if last - first >= SHINGLE and text.isascii():
            found.append(shingles[first : last - SHINGLE + 1])
        else:
            found.append(_shingles_of_one(text))
    return found


def _token_hashes(texts: Sequence[str]) -> tuple[NDArray[np.uint64], list[int]]:
    """Hashes of all tokens of ASCII texts, and where each text's begin and the last one's end."""
    joined = "\n".join(texts).encode("ascii")
    content = np.frombuffer(joined + b"\n", dtype=np.uint8)
    kind = _KIND[content]
    place = np.arange(len(kind))
    before = np.concatenate(([np.uint8(_BLANK)], kind[:-1]))
    word, word_before = ((k == _DIGIT) | (k == _LETTER) for k in (kind, before))
    begins = word & ~word_before
    # "12ab" is two tokens and "a12b" one: a letter behind digits alone begins the second.
    run = np.maximum.accumulate(np.where(begins, place, 0))
    letter = np.maximum.accumulate(np.where(kind == _LETTER, place, -1))
    letter_before = np.concatenate(([-1], letter[:-1]))
    second = (kind == _LETTER) & (before == _DIGIT) & (letter_before < run)
    begins |= second | (kind == _OTHER)
    starts = np.flatnonzero(begins)
    # A token ends before the next one or before what is no word; one of another kind where it is.
    ends = np.flatnonzero((kind != _BLANK) & np.append(begins[1:] | ~word[1:], True))
    lengths = ends - starts + 1
    hashes = np.full(len(starts), _FNV_OFFSET, dtype=np.uint64)
    active = np.flatnonzero(lengths <= _LONG)
    for offset in range(_LONG):
        active = active[lengths[active] > offset]
        if not len(active):
            break
        byte = content[starts[active] + offset].astype(np.uint64)
        hashes[active] = (hashes[active] ^ byte) * np.uint64(_FNV_PRIME)
    for index in np.flatnonzero(lengths > _LONG):
        start = starts[index]
        hashes[index] = _stable(joined[start : start + lengths[index]].decode("ascii"))
    offsets = np.cumsum([0] + [len(text) + 1 for text in texts])
    return hashes, np.searchsorted(starts, offsets).tolist()


def _shingles_of_one(text: str) -> NDArray[np.uint64]:
    """The same for any text, one token after the other."""
    tokens = _TOKEN.findall(text)
    tokens += [""] * (SHINGLE - len(tokens))
    hashes = np.fromiter(map(_stable, tokens), dtype=np.uint64, count=len(tokens))
    count = len(hashes) - SHINGLE + 1
    shingles = np.zeros(count, dtype=np.uint64)
    for offset in range(SHINGLE):
        shingles = shingles * np.uint64(_FNV_PRIME) + hashes[offset : offset + count]
    return shingles


def _distinct(shingles: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Without repetitions, which change no minimum: rows of a table, say, are one shingle."""
    ordered = np.sort(shingles)
    kept = np.empty(len(ordered), dtype=np.bool_)
    kept[0] = True
    np.not_equal(ordered[1:], ordered[:-1], out=kept[1:])
    return ordered[kept]


def _smallest(
    shingles: Sequence[NDArray[np.uint64]], scale: NDArray[np.uint64]
) -> NDArray[np.uint64]:
    """(texts, 60) the minima."""
    together = np.concatenate(shingles)
    together ^= together >> np.uint64(33)
    mixed = together[None, :] * scale[:, None]
    scratch = mixed >> np.uint64(29)
    mixed ^= scratch
    # Modulo the prime without a division: 2**61 is 1, and below it the difference wraps upwards.
    np.right_shift(mixed, np.uint64(61), out=scratch)
    mixed &= _PRIME
    mixed += scratch
    np.subtract(mixed, _PRIME, out=scratch)
    np.minimum(mixed, scratch, out=mixed)
    first = np.cumsum([0] + [len(one) for one in shingles[:-1]])
    smallest: NDArray[np.uint64] = np.minimum.reduceat(mixed, first, axis=1).T
    return smallest


@lru_cache(maxsize=1 << 16)
def _stable(token: str) -> int:
    """FNV-1a: Python's own hash changes from process to process."""
    value = _FNV_OFFSET
    for byte in encoded(token):
        value = ((value ^ byte) * _FNV_PRIME) & 0xFFFFFFFFFFFFFFFF
    return value
