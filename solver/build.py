"""Stage 3: candidates become programs; equal binaries are one program from here on."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from problems.runner import Runner
from problems.submission import Submission
from problems.task import Task
from sandbox.backend import Executable, Sandbox
from sandbox.compile import CompileError, Compiler
from solver.types import Candidate

Progress = Callable[[int, int], None]
"""Called with (done, all)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Programs:
    """Compiled candidates.

    Attributes:
        candidate_ids: Length P.
        digests: Length P: the executable's digest, None where it did not compile.
        executables: Digest to program; a program that several candidates share stands once.
        errors: Candidate id to the reason why it did not compile.
    """

    candidate_ids: tuple[str, ...]
    digests: tuple[str | None, ...]
    executables: Mapping[str, Executable]
    errors: Mapping[str, str]


def submission_of(candidate: Candidate) -> Submission:
    """The candidate as a submission of one file; the compiler gives the name its extension."""
    source = candidate.source.encode("utf-8", "surrogateescape")
    return Submission(language=candidate.language, sources={"solution": source})


def compile_all(
    candidates: Sequence[Candidate],
    task: Task,
    sandbox: Sandbox,
    compiler: Compiler,
    run: Path | None = None,
    *,
    runner: Runner | None = None,
    progress: Progress | None = None,
) -> Programs:
    """Compiles all candidates on all slots; resumable through the compiler's cache on disk.

    Args:
        candidates: P candidates of the task.
        task: Gives the managers that are compiled along.
        sandbox: Its slots say how many compilations go on at once.
        compiler: Keeps what it compiled, so that a second call costs nothing.
        run: Unused here: compiled programs are shared by all runs.
        runner: The task's runner where there is one already.

    Raises:
        UnknownLanguage, CompilerMissing: Nothing here compiles a candidate's language.
        SandboxError: The sandbox failed.
    """
    runner = runner or Runner(task, sandbox, compiler)
    digests: list[str | None] = []
    executables: dict[str, Executable] = {}
    errors: dict[str, str] = {}
    submissions = [submission_of(candidate) for candidate in candidates]
    with ThreadPoolExecutor(sandbox.slots) as threads:
        for candidate, made in zip(candidates, threads.map(runner.build, submissions), strict=True):
            if isinstance(made, CompileError):
                digests.append(None)
                errors[candidate.id] = made.reason
            else:
                digest = made.digest
                digests.append(digest)
                executables.setdefault(digest, made)
            if progress is not None:
                progress(len(digests), len(submissions))
    return Programs(
        candidate_ids=tuple(candidate.id for candidate in candidates),
        digests=tuple(digests),
        executables=executables,
        errors=errors,
    )
