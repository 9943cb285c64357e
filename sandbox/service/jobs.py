"""The owner's handler of whole jobs, for sandboxes that are clients of this one."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.backend import Sandbox
from sandbox.data import Blob
from sandbox.limits import MIB
from sandbox.remote.coding import Batch, MissingContent, decode, encode_results

KEPT_BYTES = 1024 * MIB
KEPT_PIECES = 4096
"""Pieces over 64 KiB hold a descriptor each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobsWork:
    """A batch as it was sent."""

    client: str
    message: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class JobsAnswer:
    """Results as they are sent, or the digests of what is missing."""

    results: bytes
    missing: tuple[str, ...] = ()


class Jobs:
    """Serves batches. Content that came once is kept, for the client that sent it. Thread-safe."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._kept: OrderedDict[tuple[str, str], Blob] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def serve(
        self, work: JobsWork, emit: Callable[[object], None], resume: Callable[[], None]
    ) -> JobsAnswer:
        """Runs a batch.

        Raises:
            SandboxError: As `Sandbox.run`, of any of the jobs.
        """
        client = work.client
        try:
            batch = decode(
                work.message,
                lambda digest: self._find(client, digest),
                lambda blob: self._keep(client, blob),
            )
        except MissingContent as error:
            return JobsAnswer(results=b"", missing=error.digests)
        return JobsAnswer(results=self._run(batch))

    def _run(self, batch: Batch) -> bytes:
        if batch.alone:
            with self._sandbox.alone():
                return self._run(
                    Batch(jobs=batch.jobs, links=batch.links, joined=batch.joined, alone=False)
                )
        if batch.joined:
            joined = self._sandbox.run_joined(batch.jobs, batch.links)
            return encode_results(joined.results, joined.first_to_end)
        if len(batch.jobs) == 1:
            return encode_results([self._sandbox.run(batch.jobs[0])])
        return encode_results(list(self._sandbox.run_many(batch.jobs)))

    def _find(self, client: str, digest: str) -> Blob | None:
        with self._lock:
            found = self._kept.get((client, digest))
            if found is not None:
                self._kept.move_to_end((client, digest))
            return found

    def _keep(self, client: str, blob: Blob) -> None:
        with self._lock:
            if (client, blob.digest) not in self._kept:
                self._kept[client, blob.digest] = blob
                self._bytes += blob.size_bytes
            while self._bytes > KEPT_BYTES or len(self._kept) > KEPT_PIECES:
                _, gone = self._kept.popitem(last=False)
                self._bytes -= gone.size_bytes
