"""The sandbox whose slots are the nodes of a Ray cluster: `open_sandbox("ray")`.

Small content travels once to each node and is named by its digest from then on; large content is
put once into Ray's object store, from where each node fetches it once, but for what a job of its
own left behind, as a compiled program. A batch whose node is lost is run again on another one.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from sandbox.backend import JoinedResult
from sandbox.data import SMALL_BYTES, Blob
from sandbox.errors import InvalidJob, StorageFull, WorkerDied
from sandbox.limits import MIB
from sandbox.remote.batches import BatchSandbox
from sandbox.remote.coding import Batch, blobs_of, decode_results, encode
from sandbox.remote.ray_cluster import Member, RayCluster
from sandbox.remote.ray_node import NodeAnswer, Opener, made_in

_SHARED_BYTES = 4096 * MIB
_KNOWN = 100_000
_FETCHED = 400
"""Fewer programs than a node keeps (1 GiB)."""

_THREADS = 2048
_MOST_LOSSES = 8
_MOST_FAILURES = 3
_MOST_MISSES = 8


class RaySandbox(BatchSandbox):
    """Runs jobs on all nodes of a cluster. Safe to use from threads."""

    name = "ray"

    def __init__(
        self, address: str | None = None, *, opener: Opener, slots: int | None = None
    ) -> None:
        """Args:
        address: As `ray.init` takes it; None: a cluster that runs here, else one of its own.
        opener: `open_sandbox`, for the nodes.
        slots: At most so many on each node.

        Raises:
            BackendUnavailable: No package ray, no cluster there, or no node that can run programs.
        """
        self.cluster = RayCluster(address, opener, slots)
        self._shared: OrderedDict[str, tuple[Any, int]] = OrderedDict()
        self._shared_bytes = 0
        self._sharing = threading.Lock()
        super().__init__(_THREADS, "ray")

    @property
    def slots(self) -> int:  # type: ignore[override]
        """Of all nodes that are there."""
        return self.cluster.slots

    def close(self) -> None:
        """Ends our actors, and the cluster where it was started for us."""
        super().close()
        self.cluster.close()

    def _run(self, batch: Batch) -> JoinedResult:
        blobs = blobs_of(batch.jobs)
        large = {each: blob for each, blob in blobs.items() if blob.size_bytes > SMALL_BYTES}
        losses = failures = misses = 0
        while True:
            member = self.cluster.take(large)
            try:
                answer = self._ask(member, batch, blobs, self._references(large, member))
            finally:
                self.cluster.give_back(member)
            if answer is None:
                self.cluster.is_lost(member)
                losses += 1
                if losses >= _MOST_LOSSES:
                    raise WorkerDied(f"{losses} nodes were lost, one after the other, in one batch")
            elif answer.missing:
                with member.lock:
                    for digest in answer.missing:
                        member.known.pop(digest, None)
                        member.fetched.pop(digest, None)
                misses += 1
                if misses >= _MOST_MISSES:
                    raise WorkerDied("one batch names more content than a node keeps")
            elif isinstance(answer.failure, WorkerDied) and failures + 1 < _MOST_FAILURES:
                failures += 1  # a node that goes down may take its slots' workers first
            elif isinstance(answer.failure, InvalidJob):
                said = InvalidJob(f"{member.host}: {answer.failure}")
                said.where = member.host  # a node may lack what the others have
                raise said
            elif answer.failure is not None:
                raise answer.failure
            else:
                done = decode_results(answer.results)
                with member.lock:
                    self._has(member, (blob.digest for blob in made_in(done)))
                return done

    def _ask(
        self,
        member: Member,
        batch: Batch,
        blobs: Mapping[str, Blob],
        shared: Mapping[str, Any],
    ) -> NodeAnswer | None:
        """What the node says; None where it is lost."""
        errors = self.cluster.ray.exceptions
        try:
            # Calls begin there in the order in which they are made: what one brings, the next has.
            with member.lock:
                there = (member.known, member.fetched, shared)
                known = {digest for digest in blobs if any(digest in one for one in there)}
                message = encode(batch, blobs, known)
                reference = member.actor.run.remote(member.calls, message, dict(shared))
                member.calls += 1
                self._has(member, shared)
                member.known.update(
                    dict.fromkeys(each for each in blobs if each not in member.fetched)
                )
                while len(member.known) > _KNOWN:
                    del member.known[next(iter(member.known))]
            answer: NodeAnswer = self.cluster.ray.get(reference)
            return answer
        except errors.RayTaskError as error:
            raise WorkerDied(f"{member.host}: {error.cause!r}") from error
        except errors.RayError:
            return None

    @staticmethod
    def _has(member: Member, digests: Iterable[str]) -> None:
        """Large content that a node has now."""
        member.fetched.update(dict.fromkeys(digests))
        while len(member.fetched) > _FETCHED:
            del member.fetched[next(iter(member.fetched))]

    def _references(self, large: Mapping[str, Blob], member: Member) -> dict[str, Any]:
        """Large content as references to Ray's object store, put there if the node lacks it."""
        found: dict[str, Any] = {}
        for digest, blob in large.items():
            with self._sharing:
                if digest in self._shared:
                    self._shared.move_to_end(digest)
                elif digest in member.fetched:
                    continue
                else:
                    self._shared[digest] = self._put(blob), blob.size_bytes
                    self._shared_bytes += blob.size_bytes
                found[digest] = self._shared[digest][0]
                while self._shared_bytes > _SHARED_BYTES and len(self._shared) > 1:
                    _, (_, size_bytes) = self._shared.popitem(last=False)
                    self._shared_bytes -= size_bytes
        return found

    def _put(self, blob: Blob) -> Any:
        try:
            # An array is not copied on its way out of the store.
            return self.cluster.ray.put(np.frombuffer(blob.read(), np.uint8))
        except (
            self.cluster.ray.exceptions.ObjectStoreFullError,
            self.cluster.ray.exceptions.OutOfDiskError,
        ) as error:
            raise StorageFull(f"Ray's object store is full ({error})") from error
