"""Stage 4 again, after the first clusters: inputs on which programs differ that agreed so far.

S* (arXiv 2502.14382) asks for an input that separates two programs before it decides between them.
Here the generators are asked on, with fresh seeds, and mutation of the inputs that are there helps
out; an input is kept when it splits a cluster of promising programs (those that pass the examples,
and the largest clusters among them).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from problems.jury.comparison import is_cased
from problems.task import Task
from problems.tasktypes.runner import Runner
from sandbox.backend import Executable
from sandbox.data import Blob, digest_of
from solver.kept.answers import KeptAnswers, question_of
from solver.kept.inputs import load_inputs, save_inputs
from solver.observing.behaviour import observe, outcome_of
from solver.observing.behaviour_config import BehaviourConfig
from solver.observing.bench import Bench
from solver.observing.build import Programs
from solver.observing.equivalence import written_checkers
from solver.observing.examples import passes_examples
from solver.observing.helpers import Helper, HelperBench
from solver.observing.inputs import InputsConfig, accepted_subtasks, live_validators
from solver.observing.mutation import mutate_input
from solver.types import (
    Behaviour,
    GeneratedInput,
    HelperKind,
    HelperProgram,
    InputOrigin,
    RunStatus,
)


class SeparatingConfig(BaseModel):
    """How separating inputs are sought."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    count: int = Field(default=24, ge=0)
    """Inputs kept at most; 0 leaves the step out."""
    tries: int = Field(default=160, ge=1)
    """Fresh inputs looked at."""
    programs: int = Field(default=48, ge=2)
    """Programs that every fresh input is run on."""
    max_bytes: int = Field(default=20_000, ge=1)
    """Larger fresh inputs are passed over: what is wrong shows on small ones, cheaply."""
    patience: float = Field(default=0.25, gt=0, le=1)
    """A program that took this share of its time limit on one fresh input is run on no further
    one: a hundred inputs would cost minutes."""
    seed: int = 100_001
    """First seed asked of the generators; the first inputs used lower ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Programs and what they did so far.

    Attributes:
        helpers: Generators, validators and checkers of the task.
        programs: P compiled candidates.
        inputs: I inputs.
        behaviour: (P, I).
    """

    helpers: Sequence[HelperProgram]
    programs: Programs
    inputs: Sequence[GeneratedInput]
    behaviour: Behaviour


def refine(
    seen: Seen,
    bench: Bench,
    config: SeparatingConfig | None = None,
    observing: BehaviourConfig | None = None,
) -> Seen:
    """Adds separating inputs to what was seen.

    Args:
        bench: Its run folder keeps what was found, so that a second call runs nothing.

    Returns:
        I + J inputs and (P, I + J), J <= config.count; the same where nothing separates anything.

    Raises:
        SandboxError: The sandbox failed, not a program.
    """
    config = config or SeparatingConfig()
    programs, behaviour, run = seen.programs, seen.behaviour, bench.run
    chosen = promising(behaviour, programs, config.programs)
    if not config.count or len(chosen) < 2:
        return seen
    rows = "\0".join(f"{digest}" for digest in programs.digests)
    key = digest_of("\0".join([config.model_dump_json(), rows, *behaviour.input_ids]).encode())
    found = load_inputs(run, key)
    if found is None:
        progress = bench.progress("separating")
        with KeptAnswers(run) as answers:
            running = HelperBench(seen.helpers, bench.compiler, progress, answers)
            executables = [programs.executable(row) for row in chosen]
            tried = _Tried(bench.runner, executables, answers, config.patience)
            found = _sought(bench.task, running, tried, seen, chosen, config)
        save_inputs(run, key, found)
    if not found:
        return seen
    more = observe(
        programs,
        found,
        bench,
        observing,
        checkers=written_checkers(bench.task, seen.helpers, bench.compiler),
        stage="separating",
    )
    return replace(seen, inputs=[*seen.inputs, *found], behaviour=joined(behaviour, more))


def joined(first: Behaviour, second: Behaviour) -> Behaviour:
    """The columns of both, side by side.

    Each block has its own early exits: a program that was given up in the first one was tried anew
    in the second.
    """
    return Behaviour(
        candidate_ids=first.candidate_ids,
        input_ids=(*first.input_ids, *second.input_ids),
        status=np.concatenate([first.status, second.status], axis=1),
        digest=np.concatenate([first.digest, second.digest], axis=1),
        cpu_s=np.concatenate([first.cpu_s, second.cpu_s], axis=1),
        in_subtask=np.concatenate([first.in_subtask, second.in_subtask], axis=0),
        expected=np.concatenate([first.expected, second.expected]),
        subtasks=first.subtasks,
    )


