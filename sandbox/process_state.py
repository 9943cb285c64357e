"""What /proc says of processes of ours: who is ready to run, how long they waited for it, peaks."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path


def first_child(pid: int) -> int | None:
    """The first child of a process with one thread; None where it has none, or has ended."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_bytes().split()
    except OSError:
        return None
    return int(children[0]) if children else None


def is_ready(pid: int) -> bool:
    """Whether a process runs or waits for a processor, rather than sleeps or is stopped."""
    try:
        text = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return False
    return text.rpartition(b")")[2].split()[:1] == [b"R"]  # a name may hold anything


def tree_of(pid: int) -> Iterator[tuple[int, int]]:
    """A process and all below it, each with its depth."""
    below = [(pid, 0)]
    while below:
        current, depth = below.pop()
        yield current, depth
        try:
            children = Path(f"/proc/{current}/task/{current}/children").read_bytes().split()
        except OSError:
            continue  # it has ended
        below += [(int(child), depth + 1) for child in children]


def peak_bytes(pid: int) -> int:
    """The peak memory of a process so far; 0 once it ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_bytes()
    except OSError:
        return 0
    found = re.search(rb"^VmHWM:\s+(\d+) kB", status, re.MULTILINE)
    return int(found[1]) * 1024 if found else 0


def waits_ns(pid: int) -> dict[int, int]:
    """Thread id -> time that it waited for a processor so far; empty once the process ended."""
    found: dict[int, int] = {}
    try:
        for thread in Path(f"/proc/{pid}/task").iterdir():
            found[int(thread.name)] = int((thread / "schedstat").read_bytes().split()[1])
    except (OSError, IndexError):
        return found
    return found


class Waits:
    """How long a group of threads could have run and did not, from what each waited: of the waits
    between two looks the longest counts, since a sum would count brothers for one another.

    Attributes:
        total_s: So far.
    """

    def __init__(self) -> None:
        self.total_s = 0.0
        self._known_ns: dict[int, int] = {}

    def look(self, waited_ns: Mapping[int, int]) -> None:
        """Takes in what each thread has waited since it began."""
        known = self._known_ns
        news = (waited - known.get(thread, 0) for thread, waited in waited_ns.items())
        self.total_s += max(0, max(news, default=0)) / 1e9
        self._known_ns |= waited_ns
