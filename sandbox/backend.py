"""The protocol that every backend serves: a job in, a result out.

A backend owns `slots` long-lived workers. `run` may be called from any thread and takes a free
slot; `run_many` keeps all slots busy and yields the results in the order of the jobs.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Protocol, Self

from sandbox.data import Blob, digest_of
from sandbox.limits import MIB, Limits
from sandbox.result import RunResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Executable:
    """A program that is ready to be run any number of times.

    Attributes:
        language: The language's id, for reports.
        argv: The command. `argv[0]` is an absolute path in the sandbox's system
            (`/usr/bin/python3`) or `./name` for one of `files`. `{memory_mib}` in a word is
            replaced by the run's memory limit.
        files: Placed read-only in the work folder of each run; names without a slash.
        env: Added to the sandbox's fixed environment.
        extra_memory_bytes: What the language's runtime maps beside the program's own memory.
        extra_processes: Threads that the language's runtime has beside the program's own.
    """

    language: str
    argv: tuple[str, ...]
    files: Mapping[str, Blob]
    env: Mapping[str, str] = field(default_factory=dict)
    extra_memory_bytes: int = 0
    extra_processes: int = 0

    @property
    def digest(self) -> str:
        """Identity: equal digests behave alike."""
        parts = [self.language, *self.argv, *(f"{k}={v}" for k, v in sorted(self.env.items()))]
        parts += [f"{name}:{blob.digest}" for name, blob in sorted(self.files.items())]
        return digest_of("\0".join(parts).encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One run of one program.

    Attributes:
        program: What to run.
        limits: What it may use.
        stdin: Its standard input.
        args: Appended to the program's argv.
        files: More read-only files for the work folder (an `input.txt`).
        keep: Names of files to bring back from the work folder afterwards (an `output.txt`).
            "dir/name" one level deep is allowed; folders named here exist before the run.
        folders: Empty writable folders to make in the work folder before the run.
    """

    program: Executable
    limits: Limits
    stdin: Blob | bytes = b""
    args: tuple[str, ...] = ()
    files: Mapping[str, Blob | bytes] = field(default_factory=dict)
    keep: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()

    @property
    def argv(self) -> tuple[str, ...]:
        """The whole command of this run."""
        words = self.program.argv
        if any("{memory_mib}" in word for word in words):
            mib = str(max(1, self.limits.memory_bytes // MIB))
            words = tuple(word.replace("{memory_mib}", mib) for word in words)
        return (*words, *self.args)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A pipe between two jobs that run together: (index of the job, descriptor) at each end.

    A descriptor above 2 can be named in argv as `/dev/fd/N`, which stands in for a FIFO.
    """

    writer: tuple[int, int]
    reader: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedResult:
    """Results of jobs that ran together, in the order of the jobs.

    Attributes:
        results: One result a job.
        first_to_end: Index of the job whose main process ended first.
    """

    results: tuple[RunResult, ...]
    first_to_end: int


class Sandbox(Protocol):
    """Runs programs. Open it with `sandbox.open_sandbox(name)`, close it with `with` or `close`."""

    @property
    def name(self) -> str:
        """The backend's name: namespaces, docker or bubblewrap."""

    @property
    def slots(self) -> int:
        """How many runs go on at once."""

    def run(self, job: Job) -> RunResult:
        """Runs one job and waits for it.

        Raises:
            InvalidJob: The job cannot be run as it stands.
            WorkerDied: The worker ended for a reason of its own; the next run gets a new one.
            StorageFull: No space for the job's files.
        """

    def run_many(self, jobs: Iterable[Job]) -> Iterator[RunResult]:
        """Runs jobs on all slots; results in the order of the jobs, as they come."""

    def run_joined(self, jobs: Sequence[Job], links: Sequence[Link]) -> JoinedResult:
        """Runs jobs at the same time, joined by pipes (interactor and contestants).

        Each job has its own limits. When one ends, the others see their pipes close; those that do
        not end are ended by their own limits.
        """

    def alone(self) -> AbstractContextManager[None]:
        """`with sandbox.alone():` runs of other threads wait, and those of this thread, one at a
        time, have the sandbox to themselves. For measurements; not to be nested.
        """

    def close(self) -> None:
        """Ends all workers. Nothing of them is left on the host."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...
