"""Every limit of a run in one place, with its unit in its name."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

MIB = 1024 * 1024

NEAR_FACTOR = 1.35
NEAR_S = 0.03


def near_s(limit_s: float) -> float:
    """CPU time from `limit_s` up to this is near the limit: beside others a program takes up to
    that much more than alone (caches, start; docs/experiments/sandbox.md). It is measured again
    alone before the limit counts as passed."""
    return NEAR_FACTOR * limit_s + NEAR_S


class LimitKind(StrEnum):
    """Which limit ended a run."""

    CPU = "cpu"
    WALL = "wall"
    MEMORY = "memory"
    OUTPUT = "output"
    PROCESSES = "processes"
    DISK = "disk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one run may use. The stack is limited by memory alone, as contests do.

    Attributes:
        cpu_s: User plus system time of the whole process tree.
        wall_s: Time in which the program could have run: what it waited for a processor while
            others of the machine ran does not count. None means `2 * cpu_s + 1`.
        clock_s: The hard stop: time on the clock, whatever the program waited for. None means
            `10 * wall limit + 30`.
        memory_bytes: Peak of the whole process tree.
        output_bytes: Bytes on stdout; stderr is cut at the same number.
        processes: Processes and threads at one moment.
        open_files: Descriptors of one process.
        disk_bytes: Bytes in the work folder.
        files: Inodes in the work folder.
    """

    cpu_s: float = 2.0
    wall_s: float | None = None
    clock_s: float | None = None
    memory_bytes: int = 256 * MIB
    output_bytes: int = 64 * MIB
    processes: int = 32
    open_files: int = 64
    disk_bytes: int = 64 * MIB
    files: int = 1024

    @property
    def wall_limit_s(self) -> float:
        """The wall limit in force."""
        return 2.0 * self.cpu_s + 1.0 if self.wall_s is None else self.wall_s

    @property
    def clock_limit_s(self) -> float:
        """The hard stop in force; never below the wall limit."""
        wall_s = self.wall_limit_s
        return 10.0 * wall_s + 30.0 if self.clock_s is None else max(self.clock_s, wall_s)

    def with_cpu(self, cpu_s: float) -> Self:
        """The same limits with another CPU time and the wall time that follows from it."""
        return replace(self, cpu_s=cpu_s, wall_s=None, clock_s=None)
