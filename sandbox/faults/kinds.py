"""The faults: each takes something away for a moment, for real, and gives it back.

A fault runs beside the load, in the process that holds the sandbox. What must be made before the
sandbox opens (a control group to be in, a full disk) it makes in `prepare`; only what this machine
or this user cannot do is skipped, with the reason.
"""

import contextlib
import ctypes
import errno
import os
import resource
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random

from sandbox.backend import Job, Sandbox
from sandbox.compiling.compile import CompileError, Compiler
from sandbox.faults.traces import children, own_groups
from sandbox.faults.work import Tally
from sandbox.host.cgroups import hierarchies
from sandbox.limits import Limits

_CLONE_NEWNS = 0x20000
_MS_PRIVATE = 1 << 18 | 1 << 14
_SPARE_BYTES = 1 << 20


@dataclass(slots=True)
class Scene:
    """What a fault may touch.

    Attributes:
        done: What it has done, for the report.
        closed: It has closed the sandbox.
    """

    sandbox: Sandbox
    random: Random
    tally: Tally
    done: str = ""
    closed: bool = False

    def hold(self, most_s: float = 0.3) -> None:
        """Lets the fault last for a random while."""
        time.sleep(self.random.uniform(0, most_s))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One kind of fault.

    Attributes:
        says: What happens, in a few words.
        prepare: Entered before the sandbox opens.
        bring: Brings it about and ends it.
        lacks: Why it cannot be brought about here; None where it can.
        wall_s: Wall limit of the runs meanwhile.
    """

    says: str
    bring: Callable[[Scene], None]
    prepare: Callable[[], contextlib.AbstractContextManager[None]] = contextlib.nullcontext
    lacks: Callable[[], str | None] = lambda: None
    wall_s: float = 20.0


def _descriptors(scene: Scene) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    highest = max(map(int, os.listdir("/proc/self/fd")))  # noqa: PTH208
    spare = scene.random.choice((0, 1, 3, 8, 20, 40))
    scene.done = f"{spare} descriptors above {highest}"
    resource.setrlimit(resource.RLIMIT_NOFILE, (highest + 1 + spare, hard))
    try:
        for worker in scene.random.sample(_slots(), k=scene.random.randrange(2)):
            _signal(worker, signal.SIGKILL)  # so that a new one is needed meanwhile
        scene.hold()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def _memory(scene: Scene) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    most_bytes = scene.random.choice((0, 4096, 20_000, 70_000))
    scene.done = f"no memfd may grow over {most_bytes} bytes"
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, hard))
    try:
        scene.hold()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def _processes(scene: Scene) -> None:
    group = _pids_parent()  # ours alone by now
    assert group is not None
    now = int((group / "pids.current").read_text())
    spare = scene.random.choice((0, 0, 1, 2))
    scene.done = f"{spare} processes above {now}"
    (group / "pids.max").write_text(str(now + spare))
    try:
        for worker in scene.random.sample(_slots(), k=scene.random.randrange(2)):
            _signal(worker, signal.SIGKILL)
        scene.hold()
    finally:
        (group / "pids.max").write_text("max")


def _disk(scene: Scene) -> None:
    cache = Path(os.environ["SOLVER_FAULTS_DISK"])
    compiler = Compiler(scene.sandbox, cache=cache / "cache")
    filler = cache / "filler"
    scene.done = "the compile cache's disk is full"
    stream = os.open(filler, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC)
    with contextlib.suppress(OSError):
        while True:
            os.write(stream, bytes(4096))
    os.close(stream)
    left = scene.random.choice((0, 4096, 16384))
    os.truncate(filler, max(0, filler.stat().st_size - left))
    _compile(scene, compiler, scene.random.randrange(100, 200))
    filler.unlink()
    _compile(scene, compiler, scene.random.randrange(100))
    _compile(scene, compiler, scene.random.randrange(100, 200))


def _compile(scene: Scene, compiler: Compiler, code: int) -> None:
    try:
        source = f"int main(void) {{ return {code}; }}\n"
        program = compiler.compile({"main.c": source.encode()}, "c")
        if isinstance(program, CompileError):
            scene.tally.note(f"a right program does not compile: {program.reason}")
            return
        result = scene.sandbox.run(Job(program=program, limits=Limits(wall_s=20)))
        right = (result.limit, result.exit_code) == (None, code)
        scene.tally.note(None if right else f"compiled to {code}: exit {result.exit_code}")
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is counted
        scene.tally.note_error(error)


def _stopped(scene: Scene) -> None:
    for process in scene.random.sample(_workers(), k=1):
        scene.done = f"SIGSTOP to {'a keeper' if process in _keepers() else 'PID 1 of a slot'}"
        _signal(process, signal.SIGSTOP)
        if scene.random.random() < 0.5:
            scene.hold(1.0)
            scene.done += ", SIGCONT later"
            _signal(process, signal.SIGCONT)


def _killed(scene: Scene) -> None:
    times = scene.random.choice((1, 1, 2, 4))
    scene.done = f"SIGKILL, {times} times"
    for _ in range(times):
        # Beside a shortage of open files nobody can be looked up: then nobody is killed.
        with contextlib.suppress(OSError):
            _signal(scene.random.choice(_workers() or [0]), signal.SIGKILL)
        scene.hold(0.1)


def _cgroup(scene: Scene) -> None:
    """A new worker's group is taken away before it can be entered; old workers are killed."""
    over = threading.Event()
    before = set(own_groups())
    places = [item.parent for item in hierarchies()]
    taken: list[Path] = []

    def take_away() -> None:
        while not over.is_set():
            for place in places:
                for folder in place.glob(f"solver-{os.getpid()}-*"):
                    if folder not in before:
                        with contextlib.suppress(OSError):
                            folder.rmdir()
                            taken.append(folder)

    thief = threading.Thread(target=take_away)
    thief.start()
    try:
        for process in scene.random.sample(_slots(), k=scene.random.randrange(1, 3)):
            _signal(process, signal.SIGKILL)
        scene.hold()
    finally:
        over.set()
        thief.join()
    scene.done = f"{len(taken)} groups of new workers taken away"