def promising(behaviour: Behaviour, programs: Programs, count: int) -> list[int]:
    """Rows of distinct programs of the most promising clusters, largest agreement first.

    At most a quarter of them come from one cluster, so that no cluster fills the list.
    """
    ok = behaviour.status == RunStatus.OK
    passed = passes_examples(behaviour)
    if not passed.any():
        passed = ok.any(axis=1)
    agreement = np.zeros(len(behaviour.candidate_ids))
    for j in range(ok.shape[1]):
        votes = ok[:, j] & passed
        values, inverse = np.unique(behaviour.digest[votes, j], return_inverse=True)
        counts = np.bincount(inverse, minlength=len(values))
        agreement[votes] += counts[inverse]
    keys = [row.tobytes() for row in behaviour.digest]
    taken: dict[bytes, int] = {}
    seen: set[str] = set()
    rows: list[int] = []
    for row in np.argsort(-agreement, kind="stable").tolist():
        digest = programs.digests[row]
        if digest is None or digest in seen or not passed[row]:
            continue
        if taken.get(keys[row], 0) >= max(2, count // 4):
            continue
        taken[keys[row]] = taken.get(keys[row], 0) + 1
        seen.add(digest)
        rows.append(row)
        if len(rows) == count:
            break
    return rows


class _Tried:
    """What chosen programs do on one input, run where that is not known yet.

    Attributes:
        slow: Programs that ran out of patience on some input.
    """

    def __init__(
        self,
        runner: Runner,
        executables: Sequence[Executable],
        answers: KeptAnswers,
        patience: float,
    ) -> None:
        self.slow: set[int] = set()
        self._runner = runner
        self._cased = is_cased(runner.task.comparison)
        self._patience_s = patience * runner.side.time_s
        self._executables = executables
        self._answers = answers

    def words(self, wanted: Sequence[int], blob: Blob) -> dict[int, tuple[int, int]]:
        """(status, output digest) of each wanted program."""
        limit = f"{self._runner.side.time_s} {'cased' * self._cased}".strip()
        questions = {
            k: question_of(self._executables[k].digest, limit, blob.digest) for k in wanted
        }
        known = self._answers.load(list(questions.values()))
        missing = [k for k in wanted if questions[k] not in known]
        results = self._runner.run_many([(self._executables[k], blob) for k in missing])
        fresh: dict[str, bytes] = {}
        for k, execution in zip(missing, results, strict=True):
            status, digest = outcome_of(execution, cased=self._cased)
            slow = execution.cpu_s > self._patience_s
            fresh[questions[k]] = f"{int(status)} {digest} {int(slow)}".encode()
        self._answers.save(fresh)
        told: dict[int, tuple[int, int]] = {}
        for k, question in questions.items():
            status_word, digest_word, slow_word = {**known, **fresh}[question].split()
            told[k] = int(status_word), int(digest_word)
            if int(slow_word):
                self.slow.add(k)
        return told


def _sought(
    task: Task,
    bench: HelperBench,
    tried: _Tried,
    seen: Seen,
    chosen: Sequence[int],
    config: SeparatingConfig,
) -> list[GeneratedInput]:
    fresh = _fresh(task, bench, seen.inputs, config)
    examples = [example.input for example in task.examples]
    live = live_validators(task, bench, examples, [content for content, _ in fresh])
    # What agreed so far, as one number a program; finer with every input that splits it.
    group = [hash(seen.behaviour.digest[row].tobytes()) for row in chosen]
    kept: list[GeneratedInput] = []
    for content, made_for in fresh:
        if made_for is None and not live:
            continue  # nobody can say whether a mutated input is valid
        if len(kept) >= config.count or len(set(group)) == len(group):
            break
        # Only programs that still share their group with another one can be split.
        shared = [k for k in range(len(group)) if group.count(group[k]) > 1 and k not in tried.slow]
        blob = Blob.of_bytes(content)
        told = tried.words(shared, blob)
        # One that runs out of time says nothing here.
        told = {k: word for k, word in told.items() if word[0] != RunStatus.TIMEOUT}
        shared = list(told)
        split = [
            k
            for k in shared
            if any(group[k] == group[other] and told[k] != told[other] for other in shared)
        ]
        if not split:
            continue
        subtasks, share = accepted_subtasks(
            task, bench, live, [(content, made_for)], InputsConfig()
        )[0]
        if not subtasks:
            continue
        for k in shared:
            group[k] = hash((group[k], told[k]))
        kept.append(
            GeneratedInput(
                id=digest_of(content),
                content=content,
                subtasks=subtasks,
                origin=InputOrigin.SEPARATING,
                accepted_share=share,
            )
        )
    return kept


def _fresh(
    task: Task, bench: HelperBench, inputs: Sequence[GeneratedInput], config: SeparatingConfig
) -> list[tuple[bytes, str | None]]:
    """Inputs that were not there yet: three of four from the generators, the rest mutated."""
    seen = {one.content for one in inputs}
    generators = bench.of_kind(HelperKind.GENERATOR)
    names = [subtask.name for subtask in task.subtasks]
    made: list[tuple[bytes, str | None]] = []
    wanted = config.tries - config.tries // 4 if generators else 0
    # The larger subtasks come first: what separates there separates the programs that matter.
    order = list(reversed(names))
    calls: list[tuple[Helper, int, str]] = []
    for index in range(wanted):
        helper = generators[index % len(generators)]
        name = order[(index // len(generators)) % len(order)]
        calls.append((helper, config.seed + index, name))
    for (_, _, name), content in zip(calls, bench.generate(calls), strict=True):
        if content is not None and len(content) <= config.max_bytes and content not in seen:
            seen.add(content)
            made.append((content, name))
    rng = np.random.default_rng(config.seed)
    bases = [one.content for one in inputs if len(one.content) <= config.max_bytes]
    for _ in range(config.tries - wanted if bases else 0):
        content = mutate_input(bases[int(rng.integers(len(bases)))], rng)
        if content not in seen:
            seen.add(content)
            made.append((content, None))
    return made
