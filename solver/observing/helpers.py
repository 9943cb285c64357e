"""Stage 4, its tools: runs model-written generators, validators and checkers in the sandbox."""

from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from dataclasses import dataclass, replace
from itertools import islice
from typing import TypeVar

from problems.task import OutputFile
from sandbox.backend import Executable, Job
from sandbox.compiling.compile import CompileError, Compiler
from sandbox.data import Blob, digest_of
from sandbox.limits import MIB, Limits
from sandbox.sharing.batches import Ran, run_sharing
from solver.kept.answers import KeptAnswers, question_of
from solver.source_text import encoded
from solver.types import HelperKind, HelperProgram, Progress

_Call = TypeVar("_Call")

HELPER_LIMITS = Limits(
    cpu_s=5.0, memory_bytes=512 * MIB, output_bytes=16 * MIB, processes=8, disk_bytes=32 * MIB
)
"""What one run of a helper may use."""
PRODUCER_LIMITS = replace(HELPER_LIMITS, cpu_s=30.0, memory_bytes=2048 * MIB)
"""What one run of a producer may use: contestants make outputs at home."""
_BLOCK = 64
"""Runs whose answers are kept together."""
_YES = b"yes"


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
        compiler: Compiler,
        progress: Progress | None = None,
        kept: KeptAnswers | None = None,
    ) -> None:
        """Compiles all helpers.

        Args:
            progress: Told of every run; what is still to be run grows from step to step.
            kept: Where answers are kept and taken from; None runs everything.

        Raises:
            CompilerMissing, UnknownLanguage: Nothing here compiles a helper's language.
        """
        self._sandbox = compiler.sandbox
        self._progress = progress
        self._kept = kept
        self._done = self._asked = 0
        self.broken: list[str] = []
        self._made: dict[HelperKind, list[Helper]] = {kind: [] for kind in HelperKind}
        for program in helpers:
            made = compiler.compile({"helper": encoded(program.source)}, program.language)
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

        def job(call: tuple[Helper, int, str]) -> Job:
            helper, seed, subtask = call
            return Job(program=helper.executable, limits=HELPER_LIMITS, args=(str(seed), subtask))

        for content in self._answers(calls, job, printed=True):
            yield content or None

    def validate(self, calls: Iterable[tuple[Helper, str, Blob]]) -> Iterator[bool]:
        """Whether a validator accepts an input as one of a subtask, in the order of the calls."""

        def job(call: tuple[Helper, str, Blob]) -> Job:
            helper, subtask, content = call
            return Job(
                program=helper.executable, limits=HELPER_LIMITS, args=(subtask,), stdin=content
            )

        for answer in self._answers(calls, job):
            yield answer == _YES

    def same(self, calls: Iterable[tuple[Helper, Blob, bytes, bytes]]) -> Iterator[bool]:
        """Whether a checker holds two outputs (input, A, B) for equally good, call by call."""

        def job(call: tuple[Helper, Blob, bytes, bytes]) -> Job:
            helper, content, first, second = call
            return Job(
                program=helper.executable,
                limits=HELPER_LIMITS,
                args=("input.txt", "a.txt", "b.txt"),
                files={"input.txt": content, "a.txt": first, "b.txt": second},
            )

        for answer in self._answers(calls, job):
            yield answer == _YES

    def produce(self, calls: Iterable[tuple[Helper, OutputFile]]) -> Iterator[bytes | None]:
        """The output file that a producer prints, call by call; None where it failed."""

        def job(call: tuple[Helper, OutputFile]) -> Job:
            helper, file = call
            return Job(
                program=helper.executable,
                limits=PRODUCER_LIMITS,
                args=(file.name,),
                stdin=file.input or b"",
            )

        for content in self._answers(calls, job, printed=True):
            yield content or None

    def _answers(
        self,
        calls: Iterable[_Call],
        job_of: Callable[[_Call], Job],
        *,
        printed: bool = False,
    ) -> Iterator[bytes]:
        """Answers in the order of the calls; only what is not known yet is run. An answer is what
        was printed, or whether it ended well.

        Calls may be made as they are run, so that not all inputs are held at once: then how many
        they are is found out block by block.
        """
        sized = isinstance(calls, Sized)
        self._asked += len(calls) if isinstance(calls, Sized) else 0
        rest = iter(calls)
        while block := list(islice(rest, _BLOCK)):
            self._asked += 0 if sized else len(block)
            jobs = [job_of(call) for call in block]
            questions = [_question(job) for job in jobs] if self._kept is not None else []
            known = self._kept.load(questions) if self._kept is not None else {}
            missing = [n for n in range(len(jobs)) if not questions or questions[n] not in known]
            fresh: dict[int, bytes] = {}
            self._done += len(jobs) - len(missing)
            results = run_sharing(self._sandbox, [jobs[n] for n in missing], printed=printed)
            for n, ran in zip(missing, results, strict=True):
                fresh[n] = _told(ran, printed=printed)
                self._done += 1
                if self._progress is not None:
                    self._progress(self._done, self._asked)
            if self._kept is not None:
                self._kept.save({questions[n]: answer for n, answer in fresh.items()})
            for n in range(len(jobs)):
                yield fresh[n] if n in fresh else known[questions[n]]


def _told(ran: Ran, *, printed: bool) -> bytes:
    if not ran.ok:
        return b"" if printed else b"no"
    return ran.stdout if printed else _YES


def _question(job: Job) -> str:
    stdin = job.stdin.digest if isinstance(job.stdin, Blob) else digest_of(job.stdin)
    files = [
        part
        for name, content in sorted(job.files.items())
        for part in (name, content.digest if isinstance(content, Blob) else digest_of(content))
    ]
    return question_of(job.program.digest, *job.args, stdin, *files)
