"""Backend `namespaces`: long-lived workers, one a core, each in namespaces of its own.

Covered: pid, net, ipc, uts, mount, cgroup and user namespaces; a read-only root of the host's
compilers and libraries without anything private; a work folder capped in bytes and files; an
allowlist of system calls; uids that nobody else on the host has (as root); CPU, wall, memory,
processes, output, disk and open-file limits; nothing is left over between runs. What a run waits
for a processor does not count against its wall limit (`cpu.pressure` of a version 2 group, else
/proc/PID/schedstat).
Not covered: side channels of the hardware. Where no control group may be made, memory and CPU are
watched from /proc every 10 ms, which a program can overshoot for that long; there the waiting of
processes that end within 250 ms is missed, and threads that wait for one another can stretch the
wall limit, twofold at most. Where there is no /proc either (a container with a masked one), all
time on the clock counts. Time that a hypervisor takes away counts as the program's.
"""

import contextlib
import os
import signal
import socket
import subprocess

from sandbox.engine.engine import Engine
from sandbox.engine.joint import JointRunner
from sandbox.engine.sandbox import EngineSandbox
from sandbox.engine.slots import SIZES, WorkSize, pinned_cores
from sandbox.errors import BackendUnavailable
from sandbox.host.cgroups import Group, make_group
from sandbox.host.helper_build import helper_path, mount_point
from sandbox.host.rootfs import GROUP, PASSWD, Bind, system_entries
from sandbox.host.uids import UidClaim
from sandbox.limits import MIB
from sandbox.process_state import first_child, is_ready

_SPARE_FILES = 128
_END_S = 5.0


class NamespacesSandbox(EngineSandbox):
    """Runs jobs in workers that live in namespaces."""

    name = "namespaces"

    def __init__(self, *, slots: int | None = None, binds: tuple[Bind, ...] = ()) -> None:
        """Builds the helper if need be and starts the first worker.

        Args:
            slots: How many runs go on at once; None means one a core.
            binds: More folders of the host to show read-only.

        Raises:
            BackendUnavailable: No compiler for the helper, or the kernel allows no namespaces.
        """
        self.slots = slots or len(os.sched_getaffinity(0))
        self._cores = pinned_cores(self.slots)
        self._binds = binds
        helper_path()
        self._engine = Engine(self.slots, SIZES, self._start)
        self._joint = JointRunner(self.slots, self._engine, self._start)
        self._engine.warm_up()

    def _start(self, index: int, size: WorkSize) -> "HelperProcess":
        return HelperProcess(core=self._cores[index], size=size, binds=self._binds)


class HelperProcess:
    """A started helper: the keeper outside, PID 1 of the slot inside, and their control group."""

    def __init__(self, *, core: int, size: WorkSize, binds: tuple[Bind, ...]) -> None:
        """Starts it; the slot may still fail to stand, which its socket tells.

        Raises:
            BackendUnavailable: It cannot be started; nothing of it is left.
        """
        self.group: Group | None = None
        self._uids: UidClaim | None = None
        with contextlib.ExitStack() as undo, contextlib.ExitStack() as passed:
            try:
                self._open(core, size, binds, undo, passed)
            except OSError as error:
                raise BackendUnavailable(
                    f"a worker of the sandbox cannot be started ({error})", "solver doctor"
                ) from error
            undo.pop_all()

    def _open(
        self,
        core: int,
        size: WorkSize,
        binds: tuple[Bind, ...],
        undo: contextlib.ExitStack,
        passed: contextlib.ExitStack,
    ) -> None:
        self.socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        passed.callback(theirs.close)
        undo.callback(self.socket.close)
        command = [str(helper_path()), "--socket", str(theirs.fileno()), "--core", str(core)]
        command += ["--root", str(mount_point()), "--passwd", PASSWD, "--group", GROUP]
        command += ["--work-bytes", str(size.disk_bytes + MIB)]
        command += ["--work-files", str(size.files + _SPARE_FILES)]
        if os.geteuid() == 0:
            self._uids = UidClaim()
            undo.callback(self._uids.release)
            command += ["--uids", *map(str, self._uids.uids)]
        for entry in system_entries(binds):
            if isinstance(entry, Bind):
                command += ["--bind", entry.source, entry.target]
            else:
                command += ["--link", entry.content, entry.target]
        joins: list[int] = []
        self.group = make_group()
        if self.group is not None:
            undo.callback(self.group.remove)
            joins = self.group.join_fds()
        for fd in joins:
            passed.callback(os.close, fd)
            command += ["--join", str(fd)]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[theirs.fileno(), *joins],
            env={},
            cwd="/",
            start_new_session=True,
        )

    @property
    def pid(self) -> int:
        """The keeper's process id; PID 1 of the slot is its only child."""
        return self._process.pid

    def is_ready(self) -> bool:
        """Whether PID 1 of the slot could run now."""
        child = first_child(self.pid)
        return child is not None and is_ready(child)

    def end(self) -> None:
        """Kills PID 1 of the slot, and with it all; returns when the kernel has taken it down."""
        with contextlib.suppress(OSError):
            self.socket.close()
        if self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(_END_S)
            except subprocess.TimeoutExpired:
                self._process.kill()  # its child dies with it
                self._process.wait()
        if self.group is not None:
            self.group.remove()
            self.group = None
        if self._uids is not None:
            self._uids.release()
            self._uids = None
