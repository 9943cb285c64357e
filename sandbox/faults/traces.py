"""What a sandbox could leave behind in its process and on the host: nothing, once it is closed."""

import contextlib
import ctypes
import gc
import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sandbox.host.cgroups import PREFIX, hierarchies

KINDS = ("process", "mount", "cgroup", "descriptor")
_PR_SET_CHILD_SUBREAPER = 36
_SETTLE_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Traces:
    """What is there of a process at one moment, by the words of KINDS.

    Attributes:
        found: Each as a line that says what it is.
    """

    found: dict[str, frozenset[str]]

    def beyond(self, earlier: "Traces") -> dict[str, list[str]]:
        """What was not there earlier, by kind."""
        return {kind: sorted(self.found[kind] - earlier.found[kind]) for kind in KINDS}


def adopt_orphans() -> None:
    """From now on a descendant whose parent ends becomes our child, so that none is overlooked."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def look() -> Traces:
    """What is there now."""
    gc.collect()
    return Traces(
        found={
            "process": frozenset(_describe(pid) for pid in descendants(os.getpid())),
            "mount": frozenset(
                line
                for line in Path("/proc/self/mountinfo").read_text().splitlines()
                if "solver" in line  # others mount as well
            ),
            "cgroup": frozenset(map(str, own_groups())),
            "descriptor": frozenset(descriptors()),
        }
    )


def left_since(earlier: Traces) -> dict[str, list[str]]:
    """What is there now and was not earlier; the kernel is given time to take processes down."""
    until_s = time.monotonic() + _SETTLE_S
    while True:
        _reap()
        left = look().beyond(earlier)
        if not any(left.values()) or time.monotonic() > until_s:
            return left
        time.sleep(0.02)


def children(pid: int) -> list[int]:
    """The processes that any thread of `pid` has started and that are still there."""
    found: list[int] = []
    # It may end at any moment: also between the look for it and the list of its threads.
    with contextlib.suppress(OSError):
        for file in Path(f"/proc/{pid}/task").glob("*/children"):
            with contextlib.suppress(OSError):
                found += [int(word) for word in file.read_text().split()]
    return found


def descendants(pid: int) -> list[int]:
    """All processes below `pid`."""
    found = children(pid)
    for child in found:  # grows while it is read
        found += children(child)
    return found


def own_groups() -> Iterable[Path]:
    """The control groups that this process has made for its workers."""
    for item in hierarchies():
        yield from item.parent.glob(f"{PREFIX}{os.getpid()}-*")


def descriptors() -> list[str]:
    """What this process holds open, without what it opens to look."""
    found: list[str] = []
    own = f"/proc/{os.getpid()}/fd"
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208
        with contextlib.suppress(OSError):
            target = os.readlink(f"/proc/self/fd/{name}")  # noqa: PTH115
            if target != own:  # what we look through
                found.append(f"{name} {target}")
    return found


def _describe(pid: int) -> str:
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return f"{pid}"
    name, _, rest = text.partition("(")[2].rpartition(")")
    return f"{pid} {name} {rest.split()[0]}"


def _reap() -> None:
    """Takes in orphans that have ended, as PID 1 would."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
