"""Role: what all task types share: the contestant's limits, and how a run becomes a failure."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from problems.jury.check import Check
from problems.jury.programs import JURY_LIMITS, JuryPrograms
from problems.score import ScoreFile
from problems.task import Program, Task
from problems.tasktypes.execution import Execution
from problems.verdict import Verdict
from sandbox.backend import Executable, Job, JoinedResult, Link
from sandbox.data import Blob
from sandbox.limits import MIB, LimitKind, Limits, near_s
from sandbox.result import ExitStatus, RunResult

PROCESSES = 32
DISK_BYTES = 64 * MIB
# The limit that counts is CPU time; the clock only ends programs that sleep or wait for ever.
WALL_FACTOR = 3.0
WALL_EXTRA_S = 8.0


@lru_cache(maxsize=256)
def _limits(time_s: float, memory_bytes: int, output_bytes: int) -> Limits:
    """One object for all runs under the same limits: the sandbox packs it once a program."""
    return Limits(
        cpu_s=near_s(time_s),
        wall_s=WALL_FACTOR * time_s + WALL_EXTRA_S,
        memory_bytes=memory_bytes,
        output_bytes=output_bytes,
        processes=PROCESSES,
        disk_bytes=max(DISK_BYTES, 2 * output_bytes),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """Everything but the program and the input.

    Attributes:
        task: The task.
        time_s: CPU limit of one test.
        programs: The jury's programs, compiled on demand.
        interactor: The interactor or manager in force (the jury's, or the public one).
        checker: The validator that decides a multi-pass task's passes.
        score_file: What holds for the `score.txt` of a Kattis validator.
        jury_limits: What the interactor or validator may use.
        alone: The contestant's runs have the sandbox to themselves.
    """

    task: Task
    time_s: float
    programs: JuryPrograms
    interactor: Program | None
    checker: Program | None
    score_file: ScoreFile = ScoreFile.OPTIONAL
    jury_limits: Limits = JURY_LIMITS
    alone: bool = False

    def limits(self) -> Limits:
        """A contestant's limits. Of CPU time it gets a little more than it may use: a run near the
        limit is measured again, and must be seen to be near."""
        task = self.task.limits
        return _limits(self.time_s, task.memory_bytes, task.output_bytes)

    def run(self, job: Job) -> RunResult:
        """Runs a contestant's program. Nothing else happens while the sandbox is held: whoever
        holds it and waits for another thread would wait for ever."""
        with self._company():
            return self.programs.sandbox.run(job)

    def run_joined(self, jobs: Sequence[Job], links: Sequence[Link]) -> JoinedResult:
        """The same with a partner."""
        with self._company():
            return self.programs.sandbox.run_joined(jobs, links)

    def _company(self) -> AbstractContextManager[None]:
        return self.programs.sandbox.alone() if self.alone else nullcontext()


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """One test as the contestant's program meets it.

    Attributes:
        answer: The jury's answer for interactors that want one; None outside the judge.
        args: The test's own flags for the interactor.
        testcase: The test's name, by which OutputOnly finds its file.
        state: In a multi-pass task the validator's feedback folder after the last pass.
    """

    input: Blob
    answer: Blob | None = None
    args: tuple[str, ...] = ()
    testcase: str = ""
    state: Blob | None = None


class TaskTypeRun(Protocol):
    """One task type."""

    def __call__(self, side: Side, program: Executable, meeting: Meeting) -> Execution:
        """Runs a program on one input.

        Raises:
            SandboxError: The sandbox failed, not the program.
        """


def failure_of(result: RunResult, time_s: float) -> Verdict | None:
    """The verdict of a run that failed by itself, or None for one that ended well in time."""
    if result.cpu_s > time_s and result.limit is not LimitKind.OUTPUT:
        return Verdict.TLE  # whatever came after its time was up
    if result.status is ExitStatus.LIMIT:
        assert result.limit is not None
        return Verdict.of_limit(result.limit)
    return None if result.ok else Verdict.RE


def execution_of(
    result: RunResult,
    *,
    failure: Verdict | None,
    output: Blob | None = None,
    check: Check | None = None,
    message: str = "",
) -> Execution:
    """An `Execution` with this run's measurements."""
    return Execution(
        failure=failure,
        output=output,
        check=check,
        message=message,
        cpu_s=result.cpu_s,
        wall_s=result.wall_s,
        memory_bytes=result.memory_bytes,
        waited_s=result.waited_s,
    )
