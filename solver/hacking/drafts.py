"""Inputs to attack with: most are short, since a short one is what a committee can use.

Other groups' tests first (they cost nothing and are known to bite), then small inputs along the
counts that hold in the tests, mutations of the smallest tests, and inputs grown to the bounds that
the statement and the validators name. The validators say which of them are legal.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from solver.breaking.bounds import numbers_in, numbers_in_code, targets
from solver.breaking.layout import Count, Shape, counts_of, grown, lines_of, small_ones, text_of
from solver.hacking.jury import Group, Jury
from solver.observing.mutation import mutate_input

SMALL_BYTES = 600
_COUNTED = 12
"""Tests that must agree on a count."""
_MOST_COUNT = 300_000
_SIZES = 3


def group_counts(group: Group) -> list[Count]:
    """Counts that hold in a group's tests."""
    return counts_of([content for content in group.inputs if content.strip()][:_COUNTED])


def drafts_of(
    jury: Jury, group: Group, groups: Sequence[Group], rng: np.random.Generator
) -> Iterator[bytes]:
    """Inputs without end, as long as the group has a test that anything can be made from."""
    for other in groups:
        if other.flags != group.flags:
            yield from other.inputs
    small = [content for content in group.inputs if len(content) <= SMALL_BYTES]
    small = small or list(group.inputs[:3])
    if not any(content.split() for content in small):
        return
    counts = group_counts(group)
    bounds = _bounds(jury)
    large = _large(bounds, group, counts, rng)
    step = 0
    while True:
        step += 1
        if counts:
            yield from small_ones(group.inputs[:_COUNTED], counts, rng, 12)
        for _ in range(12):
            content = small[int(rng.integers(len(small)))]
            for _ in range(int(rng.integers(1, 4))):
                content = mutate_input(content, rng)
            yield content
        for _ in range(6):
            yield _at_a_bound(small[int(rng.integers(len(small)))], bounds, rng)
        if step % 3 == 0 and (grown_one := next(large, None)) is not None:
            yield grown_one


def _bounds(jury: Jury) -> list[int]:
    """Numbers that may bound something, the largest first: from statement and validators."""
    statement, sources = jury.texts()
    found = numbers_in(statement)
    for text, language in sources:
        found |= numbers_in_code(text, language)
    return sorted((number for number in found if number > 1), reverse=True)


def _at_a_bound(content: bytes, bounds: Sequence[int], rng: np.random.Generator) -> bytes:
    """One to three numbers moved to a bound, to one less or to 0 or 1: off by one, overflow, an
    array that is one too short."""
    lines = lines_of(content)
    places = [
        (row, column)
        for row, line in enumerate(lines)
        for column, word in enumerate(line)
        if word.lstrip(b"-").isdigit()
    ]
    if not places:
        return content
    values = [0, 1, *(value for bound in bounds[:8] for value in (bound, bound - 1))]
    for _ in range(int(rng.integers(1, 4))):
        row, column = places[int(rng.integers(len(places)))]
        lines[row][column] = b"%d" % values[int(rng.integers(len(values)))]
    return text_of(lines)


def _large(
    bounds: Sequence[int], group: Group, counts: Sequence[Count], rng: np.random.Generator
) -> Iterator[bytes]:
    """Inputs near the bounds, each size once in every shape."""
    bases = [content for content in group.inputs if len(content) <= SMALL_BYTES][-3:]
    for shape in rng.permutation(list(Shape)):
        for count in counts:
            for base in bases:
                old = lines_of(base)[count.line][count.token]
                for size in targets(bounds, int(old), _MOST_COUNT)[:_SIZES]:
                    for high in (None, *bounds[:1]):
                        made = grown(base, count, size, Shape(shape), rng, high=high)
                        if made is not None:
                            yield made
