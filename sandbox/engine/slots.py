"""What the engine keeps of a slot and of a job that waits: plain values, guarded by its lock."""

import os
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox.backend import Job
from sandbox.data import Blob
from sandbox.engine.content import Item
from sandbox.engine.worker import Worker, WorkerProcess
from sandbox.limits import MIB, Limits
from sandbox.result import RunResult


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkSize:
    """How large a worker's work folder is: a worker serves the jobs that fit."""

    disk_bytes: int
    files: int

    @staticmethod
    def of(job: Job) -> "WorkSize":
        """What a job needs: room for what it may write, beside the files that it is given."""
        given = (*job.program.files.values(), *job.files.values())
        given_bytes = sum(map(_pages_bytes, given))
        disk_bytes = job.limits.disk_bytes + -(-given_bytes // GIVEN_BYTES) * GIVEN_BYTES
        return WorkSize(disk_bytes=disk_bytes, files=job.limits.files)

    def holds(self, wanted: "WorkSize") -> bool:
        """Whether a job that wants that much may run in such a folder."""
        return wanted.disk_bytes <= self.disk_bytes and wanted.files <= self.files


def _pages_bytes(content: Blob | bytes) -> int:
    size_bytes = len(content) if isinstance(content, bytes) else content.size_bytes
    return -(-size_bytes // _PAGE_BYTES) * _PAGE_BYTES


GIVEN_BYTES = 64 * MIB
"""Given files are reckoned in lots of this, so that few sizes of folders are in use."""

_PAGE_BYTES = 4096
_DEFAULT = Limits()
SIZES = (
    WorkSize(disk_bytes=_DEFAULT.disk_bytes + GIVEN_BYTES, files=_DEFAULT.files),
    WorkSize(disk_bytes=512 * MIB + GIVEN_BYTES, files=8192),
)
"""Work folders that are kept: for runs, and for compilations. A folder's size is no memory: what
lies in it counts against the job's own limit, however large the folder is."""


class WorkSizes:
    """The sizes of one engine's work folders.

    Attributes:
        usual: Those that are kept, smallest first.
    """

    def __init__(self, usual: tuple[WorkSize, ...]) -> None:
        self.usual = usual
        self._last: tuple[object, object, WorkSize] = (None, None, usual[0])

    def of(self, job: Job) -> WorkSize:
        """The smallest for that job; one of its own if none is large enough."""
        program, limits, size = self._last
        if job.program is program and job.limits is limits and not job.files:
            return size  # one program on many inputs
        wanted = WorkSize.of(job)
        size = next((size for size in self.usual if size.holds(wanted)), wanted)
        if not job.files:
            self._last = (job.program, job.limits, size)
        return size


def pinned_cores(slots: int) -> list[int]:
    """The core of each slot."""
    cores = sorted(os.sched_getaffinity(0))
    # Several sandboxes on one machine should not all start on its first core.
    first = os.getpid() if slots < len(cores) else 0
    return [cores[(first + index) % len(cores)] for index in range(slots)]


DEEP_S = 0.006
"""How much work, in seconds, may wait in a worker; more jobs of it at once means fewer wake-ups."""

MAX_DEPTH = 16


Starter = Callable[[int, WorkSize], WorkerProcess]
"""Raises BackendUnavailable alone where a worker cannot be started."""


@dataclass(slots=True, eq=False)
class Ticket:
    """A job's place in the queue, and later its result.

    Attributes:
        attempts: How many workers have died with this job in front.
        was_overdue: One of them did not report it in time.
        is_alone: Its caller holds the sandbox: no other job may run beside it.
    """

    job: Job
    size: WorkSize
    result: RunResult | None = None
    failure: Exception | None = None
    done: bool = False
    attempts: int = 0
    was_overdue: bool = False
    is_alone: bool = False
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
    """One slot: at most one of its workers (one a size of work folder) is busy at a time.

    Attributes:
        usual_s: How much work a run is of late.
        depth: How many jobs may be on their way here at once: the shorter they are, the more.
    """

    index: int
    workers: dict[WorkSize, Worker] = field(default_factory=dict)
    busy: WorkSize | None = None
    on_way: deque[Ticket] = field(default_factory=deque)
    usual_s: float = 0.02
    blocked: bool = False
    depth: int = 2

    def takes(self, size: WorkSize) -> bool:
        """Whether one more job of that size may be sent now."""
        free = self.busy is None or self.busy == size
        return free and not self.blocked and len(self.on_way) < self.depth

    def note(self, result: RunResult) -> None:
        """Learns how long a run usually is."""
        # On a busy machine the clock says nothing about how much work a run is.
        work_s = max(result.cpu_s, result.wall_s / 20)
        self.usual_s += 0.2 * (work_s - self.usual_s)
        if self.usual_s > 0.02:
            self.depth = 1 if self.usual_s > 0.1 else 2
        else:
            self.depth = max(2, min(MAX_DEPTH, int(DEEP_S / max(self.usual_s, 1e-4))))


@dataclass(slots=True)
class Batch:
    """Jobs of one packet: taken off the queue, and neither sent nor settled yet."""

    tickets: list[Ticket] = field(default_factory=list)
    packed: list[tuple[Job, bytes, list[Item], tuple[int, ...]]] = field(default_factory=list)
    size_bytes: int = 0
