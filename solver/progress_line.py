"""One line of progress on stderr, or a line now and then where stderr is no terminal."""

import sys
import time
from types import TracebackType
from typing import Self

_EVERY_S = 20.0


class ProgressLine:
    """Shows `what: done/all`."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._start_s = self._last_s = time.monotonic()
        self._terminal = sys.stderr.isatty()

    def update(self, done: int, total: int, more: str = "") -> None:
        """Shows the state, at most every 0.2 s (20 s where stderr is no terminal)."""
        now_s = time.monotonic()
        if now_s - self._last_s < (0.2 if self._terminal else _EVERY_S) and done < total:
            return
        self._last_s = now_s
        text = f"{self._what}: {done}/{total} {more}".rstrip() + f" ({now_s - self._start_s:.0f} s)"
        sys.stderr.write(f"\r\033[K{text}" if self._terminal else f"{text}\n")
        sys.stderr.flush()

    def stage(self, stage: str, done: int, total: int) -> None:
        """As `update`, with the name of what is going on now."""
        self.update(done, total, stage)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._terminal:
            sys.stderr.write("\n")
