"""Attacked programs on inputs: run once, kept in the run folder, CPU time counted."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from problems.tasktypes.execution import Execution
from problems.tasktypes.runner import Runner
from sandbox.backend import Executable
from sandbox.data import Blob
from solver.breaking.types import PRINTED_BYTES
from solver.kept.answers import KeptAnswers, question_of
from solver.observing.behaviour import outcome_of
from solver.types import RunStatus

Accepts = Callable[[bytes, bytes], bool]
"""(output, answer): whether a checker takes the output beside that answer."""

_KEPT_BYTES = 64 * 1024
"""Longer outputs are known by their digest alone: no tolerance, no checker."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One run.

    Attributes:
        digest: Of the output, 0 where there is none.
        output: None where there is none, or it is too long to keep.
    """

    status: RunStatus
    digest: int
    cpu_s: float
    output: bytes | None

    @property
    def printed(self) -> bytes | None:
        """The head of the output, as a break holds it."""
        return None if self.output is None else self.output[:PRINTED_BYTES]


class Runs:
    """Runs programs on inputs; asked again, it answers from the run folder.

    Attributes:
        cpu_s: CPU time of all runs asked for, whenever they were made: a resumed attack has the
            same budget and so makes the same choices.
        count: How many they were.
    """

    def __init__(self, runner: Runner, answers: KeptAnswers) -> None:
        self._runner = runner
        self._answers = answers
        self._about = f"breaking {runner.side.time_s} {runner.task.limits.memory_bytes}"
        self.cpu_s = 0.0
        self.count = 0

    def run(
        self, programs: Mapping[int, Executable], blob: Blob, *, alone: bool = False
    ) -> dict[int, Outcome]:
        """What each program does on an input.

        Args:
            programs: Number to program.
            alone: With no other run of the sandbox beside it.

        Raises:
            SandboxError: The sandbox failed, not a program.
        """
        return self.run_on(programs, [blob], alone=alone)[0]

    def run_on(
        self, programs: Mapping[int, Executable], blobs: Sequence[Blob], *, alone: bool = False
    ) -> list[dict[int, Outcome]]:
        """What each program does on each input; kept together, at the end."""
        about = self._about + (" alone" if alone else "")
        cells = [(k, number) for k in range(len(blobs)) for number in programs]
        questions = {
            (k, number): question_of(about, programs[number].digest, blobs[k].digest)
            for k, number in cells
        }
        known = self._answers.load(list(set(questions.values())))
        missing = [cell for cell in cells if questions[cell] not in known]
        pairs = [(programs[number], blobs[k]) for k, number in missing]
        if alone:
            results = [self._runner.run(*pair, alone=True) for pair in pairs]
        else:
            results = list(self._runner.run_many(pairs)) if pairs else []
        fresh = {
            questions[cell]: _packed(execution)
            for cell, execution in zip(missing, results, strict=True)
        }
        self._answers.save(fresh)
        known |= fresh
        told: list[dict[int, Outcome]] = [{} for _ in blobs]
        for (k, number), question in questions.items():
            told[k][number] = _unpacked(known[question])
        self.cpu_s += sum(one.cpu_s for row in told for one in row.values())
        self.count += len(cells)
        return told


def _packed(execution: Execution) -> bytes:
    status, digest = outcome_of(execution)
    output = execution.output
    kept = output.read() if output is not None and output.size_bytes <= _KEPT_BYTES else None
    head = json.dumps([int(status), digest, execution.cpu_s, kept is not None]).encode()
    return head + b"\n" + (kept or b"")


def _unpacked(packed: bytes) -> Outcome:
    head, _, output = packed.partition(b"\n")
    status, digest, cpu_s, kept = json.loads(head)
    return Outcome(
        status=RunStatus(status), digest=digest, cpu_s=cpu_s, output=output if kept else None
    )


def same_answer(first: bytes, second: bytes) -> bool:
    """Whether two outputs are the same but for case, spacing and the last digits of real numbers.

    Coarser than the digest of the behaviour matrix: two right programs may differ in the seventh
    digit, or print 1 and 1.0, and that must accuse neither.
    """
    one, other = first.lower().split(), second.lower().split()
    if len(one) != len(other):
        return False
    real = b"." in first or b"." in second
    return all(a == b or (real and _near(a, b)) for a, b in zip(one, other, strict=True))


def _near(first: bytes, second: bytes) -> bool:
    try:
        a, b = float(first), float(second)
    except ValueError:
        return False
    return abs(a - b) <= 1e-4 * max(1.0, abs(a), abs(b))


def classes_of(outcomes: Mapping[int, Outcome], accepts: Accepts | None = None) -> dict[int, int]:
    """Programs that ran to their end to the number of their answer, 0 for the commonest.

    Args:
        accepts: The checker's word where many answers are right (output, answer): one class where
            it takes both for each other's.
    """
    digests: dict[int, list[int]] = {}
    for number, one in outcomes.items():
        if one.status is RunStatus.OK:
            digests.setdefault(one.digest, []).append(number)
    groups: list[tuple[bytes | None, list[int]]] = []
    for members in sorted(digests.values(), key=lambda group: (-len(group), group[0])):
        output = outcomes[members[0]].output
        for known, group in groups:
            if output is None or known is None:
                continue
            if same_answer(output, known) or (
                accepts is not None and accepts(output, known) and accepts(known, output)
            ):
                group += members
                break
        else:
            groups.append((output, list(members)))
    groups.sort(key=lambda group: -len(group[1]))
    return {number: k for k, (_, members) in enumerate(groups) for number in members}
