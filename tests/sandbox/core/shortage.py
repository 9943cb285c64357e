"""Shortages that tests bring about, and what must be left when they are over."""

import contextlib
import fcntl
import os
import resource
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from sandbox.backends.namespaces import NamespacesSandbox


@contextlib.contextmanager
def descriptors_left(count: int) -> Iterator[None]:
    """This process can open `count` more descriptors, and no more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    listed = [int(name) for name in os.listdir("/proc/self/fd")]  # noqa: PTH208
    taken = {fd for fd in listed if _is_open(fd)}  # without the one that listed them
    free = (number for number in range(soft) if number not in taken)
    # A limit is a highest number, so the gaps below it are filled first.
    fillers: list[int] = []
    top = max(taken) + 1
    try:
        while (number := next(free)) < top:
            fillers.append(number)
            os.dup2(0, number, inheritable=False)
        resource.setrlimit(resource.RLIMIT_NOFILE, (top + count, hard))
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        for number in fillers:
            os.close(number)


def _is_open(fd: int) -> bool:
    try:
        return bool(fcntl.fcntl(fd, fcntl.F_GETFD) + 1)
    except OSError:
        return False


def own_descriptors() -> set[str]:
    """What this process holds open, without what it opens to look."""
    found: set[str] = set()
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208
        with contextlib.suppress(OSError):
            found.add(f"{name} {os.readlink(f'/proc/self/fd/{name}')}")  # noqa: PTH115
    return {item for item in found if not item.endswith(f"/proc/{os.getpid()}/fd")}


def own_groups() -> set[Path]:
    """The control groups that this process has made and not removed."""
    mine = f"solver-{os.getpid()}-*"
    return {path for root in Path("/sys/fs/cgroup").glob("*") for path in root.rglob(mine)}


def keepers(sandbox: NamespacesSandbox) -> list[int]:
    """The processes of ours that the workers' slots hang on."""
    cores = sandbox._engine._cores
    return [worker.process.pid for core in cores for worker in core.workers.values()]  # type: ignore[attr-defined]


def children_of(pid: int) -> list[int]:
    """Its child processes, whichever of its threads has started them; empty if it is gone."""
    found: list[int] = []
    for file in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += [int(word) for word in file.read_text().split()]
    return found


def until(holds: Callable[[], object], what: str, patience_s: float = 60.0) -> None:
    """Waits until it holds; a test that waits in vain fails with the reason."""
    deadline = time.monotonic() + patience_s
    while not holds():
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        time.sleep(0.002)


def program_runs(sandbox: NamespacesSandbox) -> int:
    """Waits until some worker's program runs; that worker's PID 1, as the host sees it."""
    found: list[int] = []

    def look() -> list[int]:
        firsts = [first for keeper in keepers(sandbox) for first in children_of(keeper)]
        found[:] = [first for first in firsts if children_of(first)]
        return found

    until(look, "a program runs")
    return found[0]
