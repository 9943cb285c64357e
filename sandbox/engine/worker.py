"""One worker as Python sees it: a connected socket behind which a helper runs jobs in order.

Serves every backend: what differs is how the helper at the other end was started.
"""

import array
import contextlib
import os
import select
import socket
import struct
import time
from collections import deque
from typing import Protocol

from sandbox.backend import Job
from sandbox.data import Blob
from sandbox.engine import wire
from sandbox.engine.content import Item
from sandbox.engine.packer import Packer
from sandbox.errors import BackendUnavailable, WorkerDied
from sandbox.host.cgroups import Group
from sandbox.limits import MIB, LimitKind
from sandbox.result import ExitStatus, RunResult

START_S = 20.0
"""How long a helper may take to set its slot up."""

GRACE_S = 0.4
"""How long after its wall limit a run may go unreported before the worker is ended from outside."""

_DROP_EVERY = 64
_DROP_BYTES = 64 * MIB
_CONTROL_BYTES = socket.CMSG_SPACE(wire.MAX_PACKET_FDS * 4)
_SCM = (socket.SOL_SOCKET, socket.SCM_RIGHTS)


class WorkerProcess(Protocol):
    """What a backend starts for one worker.

    Attributes:
        socket: Connected SOCK_SEQPACKET socket to the helper.
        group: The control group that the worker's processes live in, if we hold one.
    """

    socket: socket.socket
    group: Group | None

    def is_ready(self) -> bool:
        """Whether PID 1 of the slot could run now: then its silence is the machine's fault."""

    def end(self) -> None:
        """Kills everything of this worker and returns when all of it is gone."""


