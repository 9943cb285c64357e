"""Starts a whole service: the owner of the slots, and HTTP processes on one socket."""

import asyncio
import contextlib
import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import uvicorn

from problems.service.owner import OwnerConfig, run_owner
from sandbox.host.descriptors import raise_soft_limit
from sandbox.service.processes import Keeper, Role
from solver.serving.app import Front
from solver.serving.config import ServiceConfig

BACKLOG = 2048
KEEP_ALIVE_S = 120


def serve(
    listener: socket.socket,
    config: ServiceConfig,
    owner: OwnerConfig,
    *,
    processes: int,
    note: Callable[[str], None],
    started: Callable[[], None],
) -> int:
    """Serves until SIGTERM or SIGINT; an exit code.

    Args:
        config, owner: Their `socket` is set here: a folder of this service's own.
        processes: Of HTTP; the owner of the slots is one more.
    """
    raise_soft_limit()
    with tempfile.TemporaryDirectory(prefix="solver-serve-") as folder:
        path = Path(folder) / "owner"
        config = replace(config, socket=path)
        owner = replace(owner, socket=path)
        parent = os.getpid()

        def own(leash: int) -> int:
            with _removed_by_orphans(folder, parent):
                return run_owner(owner, leash, note)

        def front(leash: int) -> int:
            with _removed_by_orphans(folder, parent):
                return run_front(config, listener, leash, owner.graceful_s)

        roles = [Role(name="owner", body=own)]
        roles += [
            Role(name=f"front {number}", body=front, stop_first=True) for number in range(processes)
        ]

        def is_ready() -> bool:
            with socket.socket(socket.AF_UNIX) as probe:
                if probe.connect_ex(str(path)):
                    return False
            started()
            return True

        return Keeper(roles, note).run(is_ready)


@contextlib.contextmanager
def _removed_by_orphans(folder: str, parent: int) -> Iterator[None]:
    """The main process removes the folder; where it was killed, whoever ends after it does."""
    try:
        yield
    finally:
        if os.getppid() != parent:
            shutil.rmtree(folder, ignore_errors=True)


def run_front(config: ServiceConfig, listener: socket.socket, leash: int, graceful_s: float) -> int:
    """One HTTP process, until `leash` is readable; returns an exit code."""
    front = Front(config)
    settings = uvicorn.Config(
        front.app,
        # Its warnings are about what clients send: anybody could fill the log.
        log_level="error",
        access_log=False,
        backlog=BACKLOG,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=round(graceful_s),
        server_header=False,
        date_header=False,
    )
    server = _Server(settings)

    def stop() -> None:
        front.stop()
        server.should_exit = True
        asyncio.get_running_loop().remove_reader(leash)

    async def main() -> None:
        asyncio.get_running_loop().add_reader(leash, stop)
        await server.serve(sockets=[listener])

    asyncio.run(main())
    os.close(leash)
    return 0


class _Server(uvicorn.Server):
    """Signals are the parent's business."""

    @contextlib.contextmanager
    def capture_signals(self):  # type: ignore[no-untyped-def]
        yield
