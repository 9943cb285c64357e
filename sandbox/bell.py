"""Interrupts a poll from another thread."""

import contextlib
import os


class Bell:
    """A file descriptor that becomes readable when it is rung, until it is hushed.

    It is closed when nobody holds it any more, not before: a thread may be polling it.
    """

    def __init__(self) -> None:
        """Makes a silent bell."""
        self._fd = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)

    def __del__(self) -> None:
        """Closes the descriptor."""
        os.close(self._fd)

    def fileno(self) -> int:
        """What to poll for reading."""
        return self._fd

    def ring(self) -> None:
        """Makes it readable; any number of times."""
        os.eventfd_write(self._fd, 1)

    def hush(self) -> None:
        """Makes it unreadable, whether it was rung or not."""
        with contextlib.suppress(BlockingIOError):
            os.eventfd_read(self._fd)
