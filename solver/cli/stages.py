"""How far a command is, on stderr: a bar a stage; plain lines where that is no terminal."""

import threading
import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

LINE_EVERY_S = 20.0
"""Where lines are written, a stage is heard of when it begins with work that may take a while, at
its end, and no more often than this between."""
BEAT_EVERY_S = 30.0
"""Nothing moves for so long, and a log hears that the command is still at it."""
LONG_STAGES = frozenset({"sampling", "labelling", "judging"})


class Stages:
    """Shows what is going on for as long as the context lasts."""

    def __init__(self, what: str = "", console: Console | None = None) -> None:
        """Args:
        what: What all stages belong to, such as the pool's name.
        console: None is stderr.
        """
        self._what = what
        self._console = console or Console(stderr=True)
        self._bars = Progress(
            TextColumn("{task.description:<10}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("left", style="dim"),
            TimeRemainingColumn(),
            TextColumn("{task.fields[more]}", markup=False),
            console=self._console,
            disable=not self._console.is_terminal,
        )
        self._ids: dict[str, TaskID] = {}
        self._ended: set[str] = set()
        self._first: dict[str, tuple[float, int]] = {}
        self._last = ""
        self._over = threading.Event()
        self._beat = threading.Thread(target=self._beats, name="stages", daemon=True)
        self._start_s = self._told_s = time.monotonic()

    def __enter__(self) -> Self:
        self._bars.start()
        if self._bars.disable:
            self._beat.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bars.stop()
        self._over.set()
        if self._beat.is_alive():
            self._beat.join()

    def _beats(self) -> None:
        """A slow model may take minutes for one answer: a log hears that it is still at work."""
        while not self._over.wait(BEAT_EVERY_S):
            now_s = time.monotonic()
            if self._last and now_s - self._told_s >= BEAT_EVERY_S:
                self._told_s = now_s
                self._write(f"{self._last}, still at it ({now_s - self._start_s:.0f} s)")

    def update(self, done: int, total: int, more: str = "") -> None:
        """Moves the only stage there is."""
        self._show("", done, total, more)

    def notify(self, stage: str, done: int, total: int) -> None:
        """Moves the stage's bar."""
        self._show(stage, done, total, "")

    def _show(self, stage: str, done: int, total: int, more: str) -> None:
        name = f"{self._what} {stage}".strip()
        if stage not in self._ids:
            self._ids[stage] = self._bars.add_task(name, total=total, more=more)
            self._first[stage] = time.monotonic(), done
            begun = self._bars.disable and done < total
            if begun and (stage in LONG_STAGES or self._what in LONG_STAGES):
                self._write(f"{name}: {done}/{total} to begin with")
        self._bars.update(self._ids[stage], completed=done, total=total, more=more)
        self._last = f"{name}: {done}/{total} {more}".rstrip()
        now_s = time.monotonic()
        ends = done >= total and stage not in self._ended
        if self._bars.disable and (ends or now_s - self._told_s >= LINE_EVERY_S):
            self._told_s = now_s
            if ends:
                self._ended.add(stage)
            passed_s = now_s - self._start_s
            # Neither what an earlier run has done nor the time of other stages is this one's pace.
            begun_s, first = self._first[stage]
            left = ""
            if done > first and not ends:
                left_s = (now_s - begun_s) / (done - first) * (total - done)
                left = f", about {left_s:.0f} s left"
            self._write(f"{name}: {done}/{total} {more}".rstrip() + f" ({passed_s:.0f} s{left})")

    def _write(self, line: str) -> None:
        self._console.print(line, markup=False, highlight=False, soft_wrap=True)
