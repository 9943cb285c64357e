"""Stage 4: test inputs from model-written generators, kept where the validators agree.

o1-ioi, section 3.2: random inputs from generators, kept when at least 75 % of the validators
accept. Here validators are tried first: one that accepts corrupted inputs, or none of the good
ones, has no vote. Without working generators the examples are mutated.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from problems.task import Task, TaskType
from sandbox.data import Blob, digest_of
from solver.kept.answers import KeptAnswers
from solver.kept.inputs import load_inputs, save_inputs
from solver.kept.votes import Refused, keep_votes, refused_input
from solver.observing.bench import Bench
from solver.observing.helpers import Helper, HelperBench
from solver.observing.mutation import corrupt_inputs, mutate_input
from solver.source_text import encoded
from solver.types import GeneratedInput, HelperKind, HelperProgram, InputOrigin


class InputsConfig(BaseModel):
    """How test inputs are made."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    count: int = Field(default=48, ge=1)
    """Inputs for the whole task, the examples included."""
    accept: float = Field(default=0.75, ge=0, le=1)
    """Share of the live validators that must accept an input."""
    oversample: int = Field(default=3, ge=1)
    """Inputs drawn for each one kept, so that sizes can be spread."""
    max_bytes: int = Field(default=2_000_000, ge=1)
    """Larger inputs are not kept."""
    seed: int = 1
    """First seed that the generators get."""


_RULES = "2"
"""Changes whenever the same helpers would give other inputs, so that older ones are made anew."""


def generate(
    helpers: Sequence[HelperProgram],
    bench: Bench,
    config: InputsConfig | None = None,
) -> Sequence[GeneratedInput]:
    """Makes the inputs of a task: its examples first, then generated ones.

    Args:
        helpers: Generators and validators; both may be missing.
        bench: Its task's examples are always among the inputs; its run folder keeps what was made.

    Returns:
        At most `config.count` inputs, distinct, in an order that does not depend on the machine.

    Raises:
        SandboxError: The sandbox failed.
    """
    config = config or InputsConfig()
    task, run = bench.task, bench.run
    key = _key(task, helpers, config)
    if (kept := load_inputs(run, key)) is not None:
        return kept
    with KeptAnswers(run) as answers:
        running = HelperBench(helpers, bench.compiler, bench.progress("inputs"), answers)
        made = _make(task, running, config, run, key)
    save_inputs(run, key, made)
    return made


def _key(task: Task, helpers: Sequence[HelperProgram], config: InputsConfig) -> str:
    """Identity of all that inputs are made from."""
    parts = [_RULES, config.model_dump_json(), repr([(s.name, s.includes) for s in task.subtasks])]
    parts += [repr(one) for one in helpers]
    parts += [digest_of(example.input) for example in task.examples]
    return digest_of(encoded("\0".join(parts)))


def _make(
    task: Task, bench: HelperBench, config: InputsConfig, run: Path, key: str
) -> list[GeneratedInput]:
    examples = [example.input for example in task.examples if _runnable(task, example.input)]
    drawn = _draw(task, bench, config)
    live = live_validators(task, bench, examples, [content for content, _ in drawn])
    origin = InputOrigin.GENERATOR
    if not drawn:
        origin = InputOrigin.MUTATION
        drawn = _mutations(task, examples, config)
    wanted = [(content, None) for content in examples] + drawn
    votes = votes_on(task, bench, live, [content for content, _ in wanted])
    subtasks = _accepted(task, votes, wanted, config)
    made: list[GeneratedInput] = []
    for index, content in enumerate(examples):
        found, share = subtasks[index]
        # An example is valid by definition; which subtasks it belongs to may stay unknown.
        names = found or frozenset(subtask.name for subtask in task.subtasks)
        made.append(_input(content, names, InputOrigin.EXAMPLE, share))
    rest = [
        _input(content, found, origin, share)
        for (content, _), (found, share) in zip(drawn, subtasks[len(examples) :], strict=True)
        if found
    ]
    chosen = _spread(task, made, rest, config)
    has_a_vote = {one.id for one in live}
    keep_votes(
        run,
        key,
        made=len(drawn),
        kept=len(chosen) - len(made),
        broken=bench.broken,
        validators={one.id: one.id in has_a_vote for one in bench.of_kind(HelperKind.VALIDATOR)},
        refused=_refused(drawn, subtasks[len(made) :], votes[len(made) :], live),
    )
    return chosen


