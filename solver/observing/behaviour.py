"""Stage 5: candidates x inputs -> output digests, statuses and times.

Every distinct program runs once on each input. What was observed is stored a program and block of
inputs at a time, in one transaction, so a killed run goes on where it was. Outputs are held in
memory only while their program runs, compressed, and only where a checker will compare them.

Early exits (each only where it cannot change a choice):
- after `timeouts` runs over the time limit, larger inputs of the same block are not tried: a
  program that is too slow on one input is taken to be so on larger ones;
- a program that never ran to its end on the first `probe` inputs is not run any further;
- in a task without subtasks, a program that is wrong on every example runs on the first `probe`
  inputs only: its estimate is next to nothing whatever the others say. (With subtasks, the examples
  may lie outside of the one that it solves.)
"""

import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from hashlib import blake2b
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from problems.judging.verdict_key import code_version, deciding, key_of
from problems.jury.comparison import is_cased
from problems.task import Task
from problems.tasktypes.execution import Execution
from problems.tasktypes.runner import Runner
from sandbox.backend import Executable
from sandbox.data import Blob
from solver.errors import SolverError
from solver.kept.observations import ObservationStore, Observed, packed_output
from solver.observing.behaviour_config import BehaviourConfig
from solver.observing.bench import Bench
from solver.observing.build import Programs
from solver.observing.equivalence import accepts_by_vote, checker_of, is_merged, merged
from solver.observing.helpers import HelperBench
from solver.types import Behaviour, GeneratedInput, RunStatus

Known = Mapping[tuple[str, str], tuple[RunStatus, int, float]]
"""(Program's digest, input's id) to status, output's digest, CPU seconds."""

_FLOAT = re.compile(rb"^[+-]?\d+\.\d*(?:[eE][+-]?\d+)?$")


def output_digest(content: bytes, *, cased: bool = False) -> int:
    """64-bit identity of an output, token by token: spacing, the seventh digit of a real number
    and, unless the task says otherwise, case do not count. Never 0."""
    tokens = (content if cased else content.lower()).split()
    if b"." in content:
        tokens = [b"%.5e" % float(word) if _FLOAT.match(word) else word for word in tokens]
    value = int.from_bytes(blake2b(b" ".join(tokens), digest_size=8).digest(), "little")
    return value or 1


def observe(
    programs: Programs,
    inputs: Sequence[GeneratedInput],
    bench: Bench,
    config: BehaviourConfig | None = None,
    *,
    checkers: HelperBench | None = None,
    stage: str = "running",
    known: Known = MappingProxyType({}),
) -> Behaviour:
    """Runs every program on every input.

    Args:
        programs: P compiled candidates.
        inputs: I inputs; examples first is not needed, they are found by their content.
        bench: Observations are kept in `observations.sqlite` of its run folder.
        checkers: Model-written checkers, for a task of many right answers that shows none.
        stage: The name under which progress is told.
        known: Runs that were made already under the same limits, so that they are not made again;
            where outputs are kept or case counts, they are.

    Returns:
        Behaviour of (P, I), rows in the candidates' order, columns in the inputs' order.

    Raises:
        SandboxError: The sandbox failed, not a program.
    """
    config = config or BehaviourConfig()
    expected = _expected(bench.task, inputs)
    plan = _Plan(inputs, expected, bench, config, checkers is not None, known)
    rows: dict[str, Observed] = {}
    waiting = list(programs.executables.items())
    progress = bench.progress(stage)
    with (
        closing(ObservationStore(bench.run / "observations.sqlite")) as store,
        ThreadPoolExecutor(bench.sandbox.slots) as threads,
    ):
        results = threads.map(lambda item: _observe_one(item, plan, bench.runner, store), waiting)
        for (digest, _), row in zip(waiting, results, strict=True):
            rows[digest] = row
            progress(len(rows), len(waiting))
        pairs = list(zip(programs.candidate_ids, programs.digests, strict=True))
        matrix = _matrix(pairs, rows, inputs, expected, bench.task)
        return _by_checker(matrix, inputs, bench, store, checkers)


