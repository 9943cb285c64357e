"""Role: which subtasks contain which, read off the test sets.

A subtask includes another when every test of the other is one of its own: the same file, reached
directly or through a link. Nothing else is believed, whatever a package declares.
"""

from dataclasses import replace
from pathlib import Path

from problems.scoring import ScoreNode
from problems.task import Subtask
from problems.testset import Testset


def node_of(root: ScoreNode, subtask: str) -> ScoreNode | None:
    """The node of the score tree that a subtask's name stands for."""
    for node in root.walk():
        if node.name == subtask or node.name == f"secret/{subtask}":
            return node
    return None


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
