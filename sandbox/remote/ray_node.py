"""What runs on each node of a Ray cluster: an actor that owns a sandbox with the node's slots."""

import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from sandbox.backend import JoinedResult, Sandbox
from sandbox.data import SMALL_BYTES, Blob
from sandbox.errors import InvalidJob, SandboxError, StorageFull, WorkerDied
from sandbox.remote.coding import Batch, MissingContent, decode, encode_results
from sandbox.remote.keeping import KeptContent, run_batch
from sandbox.remote.ray_connect import be_as_urgent_as_the_node

_ORDER_S = 60.0
_TRAVEL = (InvalidJob, StorageFull, WorkerDied)
"""Errors that are the same after pickling."""


class Opener(Protocol):
    """`sandbox.opening.open_sandbox`, handed down: this room lies below it."""

    def __call__(self, name: str = ..., *, slots: int | None = ...) -> Sandbox:
        """Opens a backend by its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeAnswer:
    """What a node says to a batch.

    Attributes:
        results: As `encode_results` makes them.
        missing: Digests of content that it lacks; nothing was run.
        failure: Of the sandbox; nothing else is said.
    """

    results: bytes = b""
    missing: tuple[str, ...] = ()
    failure: SandboxError | None = None


class RayNode:
    """Runs batches on one node. Ray calls it from threads, beginning in the order of the calls."""

    def __init__(self, opener: Opener, backend: str, slots: int, first_core: int) -> None:
        """Opens the sandbox.

        Args:
            first_core: Of the cores that this process may use, where its slots begin: logical
                nodes of one machine take different ones.

        Raises:
            BackendUnavailable: The node lacks what the sandbox needs.
        """
        be_as_urgent_as_the_node()
        self._sandbox = _on_cores(opener, backend, slots, first_core)
        self._kept = KeptContent()
        self._order = _Order()
        self._fetching = threading.Lock()
        self.came_bytes = 0

    def niceness(self) -> int:
        """What programs are run at."""
        return os.getpriority(os.PRIO_PROCESS, 0)

    def ready(self) -> int:
        """The process's id, once the sandbox stands."""
        return os.getpid()

    def run(self, number: int, message: bytes, shared: Mapping[str, Any]) -> NodeAnswer:
        """Runs a batch.

        Args:
            number: Of the call, counted from 0: what an earlier one brings may be named here.
            message: As `encode` makes it.
            shared: References to large content in Ray's object store, by digest.
        """
        try:
            batch = self._decoded(number, message, shared)
        except MissingContent as error:
            return NodeAnswer(missing=error.digests)
        except InvalidJob as error:
            return NodeAnswer(failure=error)
        finally:
            self._order.is_read(number)
        try:
            done = run_batch(self._sandbox, batch)
        except _TRAVEL as error:
            return NodeAnswer(failure=error)
        except SandboxError as error:
            return NodeAnswer(failure=WorkerDied(f"{type(error).__name__}: {error}"))
        # A program that was compiled here is run here if it can be.
        for blob in made_in(done):
            self._kept.keep(blob.digest, blob)
        return NodeAnswer(results=encode_results(done.results, done.first_to_end))

    def came(self) -> int:
        """Bytes of content that came here, each piece as often as it came."""
        return self.came_bytes

    def forget(self) -> None:
        """Lets all content go, as happens where more comes than is kept."""
        self._kept = KeptContent()

    def close(self) -> None:
        """Ends the sandbox's workers."""
        self._sandbox.close()

    def _decoded(self, number: int, message: bytes, shared: Mapping[str, Any]) -> Batch:
        def find(digest: str) -> Blob | None:
            found = self._kept.find(digest)
            return (
                self._fetched(digest, shared[digest]) if not found and digest in shared else found
            )

        def keep(blob: Blob) -> None:
            self.came_bytes += blob.size_bytes
            self._kept.keep(blob.digest, blob)

        try:
            return decode(message, find, keep)
        except MissingContent:
            # Another call brings it, which began before this one and is not read yet.
            self._order.wait_before(number)
            return decode(message, find, lambda blob: None)

    def _fetched(self, digest: str, reference: Any) -> Blob:
        with self._fetching:
            found = self._kept.find(digest)
            if found is None:
                import ray

                found = Blob.of_bytes(memoryview(ray.get(reference)))
                self.came_bytes += found.size_bytes
                self._kept.keep(digest, found)
            return found


def made_in(done: JoinedResult) -> list[Blob]:
    """Large files that jobs left behind: the node keeps them, and the driver knows it."""
    files = (blob for result in done.results for blob in result.kept.values())
    return [blob for blob in files if blob.size_bytes > SMALL_BYTES]


class _Order:
    """Which calls were read so far."""

    def __init__(self) -> None:
        self._next = 0
        self._early: set[int] = set()
        self._changed = threading.Condition()

    def is_read(self, number: int) -> None:
        """What that call brought is kept."""
        with self._changed:
            self._early.add(number)
            while self._next in self._early:
                self._early.remove(self._next)
                self._next += 1
            self._changed.notify_all()

    def wait_before(self, number: int) -> None:
        """Waits until all calls before that one were read."""
        with self._changed:
            self._changed.wait_for(lambda: self._next >= number, _ORDER_S)


def _on_cores(opener: Opener, backend: str, slots: int, first_core: int) -> Sandbox:
    """A sandbox whose slots are pinned to these cores, as far as there are so many."""
    usual = os.sched_getaffinity(0)
    cores = sorted(usual)[first_core : first_core + slots]
    if len(cores) < slots:
        return opener(backend, slots=slots)
    # Slots are pinned within what the caller may use; its own threads are not to be.
    os.sched_setaffinity(0, cores)
    try:
        return opener(backend, slots=slots)
    finally:
        for thread in Path("/proc/self/task").iterdir():
            os.sched_setaffinity(int(thread.name), usual)
