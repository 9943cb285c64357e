"""Control groups, version 1 and 2, behind one face: a group for each worker, or none.

A group is made once a worker and inherited by its runs: moving a process into a group takes 12 ms
of waiting on kernels of today, so nothing is ever moved for a run. Where no group may be made, the
worker falls back on rlimits and /proc, and its results say so (`memory_source`).
"""

import contextlib
import errno
import fcntl
import os
import re
import signal
import time
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cache
from itertools import count
from pathlib import Path

PREFIX = "solver-"
EXHAUSTED = (errno.EMFILE, errno.ENFILE, errno.ENOMEM)
"""What a machine says that is out of descriptors or memory: not how it is, but how it is now."""

_REMOVE_S = 5.0
_NAME = re.compile(r"solver-(\d+)-\d+$")
_numbers = count()


class Role(IntEnum):
    """What a control file is for; the same numbers stand in helper/protocol.h."""

    CPU_USAGE = 1
    CPU_STAT = 2
    MEMORY_CURRENT = 3
    MEMORY_PEAK = 4
    MEMORY_LIMIT = 5
    MEMORY_SWAP = 6
    MEMORY_EVENTS = 7
    PROCESSES_MAX = 8
    PROCESSES_EVENTS = 9
    MEMORY_STAT = 10
    CPU_PRESSURE = 11


