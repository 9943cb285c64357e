"""Uids for workers that nobody else has: neither on the host, nor another solver beside us.

A claim is a name in the abstract socket namespace, taken as long as the worker lives. The kernel
gives it back when its owner ends, however that happens, and all that share our uids in a container
share its network as well. Containers of one host with the host's own uids do not: there the process
id and the size of the range keep claims apart.
"""

import errno
import os
import socket
from itertools import count
from pathlib import Path

_FIRST_UID = 0x60000000
_WHOLE_RANGE = 0xFFFFFFFF
_PAIRS_OF_A_PROCESS = 256
_PAIRS_OF_A_CONTAINER = 1024
_numbers = count()


class UidClaim:
    """Two uids of the host: `uids[0]` for the helper, `uids[1]` for the programs."""

    def __init__(self) -> None:
        """Claims the next free pair.

        Raises:
            OSError: All are taken, or no descriptor is left.
        """
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        try:
            self.uids = self._claim()
        except BaseException:
            self._socket.close()
            raise

    def release(self) -> None:
        """Lets others have them."""
        self._socket.close()

    def _claim(self) -> tuple[int, int]:
        _, _, mapped = Path("/proc/self/uid_map").read_text().split(maxsplit=2)
        available = int(mapped.split()[0])
        whole = available >= _WHOLE_RANGE
        pairs = _PAIRS_OF_A_PROCESS if whole else min(_PAIRS_OF_A_CONTAINER, available // 2 - 1)
        for _ in range(pairs):
            number = next(_numbers) % pairs
            if whole:
                first = _FIRST_UID + (os.getpid() << 9) + 2 * number
            else:
                first = available - 2 - 2 * number
            try:
                self._socket.bind(f"\0solver-uids-{first}")
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise
                continue
            return first, first + 1
        raise OSError(errno.EADDRINUSE, "all uids for workers are taken")
