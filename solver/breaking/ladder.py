"""Inputs at the bounds: the largest legal ones that can be had, for time, memory and overflow.

Three ways up: generators as they are (some write large inputs by themselves), generators whose
literals are moved to a bound, and inputs grown along the counts, in shapes that programs fear. For
a count the largest bound that the validators accept is kept; a bound that is refused is the next
one's business.
"""

import zlib
from collections.abc import Iterator

import numpy as np

from solver.breaking.bounds import targets
from solver.breaking.config import BreakingConfig
from solver.breaking.layout import Count, Shape, grown, lines_of
from solver.breaking.legal import Legal
from solver.breaking.workplace import Workplace
from solver.types import GeneratedInput

_MOST_COUNT = 1_000_000
_SCALED = 16
_MEANT = 12
_FAR = 10
_SIZES_TRIED = 8
_PROBES = 4
"""Shapes by which a size is tried before the others are."""
_SHAPES = (
    Shape.RANDOM,
    Shape.PATH,
    Shape.TREE,
    Shape.STAR,
    Shape.LARGE,
    Shape.RISING,
    Shape.FALLING,
    Shape.TWO,
    Shape.SMALL,
    Shape.PERMUTATION,
)


def large_drafts(place: Workplace, legal: Legal, config: BreakingConfig) -> list[GeneratedInput]:
    """Legal inputs that are as large as could be made; not yet chosen from."""
    if not config.ladder:
        return []
    found = legal.look(place.drafts.meant(_MEANT), as_meant=True)
    if legal.trusted:
        found += list(_grown(place, legal, config))
        before = max((len(one.content) for one in place.inputs), default=0)
        if all(len(one.content) <= _FAR * before for one in found):
            # Every changed generator is a program to compile: only where counts did not get far.
            scaled = place.drafts.larger(place.bounds, _SCALED)
            fitting = [one for one in scaled if len(one[0]) <= config.max_bytes]
            found += legal.look(legal.likely(fitting))
    return [one for one in found if len(one.content) <= config.max_bytes]


def _grown(place: Workplace, legal: Legal, config: BreakingConfig) -> Iterator[GeneratedInput]:
    rng = np.random.default_rng(config.seed + 1)
    bases = [content for content in place.samples if len(content) <= 400][-3:]
    for count in place.counts:
        fitting = list(_SHAPES)
        for base in reversed(bases):
            made = _largest(place, legal, count, base, fitting, rng, config.max_bytes)
            if made:
                yield from made
                break


def _largest(
    place: Workplace,
    legal: Legal,
    count: Count,
    base: bytes,
    shapes: list[Shape],
    rng: np.random.Generator,
    max_bytes: int,
) -> list[GeneratedInput]:
    """Inputs of the largest size that is legal in some shape, in every shape that is legal."""
    old = lines_of(base)[count.line][count.token]
    sizes = targets(place.bounds, int(old), _MOST_COUNT)[:_SIZES_TRIED]
    found: list[GeneratedInput] = []
    for size in sizes:
        for tried in (shapes[:_PROBES], shapes[_PROBES:]):
            made: dict[bytes, None] = {}
            for shape in tried:
                many = shape in (Shape.LARGE, Shape.RANDOM)
                for high in [None, *_highs(place, size)] if many else [None]:
                    content = grown(base, count, size, shape, rng, high=high)
                    if content is not None and len(content) <= max_bytes:
                        made.setdefault(content)
            found += legal.look(legal.likely([(content, None) for content in made]))
            if not found:
                break  # too large in the plainest shapes: the others need not be asked
        if found:
            return found
    return []


def _highs(place: Workplace, size: int) -> list[int]:
    """Largest values to try beside a count: the two largest bounds, and the count itself."""
    return list(dict.fromkeys([*[bound for bound in place.bounds if bound > 1][:2], size]))


def rungs(found: list[GeneratedInput], place: Workplace, wanted: int) -> list[GeneratedInput]:
    """The inputs to run: for each subtask the largest, then others of a size near it.

    Only inputs that are larger than what the candidates ran on before tell anything new of time;
    of the others the one with the largest numbers is kept, for overflow.
    """
    seen = {one.id for one in place.inputs}
    fresh = [one for one in found if one.id not in seen]
    chosen: dict[str, GeneratedInput] = {}
    for subtask in reversed(place.task.subtasks):
        before = [len(one.content) for one in place.inputs if subtask.name in one.subtasks]
        own = [one for one in fresh if subtask.name in one.subtasks]
        own.sort(key=lambda one: (-len(one.content), one.id))
        larger = [one for one in own if len(one.content) > max(before, default=0)]
        # The largest are all equal, more often than not; one that says something goes first.
        larger[:0] = sorted(larger, key=lambda one: (-_said(one.content), one.id))[:1]
        heavy = sorted(own, key=lambda one: (-_weight(one.content), one.id))[:2]
        for one in [*larger[: max(1, wanted - len(heavy))], *heavy]:
            chosen.setdefault(one.id, one)
    return list(chosen.values())


def _said(content: bytes) -> int:
    """Bytes that are left when repetitions are taken out."""
    return len(zlib.compress(content, 1))


def _weight(content: bytes) -> float:
    """Mean length of the tokens: the longer, the larger the numbers."""
    tokens = content.split()
    return (len(content) - len(tokens)) / max(1, len(tokens))