V1_FILES = {
    "cpuacct": {Role.CPU_USAGE: "cpuacct.usage"},
    "memory": {
        Role.MEMORY_CURRENT: "memory.usage_in_bytes",
        Role.MEMORY_PEAK: "memory.max_usage_in_bytes",
        Role.MEMORY_LIMIT: "memory.limit_in_bytes",
        Role.MEMORY_SWAP: "memory.memsw.limit_in_bytes",
        Role.MEMORY_EVENTS: "memory.oom_control",
        Role.MEMORY_STAT: "memory.stat",
    },
    "pids": {Role.PROCESSES_MAX: "pids.max", Role.PROCESSES_EVENTS: "pids.events"},
}
V2_FILES = {
    "cpu": {Role.CPU_STAT: "cpu.stat"},
    "memory": {
        Role.MEMORY_CURRENT: "memory.current",
        Role.MEMORY_PEAK: "memory.peak",
        Role.MEMORY_LIMIT: "memory.max",
        Role.MEMORY_EVENTS: "memory.events",
        Role.MEMORY_STAT: "memory.stat",
    },
    "pids": {Role.PROCESSES_MAX: "pids.max", Role.PROCESSES_EVENTS: "pids.events"},
    # No controller, but a file of every group: beside version 1 a group is made for it alone.
    "pressure": {Role.CPU_PRESSURE: "cpu.pressure"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hierarchy:
    """A folder below which we may make groups.

    Attributes:
        version: 1 or 2.
        parent: The folder.
        controllers: Those of V1_FILES or V2_FILES that it serves.
    """

    version: int
    parent: Path
    controllers: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class Group:
    """One worker's group in every hierarchy, with its control files open."""

    folders: list[Path]
    files: dict[Role, int] = field(default_factory=dict)
    memory_version: int = 0

    def join_fds(self) -> list[int]:
        """Fresh descriptors of cgroup.procs; writing "0" enters. The caller closes them.

        Raises:
            OSError: A group is gone or may not be entered, or no descriptor is left.
        """
        opened: list[int] = []
        try:
            for folder in self.folders:
                opened.append(os.open(folder / "cgroup.procs", os.O_WRONLY | os.O_CLOEXEC))
        except OSError:
            for fd in opened:
                os.close(fd)
            raise
        return opened

    def memory_kills(self) -> int:
        """Processes of this group that the kernel ended for lack of memory, so far."""
        found = re.search(rb"^oom_kill (\d+)", self._read(Role.MEMORY_EVENTS), re.MULTILINE)
        return int(found[1]) if found else 0

    def cpu_s(self) -> float:
        """CPU time of this group since it was made."""
        usage = self._read(Role.CPU_USAGE)
        if usage:
            return int(usage) / 1e9
        found = re.search(rb"usage_usec (\d+)", self._read(Role.CPU_STAT))
        return int(found[1]) / 1e6 if found else 0.0

    def _read(self, role: Role) -> bytes:
        """A control file's text; empty if there is none, or its group has been removed."""
        fd = self.files.get(role)
        if fd is None:
            return b""
        try:
            return os.pread(fd, 4096, 0)
        except OSError:  # ENODEV: a container engine is quicker than we are
            return b""

    def remove(self) -> None:
        """Closes the files and removes the folders, with what is left in them."""
        for fd in self.files.values():
            os.close(fd)
        self.files.clear()
        for folder in self.folders:
            _remove(folder)
        self.folders.clear()


@cache
def hierarchies() -> tuple[Hierarchy, ...]:
    """Where this process may make groups; empty where it may not."""
    found: list[Hierarchy] = []
    served: set[str] = set()
    own = _own_groups()
    for point, root, version, options in _mounts():
        names = V1_FILES if version == 1 else V2_FILES
        path = own.get(next(iter(options & names.keys()), "") if version == 1 else "")
        if path is None:
            continue
        relative = os.path.relpath(path, root)
        parent = point if relative.startswith("..") else point / relative
        kind = {"cpuacct": "cpu"}
        controllers = [name for name in names if version == 2 or name in options]
        controllers = [name for name in controllers if kind.get(name, name) not in served]
        if version == 2:
            controllers = _enable(parent, controllers)
        if controllers and _may_make(parent):
            found.append(Hierarchy(version=version, parent=parent, controllers=tuple(controllers)))
            served |= {kind.get(name, name) for name in controllers}
            _sweep(parent)
    return tuple(found)


def describe() -> str:
    """The control groups in use, for reports: "v1 cpuacct memory pids" or "none"."""
    parts = [f"v{item.version} {' '.join(item.controllers)}" for item in hierarchies()]
    return ", ".join(parts) or "none"


def make_group() -> Group | None:
    """A new group, or None where there are no hierarchies.

    Raises:
        OSError: Groups could be made here before, and this one cannot: a worker without limits of
            its own that the others have would judge programs otherwise.
    """
    usable = hierarchies()
    if not usable:
        return None
    name = f"{PREFIX}{os.getpid()}-{next(_numbers)}"
    group = Group(folders=[])
    try:
        for hierarchy in usable:
            folder = hierarchy.parent / name
            folder.mkdir()
            group.folders.append(folder)
            files = V1_FILES if hierarchy.version == 1 else V2_FILES
            for controller in hierarchy.controllers:
                _open_files(group, folder, files[controller])
                if controller == "memory":
                    group.memory_version = hierarchy.version
            if hierarchy.version == 2 and (folder / "memory.swap.max").exists():
                (folder / "memory.swap.max").write_text("0")
    except BaseException:
        group.remove()
        raise
    return group


def group_of(pid: int) -> Group | None:
    """The group that somebody else (a container engine) made for a process, or None.

    `remove` leaves its folders alone. Limits are in `files` only where we may write them.

    Raises:
        OSError: The process is gone, or no descriptor is left.
    """
    own = _own_groups()
    theirs = _groups_in(Path(f"/proc/{pid}/cgroup"))
    group = Group(folders=[])
    for point, root, version, options in _mounts():
        names = V1_FILES if version == 1 else V2_FILES
        controllers = [name for name in names if version == 2 or name in options]
        key = controllers[0] if version == 1 and controllers else ""
        path = theirs.get(key, "/")
        if not controllers or path in ("/", own.get(key)):
            continue
        folder = point / os.path.relpath(path, root)
        for controller in controllers:
            files = names[controller].items()
            wanted = {role: name for role, name in files if role not in group.files}
            if Role.MEMORY_CURRENT in wanted and (folder / wanted[Role.MEMORY_CURRENT]).exists():
                group.memory_version = version
            try:
                _open_files(group, folder, wanted)
            except BaseException:
                group.remove()
                raise
    for role in (Role.MEMORY_LIMIT, Role.MEMORY_SWAP, Role.PROCESSES_MAX):
        fd = group.files.get(role)
        if fd is not None and fcntl.fcntl(fd, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY:
            os.close(group.files.pop(role))
    return group if group.files else None


def _open_files(group: Group, folder: Path, files: dict[Role, str]) -> None:
    """Opens the control files that are there; which these are does not depend on the moment."""
    for role, name in files.items():
        for mode in (os.O_RDWR, os.O_RDONLY):
            try:
                group.files[role] = os.open(folder / name, mode | os.O_CLOEXEC)
                break
            except OSError as error:
                if error.errno in EXHAUSTED:
                    raise


def _mounts() -> list[tuple[Path, str, int, set[str]]]:
    """(mount point, root of the mount, version, controllers) of all hierarchies, v1 first."""
    found: list[tuple[Path, str, int, set[str]]] = []
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        left, _, right = line.partition(" - ")
        kind, _, options = right.split(" ", 2)
        if kind in ("cgroup", "cgroup2"):
            words = left.split(" ")
            version = 1 if kind == "cgroup" else 2
            found.append((Path(words[4]), words[3], version, set(options.split(","))))
    return sorted(found, key=lambda item: item[2])


def _own_groups() -> dict[str, str]:
    """Our own path in each hierarchy by controller; "" stands for version 2."""
    return _groups_in(Path("/proc/self/cgroup"))


def _groups_in(file: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in file.read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        found |= dict.fromkeys(controllers.split(","), path)
    return found


def _enable(parent: Path, wanted: list[str]) -> list[str]:
    """Hands version 2 controllers down to our groups; returns those that are there."""
    try:
        offered = (parent / "cgroup.controllers").read_text().split()
        # A group with processes of its own cannot hand controllers down: step into a leaf.
        usable = [name for name in wanted if name in offered]
        if usable and not set(usable) <= set(
            (parent / "cgroup.subtree_control").read_text().split()
        ):
            if (parent / "cgroup.procs").read_text().split():
                leaf = parent / "solver-main"
                leaf.mkdir(exist_ok=True)
                (leaf / "cgroup.procs").write_text("0")
            (parent / "cgroup.subtree_control").write_text(" ".join(f"+{name}" for name in usable))
    except OSError as error:
        if error.errno in EXHAUSTED:
            raise
        usable = []
    # cpu.stat is there without the controller; cpu.pressure where the kernel keeps it.
    if "cpu" in wanted and "cpu" not in usable:
        usable = ["cpu", *usable]
    if "pressure" in wanted and (parent / "cpu.pressure").exists():
        usable = [*usable, "pressure"]
    return usable


def _may_make(parent: Path) -> bool:
    trial = parent / f"{PREFIX}{os.getpid()}-{next(_numbers)}"
    try:
        trial.mkdir()
        trial.rmdir()
    except OSError:
        return False
    return True


def _sweep(parent: Path) -> None:
    """Removes groups that a killed process of ours left behind."""
    for folder in parent.glob(f"{PREFIX}*"):
        found = _NAME.match(folder.name)
        if found and not Path("/proc", found[1]).exists():
            with contextlib.suppress(OSError):
                folder.rmdir()


def _remove(folder: Path) -> None:
    until_s = time.monotonic() + _REMOVE_S
    while True:
        try:
            folder.rmdir()
            return
        except FileNotFoundError:
            return
        except OSError:  # EBUSY: the kernel is still taking the last process down
            if time.monotonic() > until_s:
                return
            _end_all(folder)
            time.sleep(0.005)


def _end_all(folder: Path) -> None:
    """Ends what is left in a group of ours: its worker is gone, nothing else belongs there."""
    with contextlib.suppress(OSError):
        for word in (folder / "cgroup.procs").read_text().split():
            if int(word) > 0:  # 0 stands for a process that we cannot see
                os.kill(int(word), signal.SIGKILL)
