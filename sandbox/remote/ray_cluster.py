"""The nodes of a Ray cluster that run programs: who is there, who has room, who is lost.

What Ray does is left to it: starting nodes, finding them, moving objects between them, noticing
that one is gone. Here is which nodes have an actor of ours, and how many batches each may hold.
"""

import contextlib
import itertools
import logging
import threading
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from sandbox.errors import BackendUnavailable, SandboxError, WorkerDied
from sandbox.remote.batches import BATCHES_A_SLOT
from sandbox.remote.ray_connect import connect, disconnect
from sandbox.remote.ray_node import Opener, RayNode

RESOURCE = "sandbox"
"""Where a node has this resource (`ray start --resources '{"sandbox": 14}'`), only such nodes run
programs, each as many at once; elsewhere every node runs as many as it has CPUs."""

_START_S = 90.0
_END_S = 10.0
_LOOK_S = 1.0
_PATIENCE_S = 180.0
_REFUSED_S = 60.0


@dataclass(slots=True, eq=False)
class Member:
    """A node with an actor of ours.

    Attributes:
        first_core: Where its slots begin among the cores of its machine.
        started: Ray's reference to the answer that the actor stands.
        busy: Batches that are there.
        known: Digests of content that was sent there.
        fetched: Digests of shared content that it has fetched.
        calls: How many were made; guarded by `lock`, as `known` is.
    """

    node: str
    host: str
    slots: int
    first_core: int
    actor: Any
    started: Any
    busy: int = 0
    known: dict[str, None] = field(default_factory=dict)
    fetched: dict[str, None] = field(default_factory=dict)
    calls: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def has_room(self) -> bool:
        """Whether it takes one more batch."""
        return self.busy < BATCHES_A_SLOT * self.slots + 1


