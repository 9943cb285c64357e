"""One run of a contestant's program on one input, whatever the task type; no answer is needed.

The judge compares what comes out with the hidden answer; the solver's behaviour stage records it.
"""

from dataclasses import dataclass

from problems.jury.check import Check
from problems.verdict import Verdict
from sandbox.data import Blob


@dataclass(frozen=True, slots=True, kw_only=True)
class Execution:
    """What the contestant's side of a test came to.

    Attributes:
        failure: TLE, RE, MLE or OLE where the contestant's program failed; None otherwise.
        output: What it wrote (stdout or the output file); None where it has no output of its own.
        check: What the interactor, manager or multi-pass validator said; None where there is none.
        message: Why there is no output or check.
        cpu_s: CPU time of the contestant's processes together.
        wall_s: Wall time of the longest of them.
        waited_s: The part of it in which it was ready and other work of the machine ran.
        repeats: How often it was run again alone, its CPU time being near the limit.
        memory_bytes: Peak memory of the largest of them.
    """

    failure: Verdict | None
    output: Blob | None
    check: Check | None
    message: str
    cpu_s: float
    wall_s: float
    memory_bytes: int
    waited_s: float = 0.0
    repeats: int = 0
