"""Who looks on while a contest is played: a live table on a terminal, lines elsewhere."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.live import Live
from rich.text import Text

from solver.contests.live.pace import Pace, spent_words
from solver.contests.live.table import live_table
from solver.contests.live.words import clock_text
from solver.contests.play import ContestState
from solver.sampling.source import Spent

LINE_EVERY_S = 20.0
"""A stage that lasts is heard of this often where lines are written."""
DRAW_EVERY_S = 0.2
"""A table is drawn again no more often than this: a stage may report a thousand runs a second."""


class Onlooker(Protocol):
    """A watcher that also hears of the stages while a task is prepared."""

    def __call__(self, state: ContestState) -> None:
        """Called after every step of the contest."""

    def stage(self, task: str, stage: str, done: int, total: int) -> None:
        """Called while a stage of the pipeline works."""

    def say(self, line: str) -> None:
        """Called with news that belong to no task."""

    def meter(self, spent: Callable[[], Spent]) -> None:
        """Told once where to read what the model has taken."""


class LineOnlooker:
    """One line an event; one a stage when it begins, and now and then while it lasts."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._stage = ("", "")
        self._told_s = 0.0
        self._pace = Pace()

    def __call__(self, state: ContestState) -> None:
        """Writes the event."""
        self._write(f"{clock_text(state.now_s)} {state.event}")

    def stage(self, task: str, stage: str, done: int, total: int) -> None:
        """Writes a stage when it is another one than before, or was not heard of for a while."""
        now_s = time.monotonic()
        words = self._pace.words(task, stage, done, total)
        if (task, stage) != self._stage:
            self._stage = (task, stage)
            self._told_s = now_s
            self._write(f"{task}: {stage} ({total})")
        elif now_s - self._told_s >= LINE_EVERY_S:
            self._told_s = now_s
            spent = spent_words(self._pace.spent()) if stage == "sampling" else ""
            self._write(f"{words}; {spent}".rstrip("; "))

    def say(self, line: str) -> None:
        """Writes the line."""
        self._write(line)

    def meter(self, spent: Callable[[], Spent]) -> None:
        """Keeps where to read."""
        self._pace.spent = spent

    def _write(self, line: str) -> None:
        self._console.print(line, markup=False, highlight=False, soft_wrap=True)


class LiveOnlooker:
    """The live table, its title the last event or stage."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self._state: ContestState | None = None
        self._pace = Pace()
        self._drawn_s = 0.0

    def __call__(self, state: ContestState) -> None:
        """Draws the table."""
        self._state = state
        self._draw("")

    def stage(self, task: str, stage: str, done: int, total: int) -> None:
        """Puts the stage into the title."""
        words = self._pace.words(task, stage, done, total)
        now_s = time.monotonic()
        if now_s - self._drawn_s >= DRAW_EVERY_S or done == total:
            self._drawn_s = now_s
            self._draw(words)

    def say(self, line: str) -> None:
        """Writes the line above the table, where it stays."""
        self._live.console.print(line, markup=False, highlight=False)

    def meter(self, spent: Callable[[], Spent]) -> None:
        """Keeps where to read."""
        self._pace.spent = spent

    def _draw(self, doing: str) -> None:
        if self._state is None:
            self._live.update(Text(doing))
        else:
            spent = spent_words(self._pace.spent())
            self._live.update(live_table(self._state, doing, spent))


@contextmanager
def watching(console: Console) -> Iterator[Onlooker]:
    """An onlooker that writes to the console for as long as the context lasts."""
    if not console.is_terminal:
        yield LineOnlooker(console)
        return
    with Live(console=console, refresh_per_second=8) as live:
        yield LiveOnlooker(live)
