"""Backend `bubblewrap`: one bwrap process a run. Slow, simple, and asked for by name only.

Covered: own pid, net, ipc, uts, mount, cgroup and user namespaces, a read-only system, all
capabilities dropped, CPU, wall, memory (of one process), output and open-file limits.
What a run waits for a processor does not count against its wall limit, as far as it is seen.
Not covered: no cgroup (memory is each process's own, peak is that of the largest), no system-call
filter, and the work folder is a folder of the host, capped file by file and checked at the end.
Waiting is read from /proc every 10 ms: what a process waits in its last moments is missed, and
threads that wait for one another stretch the wall limit, up to the hard stop.
"""

import fcntl
import os
import resource
import select
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path

from sandbox.backend import Job, JoinedResult, Link
from sandbox.backends.bubblewrap_command import limit_arguments, root_arguments, user
from sandbox.data import Blob, as_blob
from sandbox.engine.alone import Solitude
from sandbox.engine.jobs import check_job, check_links
from sandbox.engine.sandbox import ClosedAtExit
from sandbox.errors import BackendUnavailable, WorkerDied
from sandbox.host.rootfs import ENVIRONMENT, WORK_FOLDER, Bind
from sandbox.limits import LimitKind
from sandbox.process_state import Waits, peak_bytes, tree_of, waits_ns
from sandbox.result import ExitStatus, RunResult

STDERR_BYTES = 64 * 1024
_SIGNAL_BASE = 128
_HIGH_FD = 100
_PIPE_MODE = 0o666
_LOOK_MS = 10
_OURS = 1
"""Levels of the process tree that are ours: bwrap, and the shell that is PID 1 inside."""


class BubblewrapSandbox(ClosedAtExit):
    """Runs each job in a bubblewrap of its own; `slots` of them at once."""

    name = "bubblewrap"

    def __init__(self, *, slots: int | None = None, binds: tuple[Bind, ...] = ()) -> None:
        """Checks that bubblewrap works here.

        Raises:
            BackendUnavailable: bwrap or prlimit is missing, or may not make namespaces.
        """
        for program, package in (("bwrap", "bubblewrap"), ("prlimit", "util-linux")):
            if shutil.which(program) is None:
                raise BackendUnavailable(f"{program} is not installed", f"apt install {package}")
        self.slots = slots or len(os.sched_getaffinity(0))
        self._root = tempfile.TemporaryDirectory(prefix="solver-bwrap-")
        Path(self._root.name).chmod(0o711)
        self._prefix = root_arguments(binds)
        self._solitude = Solitude()
        self._threads = ThreadPoolExecutor(self.slots, thread_name_prefix="bwrap")
        trial = subprocess.run(
            [*self._prefix, "--dir", WORK_FOLDER, "--", "/bin/true"],
            capture_output=True,
            check=False,
            user=user(),
            group=user(),
            extra_groups=None if user() is None else [],
        )
        if trial.returncode != 0:
            self.close()
            raise BackendUnavailable(
                f"bwrap does not run here ({trial.stderr.decode(errors='replace').strip()})",
                "allow user namespaces: sysctl user.max_user_namespaces=15000",
            )

    def run(self, job: Job) -> RunResult:
        """Runs one job; see `Sandbox.run`."""
        check_job(job)
        with self._solitude.beside():
            return self._start(job, {}).wait()

    def run_many(self, jobs: Iterable[Job]) -> Iterator[RunResult]:
        """Runs jobs on all slots; see `Sandbox.run_many`."""
        waiting: deque[Future[RunResult]] = deque()
        for job in jobs:
            waiting.append(self._threads.submit(self.run, job))
            if len(waiting) > 2 * self.slots:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    def run_joined(self, jobs: Sequence[Job], links: Sequence[Link]) -> JoinedResult:
        """Runs jobs joined by pipes; see `Sandbox.run_joined`."""
        for job in jobs:
            check_job(job)
        check_links(jobs, links)
        with self._solitude.beside():
            return self._run_joined(jobs, links)

    def alone(self) -> AbstractContextManager[None]:
        """Has the sandbox to itself; see `Sandbox.alone`."""
        return self._solitude.hold()

    def _run_joined(self, jobs: Sequence[Job], links: Sequence[Link]) -> JoinedResult:
        pipes: list[int] = []
        ends: list[dict[int, int]] = [{} for _ in jobs]
        try:
            for link in links:
                reader, writer = os.pipe()
                os.fchmod(reader, _PIPE_MODE)  # so that /dev/fd/N can be opened by a program's uid
                pipes += [reader, writer]
                ends[link.reader[0]][link.reader[1]] = reader
                ends[link.writer[0]][link.writer[1]] = writer
            runs = [self._start(job, own) for job, own in zip(jobs, ends, strict=True)]
        finally:
            for fd in pipes:
                os.close(fd)
        with ThreadPoolExecutor(len(jobs)) as threads:
            results = tuple(threads.map(_Run.wait, runs))
        first = min(range(len(runs)), key=lambda index: runs[index].end_s)
        return JoinedResult(results=results, first_to_end=first)

    def close(self) -> None:
        """Removes the working folders."""
        self._threads.shutdown()
        self._root.cleanup()

    def _start(self, job: Job, pipes: dict[int, int]) -> "_Run":
        return _Run(job, self._prefix, Path(tempfile.mkdtemp(dir=self._root.name)), pipes)


