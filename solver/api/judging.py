"""`solver.judge`: what programs are worth on a package's own hidden tests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from problems.judging.judge import Judge
from problems.languages import language_of
from problems.package import load_package
from problems.submission import Submission
from problems.task import Task
from problems.verdict import SubmissionResult
from problems.verifying.timelimits import with_time_limit
from sandbox import open_sandbox
from sandbox.compiling.compile import Compiler
from solver.api.tables import Tabled
from solver.errors import SolverError


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedProgram:
    """One program and its result."""

    name: str
    result: SubmissionResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged(Tabled):
    """Programs judged on one package.

    Attributes:
        task: The public part of the package.
        time_limit_s: CPU seconds a test that were in force.
        programs: In the order in which they were given.
    """

    task: Task
    time_limit_s: float
    programs: tuple[JudgedProgram, ...]

    def rows(self) -> Sequence[Mapping[str, Any]]:
        """One row a program and subtask."""
        return [
            {
                "program": one.name,
                "verdict": str(one.result.verdict),
                "points": one.result.points,
                "cpu_s": one.result.cpu_s,
                "subtask": subtask.subtask,
                "subtask_points": subtask.points,
                "subtask_max_points": subtask.max_points,
                "subtask_verdict": str(subtask.verdict),
            }
            for one in self.programs
            for subtask in one.result.subtasks
        ]


def judge(
    package: Path | str,
    programs: Sequence[Path | str] | Mapping[str, Submission],
    *,
    time_s: float | None = None,
    backend: str = "namespaces",
) -> Judged:
    """Judges programs on a package's hidden tests, as the package's own system would.

    Args:
        package: Folder, archive or data-set row (`FILE#ID`) in any known format.
        programs: Files (a folder is one program of several files), or submissions by name.
        time_s: CPU seconds a test, instead of the package's own limit.
        backend: What isolates programs: namespaces, docker or bubblewrap.

    Raises:
        PackageError: The package cannot be read; names the file.
        SolverError: No language is known for a file.
        JudgeError: A program of the jury failed.
        SandboxError: The sandbox failed.
    """
    opened = load_package(package)
    if isinstance(programs, Mapping):
        named = list(programs.items())
    else:
        named = [(Path(path).name, read_submission(Path(path))) for path in programs]
    with open_sandbox(backend) as sandbox:
        compiler = Compiler(sandbox)
        if time_s is None:
            opened = with_time_limit(opened, sandbox, compiler)
        chosen = Judge(opened.task, opened.testset, sandbox, compiler, time_s=time_s)
        results = tuple(
            JudgedProgram(name=name, result=chosen.judge(submission)) for name, submission in named
        )
    return Judged(
        task=opened.task,
        time_limit_s=chosen.time_s,
        programs=results,
    )


def read_submission(path: Path) -> Submission:
    """The program in a file, or in the files of a folder.

    Raises:
        SolverError: There is no such file, or no language is known for its name.
    """
    if not path.exists():
        raise SolverError(f"{path}: no such file or folder")
    files = sorted(one for one in path.iterdir() if one.is_file()) if path.is_dir() else [path]
    sources = {file.name: file.read_bytes() for file in files}
    language = language_of(sources)
    if language is None:
        raise SolverError(f"{path}: no language is known for this file name")
    return Submission(language=language, sources=sources)
