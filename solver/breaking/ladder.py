"""Inputs at the bounds: the largest legal ones that can be had, for time, memory and overflow.

Three ways up: generators as they are (some write large inputs by themselves), generators whose
literals are moved to a bound, and inputs grown along the counts, in shapes that programs fear. For
a count the largest bound that the validators accept is kept; a bound that is refused is the next
one's business.
"""

import zlib
from collections.abc import Iterator, Sequence

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
_PARTS = ((1, 1), (1, 10), (10, 1), (30, 30), (1, 1000), (1000, 1))
"""By what the first count and the others are divided, where all at once are refused."""
_LIKE = 4
"""An input of another shape tells something of time if it is a quarter as long as the longest."""
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
    reached: dict[tuple[int, int], tuple[Count, int, bytes]] = {}
    for count in place.counts:
        fitting = list(_SHAPES)
        for base in reversed(bases):
            made = _largest(place, legal, count, base, fitting, rng, config.max_bytes)
            if made:
                yield from made
                size = max(_value(one.content, count) for one in made)
                where = count.line, count.token
                if where not in reached or size > reached[where][1]:
                    reached[where] = count, size, base
                break
    if len(reached) > 1:
        yield from _together(list(reached.values()), place, legal, rng, config.max_bytes)


def _value(content: bytes, count: Count) -> int:
    return int(lines_of(content)[count.line][count.token])


def _together(
    reached: Sequence[tuple[Count, int, bytes]],
    place: Workplace,
    legal: Legal,
    rng: np.random.Generator,
    max_bytes: int,
) -> list[GeneratedInput]:
    """Inputs with all counts large at once: what takes the time of n times m is quick where one
    of them is small.

    Args:
        reached: Counts of different places, the largest size of each, and the input it grew from.
    """
    base = reached[0][2]
    found: list[GeneratedInput] = []
    for parts in _PARTS:
        # Where their product or sum is bounded, the first ones have to be smaller.
        sizes = [max(1, size // parts[min(k, 1)]) for k, (_, size, _) in enumerate(reached)]
        made: dict[bytes, None] = {}
        for shape in _SHAPES:
            for high in dict.fromkeys([None, *_highs(place, sizes[0])]):
                content: bytes | None = base
                for (count, _, _), size in zip(reached, sizes, strict=True):
                    if content is not None and len(content) <= max_bytes:
                        content = grown(content, count, size, shape, rng, high=high)
                if content is not None and len(content) <= max_bytes:
                    made.setdefault(content)
                if shape not in (Shape.LARGE, Shape.RANDOM):
                    break
        found += legal.look(legal.likely([(content, None) for content in made]))
        if found:
            return found
    return found


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

    Only inputs that are nearly as large as what the candidates ran on before, or larger, tell
    anything new of time; of the others the one with the largest numbers is kept, for overflow.
    """
    seen = {one.id for one in place.inputs}
    fresh = [one for one in found if one.id not in seen]
    chosen: dict[str, GeneratedInput] = {}
    for subtask in reversed(place.task.subtasks):
        before = [len(one.content) for one in place.inputs if subtask.name in one.subtasks]
        own = [one for one in fresh if subtask.name in one.subtasks]
        own.sort(key=lambda one: (-len(one.content), one.id))
        larger = [one for one in own if _LIKE * len(one.content) > max(before, default=0)]
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
