"""How far an attack is, for whoever waits for it."""

from solver.breaking.config import BreakingConfig
from solver.types import Progress


class Telling:
    """Counts inputs that were tried, and broken programs whose input was made shorter.

    How many there will be is known only as they are made: the whole is what there may be, and an
    attack that is over sooner jumps to the end.
    """

    def __init__(self, tell: Progress, config: BreakingConfig, subtasks: int) -> None:
        """Tells at once that it has begun: the first input takes a while to make.

        Args:
            subtasks: Each has a ladder of its own.
        """
        self._tell = tell
        self._done = 0
        self._total = config.small + config.ladder * subtasks + config.shown
        tell(0, self._total)

    def more(self, count: int = 1) -> None:
        """So much more was tried; the end is told by `end` alone."""
        self._done = min(self._done + count, self._total - 1)
        self._tell(self._done, self._total)

    def end(self) -> None:
        """It is over."""
        self._tell(self._total, self._total)