def _by_checker(
    behaviour: Behaviour,
    inputs: Sequence[GeneratedInput],
    bench: Bench,
    store: ObservationStore,
    checkers: HelperBench | None = None,
) -> Behaviour:
    """Outputs that a checker (the task's, else the model's) holds for equal get one digest."""
    task = bench.task
    accepts = checker_of(task, bench.runner.side.programs, inputs)
    if accepts is None and checkers is not None:
        accepts = accepts_by_vote(task, checkers, inputs)
    if accepts is None:
        return behaviour
    known = {one.input: one.output for one in task.examples if one.output is not None}
    answers = {j: known[one.content] for j, one in enumerate(inputs) if one.content in known}
    return merged(behaviour, store.output, answers, accepts, slots=bench.sandbox.slots)


def recall(
    programs: Sequence[tuple[str, str]],
    inputs: Sequence[GeneratedInput],
    bench: Bench,
    store: ObservationStore,
    config: BehaviourConfig,
) -> Behaviour:
    """What `observe` has stored of these (candidate id, program digest), without running anything.

    Raises:
        SolverError: A program was not observed on these inputs.
    """
    expected = _expected(bench.task, inputs)
    plan = _Plan(inputs, expected, bench, config)
    rows: dict[str, Observed] = {}
    for name, digest in programs:
        row = store.load(digest, plan.key, len(inputs))
        if row is None:
            raise SolverError(f"{name} was not observed on these inputs")
        rows[digest] = row
    matrix = _matrix(list(programs), rows, inputs, expected, bench.task)
    return _by_checker(matrix, inputs, bench, store)


def _matrix(
    programs: Sequence[tuple[str, str | None]],
    rows: Mapping[str, Observed],
    inputs: Sequence[GeneratedInput],
    expected: NDArray[np.uint64],
    task: Task,
) -> Behaviour:
    """Rows by program put together in the candidates' order."""
    shape = (len(programs), len(inputs))
    status = np.full(shape, RunStatus.NOT_RUN, dtype=np.uint8)
    outputs = np.zeros(shape, dtype=np.uint64)
    cpu_s = np.zeros(shape, dtype=np.float32)
    for index, (_, program) in enumerate(programs):
        if program is not None:
            status[index], outputs[index], cpu_s[index] = rows[program]
    names = tuple(subtask.name for subtask in task.subtasks)
    return Behaviour(
        candidate_ids=tuple(name for name, _ in programs),
        input_ids=tuple(one.id for one in inputs),
        status=status,
        digest=outputs,
        cpu_s=cpu_s,
        in_subtask=np.array(
            [[name in one.subtasks for name in names] for one in inputs], dtype=np.bool_
        ).reshape(len(inputs), len(names)),
        expected=expected,
        subtasks=names,
    )


def _expected(task: Task, inputs: Sequence[GeneratedInput]) -> NDArray[np.uint64]:
    """(I,) digest of the known answer; with an interactor there is none."""
    answers: dict[bytes, int] = {}
    if task.interactor is None:
        cased = is_cased(task.comparison)
        answers = {
            example.input: output_digest(example.output, cased=cased)
            for example in task.examples
            if example.output is not None
        }
    return np.array([answers.get(one.content, 0) for one in inputs], dtype=np.uint64)


