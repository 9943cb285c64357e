"""Stage 4, its tools: runs model-written generators, validators and checkers in the sandbox."""

from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from dataclasses import dataclass

from sandbox.backend import Executable, Job, Sandbox
from sandbox.compile import CompileError, Compiler
from sandbox.data import Blob
from sandbox.limits import MIB, Limits
from sandbox.result import RunResult
from solver.types import HelperKind, HelperProgram

Progress = Callable[[int, int], None]
"""Called with (done, all)."""

HELPER_LIMITS = Limits(
    cpu_s=5.0, memory_bytes=512 * MIB, output_bytes=16 * MIB, processes=8, disk_bytes=32 * MIB
)
"""What one run of a helper may use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Helper:
    """A helper program that compiled."""

    id: str
    subtask: str | None
    executable: Executable


class HelperBench:
    """Compiles and runs helpers; those that do not compile are left out."""

    def __init__(
        self,
        helpers: Sequence[HelperProgram],
        sandbox: Sandbox,
        compiler: Compiler,
        progress: Progress | None = None,
    ) -> None:
        """Compiles all helpers.

        Args:
            progress: Told of every run; what is still to be run grows from step to step.

        Raises:
            CompilerMissing, UnknownLanguage: Nothing here compiles a helper's language.
        """
        self._sandbox = sandbox
        self._progress = progress
        self._done = self._asked = 0
        self.broken: list[str] = []
        self._made: dict[HelperKind, list[Helper]] = {kind: [] for kind in HelperKind}
        for program in helpers:
            source = program.source.encode("utf-8", "surrogateescape")
            made = compiler.compile({"helper": source}, program.language)
            if isinstance(made, CompileError):
                self.broken.append(program.id)
            else:
                helper = Helper(id=program.id, subtask=program.subtask, executable=made)
                self._made[program.kind].append(helper)

    def of_kind(self, kind: HelperKind) -> Sequence[Helper]:
        """The helpers of a kind that compiled, in the recording's order."""
        return self._made[kind]

    def generate(self, calls: Iterable[tuple[Helper, int, str]]) -> Iterator[bytes | None]:
        """One input a call (generator, seed, subtask); None where the generator failed."""
        jobs = (
            Job(program=helper.executable, limits=HELPER_LIMITS, args=(str(seed), subtask))
            for helper, seed, subtask in calls
        )
        for result in self._run(jobs, calls):
            yield result.stdout.read() if result.ok and result.stdout.size_bytes else None

    def validate(self, calls: Iterable[tuple[Helper, str, Blob]]) -> Iterator[bool]:
        """Whether a validator accepts an input as one of a subtask, in the order of the calls."""
        jobs = (
            Job(program=helper.executable, limits=HELPER_LIMITS, args=(subtask,), stdin=content)
            for helper, subtask, content in calls
        )
        for result in self._run(jobs, calls):
            yield result.ok

    def same(self, calls: Iterable[tuple[Helper, Blob, bytes, bytes]]) -> Iterator[bool]:
        """Whether a checker holds two outputs (input, A, B) for equally good, call by call."""
        jobs = (
            Job(
                program=helper.executable,
                limits=HELPER_LIMITS,
                args=("input.txt", "a.txt", "b.txt"),
                files={"input.txt": content, "a.txt": first, "b.txt": second},
            )
            for helper, content, first, second in calls
        )
        for result in self._run(jobs, calls):
            yield result.ok

    def _run(self, jobs: Iterable[Job], calls: object) -> Iterator[RunResult]:
        # Calls may be made as they are run, so that not all inputs are held at once: then one more
        # is always thought to come, and how many they were is told at the end.
        self._asked += len(calls) if isinstance(calls, Sized) else 1
        for result in self._sandbox.run_many(jobs):
            self._done += 1
            if not isinstance(calls, Sized):
                self._asked += 1
            if self._progress is not None:
                self._progress(self._done, self._asked)
            yield result
        if not isinstance(calls, Sized):
            self._asked -= 1
