"""The connection to a Ray cluster, shared by all of this process that use one."""

import contextlib
import logging
import os
import socket
import threading
from pathlib import Path
from types import ModuleType

from sandbox.errors import BackendUnavailable

_ANSWER_S = 5.0
_LOCK = threading.Lock()
_users = 0
_is_ours = False


def ray_package() -> ModuleType:
    """The package.

    Raises:
        BackendUnavailable: It is not installed.
    """
    try:
        import ray
    except ImportError:
        raise BackendUnavailable(
            "the package ray is not installed", "pip install 'contest-solver[ray]'"
        ) from None
    module: ModuleType = ray
    return module


def connect(address: str | None) -> ModuleType:
    """Connects, or joins the connection that is there; whoever calls this calls `disconnect`.

    Args:
        address: As `ray.init` takes it; None: a cluster that runs here (or that RAY_ADDRESS names),
            else one of its own.

    Raises:
        BackendUnavailable: No package ray, or no cluster there.
    """
    global _users, _is_ours
    ray = ray_package()
    with _LOCK:
        if not _users:
            _is_ours = _made(ray, address)
        _users += 1
    return ray


def disconnect() -> None:
    """The last one ends the connection, where it was made here and not by our caller before."""
    global _users
    with _LOCK:
        _users -= 1
        if not _users and _is_ours:
            ray_package().shutdown()


def place_of(address: str | None) -> str | None:
    """Where `ray.init` is to connect: it tries for minutes where nothing listens.

    Returns:
        As `ray.init` takes it: None joins the cluster that runs here, or starts one of its own;
        "local" starts one, since the cluster that ran here has gone without a word.

    Raises:
        BackendUnavailable: Nothing listens at the address that was named.
    """
    named = address or os.environ.get("RAY_ADDRESS") or None
    if named is not None:
        if not _may_listen(named):
            raise BackendUnavailable(
                f"no Ray cluster answers at {named} (nothing listens there)",
                "start one there: ray start --head --port=6379; its other addresses: `ray status`",
            )
        return named
    folder = os.environ.get("RAY_TMPDIR") or os.environ.get("TMPDIR") or "/tmp"
    try:
        last = (Path(folder) / "ray/ray_current_cluster").read_text().strip()
    except OSError:
        return None
    return None if _may_listen(last) else "local"


def _may_listen(address: str) -> bool:
    host, _, port = address.rpartition(":")
    if not port.isdecimal() or "://" in host:
        return True  # what that is Ray says at once
    try:
        socket.create_connection((host.strip("[]"), int(port)), _ANSWER_S).close()
    except OSError:
        return False
    return True


def _made(ray: ModuleType, address: str | None) -> bool:
    if ray.is_initialized():
        return False
    # Nothing is reported to anybody unless whoever runs the cluster says so.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    place = place_of(address)
    try:
        ray.init(
            address=place, include_dashboard=False, log_to_driver=False, logging_level=logging.ERROR
        )
    except (ConnectionError, ValueError, RuntimeError, OSError, ray.exceptions.RayError) as error:
        where = f" at {place}" if place else ""
        raise BackendUnavailable(
            f"no Ray cluster answers{where} ({str(error).splitlines()[0]})",
            "start one: ray start --head; where the cluster wants a token (Ray's default from 2.61 "
            "on), export RAY_AUTH_MODE=token here and have its token in ~/.ray/auth_token",
        ) from error
    return True


def be_as_urgent_as_the_node() -> None:
    """Ray runs workers at niceness 15, and programs would inherit it: beside any other work of the
    machine they had a thirtieth of its time. Where we may not take it back, it stays: start nodes
    with `RAY_worker_niceness=0` then."""
    wanted = os.getpriority(os.PRIO_PROCESS, os.getppid())
    with contextlib.suppress(PermissionError):
        for thread in Path("/proc/self/task").iterdir():
            os.setpriority(os.PRIO_PROCESS, int(thread.name), wanted)
