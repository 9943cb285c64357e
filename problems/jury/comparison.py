"""Which built-in comparison a task's outputs meet, as far as a contestant may know it.

That a sum may be off by 1e-6, or that YES is not yes, stands in the statement; it says nothing of a
test. A solver that compared by bytes would hold right programs for wrong on the examples.
"""

from collections.abc import Collection, Mapping

from problems.jury.compare import KattisFlags

_ANY_CASE = frozenset({"same-letters"})
_BY_VALUE = frozenset(
    {"decimal-lines", "equal-values", "any-order-lines", "any-order-words", *_ANY_CASE}
)
_CASED = frozenset({"white-diff", "exact", *_BY_VALUE}) - _ANY_CASE


def comparison_of(
    comparison: Mapping[str, object], flags: Collection[tuple[str, ...]]
) -> Mapping[str, str]:
    """A test set's comparison (`problems.jury.checkers`) as a contestant knows it.

    Args:
        comparison: The set's own parameters.
        flags: Those of its tests, each once; what all agree on stands in for the set's own, as it
            does when a test is judged.
    """
    found = {name: str(value) for name, value in comparison.items()}
    if found and len(flags) == 1 and (common := next(iter(flags))):
        found["flags"] = " ".join(common)
    return found


def merges(comparison: Mapping[str, str]) -> bool:
    """Whether outputs that differ in more than blanks and case may be equally good."""
    if comparison.get("kind") in _BY_VALUE:
        return True
    return _flags(comparison).floats


def is_cased(comparison: Mapping[str, str]) -> bool:
    """Whether YES and yes are two answers."""
    return comparison.get("kind") in _CASED or _flags(comparison).case_sensitive


def _flags(comparison: Mapping[str, str]) -> KattisFlags:
    try:
        return KattisFlags.parse(comparison.get("flags", "").split())
    except ValueError:  # the judge says what is wrong with them
        return KattisFlags()
