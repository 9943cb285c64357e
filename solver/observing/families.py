"""Stage 7: programs that were written alike, found by min-hashing their tokens.

Two programs that agree say more when they were not written alike. A family is a connected group of
programs that share a band of min-hashes of five-token shingles: mutants of one program, or samples
that start the same, fall into one family.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from solver.observing.sketches import HASHES, sketches_of

_BANDS = 10


def families_of(sources: Sequence[str]) -> NDArray[np.int64]:
    """(P,) equal numbers for programs of one family."""
    number: dict[str, int] = {}
    which = np.array([number.setdefault(source, len(number)) for source in sources], dtype=np.intp)
    parent = list(range(len(sources)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    # Who shares no band with an earlier program joins nobody: most pairs need not be looked at.
    earlier = _earliest(sketches_of(list(number)), which)
    for index in np.flatnonzero((earlier != np.arange(len(sources))[:, None]).any(axis=1)).tolist():
        for other in dict.fromkeys(earlier[index].tolist()):
            if other != index:
                parent[root(index)] = root(other)
    return np.array([root(index) for index in range(len(sources))], dtype=np.int64)


def _earliest(sketches: NDArray[np.uint64], which: NDArray[np.intp]) -> NDArray[np.intp]:
    """(P, bands) the first program that has the same band.

    Args:
        sketches: (T, 60) of T distinct texts, in the order in which programs first have them.
        which: (P,) each program's text.
    """
    first_with = np.unique(which, return_index=True)[1]
    width = HASHES // _BANDS
    found = np.empty((len(which), _BANDS), dtype=np.intp)
    for band in range(_BANDS):
        minima = np.ascontiguousarray(sketches[:, band * width : (band + 1) * width])
        # As one long word each, which are compared whole: no two different bands are one.
        words = minima.view(np.dtype((np.void, minima.itemsize * width))).reshape(-1)
        _, first, code = np.unique(words, return_index=True, return_inverse=True)
        found[:, band] = first_with[first[code.reshape(-1)]][which]
    return found
