"""Stage 2, before: which samples a task's round consists of. Nothing is drawn here.

A *cell* is one prompt: a subtask (one version of the statement each), a language, and a variant
(tag and temperature, randomised as in AlphaCode 2). A sample's place, and with it its key, depends
on its cell and index alone: more samples, or another allocation, leave those that were drawn as
they are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from problems.statement.answers import many_answers
from problems.task import Subtask, Task, TaskType
from solver.sampling.config import SamplingConfig
from solver.sampling.engine import Request
from solver.sampling.prompts import Prompts
from solver.types import HelperKind, Tried

CANDIDATE = "candidate"
HELPER_KINDS = (HelperKind.GENERATOR, HelperKind.VALIDATOR)
HELPER_TEMPERATURE = 0.8
PRODUCERS_SHARE = 4
"""One program that makes outputs for so many candidates, in a task that takes both."""

CELL_NUMBERS = 1_000_000
"""Numbers that belong to one cell: the most samples that it can have."""
STEP_CELLS = 1_000
"""Cells of one step: the plain samples of a round are step 0, its repair rounds 1, 2, ..."""
ROUND_NUMBERS = 10_000 * CELL_NUMBERS

# AlphaCode 2 adds tags to its prompts so that the samples differ; one is drawn for each variant.
TAGS = (
    "",
    "simulate the statement directly",
    "greedy with sorting",
    "dynamic programming",
    "binary search on the answer",
    "prefix sums",
    "two pointers",
    "graph search",
    "a data structure such as a segment tree or a set",
    "a mathematical formula",
    "brute force over all choices, as far as the limits allow",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A request and what its answer is for.

    Attributes:
        kind: candidate, generator, validator or checker.
        number: Round, cell and index in one: the order of the task's samples.
        step: Repair round within the round; 0 for plain samples.
        parent: Id of the candidate that is to be repaired.
    """

    request: Request
    kind: str
    number: int
    subtask: str | None
    language: str
    round: int
    step: int = 0
    parent: str | None = None


def place_of(number: int) -> str:
    """A sample's number as people read it: round, cell and index ("1.0.17")."""
    round, rest = divmod(number, ROUND_NUMBERS)
    cell, index = divmod(rest, CELL_NUMBERS)
    return f"{round}.{cell}.{index}"


def plan_candidates(
    task: Task,
    config: SamplingConfig,
    prompts: Prompts,
    *,
    chat: bool,
    round: int = 1,
    tried: Sequence[Tried] = (),
    shares: Mapping[str, float] | None = None,
) -> list[Wanted]:
    """The requests of one round, samples of one prompt next to each other.

    Args:
        shares: Subtask name to its share of the samples that `config.first_share` leaves; None
            asks for the first, even part alone.
    """
    languages = _languages(task, config)
    subtasks: list[Subtask | None] = list(task.subtasks) if len(task.subtasks) > 1 else [None]
    if config.subtasks and len(task.subtasks) > 1:
        subtasks = [each for each in task.subtasks if each.name in config.subtasks] or subtasks
    cells = [
        (subtask, language, variant)
        for variant in range(config.variants)
        for subtask in subtasks
        for language in languages
    ]
    names = [None if subtask is None else subtask.name for subtask, _, _ in cells]
    counts = counts_of(names, config, shares)
    rng = np.random.default_rng([config.seed, round, *task.name.encode()])
    wanted: list[Wanted] = []
    for cell, ((subtask, language, variant), samples) in enumerate(zip(cells, counts, strict=True)):
        # Drawn for every cell, also an empty one: the others' prompts must not depend on counts.
        tag = draw_tag(rng, variant)
        temperature = _rounded(float(rng.uniform(*config.temperature)))
        if samples == 0:
            continue
        messages = prompts.candidate(
            task,
            subtask,
            language,
            chat=chat,
            tag=tag,
            tried=tried,
            reasoning_tokens=config.reasoning_tokens,
            system=config.system,
        )
        parameters = config.parameters(temperature, stop=() if chat else ("\n```", "\n# Problem:"))
        # Its own, since two cells may come to the same prompt and must not give the same answers.
        seed = ((config.seed * 101 + round) * 1009 + cell) * CELL_NUMBERS
        wanted += [
            Wanted(
                request=Request(
                    messages=messages,
                    parameters=parameters,
                    seed=seed,
                    index=index,
                    language=language,
                ),
                kind=CANDIDATE,
                number=round * ROUND_NUMBERS + cell * CELL_NUMBERS + index,
                subtask=None if subtask is None else subtask.name,
                language=language,
                round=round,
            )
            for index in range(samples)
        ]
    return wanted


