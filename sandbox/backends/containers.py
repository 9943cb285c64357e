"""Backend `docker`: long-lived workers, each PID 1 of a hardened container.

Covered: what the container runtime gives (no network, read-only root, all capabilities dropped,
no-new-privileges, the engine's default seccomp profile, namespaces, pids and memory limits), and on
top of it what the helper does in `namespaces` as well: its own allowlist of system calls, limits of
each run, an emptied work folder, no process left over. The helper talks to us over a unix socket
that is shown to the container; the engine is asked only when a worker starts. What a run waits for
a processor does not count against its wall limit, as in `namespaces`.
Not covered: programs have the helper's uid (no capability is left to change it); the helper is out
of their reach as PID 1 and undumpable.
"""

import contextlib
import os
import select
import signal
import socket
import stat
import tempfile
import time
from itertools import count
from pathlib import Path
from typing import Any

import docker
from docker.errors import ImageNotFound
from docker.models.containers import Container
from docker.types import LogConfig, Mount, Ulimit

from sandbox.engine.engine import Engine
from sandbox.engine.joint import JointRunner
from sandbox.engine.sandbox import EngineSandbox
from sandbox.engine.slots import SIZES, WorkSize, pinned_cores
from sandbox.errors import BackendUnavailable
from sandbox.host.cgroups import EXHAUSTED, Group, group_of
from sandbox.host.docker_client import ENGINE_FIX, FAILURES, connect, reason_of, require_engine
from sandbox.host.helper_build import helper_path
from sandbox.host.rootfs import WORK_FOLDER, Bind, system_entries
from sandbox.image import IMAGE, ROOT_LABEL
from sandbox.limits import MIB
from sandbox.process_state import is_ready

LABEL = "solver.sandbox"
"""Label of every container of ours; its value is the process id of the sandbox's owner."""

MEMORY_BYTES = 4096 * MIB
"""A worker's ceiling, before the helper sets each run's own limit (where we may write it)."""

PROCESSES = 512
_SPARE_FILES = 128
_HELPER = "/solver-helper"
_SOCKET = "/solver-socket"
_USER = "1000:1000"
_OPEN_FILES = 4096
_START_S = 30.0
_END_S = 5.0
_numbers = count()


class DockerSandbox(EngineSandbox):
    """Runs jobs in workers that are containers."""

    name = "docker"

    def __init__(
        self,
        *,
        slots: int | None = None,
        image: str = IMAGE,
        binds: tuple[Bind, ...] = (),
    ) -> None:
        """Starts the first worker.

        Args:
            slots: How many runs go on at once; None means one a core.
            image: The image that `sandbox.image.build_image` made.
            binds: More folders of the host to show read-only.

        Raises:
            BackendUnavailable: No engine answers, or the image is not there.
        """
        self.slots = slots or len(os.sched_getaffinity(0))
        self._cores = pinned_cores(self.slots)
        helper_path()
        self._client = connect()
        self._folder = tempfile.TemporaryDirectory(prefix="solver-docker-")
        try:
            self._image = image
            self._binds = binds + _root_binds(self._client, image)
            _sweep(self._client)
            self._engine = Engine(self.slots, SIZES, self._start)
            self._joint = JointRunner(self.slots, self._engine, self._start)
            self._engine.warm_up()
        except BaseException:
            self._folder.cleanup()
            self._client.close()
            raise

    def close(self) -> None:
        """Ends all workers and waits until the engine has removed their containers."""
        super().close()
        until_s = time.monotonic() + _END_S
        with contextlib.suppress(*FAILURES):
            while left := _containers_of(self._client, str(os.getpid()), self._folder.name):
                if time.monotonic() > until_s:
                    for container in left:
                        _remove(container)
                    break
                time.sleep(0.02)
        self._client.close()
        self._folder.cleanup()

    def _start(self, index: int, size: WorkSize) -> "ContainerWorker":
        return ContainerWorker(
            self._client,
            image=self._image,
            folder=Path(self._folder.name),
            core=self._cores[index],
            size=size,
            binds=self._binds,
        )


