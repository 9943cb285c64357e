"""The load under which faults are brought about: jobs whose answers are known, from four threads.

Every answer is held against what it must be. An error of ours (`SandboxError`) is an honest answer
while something is broken; another result, another exception, or blaming the job, is none.
"""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random

from sandbox.backend import Executable, Job, Link, Sandbox
from sandbox.data import Blob
from sandbox.errors import InvalidJob, SandboxError
from sandbox.limits import MIB, LimitKind, Limits
from sandbox.result import ExitStatus, RunResult

TALK = (Link(writer=(0, 1), reader=(1, 0)), Link(writer=(1, 1), reader=(0, 0)))
_HELD = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A job and how it must end.

    Attributes:
        stdout: Its whole output; None where it is not looked at.
        kept: Bytes of the file that it leaves; None where it leaves none.
    """

    job: Job
    exit_code: int | None = 0
    signal: int | None = None
    limit: LimitKind | None = None
    stdout: bytes | None = b""
    kept: int | None = None

    def fault_of(self, result: RunResult) -> str | None:
        """What is wrong with a result, in words; None if it is the right one."""
        words = " ".join(self.job.args)
        if self.limit is not None:
            right = result.status is ExitStatus.LIMIT and result.limit is self.limit
        else:
            right = (result.limit, result.exit_code) == (None, self.exit_code)
            right = right and (self.signal is None or result.signal == self.signal)
        if not right:
            ended = f"limit {result.limit}, exit {result.exit_code}, signal {result.signal}"
            return f"{words}: {ended}"
        if self.limit is None and self.stdout is not None and result.stdout.read() != self.stdout:
            return f"{words}: other output ({result.stdout.size_bytes} bytes)"
        if self.kept is not None:
            out = result.kept.get("out")
            if out is None or out.read() != b"p" * self.kept:
                return f"{words}: the kept file is {out}"
        return None


@dataclass(slots=True)
class Tally:
    """What came of the runs so far; shared by threads.

    Attributes:
        right: Right results.
        errors: Honest errors, by type.
        wrong: Everything else, in words.
    """

    right: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, fault: str | None) -> None:
        """Counts a result."""
        with self.lock:
            if fault is None:
                self.right += 1
            else:
                self.wrong.append(fault)

    def note_error(self, error: BaseException) -> None:
        """Counts an exception: no job here is at fault, so `InvalidJob` is a lie."""
        with self.lock:
            if isinstance(error, SandboxError) and not isinstance(error, InvalidJob):
                self.errors[type(error).__name__] += 1
            else:
                self.wrong.append(f"{type(error).__name__}: {error}")


class Load:
    """Keeps a sandbox busy until it is stopped."""

    def __init__(self, sandbox: Sandbox, program: Executable, seed: str, wall_s: float) -> None:
        """Args:
        wall_s: Wall limit of the runs; none of them needs more than a fraction of it.
        """
        self.tally = Tally()
        self._sandbox = sandbox
        self._program = program
        self._wall_s = wall_s
        self._seed = seed
        self._input = Blob.of_bytes(b"0123456789abcdef" * 8000)
        self._stop = threading.Event()
        loops = (self._many, self._one_by_one, self._pairs, self._holding)
        self._threads = [
            threading.Thread(target=self._guarded, args=(loop,), name=loop.__name__)
            for loop in loops
        ]

    def start(self) -> None:
        """Starts the threads."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Waits until every thread has had its last answer; the round's watchdog waits as well."""
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def serve_once_more(self) -> None:
        """With the fault gone every kind of run must come to its right end, without an error."""
        for task in self._tasks(Random(self._seed)):
            self.tally.note(task.fault_of(self._sandbox.run(task.job)))
        self._pair(7, 8)

    def _guarded(self, loop: Callable[[Random], None]) -> None:
        random = Random(f"{self._seed} {loop.__name__}")
        while not self._stop.is_set():
            try:
                loop(random)
            except BaseException as error:  # noqa: BLE001 - whatever it is, it is counted
                self.tally.note_error(error)
                # A closed sandbox answers at once: look at the fault, not at that.
                self._stop.wait(0.02)

    def _many(self, random: Random) -> None:
        tasks = [random.choice(self._tasks(random)) for _ in range(8)]
        tasks += [self._echo(random) for _ in range(12)]
        random.shuffle(tasks)
        results = self._sandbox.run_many(task.job for task in tasks)
        for task, result in zip(tasks, results, strict=True):
            self.tally.note(task.fault_of(result))

    def _one_by_one(self, random: Random) -> None:
        task = random.choice((self._echo, self._large, self._kept))(random)
        self.tally.note(task.fault_of(self._sandbox.run(task.job)))

    def _holding(self, random: Random) -> None:
        """Keeps large results, each of which holds a descriptor."""
        tasks = [self._large(random) for _ in range(_HELD)]
        held = list(self._sandbox.run_many(task.job for task in tasks))
        for task, result in zip(tasks, held, strict=True):
            self.tally.note(task.fault_of(result))

    def _pairs(self, random: Random) -> None:
        self._pair(random.randrange(1000), random.randrange(1000))

    def _pair(self, one: int, other: int) -> None:
        jobs = [self._job("talk", number) for number in (one, other)]
        joined = self._sandbox.run_joined(jobs, TALK)
        for job, result, heard in zip(jobs, joined.results, (other, one), strict=True):
            fault = Task(job=job, stdout=None).fault_of(result)
            if fault is None and result.stderr != str(heard).encode():
                fault = f"talk: heard {result.stderr!r}, not {heard}"
            self.tally.note(fault)

    def _tasks(self, random: Random) -> list[Task]:
        return list(self._all_kinds(random))

    def _all_kinds(self, random: Random) -> Iterator[Task]:
        yield self._echo(random)
        yield self._large(random)
        yield self._kept(random)
        yield Task(job=self._job("exit", 3), exit_code=3)
        yield Task(job=self._job("abort"), exit_code=None, signal=6)
        yield Task(job=self._job("sleep", random.randrange(60)), stdout=b"slept")
        yield Task(job=self._job("burn", cpu_s=0.02), limit=LimitKind.CPU)
        yield Task(job=self._job("hog", memory_bytes=24 * MIB), limit=LimitKind.MEMORY)
        yield Task(job=self._job("flood", output_bytes=2 * MIB), limit=LimitKind.OUTPUT)

    def _echo(self, random: Random) -> Task:
        content = random.randbytes(random.choice((3, 3000, 9000, 70_000)))
        if random.random() < 0.3:
            return Task(job=self._job("echo", stdin=self._input), stdout=self._input.read())
        return Task(job=self._job("echo", stdin=content), stdout=content)

    def _large(self, random: Random) -> Task:
        size = random.choice((20_000, 60_000, 66_000, 300_000))
        return Task(job=self._job("print", size), stdout=b"p" * size)

    def _kept(self, random: Random) -> Task:
        size = random.choice((10, 5000, 100_000))
        files = {"given": random.randbytes(random.choice((10, 80_000)))}
        # The larger folder is another worker's: it is started in the middle of the round.
        disk_bytes = (512 if random.random() < 0.1 else 64) * MIB
        job = self._job("keep", size, files=files, keep=("out", "none"), disk_bytes=disk_bytes)
        return Task(job=job, kept=size)

    def _job(self, what: str, number: int = 0, **options: object) -> Job:
        own = {name: options.pop(name) for name in ("stdin", "files", "keep") if name in options}
        values: dict[str, object] = {"cpu_s": 1.0, "wall_s": self._wall_s, **options}
        return Job(
            program=self._program,
            args=(what, str(number)),
            limits=Limits(**values),  # type: ignore[arg-type]
            **own,  # type: ignore[arg-type]
        )
