"""Role: CMS's BatchAndOutput as its packages write it: which tests take handed-in outputs.

The file of a test is `output_NAME.txt`. A checker's fourth argument says what kind of test it is:
"outputonly" where the program is never run, else "batch" (`cms/grading/tasktypes/BatchAndOutput`).

What contestants know of such tests: the names (CMS lists them in the submission's form), and an
input where they were given the very bytes. An attachment tells; a reader knows no other sign.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from problems.formats.reader import Package
from problems.inclusion import nodes_of
from problems.scoring import ScoreNode
from problems.task import OutputFile, Subtask, TaskType
from problems.testset import Testcase
from sandbox.data import digest_of

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


def with_output_files(package: Package) -> Package:
    """The package with every file of an OutputOnly task, and with the inputs that are public."""
    task, testset = package.task, package.testset
    files = task.output_files
    if task.type is TaskType.OUTPUT_ONLY and not files:
        held = {
            name: set(node.all_testcases())
            for name, node in nodes_of(testset.scoring, task.subtasks).items()
        }
        files = tuple(
            OutputFile(
                name=FILE.format(test.rsplit("/", 1)[-1]),
                testcase=test,
                subtasks=tuple(name for name, tests in held.items() if test in tests),
                program_runs=False,
            )
            for test in dict.fromkeys(testset.scoring.all_testcases())
            if any(test in tests for tests in held.values())
        )
    if not files:
        return package
    given = {digest_of(content): content for content in task.attachments.values() if content}
    sizes = {len(content) for content in given.values()}
    found = []
    for file in files:
        path = testset.testcases[file.testcase].input
        content = None
        if path.stat().st_size in sizes:
            content = given.get(digest_of(path.read_bytes()))
        found.append(replace(file, input=content))
    return replace(package, task=replace(task, output_files=tuple(found)))
