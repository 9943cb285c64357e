"""Brute forces that a model wrote as such: they hand nothing in, they only vote.

One counts only if it is right on the statement's examples, and it is asked about small inputs only.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sandbox.backend import Executable
from sandbox.compiling.compile import CompileError
from sandbox.data import Blob
from solver.breaking.runs import Runs, same_answer
from solver.observing.bench import Bench
from solver.submissions import as_submission
from solver.types import Candidate, HelperKind, HelperProgram


@dataclass(frozen=True, slots=True, kw_only=True)
class Brutes:
    """Those that know the examples.

    Attributes:
        programs: Number, below zero, to program: candidates are numbered from 0.
        names: Number to the helper's id.
        sources: Number to the text, for its family.
    """

    programs: dict[int, Executable] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    sources: dict[int, str] = field(default_factory=dict)


def brutes_of(helpers: Sequence[HelperProgram], bench: Bench, runs: Runs) -> Brutes:
    """The brute forces among a task's helpers that compile and are right on all examples.

    Raises:
        SandboxError: The sandbox failed.
    """
    found = Brutes()
    for helper in helpers:
        if helper.kind is not HelperKind.BRUTE:
            continue
        candidate = Candidate(
            id=helper.id,
            task=bench.task.name,
            subtask=None,
            language=helper.language,
            source=helper.source,
        )
        made = bench.runner.build(as_submission(bench.task, candidate))
        number = -1 - len(found.programs)
        if isinstance(made, CompileError) or not _knows_examples(number, made, bench, runs):
            continue
        found.programs[number] = made
        found.names[number] = helper.id
        found.sources[number] = helper.source
    return found


def _knows_examples(number: int, program: Executable, bench: Bench, runs: Runs) -> bool:
    known = [one for one in bench.task.examples if one.output is not None]
    for example in known:
        told = runs.run({number: program}, Blob.of_bytes(example.input))[number]
        if told.output is None or not same_answer(told.output, example.output or b""):
            return False
    return bool(known)