def allowed_languages(task: Task) -> tuple[str, ...]:
    """Languages that a task takes; empty where it takes all."""
    if task.interface.is_function:
        return tuple(task.interface.managers)
    return tuple(task.languages)


def _languages(task: Task, config: SamplingConfig) -> list[str]:
    taken = allowed_languages(task)
    return [each for each in config.languages if not taken or each in taken] or list(task.languages)


def _rounded(value: float) -> float:
    """Two decimals: part of a key, so the same on every machine."""
    return float(f"{value:.2f}")


def first_count(config: SamplingConfig) -> int:
    """Samples of a task that are drawn before anything is known of it."""
    plain = config.plain_samples
    return min(plain, max(1, round(plain * config.first_share)))


def counts_of(
    names: Sequence[str | None], config: SamplingConfig, shares: Mapping[str, float] | None
) -> list[int]:
    """Samples a cell: the first share evenly, and with `shares` the rest as they say.

    Args:
        names: The subtask of each cell; None stands for the whole task.

    Returns:
        As many counts as names; with `shares` they sum to `config.plain_samples`.
    """
    first = first_count(config)
    counts = share_out(np.ones(len(names)), first)
    if shares is None or first >= config.plain_samples:
        return counts
    weights = np.array([shares.get(name, 0.0) if name is not None else 1.0 for name in names])
    if weights.sum() <= 0:
        weights[:] = 1.0
    rest = share_out(weights, config.plain_samples - first)
    return [even + more for even, more in zip(counts, rest, strict=True)]


def share_out(weights: np.ndarray[tuple[int], np.dtype[np.float64]], samples: int) -> list[int]:
    """Whole numbers in proportion to the weights, that sum to `samples`."""
    exact = weights / weights.sum() * samples
    counts = np.floor(exact).astype(int)
    # The largest remainders get what is left; earlier cells where they are equal.
    order = np.argsort(-(exact - counts), kind="stable")
    counts[order[: samples - counts.sum()]] += 1
    return [int(each) for each in counts]


def plan_helpers(task: Task, config: SamplingConfig, prompts: Prompts) -> list[Wanted]:
    """Requests for generators and validators, and for checkers where many answers are right and the
    contest shows no checker of its own; for brute forces, where programs read an input; and for
    producers, where outputs are handed in beside programs."""
    kinds = list(HELPER_KINDS)
    if task.checker is None and many_answers(task) and not task.interface.is_function:
        kinds.append(HelperKind.CHECKER)
    counts = [(kind, config.helpers) for kind in kinds]
    if task.type is TaskType.BATCH and not task.interface.is_function:
        counts.append((HelperKind.BRUTE, config.brutes))
    if task.output_files and task.type is not TaskType.OUTPUT_ONLY:
        # In a task of outputs alone every candidate makes them.
        share = config.samples // PRODUCERS_SHARE
        counts.append((HelperKind.PRODUCER, max(config.helpers, share)))
    return [
        Wanted(
            request=Request(
                messages=prompts.helper(
                    task,
                    kind,
                    number,
                    language=_helpers_language(kind, number),
                    system=config.system,
                ),
                parameters=config.parameters(HELPER_TEMPERATURE),
                seed=config.seed,
                index=number,
                language=_helpers_language(kind, number),
            ),
            kind=kind.value,
            number=number,
            subtask=None,
            language=_helpers_language(kind, number),
            round=0,
        )
        for kind, count in counts
        for number in range(count)
    ]


def _helpers_language(kind: HelperKind, number: int) -> str:
    """Producers search, which C++ is quicker at; every other one is in Python."""
    return "cpp20" if kind is HelperKind.PRODUCER and number % 2 == 0 else "python3"


def draw_tag(rng: np.random.Generator, variant: int) -> str:
    """No tag for the first variant, a random one for each other."""
    return TAGS[int(rng.integers(1, len(TAGS)))] if variant else ""
