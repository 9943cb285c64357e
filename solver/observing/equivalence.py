"""Stage 5, tasks with many right answers: outputs that the checker holds for equally good.

By bytes, right programs of such a task land in different clusters. Here the task's public checker
is asked, with one program's output standing in for the jury's answer: what it accepts in both
directions is one class. On an example the jury's own answer is the first representative.

Where the contest shows no checker and the statement says that any of several answers will do, the
model's own checkers vote. One votes only if it knows the examples' answers for good and tells
broken ones from them.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from problems.errors import JudgeError
from problems.jury.checkers import Checker
from problems.jury.comparison import merges
from problems.jury.programs import JuryPrograms
from problems.statement.answers import many_answers
from problems.task import Task
from problems.verdict import Verdict
from sandbox.compiling.compile import Compiler
from sandbox.data import Blob
from solver.observing.helpers import Helper, HelperBench
from solver.types import Behaviour, GeneratedInput, HelperKind, HelperProgram, RunStatus

_VOTES = 0.75
"""Share of the live checkers that must hold two outputs for equally good."""

REPRESENTATIVES = 5
"""Classes an output is compared with on one input, the commonest first."""

Accepts = Callable[[int, bytes, bytes], bool]
"""(input's column, output, answer): whether the checker accepts the output beside that answer."""


def is_merged(task: Task) -> bool:
    """Whether outputs that differ in their tokens may be equally good, and something knows it."""
    if task.interactor is not None:
        return False
    return task.checker is not None or merges(task.comparison)


def checker_of(
    task: Task, programs: JuryPrograms, inputs: Sequence[GeneratedInput]
) -> Accepts | None:
    """Asks the task's public checker, or the built-in comparison where that has a tolerance.

    None where equal tokens are all that is equally good.
    """
    if not is_merged(task):
        return None
    checker = Checker(programs, program=task.checker, comparison=task.comparison)
    blobs = [Blob.of_bytes(one.content) for one in inputs]

    def accepts(column: int, output: bytes, answer: bytes) -> bool:
        try:
            found = checker.check(blobs[column], Blob.of_bytes(output), Blob.of_bytes(answer))
        except JudgeError:
            # A checker may well choke on an answer that no jury wrote.
            return False
        return found.verdict is Verdict.AC

    return accepts


def written_checkers(
    task: Task, helpers: Sequence[HelperProgram], compiler: Compiler
) -> HelperBench | None:
    """The model's checkers, where the task has many right answers and shows no checker."""
    own = [helper for helper in helpers if helper.kind is HelperKind.CHECKER]
    if not own or task.checker is not None or task.interactor is not None:
        return None
    return HelperBench(own, compiler) if many_answers(task) else None


def accepts_by_vote(
    task: Task, bench: HelperBench, inputs: Sequence[GeneratedInput]
) -> Accepts | None:
    """The word of the live model-written checkers; None where none of them is any good.

    Raises:
        SandboxError: The sandbox failed, not a checker.
    """
    live = _live(task, bench)
    if not live:
        return None
    blobs = [Blob.of_bytes(one.content) for one in inputs]

    def accepts(column: int, output: bytes, answer: bytes) -> bool:
        votes = list(bench.same([(one, blobs[column], output, answer) for one in live]))
        return sum(votes) >= _VOTES * len(votes)

    return accepts


def _live(task: Task, bench: HelperBench) -> list[Helper]:
    """Checkers that find each example's answer as good as itself, and no broken one as good."""
    known = [(one.input, one.output) for one in task.examples if one.output]
    live = []
    for checker in bench.of_kind(HelperKind.CHECKER):
        good = [(checker, Blob.of_bytes(input_), output, output) for input_, output in known]
        bad = [
            (checker, Blob.of_bytes(input_), broken, output)
            for input_, output in known
            for broken in (
                b"",
                b"x\n",
                output.split()[0] + b"999999999\n" if output.split() else b"?",
            )
        ]
        if known and all(bench.same(good)) and not any(bench.same(bad)):
            live.append(checker)
    return live


def merged(
    behaviour: Behaviour,
    output_of: Callable[[int], bytes | None],
    answers: Mapping[int, bytes],
    accepts: Accepts,
    *,
    slots: int = 2,
) -> Behaviour:
    """The behaviour with one digest a class of equally good outputs.

    Args:
        output_of: Digest to content, read when it is compared; an output that is not there (None)
            stays by itself.
        answers: Column to the known answer of an example.
        accepts: The checker.

    Returns:
        The same matrix; on an example's column, an accepted output has the expected digest.
    """
    digest = behaviour.digest.copy()
    columns = range(digest.shape[1])
    with ThreadPoolExecutor(slots) as threads:
        found = threads.map(
            lambda j: _classes(behaviour, j, output_of, answers.get(j), accepts), columns
        )
        for j, classes in zip(columns, found, strict=True):
            for value, representative in classes.items():
                digest[behaviour.digest[:, j] == np.uint64(value), j] = np.uint64(representative)
    return replace(behaviour, digest=digest)


def _classes(
    behaviour: Behaviour,
    column: int,
    output_of: Callable[[int], bytes | None],
    answer: bytes | None,
    accepts: Accepts,
) -> dict[int, int]:
    """Digest to the digest of its class, those that move alone."""
    done: NDArray[np.bool_] = behaviour.status[:, column] == RunStatus.OK
    values, counts = np.unique(behaviour.digest[done, column], return_counts=True)
    ordered = [int(values[k]) for k in np.argsort(-counts, kind="stable")]
    moved: dict[int, int] = {}
    classes: list[tuple[int, bytes]] = []
    expected = int(behaviour.expected[column])
    if answer is not None and expected:
        classes.append((expected, answer))
    for value in ordered:
        content = None if value == expected else output_of(value)
        if content is None:
            continue
        for representative, known in classes:
            by_jury = representative == expected and answer is not None
            if accepts(column, content, known) and (by_jury or accepts(column, known, content)):
                moved[value] = representative
                break
        else:
            if len(classes) < REPRESENTATIVES:
                classes.append((value, content))
    return moved
