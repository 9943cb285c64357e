"""Stage 7: programs that were written alike, found by min-hashing their tokens.

Two programs that agree say more when they were not written alike. A family is a connected group of
programs that share a band of min-hashes of five-token shingles: mutants of one program, or samples
that start the same, fall into one family.
"""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from solver.source_text import encoded

_TOKEN = re.compile(r"[A-Za-z_]\w*|\d+|[^\s\w]")
_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/|^\s*#(?!include)[^\n]*", re.DOTALL | re.MULTILINE)
_SHINGLE = 5
_BANDS = 10
_ROWS = 6
_PRIME = np.uint64((1 << 61) - 1)
"""A Mersenne prime: minima are taken of products modulo it."""
_FNV_OFFSET = 14695981039346656037
_FNV_PRIME = 1099511628211
"""The 64-bit parameters of Fowler, Noll and Vo's hash (FNV-1a); the prime is also the base of the
polynomial over a shingle's tokens."""


def families_of(sources: Sequence[str]) -> NDArray[np.int64]:
    """(P,) equal numbers for programs of one family."""
    rng = np.random.default_rng(7)
    scale = rng.integers(1, 2**61 - 1, size=_BANDS * _ROWS, dtype=np.uint64) | np.uint64(1)
    parent = list(range(len(sources)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    first: dict[tuple[int, bytes], int] = {}
    known: dict[str, NDArray[np.uint64]] = {}
    for index, source in enumerate(sources):
        sketch = known.get(source)
        if sketch is None:
            sketch = known[source] = _sketch(source, scale)
        for band in range(_BANDS):
            key = (band, sketch[band * _ROWS : (band + 1) * _ROWS].tobytes())
            other = first.setdefault(key, index)
            if other != index:
                parent[root(index)] = root(other)
    return np.array([root(index) for index in range(len(sources))], dtype=np.int64)


def _sketch(source: str, scale: NDArray[np.uint64]) -> NDArray[np.uint64]:
    tokens = _TOKEN.findall(_COMMENT.sub(" ", source))
    if len(tokens) < _SHINGLE:
        tokens += [""] * (_SHINGLE - len(tokens))
    hashes = np.array([_stable(token) for token in tokens], dtype=np.uint64)
    count = len(hashes) - _SHINGLE + 1
    shingles = np.zeros(count, dtype=np.uint64)
    for offset in range(_SHINGLE):
        shingles = shingles * np.uint64(_FNV_PRIME) + hashes[offset : offset + count]
    shingles ^= shingles >> np.uint64(33)
    mixed = shingles[None, :] * scale[:, None]
    mixed ^= mixed >> np.uint64(29)
    smallest: NDArray[np.uint64] = (mixed % _PRIME).min(axis=1)
    return smallest


def _stable(token: str) -> int:
    """FNV-1a: Python's own hash changes from process to process."""
    value = _FNV_OFFSET
    for byte in encoded(token):
        value = ((value ^ byte) * _FNV_PRIME) & 0xFFFFFFFFFFFFFFFF
    return value
