"""What a run came to. There is no "wrong answer" here: this layer never sees an answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sandbox.data import Blob
from sandbox.limits import LimitKind


class ExitStatus(StrEnum):
    """How the main process ended."""

    EXITED = "exited"
    SIGNALED = "signaled"
    LIMIT = "limit"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """One program's run.

    Attributes:
        status: How it ended.
        exit_code: Set exactly when `status` is EXITED.
        signal: Set when a signal ended the main process (also one that we sent at a limit).
        limit: Set exactly when `status` is LIMIT: which limit ended the run.
        cpu_s: User plus system time of the whole process tree.
        wall_s: From the start of the program to the end of its main process, on the clock.
        waited_s: The part of `wall_s` in which the program was ready and other work of the
            machine ran instead. Runs of less than 5 ms are not asked.
        memory_bytes: Peak of the whole process tree.
        memory_source: What measured it: "cgroup-v2", "cgroup-v1" or "rusage" (largest process).
        stdout: All of stdout up to the output limit.
        stderr: The first part of stderr (at most 64 KiB).
        kept: The regular files that the job asked to keep and that were there.
    """

    status: ExitStatus
    exit_code: int | None
    signal: int | None
    limit: LimitKind | None
    cpu_s: float
    wall_s: float
    memory_bytes: int
    memory_source: str
    stdout: Blob
    stderr: bytes
    kept: Mapping[str, Blob]
    waited_s: float = 0.0

    @property
    def ok(self) -> bool:
        """The program ended by itself with exit code 0, inside all limits."""
        return self.status is ExitStatus.EXITED and self.exit_code == 0
