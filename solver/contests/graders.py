"""Opens packages for judging: the one place where a contest's set-up meets hidden tests."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from problems.judging.judge import Judge
from problems.package import load_package
from problems.task import Task
from problems.verifying.timelimits import with_time_limit
from sandbox.backend import Sandbox
from sandbox.compiling.compile import Compiler


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedTask:
    """A task with its grader.

    Attributes:
        task: The public side.
        grader: Judges submissions; holds the hidden tests and gives none of them away.
        tests: Number of hidden tests.
    """

    task: Task
    grader: Judge
    tests: int


def open_graders(
    packages: Mapping[str, Path],
    sandbox: Sandbox,
    compiler: Compiler,
    *,
    statement_language: str | None = None,
) -> Mapping[str, OpenedTask]:
    """Opens each package; keys are the tasks' names in the contest.

    Raises:
        PackageError, UnsupportedTask: A package cannot be read or judged.
        JudgeError: A package states no time limit and none could be measured.
    """
    opened: dict[str, OpenedTask] = {}
    for name, path in packages.items():
        package = with_time_limit(
            load_package(path, statement_language=statement_language), sandbox, compiler
        )
        opened[name] = OpenedTask(
            task=package.task,
            grader=Judge(package.task, package.testset, sandbox, compiler),
            tests=len(package.testset.testcases),
        )
    return opened