def _refused(
    drawn: Sequence[tuple[bytes, str | None]],
    accepted: Sequence[tuple[frozenset[str], float]],
    votes: NDArray[np.bool_],
    live: Sequence[Helper],
) -> list[Refused]:
    """Those of the drawn inputs that are valid for no subtask, and who accepts them for none."""
    never = ~np.asarray(votes.any(axis=1))
    return [
        refused_input(
            content,
            made_for,
            share,
            [one.id for one, refuses in zip(live, never[row].tolist(), strict=True) if refuses],
        )
        for row, ((content, made_for), (found, share)) in enumerate(
            zip(drawn, accepted, strict=True)
        )
        if not found
    ]


def _runnable(task: Task, content: bytes) -> bool:
    """Examples of interactive tasks print an exchange, not an input of the testing tool."""
    return task.type not in (TaskType.INTERACTIVE, TaskType.COMMUNICATION) or bool(content)


def _input(
    content: bytes, subtasks: frozenset[str], origin: InputOrigin, share: float
) -> GeneratedInput:
    return GeneratedInput(
        id=digest_of(content),
        content=content,
        subtasks=subtasks,
        origin=origin,
        accepted_share=share,
    )


def _draw(task: Task, bench: HelperBench, config: InputsConfig) -> list[tuple[bytes, str | None]]:
    """Distinct generated inputs, each with the subtask it was made for."""
    generators = bench.of_kind(HelperKind.GENERATOR)
    names = [subtask.name for subtask in task.subtasks]
    if not generators:
        return []
    a_subtask = -(-config.count * config.oversample // len(names))
    calls: list[tuple[Helper, int, str]] = []
    for name in names:
        own = [one for one in generators if one.subtask in (None, "all", name)] or generators
        for index in range(a_subtask):
            helper = own[index % len(own)]
            calls.append((helper, config.seed + index // len(own), name))
    drawn: dict[bytes, str | None] = {}
    for (_, _, name), content in zip(calls, bench.generate(calls), strict=True):
        if content is not None and len(content) <= config.max_bytes:
            drawn.setdefault(content, name)
    return list(drawn.items())


def _mutations(
    task: Task, examples: Sequence[bytes], config: InputsConfig
) -> list[tuple[bytes, str | None]]:
    rng = np.random.default_rng(config.seed)
    drawn: dict[bytes, str | None] = {}
    if examples:
        for _ in range(config.count * config.oversample):
            base = examples[int(rng.integers(len(examples)))]
            content = mutate_input(base, rng)
            if content not in examples:
                drawn.setdefault(content, None)
    return list(drawn.items())


def live_validators(
    task: Task, bench: HelperBench, examples: Sequence[bytes], drawn: Sequence[bytes]
) -> Sequence[Helper]:
    """The validators that can tell good from bad.

    A live one rejects some corrupted input, and accepts every example of the statement for some
    subtask: those are valid by definition. Where there are no examples it has to accept some
    generated input.
    """
    validators = bench.of_kind(HelperKind.VALIDATOR)
    good = [*examples, *drawn[:: max(1, len(drawn) // 12)][:12]]
    bad = [one for content in good[:2] for one in corrupt_inputs(content)]
    names = [subtask.name for subtask in task.subtasks]
    calls = [
        (validator, name, content)
        for validator in validators
        for content in [*examples, *([] if examples else good), *bad]
        for name in (names if content in examples else {names[0], names[-1]})
    ]
    accepted: dict[str, set[bytes]] = {validator.id: set() for validator in validators}
    rejected: dict[str, set[bytes]] = {validator.id: set() for validator in validators}
    votes = bench.validate((one, name, Blob.of_bytes(content)) for one, name, content in calls)
    for (validator, _, content), vote in zip(calls, votes, strict=True):
        (accepted if vote else rejected)[validator.id].add(content)
    needed = set(examples)
    return [
        validator
        for validator in validators
        if rejected[validator.id] & set(bad)
        and needed <= accepted[validator.id]
        and accepted[validator.id] & set(good)
    ]


def accepted_subtasks(
    task: Task,
    bench: HelperBench,
    live: Sequence[Helper],
    contents: Sequence[tuple[bytes, str | None]],
    config: InputsConfig,
) -> list[tuple[frozenset[str], float]]:
    """For each input the subtasks that it is valid for, and the best share of votes.

    Without a live validator an input counts for the subtask it was made for (for all, where that
    is not known) and for those that include it.
    """
    votes = votes_on(task, bench, live, [content for content, _ in contents])
    return _accepted(task, votes, contents, config)


def votes_on(
    task: Task, bench: HelperBench, live: Sequence[Helper], contents: Sequence[bytes]
) -> NDArray[np.bool_]:
    """(C contents, S subtasks, L live validators): who accepts what."""
    names = [subtask.name for subtask in task.subtasks]
    blobs = [Blob.of_bytes(content) for content in contents]
    calls = [(one, name, blob) for blob in blobs for name in names for one in live]
    votes = np.array(list(bench.validate(calls)), dtype=np.bool_)
    return votes.reshape(len(contents), len(names), len(live))


def _accepted(
    task: Task,
    votes: NDArray[np.bool_],
    contents: Sequence[tuple[bytes, str | None]],
    config: InputsConfig,
) -> list[tuple[frozenset[str], float]]:
    names = [subtask.name for subtask in task.subtasks]
    including: Mapping[str, frozenset[str]] = {
        name: frozenset(one.name for one in task.subtasks if name in one.includes) | {name}
        for name in names
    }
    if not votes.shape[2]:
        return [
            (including[made_for] if made_for is not None else frozenset(names), 0.0)
            for _, made_for in contents
        ]
    found = []
    for row in votes.mean(axis=2):
        valid: frozenset[str] = frozenset()
        for name, one in zip(names, row, strict=True):
            if one >= config.accept:
                valid |= including[name]
        found.append((valid, float(row.max(initial=0.0))))
    return found


def _spread(
    task: Task,
    examples: list[GeneratedInput],
    rest: list[GeneratedInput],
    config: InputsConfig,
) -> list[GeneratedInput]:
    """Fills up from the rest: each subtask in turn, sizes spread evenly, one near the limits."""
    chosen = {one.id: one for one in examples}
    room = config.count - len(chosen)
    queues: list[list[GeneratedInput]] = []
    for subtask in task.subtasks:
        own = sorted(
            (one for one in rest if subtask.name in one.subtasks),
            key=lambda one: (len(one.content), one.id),
        )
        queues.append([own[index] for index in _spread_order(len(own))])
    place = [0] * len(queues)
    while room > 0 and any(at < len(queue) for at, queue in zip(place, queues, strict=True)):
        for s, queue in enumerate(queues):
            while place[s] < len(queue) and queue[place[s]].id in chosen:
                place[s] += 1
            if place[s] < len(queue) and room > 0:
                chosen[queue[place[s]].id] = queue[place[s]]
                room -= 1
    return list(chosen.values())


def _spread_order(count: int) -> NDArray[np.intp]:
    """Positions in a list sorted by size: the largest, the middle of the small half, then a
    low-discrepancy walk that visits small inputs twice as often as large ones."""
    if count == 0:
        return np.zeros(0, dtype=np.intp)
    golden = (np.sqrt(5.0) - 1.0) / 2.0
    walk = (np.arange(1, 4 * count + 1) * golden) % 1.0
    order = np.concatenate([[count - 1], np.floor(walk**1.5 * count)]).astype(np.intp)
    _, first = np.unique(order, return_index=True)
    seen = order[np.sort(first)]
    missing = np.setdiff1d(np.arange(count), seen)
    return np.concatenate([seen, missing])
