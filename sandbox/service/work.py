"""What is asked of the owner of the slots, and what it answers: values that travel by pickle
between processes of ours, over a socket that nobody else can open."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sandbox.data import digest_of
from sandbox.limits import LimitKind, Limits
from sandbox.result import ExitStatus, RunResult

Files = Mapping[str, bytes]


class Trouble(StrEnum):
    """Why there is no answer. Each door has its own way to say so."""

    FULL = "full"
    """The queue is full, or the service stops: later, or elsewhere."""

    EXPIRED = "expired"
    """It waited so long that nobody would read the answer; nothing was run."""

    MISSING = "missing"
    """What the request names by its id or digest is not here."""

    INVALID = "invalid"
    """It cannot be run as it stands, now or later."""

    BROKEN = "broken"
    """We failed. Never a verdict."""


class Refusal(Exception):
    """The answer to an ask that brings none; travels between processes.

    Attributes:
        trouble: The kind.
        message: For the caller.
        retry_after_s: When to come again; 0 where it would not help.
    """

    def __init__(self, trouble: Trouble, message: str, retry_after_s: float = 0.0) -> None:
        super().__init__(trouble, message, retry_after_s)
        self.trouble = trouble
        self.message = message
        self.retry_after_s = retry_after_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One request, as a front process hands it to the owner.

    Attributes:
        kind: Which of the owner's handlers it is for.
        key: Equal keys are the same request: it is run once and answered to all.
        client: Whose it is; clients take turns.
        door: Through which protocol it came, for the metrics.
        begin_before_s: On the machine's monotonic clock; later it is not begun any more.
        size_bytes: Of the request, for the queue's bound.
        payload: The handler's own.
    """

    kind: str
    key: str
    client: str
    door: str
    begin_before_s: float
    size_bytes: int
    payload: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramSource:
    """A program as text.

    Attributes:
        language: The language's id in the sandbox's table.
        sources: File name to content.
        entry: The file that is started; None: find it.
        checked: False: a program of a scripting language is run without a look at it first.
    """

    language: str
    sources: Files
    entry: str | None = None
    checked: bool = True

    @property
    def digest(self) -> str:
        """Identity, by which a caller may name it later."""
        parts = [self.language, self.entry or "", "checked" if self.checked else ""]
        parts += [f"{name}:{digest_of(text)}" for name, text in sorted(self.sources.items())]
        return digest_of("\0".join(parts).encode(errors="surrogateescape"))


@dataclass(frozen=True, slots=True, kw_only=True)
class TestInput:
    """One run of the program.

    Attributes:
        stdin: What it reads.
        args: Its arguments.
        files: Beside it; with `RunWork.tree` in folders and writable.
    """

    stdin: bytes = b""
    args: tuple[str, ...] = ()
    files: Files = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunWork:
    """A program on many inputs.

    Attributes:
        program: Its text, or the digest of one that is built here.
        keep: Files to bring back.
        tree: Files may lie in folders, and each run has writable copies of its own.
        stop_early: The first run that does not end with exit code 0 is the last.
        shown_bytes: Of stdout in the answer; its digest and length are of all of it.
        streamed: Each outcome is told as soon as it is there.
    """

    program: ProgramSource | str
    tests: tuple[TestInput, ...]
    limits: Limits
    keep: tuple[str, ...] = ()
    tree: bool = False
    stop_early: bool = False
    shown_bytes: int = 1 << 30
    streamed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one run came to: a `RunResult` that has been read."""

    status: ExitStatus
    exit_code: int | None
    signal: int | None
    limit: LimitKind | None
    cpu_s: float
    wall_s: float
    memory_bytes: int
    stdout: bytes
    stdout_bytes: int
    stdout_digest: str
    stderr: bytes
    kept: Files

    @staticmethod
    def of(result: RunResult, shown_bytes: int) -> "Outcome":
        """A result, its output cut to `shown_bytes`."""
        return Outcome(
            status=result.status,
            exit_code=result.exit_code,
            signal=result.signal,
            limit=result.limit,
            cpu_s=result.cpu_s,
            wall_s=result.wall_s,
            memory_bytes=result.memory_bytes,
            stdout=result.stdout.read(shown_bytes),
            stdout_bytes=result.stdout.size_bytes,
            stdout_digest=result.stdout.digest,
            stderr=result.stderr,
            kept={name: blob.read() for name, blob in result.kept.items()},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The program does not compile.

    Attributes:
        limit: The limit that ended the compiler, if one did.
    """

    reason: str
    messages: bytes
    limit: LimitKind | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunAnswer:
    """What became of a `RunWork`.

    Attributes:
        program: The digest by which the program can be named from now on.
        refused: Why it was not run.
        outcomes: In the order of the tests; fewer where it stopped early.
        compile_s: What building it took, on the clock; 0 where it was built already.
    """

    program: str
    refused: Refused | None
    outcomes: tuple[Outcome, ...]
    compile_s: float = 0.0