def _close(scene: Scene) -> None:
    threads = [threading.Thread(target=scene.sandbox.close)]
    if scene.random.random() < 0.3:
        threads.append(threading.Thread(target=scene.sandbox.close))
    scene.done = f"close() from {len(threads)} other thread(s)"
    scene.closed = True
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _several(scene: Scene) -> None:
    """Two at once: a worker is hurt while something is short, or while the sandbox closes."""
    shortage = scene.random.choice((_descriptors, _memory, _close))
    inner = Scene(scene.sandbox, Random(scene.random.random()), scene.tally)
    thread = threading.Thread(target=_killed, args=(inner,))
    thread.start()
    scene.hold(0.05)
    shortage(scene)
    thread.join()
    scene.done += f", {inner.done}"


def _keepers() -> list[int]:
    return children(os.getpid())


def _slots() -> list[int]:
    """PID 1 of each slot."""
    found = [slot for keeper in _keepers() for slot in children(keeper)]
    return found or _keepers()


def _workers() -> list[int]:
    return [*_keepers(), *_slots()]


def _signal(pid: int, number: int) -> None:
    if pid > 0:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def _needs_pids() -> str | None:
    return None if _pids_parent() else "no pids control group may be made here"


def _needs_root() -> str | None:
    return None if os.geteuid() == 0 else "mounting a small disk needs root"


def _needs_groups() -> str | None:
    return None if hierarchies() else "no control group may be made here"


def _pids_parent() -> Path | None:
    for item in hierarchies():
        if "pids" in item.controllers and item.version == 1:
            return item.parent
    return None


@contextlib.contextmanager
def _in_a_pids_group() -> Iterator[None]:
    """Makes this process a member of a group of its own, so that its workers' groups lie below."""
    parent = _pids_parent()
    assert parent is not None
    group = parent / f"solver-faults-{os.getpid()}"
    group.mkdir()
    (group / "cgroup.procs").write_text("0")
    hierarchies.cache_clear()
    try:
        yield
    finally:
        (parent / "cgroup.procs").write_text("0")
        hierarchies.cache_clear()
        _remove(group)


@contextlib.contextmanager
def _on_a_small_disk() -> Iterator[None]:
    with small_disk(_SPARE_BYTES) as folder:
        os.environ["SOLVER_FAULTS_DISK"] = str(folder)
        yield


@contextlib.contextmanager
def small_disk(size_bytes: int) -> Iterator[Path]:
    """A tmpfs of that size, in a mount namespace of this process and those that it starts.

    Raises:
        OSError: It cannot be mounted; root can.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    folder = tempfile.mkdtemp(prefix="solver-faults-")
    size = f"size={size_bytes}".encode()
    if (
        libc.unshare(_CLONE_NEWNS)
        or libc.mount(b"none", b"/", None, _MS_PRIVATE, None)
        or libc.mount(b"solver", folder.encode(), b"tmpfs", 0, size)
    ):
        error = ctypes.get_errno()
        Path(folder).rmdir()
        raise OSError(error, os.strerror(error))
    try:
        yield Path(folder)
    finally:
        libc.umount2(folder.encode(), 2)
        shutil.rmtree(folder, ignore_errors=True)


def _remove(group: Path) -> None:
    for _ in range(200):
        try:
            group.rmdir()
            return
        except OSError as error:
            if error.errno != errno.EBUSY:
                raise
            time.sleep(0.01)


FAULTS: Mapping[str, Fault] = {
    "descriptors": Fault(says="no descriptor is left", bring=_descriptors),
    "memory": Fault(says="no memory file may grow", bring=_memory),
    "processes": Fault(
        says="no process can be started",
        bring=_processes,
        prepare=_in_a_pids_group,
        lacks=_needs_pids,
    ),
    "disk": Fault(
        says="the compile cache's disk is full",
        bring=_disk,
        prepare=_on_a_small_disk,
        lacks=_needs_root,
    ),
    "stopped": Fault(says="a worker is stopped", bring=_stopped, wall_s=2.5),
    "killed": Fault(says="workers are killed", bring=_killed),
    "cgroup": Fault(says="a control group refuses", bring=_cgroup, lacks=_needs_groups),
    "close": Fault(says="another thread closes the sandbox", bring=_close),
    "several": Fault(says="two of these at once", bring=_several),
}
"""All faults by name."""
