"""Jobs in lots, the lots on their way: order, and how far ahead."""

import threading

from sandbox import Executable, Job, Limits
from sandbox.backend import JoinedResult
from sandbox.data import Blob
from sandbox.remote.batches import BatchSandbox
from sandbox.remote.coding import Batch
from sandbox.result import ExitStatus, RunResult


def job(number: int) -> Job:
    program = Executable(language="c", argv=("/bin/true",), files={})
    return Job(program=program, limits=Limits(), args=(str(number),))


def answer(one: Job) -> RunResult:
    return RunResult(
        status=ExitStatus.EXITED,
        exit_code=0,
        signal=None,
        limit=None,
        cpu_s=0.05,
        wall_s=0.05,
        memory_bytes=0,
        memory_source="rusage",
        stdout=Blob.of_bytes(one.args[0].encode()),
        stderr=b"",
        kept={},
    )


class Held(BatchSandbox):
    """The first lot ends once so many others have ended, or when it has no more patience."""

    slots = 2

    def __init__(self, others: int, patience_s: float) -> None:
        self.others = threading.Semaphore(0)
        self.begun = self.going = self.most_going = 0
        self.came = False
        self._others, self._patience_s = others, patience_s
        self._lock = threading.Lock()
        super().__init__(64, "held")

    def _run(self, batch: Batch) -> JoinedResult:
        with self._lock:
            self.begun += 1
            self.going += 1
            self.most_going = max(self.most_going, self.going)
        if batch.jobs[0].args == ("0",):
            waits = (self.others.acquire(timeout=self._patience_s) for _ in range(self._others))
            self.came = all(waits)
        else:
            self.others.release()
        with self._lock:
            self.going -= 1
        return JoinedResult(results=tuple(map(answer, batch.jobs)), first_to_end=0)


def test_a_slow_lot_keeps_one_slot_and_not_the_others() -> None:
    with Held(others=10, patience_s=20) as box:
        said = [result.stdout.read() for result in box.run_many(map(job, range(200)))]
    assert box.came
    assert said == [str(number).encode() for number in range(200)]
    assert box.most_going <= 4  # two a slot


def test_what_is_done_ahead_is_bounded() -> None:
    """The results of what comes after a slow lot are held until it ends."""
    with Held(others=1000, patience_s=0.5) as box:
        results = box.run_many(map(job, range(4000)))
        next(results)
        assert not box.came
        assert box.begun <= 17
