"""Role: in which order many submissions' tests are run, where nothing but points is wanted.

Two things are known of tests. Which groups they belong to: of two groups, one in the other, the
inner one goes first, since its tests are needed in any case unless one of them fails, and that one
then decides the outer group as well; begun from outside, a program that is too slow for both would
run to its limit twice. And which tests rejected submissions before: the cheapest way to a rejection
goes first.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator
from threading import Lock
from typing import Generic, TypeVar

from problems.judging.kattis_grading import all_or_nothing
from problems.scoring import Aggregation, ScoreNode
from problems.verdict import TestcaseResult, Verdict

_START_S = 0.002
"""What a run costs besides the program's own time."""

Key = TypeVar("Key", bound=Hashable)
"""What makes two tests the same."""


class RunOrder(Generic[Key]):
    """The order of the tests of one test set; threads may share it."""

    def __init__(self, root: ScoreNode, key_of: Callable[[str], Key]) -> None:
        """Args:
        key_of: From a test's name to what makes it the same as another.
        """
        self._key_of = key_of
        self._found: dict[Key, tuple[int, float]] = {}
        self._lock = Lock()
        self._size: dict[Key, int] = {}
        named = {node.name: node for node in root.walk()}
        for unit in _units(root):
            keys = {key_of(name) for name in _tests_of(unit, named, set())}
            for name in unit.all_testcases():
                key = key_of(name)
                self._size[key] = min(self._size.get(key, len(keys)), len(keys))

    def note(self, key: Key, case: TestcaseResult) -> None:
        """Takes in one run of a test."""
        with self._lock:
            rejected, spent_s = self._found.get(key, (0, 0.0))
            rejected += case.verdict not in (Verdict.AC, Verdict.PARTIAL)
            self._found[key] = rejected, spent_s + case.cpu_s + _START_S

    def sorted(self, names: Iterable[str]) -> Iterator[str]:
        """The tests in the order in which to run them: inner groups first, and in a group those
        with the most rejections a CPU second."""
        with self._lock:
            rate = {key: count / spent_s for key, (count, spent_s) in self._found.items()}

        def place(name: str) -> tuple[int, float]:
            key = self._key_of(name)
            return self._size.get(key, 0), -rate.get(key, 0.0)

        return iter(sorted(names, key=place))


def _units(node: ScoreNode) -> Iterator[ScoreNode]:
    """The groups that are decided each by itself: what lies in one that ends at its first rejection
    matters through it alone."""
    if _ends_early(node):
        yield node
        return
    for child in node.children:
        yield from _units(child)


def _ends_early(node: ScoreNode) -> bool:
    if node.kattis is not None:
        return all_or_nothing(node)
    ends = node.aggregation in (Aggregation.MIN, Aggregation.MUL, Aggregation.THRESHOLD)
    return ends and bool(node.testcases)


def _tests_of(node: ScoreNode, named: dict[str, ScoreNode], seen: set[str]) -> Iterator[str]:
    """Tests whose failure decides a group: its own, and those of the groups that it requires."""
    if node.name in seen:
        return
    seen.add(node.name)
    yield from node.all_testcases()
    for required in node.requires:
        if required in named:
            yield from _tests_of(named[required], named, seen)
