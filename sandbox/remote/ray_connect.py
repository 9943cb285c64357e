"""The connection to a Ray cluster, shared by all of this process that use one."""

import contextlib
import logging
import os
import threading
from pathlib import Path
from types import ModuleType

from sandbox.errors import BackendUnavailable

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


def _made(ray: ModuleType, address: str | None) -> bool:
    if ray.is_initialized():
        return False
    # Nothing is reported to anybody unless whoever runs the cluster says so.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    words = {"log_to_driver": False, "logging_level": logging.ERROR}
    try:
        try:
            ray.init(address=address or "auto", **words)
        except ConnectionError:
            if address is not None:
                raise
            ray.init(address="local", include_dashboard=False, **words)
    except (ConnectionError, ValueError, RuntimeError, OSError) as error:
        where = f" at {address}" if address else ""
        raise BackendUnavailable(
            f"no Ray cluster answers{where} ({str(error).splitlines()[0]})",
            "start one: ray start --head",
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
