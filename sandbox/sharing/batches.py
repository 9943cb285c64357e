"""Many runs of one Python program in one process of the sandbox.

A validator looks at an input for a millisecond, and starting Python for it costs thirty. So runs of
one program that differ in arguments and standard input alone share an interpreter (`each.py`, which
runs inside the box). What such a process did not answer (it ran into a limit, or the program broke
it) is run alone, as other jobs are: so no program gets another answer than by itself.
"""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from sandbox.backend import Executable, Job, Sandbox
from sandbox.data import Blob
from sandbox.limits import Limits
from sandbox.result import ExitStatus, RunResult

_DRIVER = "solver_each.py"
_NO_CODE = 256
"""In an answer of the driver: the run did not leave by itself."""
_LEAST = 3
"""Fewer runs are not worth a batch."""
_MOST_BYTES = 4 << 20
"""Inputs of one batch together; a larger input is run alone."""
_MOST_RUNS = 32
_A_RUN_S = 0.5
"""CPU seconds that each run more adds to the limit of a batch, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """How one run ended.

    Attributes:
        exit_code: None where it did not leave by itself, inside all limits.
        stdout: What it printed; empty where nobody wants it, and where it did not leave.
    """

    exit_code: int | None
    stdout: bytes

    @property
    def ok(self) -> bool:
        """It left by itself, with exit code 0, inside all limits."""
        return self.exit_code == 0


def run_sharing(
    sandbox: Sandbox, jobs: Sequence[Job], *, printed: bool, warm: Sequence[str] = ()
) -> list[Ran]:
    """What each job comes to, in their order.

    Args:
        printed: Their standard output is wanted, not only how they end.
        warm: Modules that every run imports anyway, and that importing alone changes nothing by:
            they are imported once a process.

    Raises:
        SandboxError: The sandbox failed, not a program.
    """
    ended: dict[int, Ran] = {}
    batches = _batches(jobs)
    # Made as they are run: all inputs at once may be more than memory holds.
    asked = (_batch(jobs, batch, warm, printed=printed) for batch in batches)
    for batch, result in zip(batches, sandbox.run_many(asked) if batches else (), strict=True):
        ended |= zip(batch, _answers(result.stdout.read()), strict=False)
    rest = [n for n in range(len(jobs)) if n not in ended]
    results = sandbox.run_many(jobs[n] for n in rest)
    for n, result in zip(rest, results, strict=True):
        ended[n] = _alone(result, printed=printed)
    return [ended[n] for n in range(len(jobs))]


def _alone(result: RunResult, *, printed: bool) -> Ran:
    left = result.status is ExitStatus.EXITED
    return Ran(
        exit_code=result.exit_code if left else None,
        stdout=result.stdout.read() if left and printed else b"",
    )


def _entry(program: Executable) -> str | None:
    """The script of a Python program that starts as one script at the top of its folder."""
    if program.language != "python3" or len(program.argv) != 2 or "/" in program.argv[1]:
        return None  # Python looks for modules beside the script: the driver lies at the top
    return program.argv[1] if program.argv[1] in program.files else None


def _batches(jobs: Sequence[Job]) -> list[list[int]]:
    """Numbers of jobs that share a program and limits, in groups that are worth it."""
    alike: dict[tuple[str, Limits], list[int]] = defaultdict(list)
    for n, job in enumerate(jobs):
        plain = not (job.files or job.keep or job.folders)
        if plain and _entry(job.program) is not None and _size(job) <= _MOST_BYTES:
            alike[job.program.digest, job.limits].append(n)
    batches: list[list[int]] = []
    for numbers in alike.values():
        batch: list[int] = []
        held = 0
        for n in numbers:
            if batch and (held + _size(jobs[n]) > _MOST_BYTES or len(batch) == _MOST_RUNS):
                batches.append(batch)
                batch, held = [], 0
            batch.append(n)
            held += _size(jobs[n])
        batches.append(batch)
    return [batch for batch in batches if len(batch) >= _LEAST]


def _size(job: Job) -> int:
    return job.stdin.size_bytes if isinstance(job.stdin, Blob) else len(job.stdin)


@cache
def _driver() -> Blob:
    return Blob.of_bytes(Path(__file__).with_name("each.py").read_bytes())


def _batch(jobs: Sequence[Job], batch: Sequence[int], warm: Sequence[str], *, printed: bool) -> Job:
    first = jobs[batch[0]]
    program, limits = first.program, first.limits
    shared = replace(
        program,
        argv=(program.argv[0], _DRIVER, program.argv[1], *warm),
        files={**program.files, _DRIVER: _driver()},
    )
    asked: list[bytes] = []
    for n in batch:
        stdin = jobs[n].stdin
        content = stdin.read() if isinstance(stdin, Blob) else stdin
        request: dict[str, Any] = {
            "args": jobs[n].args,
            "bytes": len(content),
            "cpu_s": limits.cpu_s,
            "keep_bytes": limits.output_bytes if printed else 0,
        }
        asked += [json.dumps(request).encode() + b"\n", content]
    return Job(
        program=shared,
        limits=replace(
            limits.with_cpu(limits.cpu_s + _A_RUN_S * len(batch)),
            processes=limits.processes + 1,
        ),
        stdin=Blob.of_bytes(b"".join(asked)),
    )


def _answers(told: bytes) -> list[Ran]:
    """The answers of a batch, as far as they came whole."""
    ended: list[Ran] = []
    while True:
        head, found, told = told.partition(b"\n")
        words = head.split(b" ")
        if not found or len(words) != 2 or not all(word.isdigit() for word in words):
            return ended
        size = int(words[1])
        if len(told) < size:
            return ended
        code = int(words[0])
        ended.append(Ran(exit_code=code if code < _NO_CODE else None, stdout=told[:size]))
        told = told[size:]