class RayCluster:
    """Connects, starts an actor on each node, takes in nodes that come later. Thread-safe."""

    def __init__(self, address: str | None, opener: Opener, slots: int | None) -> None:
        """Args:
        address: As `ray.init` takes it; None: a cluster that runs here, else one of its own.
        slots: At most so many on each node.

        Raises:
            BackendUnavailable: No package ray, no cluster there, or no node that can run programs.
        """
        self._opener = opener
        self._most = slots
        self._members: list[Member] = []
        self._starting: list[Member] = []
        self._refused: dict[str, tuple[float, str]] = {}
        self._closed = threading.Event()
        self._changed = threading.Condition()
        self._ended = False
        self.ray = connect(address)
        self._watch = threading.Thread(target=self._look_on, name="ray-nodes", daemon=True)
        try:
            self._begin()
        except BaseException:
            self.close()
            raise
        self._watch.start()

    @property
    def slots(self) -> int:
        """Of all nodes that are there."""
        with self._changed:
            return sum(member.slots for member in self._members)

    @property
    def members(self) -> Sequence[Member]:
        """Nodes that are there."""
        with self._changed:
            return tuple(self._members)

    def take(self, shared: Collection[str] = ()) -> Member:
        """The node with the least on its hands for its size, once one has room; give it back.

        A compiled program has two megabytes: of nodes that are as busy, one that has it is taken.

        Args:
            shared: Digests of large content that the batch names.

        Raises:
            WorkerDied: No node is left, and none came.
        """
        until_s = time.monotonic() + _PATIENCE_S
        with self._changed:
            while True:
                if self._closed.is_set():
                    raise SandboxError("the sandbox is closed")
                free = [member for member in self._members if member.has_room]
                if free:
                    chosen = min(free, key=lambda member: cost_of(member, shared))
                    chosen.busy += 1
                    return chosen
                if self._members:
                    until_s = time.monotonic() + _PATIENCE_S
                elif time.monotonic() > until_s:
                    raise WorkerDied("all nodes of the Ray cluster are lost")
                self._changed.wait(_LOOK_S)

    def give_back(self, member: Member) -> None:
        """A batch is not there any more."""
        with self._changed:
            member.busy -= 1
            self._changed.notify()

    def is_lost(self, member: Member) -> None:
        """It does not answer: what it was given is for others; the node may come again."""
        with self._changed:
            if member not in self._members:
                return
            self._members.remove(member)
            self._changed.notify_all()
        if not self._closed.is_set():
            logging.getLogger(__name__).warning(
                "lost the Ray node %s (%s)", member.node, member.host
            )
        self._kill(member)

    def close(self) -> None:
        """Ends our actors, and the cluster where it is ours."""
        self._closed.set()
        with self._changed:
            left = [*self._members, *self._starting]
            self._members, self._starting = [], []
            self._changed.notify_all()
        if self._watch.is_alive():
            self._watch.join()
        if self._ended:
            return
        self._ended = True
        if left and self.ray.is_initialized():
            with contextlib.suppress(self.ray.exceptions.RayError):
                ends = [member.actor.close.remote() for member in left]
                self.ray.wait(ends, num_returns=len(ends), timeout=_END_S)
            for member in left:
                self._kill(member)
        disconnect()

    def _kill(self, member: Member) -> None:
        try:
            self.ray.kill(member.actor)
        except (self.ray.exceptions.RayError, ValueError):  # it has gone with its node
            logging.getLogger(__name__).debug("%s has gone already", member.node)

    def _begin(self) -> None:
        until_s = time.monotonic() + _START_S
        while True:
            self._look()
            if self._members and not self._starting:
                return
            if not self._starting:
                break
            if time.monotonic() > until_s:
                if self._members:
                    return
                raise BackendUnavailable(
                    f"no node of the Ray cluster has started our actor within {_START_S:.0f} s: "
                    "its CPUs are taken by others",
                    "see `ray status`; give nodes slots of their own with "
                    f"ray start --resources '{{\"{RESOURCE}\": N}}'",
                )
            time.sleep(0.05)
        said = next((words for _, words in self._refused.values()), "none has a CPU for it")
        raise BackendUnavailable(
            f"no node of the Ray cluster can run programs: {said}", "ray status"
        )

    def _look_on(self) -> None:
        while not self._closed.wait(_LOOK_S):
            try:
                self._look()
            except self.ray.exceptions.RayError as error:
                logging.getLogger(__name__).warning(
                    "Ray does not say which nodes it has: %s", error
                )

    def _look(self) -> None:
        """Starts actors where there are none, takes in those that stand."""
        nodes = [node for node in self.ray.nodes() if node["Alive"]]
        word = RESOURCE if any(RESOURCE in node["Resources"] for node in nodes) else "CPU"
        with self._changed:
            taken = {member.node for member in (*self._members, *self._starting)}
        for node in nodes:
            slots = int(node["Resources"].get(word, 0))
            slots = min(slots, self._most or slots)
            refused_s, _ = self._refused.get(node["NodeID"], (0.0, ""))
            if node["NodeID"] in taken or not slots or time.monotonic() < refused_s:
                continue
            self._starting.append(self._start(node, slots, word))
        for member in list(self._starting):
            if not self.ray.wait([member.started], timeout=0)[0]:
                continue
            self._starting.remove(member)
            try:
                self.ray.get(member.started)
            except self.ray.exceptions.RayError as error:
                cause = getattr(error, "cause", None) or error
                words = str(cause).strip().splitlines()[-1]
                self._refused[member.node] = (time.monotonic() + _REFUSED_S, words)
                logging.getLogger(__name__).warning("%s runs no programs: %s", member.host, words)
                self._kill(member)
                continue
            with self._changed:
                self._members.append(member)
                self._changed.notify_all()

    def _start(self, node: Any, slots: int, word: str) -> Member:
        host = node["NodeManagerHostname"]
        with self._changed:
            same = [one for one in (*self._members, *self._starting) if one.host == host]
        taken = {core for one in same for core in range(one.first_core, one.first_core + one.slots)}
        first_core = next(
            first for first in itertools.count() if taken.isdisjoint(range(first, first + slots))
        )
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        amount = (
            {"num_cpus": slots} if word == "CPU" else {"num_cpus": 0, "resources": {word: slots}}
        )
        actor = (
            self.ray.remote(RayNode)
            .options(
                **amount,
                max_concurrency=BATCHES_A_SLOT * slots + 2,
                max_restarts=0,
                max_task_retries=0,
                scheduling_strategy=NodeAffinitySchedulingStrategy(node["NodeID"], soft=False),
            )
            .remote(self._opener, "namespaces", slots, first_core)
        )
        return Member(
            node=node["NodeID"],
            host=host,
            slots=slots,
            first_core=first_core,
            actor=actor,
            started=actor.ready.remote(),
        )


def cost_of(member: Member, shared: Collection[str]) -> tuple[int, int, float]:
    """What a batch that names this large content costs there, to be compared with other nodes."""
    lacks = sum(digest not in member.fetched for digest in shared)
    return member.busy // member.slots, lacks, member.busy / member.slots
