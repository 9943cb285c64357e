"""Shortages that tests bring about, and what must be left when they are over."""

import contextlib
import fcntl
import os
import resource
import time
from collections.abc import Callable, Iterator

from sandbox.backends.namespaces import NamespacesSandbox
from sandbox.faults.traces import children


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


def keepers(sandbox: NamespacesSandbox) -> list[int]:
    """The processes of ours that the workers' slots hang on."""
    cores = sandbox._engine._cores
    return [worker.process.pid for core in cores for worker in core.workers.values()]  # type: ignore[attr-defined]


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
        firsts = [first for keeper in keepers(sandbox) for first in children(keeper)]
        found[:] = [first for first in firsts if children(first)]
        return found

    until(look, "a program runs")
    return found[0]
