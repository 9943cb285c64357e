"""What the engine keeps of a slot and of a job that waits: plain values, guarded by its lock."""

import os
import threading
from collections import deque
from dataclasses import dataclass, field

from sandbox.backend import Job
from sandbox.limits import MIB, Limits
from sandbox.result import RunResult
from sandbox.worker import Worker


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkSize:
    """How large a worker's work folder is: a worker serves the jobs that fit."""

    disk_bytes: int
    files: int

    def fits(self, limits: Limits) -> bool:
        """Whether a job with these limits may run in such a folder."""
        return limits.disk_bytes <= self.disk_bytes and limits.files <= self.files


_DEFAULT = Limits()
SIZES = (
    WorkSize(disk_bytes=_DEFAULT.disk_bytes, files=_DEFAULT.files),
    WorkSize(disk_bytes=512 * MIB, files=8192),
)
"""Work folders that are kept: for runs, and for compilations."""


def pinned_cores(slots: int) -> list[int]:
    """The core of each slot."""
    cores = sorted(os.sched_getaffinity(0))
    # Several sandboxes on one machine should not all start on its first core.
    first = os.getpid() if slots < len(cores) else 0
    return [cores[(first + index) % len(cores)] for index in range(slots)]


@dataclass(slots=True, eq=False)
class Ticket:
    """A job's place in the queue, and later its result."""

    job: Job
    size: WorkSize
    result: RunResult | None = None
    failure: Exception | None = None
    done: bool = False
    attempts: int = 0
    wake: threading.Event = field(default_factory=threading.Event)

    def settle(self, result: RunResult | None, failure: Exception | None) -> None:
        """Fills the result in and wakes whoever waits for it."""
        self.result = result
        self.failure = failure
        self.done = True
        self.wake.set()

    def value(self) -> RunResult:
        """The result.

        Raises:
            SandboxError: The run did not take place.
        """
        if self.failure is not None:
            raise self.failure
        assert self.result is not None
        return self.result


@dataclass(slots=True)
class Core:
    """One slot: at most one of its workers (one a size of work folder) is busy at a time."""

    index: int
    workers: dict[WorkSize, Worker] = field(default_factory=dict)
    busy: WorkSize | None = None
    on_way: deque[Ticket] = field(default_factory=deque)
    usual_s: float = 0.02
    blocked: bool = False
