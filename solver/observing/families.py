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
    which = [number.setdefault(source, len(number)) for source in sources]
    sketches = np.ascontiguousarray(sketches_of(list(number)).reshape(-1, _BANDS, HASHES // _BANDS))
    parent = list(range(len(sources)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    first: dict[tuple[int, bytes], int] = {}
    bands = [[band.tobytes() for band in sketch] for sketch in sketches]
    for index, known in enumerate(which):
        for band, minima in enumerate(bands[known]):
            other = first.setdefault((band, minima), index)
            if other != index:
                parent[root(index)] = root(other)
    return np.array([root(index) for index in range(len(sources))], dtype=np.int64)
