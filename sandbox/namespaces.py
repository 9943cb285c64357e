"""Backend `namespaces`: long-lived workers, one a core, each in namespaces of its own.

Covered: pid, net, ipc, uts, mount, cgroup and user namespaces; a read-only root of the host's
compilers and libraries without anything private; a work folder capped in bytes and files; an
allowlist of system calls; uids that nobody else on the host has (as root); CPU, wall, memory,
processes, output, disk and open-file limits; nothing is left over between runs.
Not covered: side channels of the hardware. Where no control group may be made, memory and CPU are
watched from /proc every 10 ms, which a program can overshoot for that long.
"""

import contextlib
import os
import signal
import socket
import subprocess
from itertools import count
from pathlib import Path

from sandbox.cgroups import Group, make_group
from sandbox.engine import Engine
from sandbox.engine_sandbox import EngineSandbox
from sandbox.errors import BackendUnavailable
from sandbox.helper_build import helper_path, mount_point
from sandbox.joint import JointRunner
from sandbox.limits import MIB
from sandbox.rootfs import Bind, system_entries
from sandbox.slots import SIZES, WorkSize, pinned_cores

_FIRST_UID = 0x60000000
_WHOLE_RANGE = 0xFFFFFFFF
_SPARE_FILES = 128
_END_S = 5.0
_numbers = count()


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
        """Starts it; the slot may still fail to stand, which its socket tells."""
        self.socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.group: Group | None = make_group()
        joins = self.group.join_fds() if self.group else []
        command = [str(helper_path()), "--socket", str(theirs.fileno()), "--core", str(core)]
        command += ["--root", str(mount_point())]
        command += ["--work-bytes", str(size.disk_bytes + MIB)]
        command += ["--work-files", str(size.files + _SPARE_FILES)]
        for fd in joins:
            command += ["--join", str(fd)]
        if os.geteuid() == 0:
            command += ["--uids", *map(str, _host_uids())]
        for entry in system_entries(binds):
            if isinstance(entry, Bind):
                command += ["--bind", entry.source, entry.target]
            else:
                command += ["--link", entry.content, entry.target]
        try:
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
        except OSError as error:
            self.socket.close()
            raise BackendUnavailable(f"the sandbox's helper: {error}", "make setup") from error
        finally:
            theirs.close()
            for fd in joins:
                os.close(fd)

    @property
    def pid(self) -> int:
        """The keeper's process id; PID 1 of the slot is its only child."""
        return self._process.pid

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


def _host_uids() -> tuple[int, int]:
    """Two uids of the host for a worker (the helper's, the programs') that nobody else uses."""
    number = next(_numbers)
    _, _, mapped = Path("/proc/self/uid_map").read_text().split(maxsplit=2)
    available = int(mapped.split()[0])
    if available >= _WHOLE_RANGE:
        first = _FIRST_UID + (os.getpid() << 9) + 2 * (number % 256)
    else:
        first = available - 2 - 2 * (number % 1024)
    return first, first + 1
