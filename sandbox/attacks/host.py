"""What the host looks like, so that it can be compared before and after the check.

Other things happen on a machine at the same time. So only these count: our own descendants,
processes that carry the check's mark in their environment, control groups and mounts with our
name, files that hostile programs are known to leave, and the content of a few system files.
"""

import os
import re
import tempfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sandbox.data import digest_of

MARK = "SOLVER_ATTACK"
"""Environment variable of every hostile program; no process with it may be left on the host."""

LEFTOVER = "attack_leftover"
"""What the names of files start with that hostile programs leave."""

_SYSTEM_FILES = ("/etc/passwd", "/etc/shadow", "/etc/ld.so.preload", "/usr/bin/env", "/etc/profile")
_SYSTEM_FOLDERS = (
    "/",
    "/tmp",
    "/dev",
    "/dev/shm",
    "/var/tmp",
    "/run",
    "/etc",
    "/usr/bin",
    "/usr/lib",
)
_SETTINGS = ("/proc/sys/kernel/core_pattern", "/proc/sys/kernel/hostname")
_OUR_NAMES = re.compile(r"solver")
_NUMBERS = re.compile(r"[0-9a-f]{8,}|\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class HostState:
    """One look at the host.

    Attributes:
        descendants: How many processes of each name descend from this one.
        mounts: How many mounts there are at each of our places; numbers in names are left out.
        cgroups: The same for control groups.
        leftovers: Files that a hostile program must have left.
        system_files: Digest of each watched file, or why it cannot be read.
    """

    descendants: Counter[str]
    mounts: Counter[str]
    cgroups: Counter[str]
    leftovers: frozenset[str]
    system_files: Mapping[str, str]

    def changes(self, later: "HostState") -> list[str]:
        """What is different in `later`, in words."""
        found: list[str] = []
        for what, before, after in (
            ("process", self.descendants, later.descendants),
            ("mount", self.mounts, later.mounts),
            ("control group", self.cgroups, later.cgroups),
        ):
            for name in sorted(set(before) | set(after)):
                if before[name] != after[name]:
                    found.append(f"{what} {name}: {before[name]} before, {after[name]} after")
        found += [f"file left: {path}" for path in sorted(later.leftovers - self.leftovers)]
        for path, digest in self.system_files.items():
            if later.system_files[path] != digest:
                found.append(f"changed: {path}")
        return found


def look() -> HostState:
    """Looks at the host now."""
    return HostState(
        descendants=_descendants(),
        mounts=_mounts(),
        cgroups=_cgroups(),
        leftovers=_leftovers(),
        system_files={path: _content(path) for path in (*_SYSTEM_FILES, *_SETTINGS)},
    )


def marked(mark: str) -> list[int]:
    """Processes on the host whose environment carries this mark."""
    wanted = f"{MARK}={mark}".encode()
    found: list[int] = []
    for pid in _pids():
        try:
            if wanted in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0"):
                found.append(pid)
        except OSError:
            continue  # it has ended, or is not ours to look into
    return found


def _pids() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]  # noqa: PTH208


def _descendants() -> Counter[str]:
    parents: dict[int, tuple[int, str]] = {}
    for pid in _pids():
        try:
            text = Path(f"/proc/{pid}/stat").read_text(errors="replace")
        except OSError:
            continue
        name, _, rest = text.partition("(")[2].rpartition(")")
        state, parent = rest.split()[:2]
        if state not in "ZX":
            parents[pid] = (int(parent), name)
    ours = {os.getpid()}
    while True:
        more = {pid for pid, (parent, _) in parents.items() if parent in ours} - ours
        if not more:
            break
        ours |= more
    return Counter(parents[pid][1] for pid in ours - {os.getpid()})


def _mounts() -> Counter[str]:
    lines = Path("/proc/self/mountinfo").read_text(errors="replace").splitlines()
    places = (line.split()[4] for line in lines)
    return Counter(_NUMBERS.sub("N", place) for place in places if _OUR_NAMES.search(place))


def _cgroups() -> Counter[str]:
    """Groups with our name and this process's number, so that another user's sandbox is his."""
    found: Counter[str] = Counter()
    own = str(os.getpid())
    for folder, below, _ in os.walk("/sys/fs/cgroup"):
        for name in below:
            path = f"{folder}/{name}"
            if (_OUR_NAMES.search(path) and own in path) or LEFTOVER in name:
                found[_NUMBERS.sub("N", path)] += 1
    return found


def _leftovers() -> frozenset[str]:
    found: set[str] = set()
    places = {*_SYSTEM_FOLDERS, tempfile.gettempdir(), str(Path.cwd()), str(Path.home())}
    for place in places:
        try:
            names = os.listdir(place)  # noqa: PTH208
        except OSError:
            continue
        found |= {f"{place}/{name}" for name in names if name.startswith((LEFTOVER, "core."))}
    return frozenset(found)


def _content(path: str) -> str:
    try:
        return digest_of(Path(path).read_bytes())
    except OSError as error:
        return type(error).__name__
