"""Wall time as the contest clock and the judges' clients use it; tests put another in its place, so
that an outage of ten minutes or a queue of an hour takes no time there."""

import time
from typing import Protocol


class Wall(Protocol):
    """Where time comes from."""

    def time_s(self) -> float:
        """Unix time; may be set by the system."""

    def monotonic_s(self) -> float:
        """Never runs backwards; its zero means nothing."""

    def sleep(self, seconds: float) -> None:
        """Returns when so much time has passed."""


class SystemWall:
    """The machine's own time."""

    def time_s(self) -> float:
        """Unix time."""
        return time.time()

    def monotonic_s(self) -> float:
        """The monotonic clock."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Sleeps."""
        time.sleep(seconds)