class _Run:
    """One started bwrap and everything that belongs to it."""

    def __init__(
        self, job: Job, prefix: Sequence[str], folder: Path, pipes: dict[int, int]
    ) -> None:
        self._job = job
        self._folder = folder
        self.end_s = 0.0
        self._peak_bytes = 0
        self._waits = Waits()
        for name in job.folders:
            (folder / name).mkdir()
        for name, content in {**job.program.files, **job.files}.items():
            (folder / name).write_bytes(as_blob(content).read())
            (folder / name).chmod(0o555)
        owner = user()
        if owner is not None:
            for path in (folder, *(folder / name for name in job.folders)):
                os.chown(path, owner, owner)
        self._stdout = os.memfd_create("stdout", os.MFD_CLOEXEC)
        self._stderr = os.memfd_create("stderr", os.MFD_CLOEXEC)
        stdin = pipes.get(0, -1) if 0 in pipes else _reopened(as_blob(job.stdin).seal())
        # bwrap has descriptors of its own; the pipes get their numbers in the shell below.
        extra = {
            number: fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, _HIGH_FD)
            for number, fd in pipes.items()
            if number > 2
        }
        moves = " ".join(f"{number}<&{fd}" for number, fd in extra.items())
        # The shell is PID 1, so that bwrap waits for it and the CPU time of all adds up.
        shell = "/bin/bash" if any(number > 9 for number in pipes) else "/bin/sh"  # sh: one digit
        command = [shell, "-c", f'"$@" {moves}; exit $?', "sh"]
        command += [*limit_arguments(job), *job.argv]
        environment = {**ENVIRONMENT, **job.program.env}
        settings = [word for pair in environment.items() for word in ("--setenv", *pair)]
        try:
            self._process = subprocess.Popen(
                (*prefix, *settings, "--bind", str(folder), WORK_FOLDER, "--", *command),
                stdin=stdin,
                stdout=pipes.get(1, self._stdout),
                stderr=self._stderr,
                pass_fds=tuple(extra.values()),
                env={},
                user=user(),
                group=user(),
                extra_groups=None if user() is None else [],
            )
        except OSError as error:
            raise WorkerDied(f"bwrap could not be started: {error}") from error
        finally:
            for fd in (*extra.values(), *(() if 0 in pipes else (stdin,))):
                os.close(fd)
        self._start_s = time.monotonic()

    def wait(self) -> RunResult:
        """Waits for the end, by itself or at the wall limit, and collects the result."""
        limits = self._job.limits
        pid = self._process.pid
        watch = os.pidfd_open(pid)
        over_wall = False
        try:
            poller = select.poll()
            poller.register(watch, select.POLLIN)
            while not poller.poll(_LOOK_MS):
                self._look_at_all()
                clock_s = time.monotonic() - self._start_s
                could_run_s = clock_s - self._waits.total_s
                if could_run_s >= limits.wall_limit_s or clock_s >= limits.clock_limit_s:
                    over_wall = True
                    os.kill(pid, signal.SIGKILL)
                    break
        finally:
            os.close(watch)
        _, status, usage = os.wait4(pid, 0)
        self.end_s = time.monotonic()
        code = os.waitstatus_to_exitcode(status)
        self._process.returncode = code
        memory_bytes = usage.ru_maxrss * 1024
        # What a process used before it became bwrap counts as well: that was us. Below our own
        # peak only what was seen while it ran says something.
        if memory_bytes <= 1.05 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024:
            memory_bytes = self._peak_bytes
        return self._result(code, usage.ru_utime + usage.ru_stime, memory_bytes, over_wall)

    def _result(self, code: int, cpu_s: float, memory_bytes: int, over_wall: bool) -> RunResult:
        limits = self._job.limits
        wall_s = self.end_s - self._start_s
        # bwrap reports a signal of its child as 128 + number.
        number: int | None = -code if code < 0 else code - _SIGNAL_BASE
        if number is not None and not 0 < number <= signal.NSIG:
            number = None
        output_bytes = os.fstat(self._stdout).st_size
        used_bytes, used_files = _use_of(self._folder)
        limit: LimitKind | None = None
        if cpu_s > limits.cpu_s or number == signal.SIGXCPU:
            limit = LimitKind.CPU
        elif over_wall:
            limit = LimitKind.WALL
        elif output_bytes > limits.output_bytes:
            limit = LimitKind.OUTPUT
        elif memory_bytes > limits.memory_bytes + self._job.program.extra_memory_bytes:
            limit = LimitKind.MEMORY
        elif used_bytes > limits.disk_bytes + _given_bytes(self._job) or used_files > limits.files:
            limit = LimitKind.DISK
        kept = {name: blob for name in self._job.keep if (blob := self._keep(name)) is not None}
        stderr = os.pread(self._stderr, min(STDERR_BYTES, limits.output_bytes), 0)
        os.close(self._stderr)
        os.ftruncate(self._stdout, min(output_bytes, limits.output_bytes))
        shutil.rmtree(self._folder, ignore_errors=True)
        status = ExitStatus.SIGNALED if number is not None else ExitStatus.EXITED
        if limit is not None:
            status = ExitStatus.LIMIT
        return RunResult(
            status=status,
            exit_code=code if status is ExitStatus.EXITED else None,
            signal=number,
            limit=limit,
            cpu_s=cpu_s,
            wall_s=wall_s,
            memory_bytes=memory_bytes,
            memory_source="rusage",
            stdout=Blob.of_fd(self._stdout),
            stderr=stderr,
            kept=kept,
            waited_s=min(self._waits.total_s, wall_s),
        )

    def _look_at_all(self) -> None:
        """Notes the largest peak among the programs below bwrap (not itself, nor its shell), and
        what all threads have waited for a processor since the last look."""
        waited_ns: dict[int, int] = {}
        for pid, depth in tree_of(self._process.pid):
            if depth > _OURS:
                self._peak_bytes = max(self._peak_bytes, peak_bytes(pid))
            waited_ns |= waits_ns(pid)
        self._waits.look(waited_ns)

    def _keep(self, name: str) -> Blob | None:
        """The regular file of that name; links and everything else count as absent."""
        folder = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        opened = [folder]
        try:
            flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
            *above, last = name.split("/")
            for part in above:
                opened.append(os.open(part, flags | os.O_DIRECTORY, dir_fd=opened[-1]))
            fd = os.open(last, flags, dir_fd=opened[-1])
        except OSError:
            return None
        finally:
            for item in opened:
                os.close(item)
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            os.close(fd)
            return None
        return Blob.of_fd(fd)


def _reopened(fd: int) -> int:
    """A read-only descriptor of the same content with an offset of its own; `fd` is closed."""
    try:
        return os.open(f"/proc/self/fd/{fd}", os.O_RDONLY | os.O_CLOEXEC)
    finally:
        os.close(fd)


def _given_bytes(job: Job) -> int:
    contents = (*job.program.files.values(), *job.files.values())
    return sum(as_blob(content).size_bytes for content in contents)


def _use_of(folder: Path) -> tuple[int, int]:
    """Bytes and entries below a work folder, links not followed."""
    size_bytes = entries = 0
    for above, folders, files in os.walk(folder):
        entries += len(folders) + len(files)
        for name in files:
            size_bytes += os.lstat(os.path.join(above, name)).st_blocks * 512  # noqa: PTH118
    return size_bytes, entries