class _Plan:
    """The order in which inputs are run, and when to stop."""

    def __init__(
        self,
        inputs: Sequence[GeneratedInput],
        expected: NDArray[np.uint64],
        bench: Bench,
        config: BehaviourConfig,
        written: bool = False,
        known: Known = MappingProxyType({}),
    ) -> None:
        task = bench.task
        self.cased = is_cased(task.comparison)
        self.keep_outputs = is_merged(task) or (written and task.interactor is None)
        self.ids = [one.id for one in inputs]
        # Elsewhere nobody keeps outputs, and case never counts.
        self.known = {} if self.keep_outputs or self.cased else known
        self.examples_decide = len(task.subtasks) == 1 and not self.keep_outputs
        self.blobs = [Blob.of_bytes(one.content) for one in inputs]
        self.expected = expected
        self.config = config
        sizes = np.array([len(one.content) for one in inputs], dtype=np.int64)
        # Known answers first, then by size: the exits need examples early and large inputs late.
        self.order = np.lexsort((sizes, expected == 0)).tolist()
        self.sizes = sizes
        side = bench.runner.side
        # All that decides a run or its place in the row, our own code included: this file too.
        self.key = key_of(
            code_version("problems.tasktypes.runner"),
            Path(__file__),
            deciding(task),
            (side.time_s, side.interactor, side.checker, side.programs.sandbox.name),
            (config.timeouts, config.probe, self.keep_outputs),
            self.ids,
        )


def _observe_one(
    item: tuple[str, Executable], plan: _Plan, runner: Runner, store: ObservationStore
) -> Observed:
    digest, executable = item
    known = store.load(digest, plan.key, len(plan.order))
    if known is not None:
        return known
    size = len(plan.order)
    status = np.full(size, RunStatus.NOT_RUN, dtype=np.uint8)
    outputs = np.zeros(size, dtype=np.uint64)
    cpu_s = np.zeros(size, dtype=np.float32)
    timeouts = finished = wrong = done = 0
    slow_from = int(plan.sizes.max(initial=0)) + 1
    examples = int((plan.expected != 0).sum())
    fresh: dict[int, bytes] = {}
    for column in plan.order:
        if timeouts >= plan.config.timeouts and plan.sizes[column] >= slow_from:
            continue
        if done >= max(plan.config.probe, examples) and (
            finished == 0 or (plan.examples_decide and examples > 1 and wrong == examples)
        ):
            break
        told = plan.known.get((digest, plan.ids[column]))
        if told is not None:
            status[column], outputs[column], cpu_s[column] = told
        else:
            execution = runner.run(executable, plan.blobs[column])
            status[column], outputs[column] = outcome_of(execution, cased=plan.cased)
            if plan.keep_outputs and execution.output is not None:
                _hold(int(outputs[column]), execution.output, fresh, store)
            cpu_s[column] = execution.cpu_s
        done += 1
        finished += status[column] == RunStatus.OK
        wrong += plan.expected[column] != 0 and outputs[column] != plan.expected[column]
        if status[column] == RunStatus.TIMEOUT:
            timeouts += 1
            slow_from = min(slow_from, int(plan.sizes[column]))
    store.save(digest, plan.key, (status, outputs, cpu_s), fresh)
    return status, outputs, cpu_s


def _hold(digest: int, output: Blob, fresh: dict[int, bytes], store: ObservationStore) -> None:
    """Keeps an output, if it has a digest, for the program's transaction."""
    if digest and digest not in fresh and not store.keeps(digest):
        packed = packed_output(output)
        if packed is not None:
            fresh[digest] = packed


def outcome_of(execution: Execution, *, cased: bool = False) -> tuple[RunStatus, int]:
    """A run as the matrix stores it: status, and the output's digest (0 where there is none).

    Args:
        cased: As in `output_digest`: `is_cased(task.comparison)`.
    """
    if execution.failure is not None:
        return RunStatus.of(execution.failure), 0
    if execution.check is not None:
        # An interactor's word is all there is to compare: its score stands for the output.
        if not execution.check.accepted:
            return RunStatus.REJECTED, 0
        given = execution.check.score
        return RunStatus.OK, output_digest(b"score %.6f" % (1.0 if given is None else given.value))
    if execution.output is None:
        return RunStatus.CRASH, 0
    return RunStatus.OK, output_digest(execution.output.read(), cased=cased)
