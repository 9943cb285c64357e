"""The far end of a batch: content that came once is kept, and a batch is run there."""

import threading
from collections import OrderedDict
from collections.abc import Hashable

from sandbox.backend import JoinedResult, Sandbox
from sandbox.data import Blob
from sandbox.limits import MIB
from sandbox.remote.coding import Batch

KEPT_BYTES = 1024 * MIB
KEPT_PIECES = 4096
"""Pieces over 64 KiB hold a descriptor each."""


class KeptContent:
    """Content by key, what was not asked for longest let go first. Safe to use from threads."""

    def __init__(self, *, most_bytes: int = KEPT_BYTES, most_pieces: int = KEPT_PIECES) -> None:
        self._most_bytes = most_bytes
        self._most_pieces = most_pieces
        self._kept: OrderedDict[Hashable, Blob] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def find(self, key: Hashable) -> Blob | None:
        """What is kept under that key."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def keep(self, key: Hashable, blob: Blob) -> None:
        """Keeps it, if it is not kept already, until there is no room any more."""
        with self._lock:
            if key not in self._kept:
                self._kept[key] = blob
                self._bytes += blob.size_bytes
            while self._bytes > self._most_bytes or len(self._kept) > self._most_pieces:
                _, gone = self._kept.popitem(last=False)
                self._bytes -= gone.size_bytes


def run_batch(sandbox: Sandbox, batch: Batch) -> JoinedResult:
    """Runs it as it says.

    Raises:
        SandboxError: As `Sandbox.run`, of any of the jobs.
    """
    if batch.alone:
        with sandbox.alone():
            inner = Batch(jobs=batch.jobs, links=batch.links, joined=batch.joined, alone=False)
            return run_batch(sandbox, inner)
    if batch.joined:
        return sandbox.run_joined(batch.jobs, batch.links)
    if len(batch.jobs) == 1:
        return JoinedResult(results=(sandbox.run(batch.jobs[0]),), first_to_end=0)
    return JoinedResult(results=tuple(sandbox.run_many(batch.jobs)), first_to_end=0)
