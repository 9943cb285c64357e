"""Role: CMS's BatchAndOutput as its packages write it: which tests take handed-in outputs.

The file of a test is `output_NAME.txt`. A checker's fourth argument says what kind of test it is:
"outputonly" where the program is never run, else "batch" (`cms/grading/tasktypes/BatchAndOutput`).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from problems.inclusion import nodes_of
from problems.scoring import ScoreNode
from problems.task import OutputFile, Subtask
from problems.testset import Testcase

FILE = "output_{}.txt"


def output_files(only: Collection[str], optional: Collection[str]) -> tuple[OutputFile, ...]:
    """The files of a task, by test name; `within` adds the subtasks.

    Args:
        only: Tests that no program answers.
        optional: Tests that a program answers where no file is handed in.
    """
    return tuple(
        OutputFile(name=FILE.format(test), testcase=test, program_runs=test not in only)
        for test in sorted({*only, *optional})
    )


def within(
    files: Sequence[OutputFile], root: ScoreNode, subtasks: tuple[Subtask, ...]
) -> tuple[OutputFile, ...]:
    """The files with the subtasks that hold their tests."""
    nodes = nodes_of(root, subtasks)
    held = {name: set(node.all_testcases()) for name, node in nodes.items()}
    found = []
    for file in files:
        holders = tuple(name for name, tests in held.items() if file.testcase in tests)
        found.append(replace(file, subtasks=holders))
    return tuple(found)


def with_kinds(
    testcases: Mapping[str, Testcase], files: Sequence[OutputFile]
) -> dict[str, Testcase]:
    """The tests with the argument by which the checker tells them apart."""
    only = {file.testcase for file in files if not file.program_runs}
    return {
        name: replace(case, checker_args=("outputonly" if name in only else "batch",))
        for name, case in testcases.items()
    }
