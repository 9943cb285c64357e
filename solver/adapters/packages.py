"""The adapters' one door to whole packages, for what is written for another system's judge.

What is exported with hidden tests is for judges, as the package itself is; `contests_for_*` and the
seat take public tasks and numbers, and import nothing from here but the jury's check.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from problems.inclusion import nodes_of
from problems.package import Package, load_package
from problems.scoring import Aggregation, ScoreNode
from problems.submission import JurySubmission
from problems.verdict import Verdict
from solver.adapters.grading import Grading

__all__ = [
    "HiddenTest",
    "Package",
    "full_solution",
    "hidden_tests",
    "jury_holds",
    "open_package",
    "subtask_tests",
]


def open_package(path: Path | str) -> Package:
    """The package, hidden side included.

    Raises:
        PackageError, UnsupportedTask: It cannot be read or judged.
    """
    return load_package(path)


def full_solution(package: Package) -> JurySubmission | None:
    """A solution of the jury's whose label promises full marks on every subtask; C++ before others.

    None where no label says that much.
    """
    full = package.task.max_points
    promised = [
        one
        for one in package.submissions
        if one.expected.exact
        and one.expected.verdicts == frozenset({Verdict.AC})
        and one.expected.points in (None, full, (full, full))
    ]
    promised.sort(key=lambda one: not one.submission.language.startswith("cpp"))
    return promised[0] if promised else None


def jury_holds(grading: Grading, task: str) -> bool | None:
    """Whether the jury's full solution gets full marks here; None where the package names none."""
    solution = full_solution(open_package(grading.place.packages[task]))
    if solution is None:
        return None
    return grading.grade(task, solution.submission).share == 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenTest:
    """One test with its content.

    Attributes:
        is_example: The statement prints it.
    """

    name: str
    input: bytes
    answer: bytes | None
    is_example: bool


def hidden_tests(package: Package) -> Mapping[str, HiddenTest]:
    """Every test that counts, by name, in judging order."""
    examples = {one.input for one in package.task.examples}
    found = {}
    for name in dict.fromkeys(package.testset.scoring.all_testcases()):
        case = package.testset.testcases[name]
        content = case.input.read_bytes()
        answer = None if case.answer is None else case.answer.read_bytes()
        found[name] = HiddenTest(
            name=name, input=content, answer=answer, is_example=content in examples
        )
    return found


def subtask_tests(package: Package, subtask: str) -> list[str] | None:
    """The tests of a subtask that is worth the least of them; None where it adds up otherwise."""
    node = nodes_of(package.testset.scoring, package.task.subtasks)[subtask]
    rules = node.kattis
    if not all(_is_least(each) for each in node.walk()):
        return None
    if rules and rules.scoring and rules.accept_score != package.task.subtask(subtask).max_points:
        return None
    return list(dict.fromkeys(node.all_testcases()))


def _is_least(node: ScoreNode) -> bool:
    least = node.aggregation is Aggregation.MIN and not node.requires
    rules = node.kattis
    if rules is None:
        return least
    if rules.grader or rules.custom_score or rules.accept_if_any_accepted or rules.ignore_sample:
        return False
    accepts = rules.verdict_rule in ("worst_error", "first_error")
    return accepts and (not rules.scoring or (least and rules.reject_score == 0))
