"""Interrupts a poll from another thread."""

import os


class Bell:
    """A file descriptor that becomes readable when it is rung, until it is hushed.

    `ring` and `hush` are called under a lock of the owner's. The descriptor is closed when nobody
    holds the bell any more, not before: a thread may be polling it.
    """

    def __init__(self) -> None:
        """Makes a silent bell.

        Raises:
            OSError: No descriptor is left.
        """
        self._fd = -1
        self._fd = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._rung = False

    def __del__(self) -> None:
        """Closes the descriptor."""
        if self._fd >= 0:
            os.close(self._fd)

    def fileno(self) -> int:
        """What to poll for reading."""
        return self._fd

    def ring(self) -> None:
        """Makes it readable, if it is not."""
        if not self._rung:
            os.eventfd_write(self._fd, 1)
            self._rung = True

    def hush(self) -> None:
        """Makes it unreadable, if it is not."""
        if self._rung:
            os.eventfd_read(self._fd)
            self._rung = False
