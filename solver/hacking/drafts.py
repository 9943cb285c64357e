"""Inputs to attack with: most are short, since a short one is what a committee can use.

Other groups' tests first (they cost nothing and are known to bite), then small inputs along the
counts that hold in the tests, mutations of the smallest tests, and inputs grown to the bounds that
the statement and the validators name. The validators say which of them are legal.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from solver.breaking.bounds import numbers_in, numbers_in_code, targets
from solver.breaking.layout import Count, Shape, counts_of, grown, lines_of, small_ones
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
    large = _large(jury, group, counts, rng)
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
        if step % 3 == 0 and (grown_one := next(large, None)) is not None:
            yield grown_one


def _large(
    jury: Jury, group: Group, counts: Sequence[Count], rng: np.random.Generator
) -> Iterator[bytes]:
    """Inputs near the bounds, each size once in every shape."""
    statement, sources = jury.texts()
    bounds = numbers_in(statement)
    for text, language in sources:
        bounds |= numbers_in_code(text, language)
    ordered = sorted((bound for bound in bounds if bound > 1), reverse=True)
    bases = [content for content in group.inputs if len(content) <= SMALL_BYTES][-3:]
    for shape in rng.permutation(list(Shape)):
        for count in counts:
            for base in bases:
                old = lines_of(base)[count.line][count.token]
                for size in targets(ordered, int(old), _MOST_COUNT)[:_SIZES]:
                    for high in (None, ordered[0]):
                        made = grown(base, count, size, Shape(shape), rng, high=high)
                        if made is not None:
                            yield made