class Worker:
    """Sends jobs to a helper and takes their results; knows which are on their way."""

    def __init__(self, process: WorkerProcess, packer: Packer) -> None:
        """Waits until the slot stands.

        Raises:
            BackendUnavailable: The helper could not set its slot up; the message says at what.
        """
        self.process = process
        self.running: deque[Job] = deque()
        self.ended = False
        self._packer = packer
        self._buffer = bytearray(wire.MAX_PACKET_BYTES)
        self._placed: dict[int, int] = {}
        self._evictions_seen = 0
        self._evicted_bytes_seen = 0
        self._socket = process.socket
        self._head_since_s = 0.0
        self._excused_s = 0.0
        self._cpu_s = 0.0
        self._kills_seen = 0
        self._lost_results = False
        try:
            self._greet()
        except (OSError, WorkerDied) as error:
            self.end()
            raise BackendUnavailable(f"the sandbox's worker: {error}", "solver doctor") from error
        except BaseException:
            self.end()
            raise

    def fileno(self) -> int:
        """The socket's descriptor, for polling."""
        return self._socket.fileno()

    def end(self) -> None:
        """Kills everything of this worker and returns when all of it is gone."""
        self.ended = True
        self.process.end()

    def hang_up(self) -> None:
        """Makes whoever waits for this worker hear that it died; from any thread."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def is_gone(self) -> bool:
        """Whether an idle worker has died: nothing but the end can be read from it."""
        poller = select.poll()
        poller.register(self._socket, select.POLLIN)
        return bool(poller.poll(0))

    def send(self, jobs: list[tuple[Job, bytes, list[Item], tuple[int, ...]]]) -> bool:
        """Sends packed jobs in one packet; False if the socket is full: receive first, try again.

        Raises:
            WorkerDied: Nobody is at the other end.
        """
        parts: list[bytes] = []
        fds: list[int] = []
        placed: dict[int, int] = {}
        drops = self._drops()
        parts += [wire.pack_drop(number) for number in drops]
        for _, record, items, passed in jobs:
            for item in items:
                known = placed.get(item.number) or self._placed.get(item.number)
                if known != item.serial:
                    placed[item.number] = item.serial
                    parts.append(wire.pack_place(item.number))
                    fds.append(item.fd)
            parts.append(record)
            fds += passed
        control = [(*_SCM, array.array("i", fds))] if fds else []
        try:
            self._socket.sendmsg(parts, control, socket.MSG_NOSIGNAL | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return False
        except OSError as error:
            raise WorkerDied(f"the worker is gone: {error.strerror}") from error
        for number in drops:
            self._placed.pop(number, None)
        self._placed |= placed
        if not self.running:
            self._head_since_s = time.monotonic()
        self.running += [job for job, *_ in jobs]
        return True

    def receive(self) -> list[wire.Reply]:
        """The results that are there, in the order of the jobs; empty if there are none.

        Raises:
            WorkerDied: Nobody is at the other end any more, or results are lost: with too few
                descriptors left the kernel cuts a packet short. The worker must be ended, and what
                was on its way run again.
        """
        try:
            view, fds = _receive(self._socket, self._buffer, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return []
        except OSError as error:
            raise WorkerDied(f"the worker is gone: {error.strerror}") from error
        except WorkerDied:
            self._lost_results = True
            raise
        if not view:
            raise WorkerDied("the worker ended")
        try:
            replies = self._unpack(view, fds)
        except (struct.error, IndexError, OSError, MemoryError) as error:
            self._lost_results = True
            raise WorkerDied(f"a packet of the worker cannot be read: {error}") from error
        finally:
            for fd in fds:  # those that no result has taken
                os.close(fd)
        if replies:
            self._head_since_s = time.monotonic()
        return replies

    def _unpack(self, view: memoryview, fds: list[int]) -> list[wire.Reply]:
        """The packet's results; takes their descriptors off `fds`."""
        replies: list[wire.Reply] = []
        at = 0
        while at < len(view):
            kind, size = wire.RECORD.unpack_from(view, at)
            at += wire.RECORD.size
            if kind == wire.Kind.WAITED:
                (waited_ns,) = wire.WAITED.unpack_from(view, at)
                self._excused_s = waited_ns / 1e9
                at += size
                continue
            if kind != wire.Kind.RESULT:
                raise IndexError(f"a record of kind {kind}")
            reply = wire.unpack_result(view[at : at + size], fds, self.running.popleft())
            at += size
            replies.append(reply)
            if reply.result is not None:
                self._cpu_s += reply.result.cpu_s
                # A run may lose a child for lack of memory and end by another limit.
                if reply.result.limit is not None and self.process.group is not None:
                    self._kills_seen = self.process.group.memory_kills()
            self._excused_s = 0.0
        return replies

    @property
    def deadline_s(self) -> float:
        """When, on the monotonic clock, the running job must have been reported."""
        if not self.running:
            return float("inf")
        limits = self.running[0].limits
        allowed_s = min(limits.wall_limit_s + self._excused_s, limits.clock_limit_s)
        return self._head_since_s + allowed_s + GRACE_S

    def is_overdue(self) -> bool:
        """Whether the deadline is past and the worker itself, not the machine, is to blame.

        A PID 1 that waits for a processor gets as long again, up to the hard stop.
        """
        now_s = time.monotonic()
        if now_s <= self.deadline_s:
            return False
        hard_s = self._head_since_s + self.running[0].limits.clock_limit_s + GRACE_S
        if now_s > hard_s or not self.process.is_ready():
            return True
        self._excused_s += GRACE_S
        return False

    def postmortem(self, *, overdue: bool) -> RunResult | None:
        """Ends the worker, and says what became of the job that was running.

        Args:
            overdue: The job is past its deadline: the worker could not end it from inside.

        Returns:
            Its result where the job is to blame (it stopped the worker, or the kernel ended the
            worker for the memory that the job used); None where the worker's end is our own, or
            where results are lost and the job in front may have ended long ago.
        """
        group = self.process.group
        job = self.running[0] if self.running else None
        limit = LimitKind.WALL if overdue else None
        cpu_s = 0.0
        if group is not None:
            if group.memory_kills() > self._kills_seen:
                limit = LimitKind.MEMORY
            cpu_s = max(0.0, group.cpu_s() - self._cpu_s)
        self.end()
        if limit is None or job is None or self._lost_results:
            return None
        memory = job.limits.memory_bytes if limit is LimitKind.MEMORY else 0
        return RunResult(
            status=ExitStatus.LIMIT,
            exit_code=None,
            signal=9,
            limit=limit,
            cpu_s=cpu_s,
            wall_s=time.monotonic() - self._head_since_s,
            memory_bytes=memory,
            memory_source="rusage",
            stdout=Blob(content=b""),
            stderr=b"",
            kept={},
        )

    def _drops(self) -> list[int]:
        store = self._packer.store
        few = store.evictions - self._evictions_seen < _DROP_EVERY
        if few and store.evicted_bytes - self._evicted_bytes_seen < _DROP_BYTES:
            return []
        self._evictions_seen = store.evictions
        self._evicted_bytes_seen = store.evicted_bytes
        return [n for n, serial in self._placed.items() if not store.is_current(n, serial)]

    def _greet(self) -> None:
        refused = self._set_up()
        poller = select.poll()
        poller.register(self._socket, select.POLLIN)
        if not poller.poll(START_S * 1000):
            raise BackendUnavailable("the sandbox's worker does not start", "solver sandbox check")
        try:
            data, _ = _receive(self._socket, self._buffer, 0)
        except ConnectionResetError:
            # It ended with our packet unread; what it had to say lies behind this error.
            data, _ = _receive(self._socket, self._buffer, 0)
        if not data:
            raise BackendUnavailable("the sandbox's worker ended at once", "solver doctor")
        kind, _ = wire.RECORD.unpack_from(data)
        if kind == wire.Kind.FAILED:
            reason = bytes(data[wire.RECORD.size :]).decode(errors="replace")
            raise BackendUnavailable(
                f"the sandbox cannot be set up here ({reason})",
                "sysctl user.max_user_namespaces=15000 (in a container: run it privileged), "
                "or another backend",
            )
        if refused is not None:
            raise refused
        version, *_ = wire.READY.unpack_from(data, wire.RECORD.size)
        if version != wire.PROTOCOL_VERSION:
            raise BackendUnavailable("the sandbox's helper is of another version", "make setup")

    def _set_up(self) -> OSError | None:
        """Sends the control group's files; the error where the worker takes them no more."""
        group = self.process.group
        if group is None or not group.files:
            return None
        roles = list(group.files)
        setup = wire.pack_setup(group.memory_version, roles)
        fds = array.array("i", [group.files[role] for role in roles])
        try:
            self._socket.sendmsg([setup], [(*_SCM, fds)], socket.MSG_NOSIGNAL)
        except OSError as error:
            return error  # a worker that has ended may have said why
        return None


def _receive(
    connection: socket.socket, buffer: bytearray, flags: int
) -> tuple[memoryview, list[int]]:
    """One packet (a view into the buffer) and its descriptors, close-on-exec.

    Raises:
        WorkerDied: The packet was cut short.
    """
    size, control, info, _ = connection.recvmsg_into(
        [buffer], _CONTROL_BYTES, flags | socket.MSG_CMSG_CLOEXEC
    )
    fds: list[int] = []
    for level, kind, content in control:
        if (level, kind) == _SCM:
            fds += struct.unpack(f"<{len(content) // 4}i", content)
    if info & (socket.MSG_CTRUNC | socket.MSG_TRUNC):
        for fd in fds:
            os.close(fd)
        raise WorkerDied("a packet of the worker was cut short: too few descriptors are left")
    return memoryview(buffer)[:size], fds
