"""Role: which subtasks contain which, read off the test sets.

A subtask includes another when every test of the other is one of its own: the same file, reached
directly or through a link. Nothing else is believed, whatever a package declares.
"""

from collections import Counter
from dataclasses import replace
from pathlib import Path

from problems.errors import SubtaskMismatch
from problems.scoring import ScoreNode
from problems.task import Subtask
from problems.testset import Testset


def node_of(root: ScoreNode, subtask: str) -> ScoreNode | None:
    """The node of the score tree that bears a subtask's name, or None.

    Kattis's groups bear their path below `data/`, so `secret/sample` is the subtask "sample", and
    the samples' own group is not.
    """
    nodes = list(root.walk())
    for name in (f"secret/{subtask}", subtask):
        for node in nodes:
            if node.name == name:
                return node
    return None


def nodes_of(root: ScoreNode, subtasks: tuple[Subtask, ...]) -> dict[str, ScoreNode]:
    """Each subtask's node. A subtask that is the only one may stand for the whole tree.

    Raises:
        SubtaskMismatch: A subtask has no node, two have the same one, or two nodes bear one name:
            whatever points such a judge gave would be wrong.
    """
    names = Counter(node.name for node in root.walk())
    for name, times in names.items():
        if times > 1:
            raise SubtaskMismatch(f"{times} groups of tests are called {name!r}")
    found: dict[str, ScoreNode] = {}
    for subtask in subtasks:
        node = node_of(root, subtask.name)
        if node is None and len(subtasks) == 1:
            node = root
        if node is None:
            raise SubtaskMismatch(f"subtask {subtask.name!r} has no group of tests")
        if subtask.name in found or any(node is other for other in found.values()):
            raise SubtaskMismatch(f"two subtasks share the group of tests {node.name!r}")
        found[subtask.name] = node
    return found


def inputs_of(node: ScoreNode, testset: Testset) -> frozenset[tuple[Path, tuple[str, ...]]]:
    """The distinct tests below a node: real path of the input, and the checker's flags."""
    cases = (testset.testcases[name] for name in node.all_testcases())
    return frozenset((case.input, case.checker_args) for case in cases)


def with_inclusion(subtasks: tuple[Subtask, ...], testset: Testset) -> tuple[Subtask, ...]:
    """The subtasks with `includes` filled in; a subtask without tests neither includes nor is."""
    tests: dict[str, frozenset[Path]] = {}
    for subtask in subtasks:
        node = node_of(testset.scoring, subtask.name)
        if node is not None:
            tests[subtask.name] = frozenset(path for path, _ in inputs_of(node, testset))
    return tuple(
        replace(
            subtask,
            includes=tuple(
                other.name
                for other in subtasks
                if other.name != subtask.name
                and tests.get(other.name)
                and tests[other.name] <= tests.get(subtask.name, frozenset())
                # Of two equal test sets only the later one includes the other.
                and (
                    tests[other.name] != tests.get(subtask.name)
                    or subtasks.index(other) < subtasks.index(subtask)
                )
            ),
        )
        for subtask in subtasks
    )
