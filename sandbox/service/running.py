"""The owner's handler of plain runs: a program on many inputs, no answers known."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice

from sandbox.backend import Executable, Job, Sandbox
from sandbox.compiling.compile import CompileError
from sandbox.compiling.trees import ARCHIVE, packed, unpacking
from sandbox.data import Blob
from sandbox.service.programs import CAPACITY, Programs
from sandbox.service.work import Outcome, Refused, RunAnswer, RunWork, TestInput

_LOT_S = 0.25
_MOST_LOT = 256

Emit = Callable[[object], None]


class Running:
    """Serves `RunWork`. Safe to use from threads."""

    def __init__(self, sandbox: Sandbox, programs: Programs) -> None:
        self.runs = 0
        self._sandbox = sandbox
        self._programs = programs
        self._lots: OrderedDict[str, int] = OrderedDict()
        self._lock = threading.Lock()

    def serve(self, work: RunWork, emit: Emit, resume: Callable[[], None]) -> RunAnswer:
        """Builds and runs.

        Raises:
            Parked: Another thread builds the program; `resume` is called.
            Refusal: It names a program that is not here.
            SandboxError: The sandbox failed, or the work cannot be run.
        """
        if isinstance(work.program, str):
            digest, built, spent_s = work.program, self._programs.named(work.program), 0.0
        else:
            digest = work.program.digest
            built, spent_s = self._programs.build(work.program, resume)
        made = built.made
        if isinstance(made, CompileError):
            refused = Refused(reason=made.reason, messages=made.messages, limit=made.limit)
            return RunAnswer(program=digest, refused=refused, outcomes=(), compile_s=spent_s)
        outcomes: list[Outcome] = []
        for outcome in self._outcomes(made, work, digest):
            self.runs += 1
            outcomes.append(outcome)
            if work.streamed:
                emit(outcome)
            if work.stop_early and outcome.exit_code != 0:
                break
        return RunAnswer(program=digest, refused=None, outcomes=tuple(outcomes), compile_s=spent_s)

    def _outcomes(self, program: Executable, work: RunWork, digest: str) -> Iterator[Outcome]:
        jobs = (_job(program, test, work) for test in work.tests)
        if len(work.tests) == 1:
            yield Outcome.of(self._sandbox.run(next(jobs)), work.shown_bytes)
            return
        lot = self._first_lot(digest)
        while batch := list(islice(jobs, lot)):
            begun_s = time.monotonic()
            results = self._sandbox.run_many(batch)
            try:
                for result in results:
                    yield Outcome.of(result, work.shown_bytes)
            finally:
                results.close()  # type: ignore[attr-defined]  # what waits is taken back
            lot = self._next_lot(digest, lot, time.monotonic() - begun_s)

    def _first_lot(self, digest: str) -> int:
        with self._lock:
            return self._lots.get(digest, 4 * self._sandbox.slots)

    def _next_lot(self, digest: str, lot: int, took_s: float) -> int:
        """Runs that wait in the sandbox hold up those of other clients: no more than a moment's."""
        least = 2 * self._sandbox.slots
        lot = min(_MOST_LOT, 2 * lot) if took_s < _LOT_S else max(least, lot // 2)
        with self._lock:
            self._lots[digest] = lot
            self._lots.move_to_end(digest)
            while len(self._lots) > CAPACITY:
                self._lots.popitem(last=False)
        return lot


def _job(program: Executable, test: TestInput, work: RunWork) -> Job:
    if not work.tree:
        return Job(
            program=program,
            limits=work.limits,
            stdin=test.stdin,
            args=test.args,
            files=test.files,
            keep=work.keep,
        )
    files = {name: blob.read() for name, blob in program.files.items() if name != ARCHIVE}
    inner = packed({**files, **test.files})
    argv = program.argv if ARCHIVE in program.files else unpacking(program.argv)
    return Job(
        program=replace(program, argv=argv, files={ARCHIVE: Blob.of_bytes(inner)}),
        limits=work.limits,
        stdin=test.stdin,
        args=test.args,
        keep=work.keep,
    )