class ContainerWorker:
    """A started container whose PID 1 is the helper, connected to us."""

    def __init__(
        self,
        client: docker.DockerClient,
        *,
        image: str,
        folder: Path,
        core: int,
        size: WorkSize,
        binds: tuple[Bind, ...],
    ) -> None:
        """Starts the container and waits for its helper to connect.

        Raises:
            BackendUnavailable: The engine does not answer, or the container does not start.
        """
        self.group: Group | None = None
        require_engine()
        path = folder / str(next(_numbers))
        listener: socket.socket | None = None
        try:
            listener = _listen(path)
            self._container = client.containers.create(
                image,
                entrypoint=[_HELPER],
                command=["--contained", "--connect", _SOCKET, "--core", str(core)],
                labels={LABEL: str(os.getpid()), f"{LABEL}.folder": str(folder)},
                mounts=_mounts(binds, path),
                **_hardened(size),
            )
            self._container.start()
            self._container.reload()
            self._pid = int(self._container.attrs["State"]["Pid"])
            self._watch = os.pidfd_open(self._pid)
            self.socket = self._accept(listener)
            try:
                self.group = group_of(self._pid)
            except OSError as error:
                if error.errno in EXHAUSTED:  # a worker that measures otherwise than the others
                    raise
        except FAILURES as error:
            self._discard()
            raise BackendUnavailable(
                f"the Docker engine starts no worker ({reason_of(error)})", ENGINE_FIX
            ) from error
        finally:
            if listener is not None:
                listener.close()
            path.unlink(missing_ok=True)

    @property
    def pid(self) -> int:
        """Process id, on the host, of the container's PID 1."""
        return self._pid

    def is_ready(self) -> bool:
        """Whether PID 1 of the container could run now."""
        return is_ready(self._pid)

    def end(self) -> None:
        """Kills PID 1 of the container; returns when the kernel has taken its processes down.

        The engine removes the container by itself, afterwards.
        """
        with contextlib.suppress(OSError):
            self.socket.close()
        if self._watch >= 0:
            try:
                signal.pidfd_send_signal(self._watch, signal.SIGKILL)
            except ProcessLookupError:
                pass
            except PermissionError:
                with contextlib.suppress(*FAILURES):
                    self._container.kill()
            poller = select.poll()
            poller.register(self._watch, select.POLLIN)
            poller.poll(_END_S * 1000)
            os.close(self._watch)
            self._watch = -1
        if self.group is not None:
            self.group.remove()
            self.group = None

    def _accept(self, listener: socket.socket) -> socket.socket:
        poller = select.poll()
        poller.register(listener, select.POLLIN)
        poller.register(self._watch, select.POLLIN)
        ready = dict(poller.poll(_START_S * 1000))
        if listener.fileno() not in ready:
            raise OSError("the helper ended at once" if ready else "the helper does not connect")
        return listener.accept()[0]

    def _discard(self) -> None:
        container = getattr(self, "_container", None)
        if container is not None:
            _remove(container)
        connection = getattr(self, "socket", None)
        if connection is not None:
            connection.close()
        watch = getattr(self, "_watch", -1)
        if watch >= 0:
            os.close(watch)


def _hardened(size: WorkSize) -> dict[str, Any]:
    """What a container may not do, whatever runs in it."""
    work = f"size={size.disk_bytes + MIB},nr_inodes={size.files + _SPARE_FILES}"
    return {
        "auto_remove": True,
        "cap_drop": ["ALL"],
        # no-new-privileges; without a seccomp entry the engine's default profile is in force.
        "security_opt": ["no-new-privileges"],
        "network_mode": "none",
        "ipc_mode": "none",
        "cgroupns": "private",
        "read_only": True,
        "user": _USER,
        "working_dir": WORK_FOLDER,
        "hostname": "box",
        "environment": {},
        "mem_limit": MEMORY_BYTES,
        "memswap_limit": MEMORY_BYTES,
        "pids_limit": PROCESSES,
        "ulimits": [
            Ulimit(name="nofile", soft=_OPEN_FILES, hard=_OPEN_FILES),
            Ulimit(name="core", soft=0, hard=0),
            Ulimit(name="stack", soft=-1, hard=-1),
        ],
        "tmpfs": {
            WORK_FOLDER: f"rw,exec,nosuid,nodev,{work},mode=1777,uid=1000,gid=1000",
            # The engine mounts one that programs could leave queues in.
            "/dev/mqueue": "ro,nosuid,nodev,noexec,size=4k",
        },
        "log_config": LogConfig(type=LogConfig.types.NONE),
        "stdin_open": False,
        "detach": True,
    }


def _mounts(binds: tuple[Bind, ...], socket_path: Path) -> list[Mount]:
    shown = [Bind(source=str(helper_path()), target=_HELPER), *binds]
    mounts = [Mount(b.target, b.source, type="bind", read_only=True) for b in shown]
    # Connecting needs a writable file; nothing can be written to a socket's inode.
    mounts.append(Mount(_SOCKET, str(socket_path), type="bind"))
    return mounts


def _root_binds(client: docker.DockerClient, image: str) -> tuple[Bind, ...]:
    """What must be shown of the host for that image: its system, or nothing."""
    try:
        found = client.images.get(image)
    except ImageNotFound:
        raise BackendUnavailable(
            f"there is no image {image}", "solver sandbox image build"
        ) from None
    except FAILURES as error:
        raise BackendUnavailable(
            f"the Docker engine does not answer ({reason_of(error)})", ENGINE_FIX
        ) from error
    if found.labels.get(ROOT_LABEL) != "host":
        return ()
    return tuple(entry for entry in system_entries() if isinstance(entry, Bind))


def _listen(path: Path) -> socket.socket:
    """A socket that one container can connect to; its folder is closed to everybody else."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY)
    try:
        listener.bind(f"/proc/self/fd/{folder}/{path.name}")  # a path of any length
        path.chmod(stat.S_IRUSR | stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH)
        listener.listen(1)
    except BaseException:
        listener.close()
        raise
    finally:
        os.close(folder)
    return listener


def _containers_of(
    client: docker.DockerClient, owner: str | None, folder: str = ""
) -> list[Container]:
    labels = [LABEL if owner is None else f"{LABEL}={owner}"]
    if folder:
        labels.append(f"{LABEL}.folder={folder}")
    return client.containers.list(all=True, ignore_removed=True, filters={"label": labels})


def _sweep(client: docker.DockerClient) -> None:
    """Removes containers whose owner was killed before it could."""
    with contextlib.suppress(*FAILURES):
        for container in _containers_of(client, None):
            if not Path("/proc", container.labels[LABEL]).exists():
                _remove(container)


def _remove(container: Container) -> None:
    with contextlib.suppress(*FAILURES):
        container.remove(force=True)
