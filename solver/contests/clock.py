"""The contest's clock: simulated (sampling, running and judging cost what they are said to cost) or
the wall's."""

from dataclasses import dataclass
from typing import Protocol

from solver.wall import SystemWall, Wall


class Clock(Protocol):
    """Seconds since the contest's start; never runs backwards."""

    def now_s(self) -> float:
        """The present contest time."""

    def wait_until(self, at_s: float) -> None:
        """Returns when the contest time is `at_s` or later."""

    def done_at_s(self, start_s: float, cost_s: float) -> float:
        """When work that was begun at `start_s`, and has just been done, is over."""


class SimulatedClock:
    """Time passes only when somebody waits: a contest of five hours plays in seconds."""

    def __init__(self, now_s: float = 0.0) -> None:
        self._now_s = now_s

    def now_s(self) -> float:
        """The present contest time."""
        return self._now_s

    def wait_until(self, at_s: float) -> None:
        """Moves on to `at_s`, unless that is past."""
        self._now_s = max(self._now_s, at_s)

    def done_at_s(self, start_s: float, cost_s: float) -> float:
        """The start plus the stated cost, whatever the work really took.

        Raises:
            ValueError: The cost is negative: time never runs backwards.
        """
        if cost_s < 0:
            raise ValueError(f"a cost of {cost_s} s")
        return start_s + cost_s


class RealClock:
    """Wall time. `elapsed_s` is what had passed before, for a contest that is resumed."""

    def __init__(self, elapsed_s: float = 0.0, wall: Wall | None = None) -> None:
        self._wall = wall or SystemWall()
        self._start_s = self._wall.monotonic_s() - elapsed_s

    def now_s(self) -> float:
        """The present contest time."""
        return self._wall.monotonic_s() - self._start_s

    def wait_until(self, at_s: float) -> None:
        """Sleeps for what is left."""
        while (left_s := at_s - self.now_s()) > 0:
            self._wall.sleep(left_s)

    def done_at_s(self, start_s: float, cost_s: float) -> float:
        """Now: the work itself took the time."""
        return self.now_s()


@dataclass(frozen=True, slots=True, kw_only=True)
class Speeds:
    """What work costs in simulated time.

    Attributes:
        tokens_per_s: Of the model, all samples together.
        workers: Cores that candidates run on; measured CPU time is divided by it.
        judge_latency_s: From a submission to its result.
    """

    tokens_per_s: float = 5000.0
    workers: int = 16
    judge_latency_s: float = 5.0

    def sampling_s(self, tokens: int) -> float:
        """Time to sample so many tokens."""
        return tokens / self.tokens_per_s

    def running_s(self, cpu_s: float) -> float:
        """Time to run programs of so much CPU time."""
        return cpu_s / self.workers
