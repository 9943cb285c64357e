"""Small inputs: corners, all of a small space, mutations of what is there.

Most faults of logic show on inputs of a few numbers (a small scope is enough), and a short input is
what a person or a model can use.
"""

from itertools import islice

import numpy as np

from solver.breaking.layout import small_ones
from solver.breaking.legal import Draft, Legal
from solver.breaking.workplace import Workplace
from solver.observing.mutation import mutate_input

SMALL_BYTES = 400
_MOST_BYTES = 2000


def small_drafts(place: Workplace, legal: Legal, wanted: int, seed: int) -> list[Draft]:
    """At most `wanted` drafts that are likely legal: from generators with small numbers,
    along the counts, mutated, and from the generators as they are, in turn."""
    if not wanted:
        return []
    rng = np.random.default_rng(seed)
    each = -(-wanted // 3)
    pools: list[list[Draft]] = []
    if legal.trusted:
        along = list(
            islice(dict.fromkeys(small_ones(place.samples, place.counts, rng, each)), each)
        )
        pools = [place.drafts.smaller(each // 2), [(one, None) for one in along]]
        pools += [_mutated(place, rng, each)]
        pools = [
            legal.likely([one for one in pool if len(one[0]) <= SMALL_BYTES]) for pool in pools
        ]
    meant = [one for one in place.drafts.meant(each) if len(one[0]) <= _MOST_BYTES]
    known = {one.content for one in place.inputs}
    drafts = _in_turn([*pools, legal.likely(meant, as_meant=True)])
    return [draft for draft in drafts if draft[0] not in known][:wanted]


def _mutated(place: Workplace, rng: np.random.Generator, wanted: int) -> list[Draft]:
    bases = [content for content in place.samples if len(content) <= SMALL_BYTES][:24]
    if not bases:
        return []
    drawn = {mutate_input(bases[int(rng.integers(len(bases)))], rng): None for _ in range(wanted)}
    return list(drawn.items())


def _in_turn(pools: list[list[Draft]]) -> list[Draft]:
    """One of each in turn, so that a budget that ends early has seen all kinds."""
    found: dict[bytes, str | None] = {}
    for k in range(max(map(len, pools), default=0)):
        for pool in pools:
            if k < len(pool):
                found.setdefault(*pool[k])
    return list(found.items())
