"""Stage 2: draws what is missing, keeps every answer before it is used, and extracts programs."""

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from problems.task import Subtask, Task
from solver.contest.prepared import Tried
from solver.errors import EngineError
from solver.sampling.config import SamplingConfig
from solver.sampling.engine import Answer, Engine, Request, SamplingParameters
from solver.sampling.extraction import NoProgram, extract
from solver.sampling.prompts import Prompts, draw_tag
from solver.store import RunFolder, StoredSample
from solver.types import Candidate, HelperKind, HelperProgram

Progress = Callable[[int, int], None]
"""Called with (done, all)."""

CANDIDATE = "candidate"
HELPER_KINDS = (HelperKind.GENERATOR, HelperKind.VALIDATOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A request and what its answer is for.

    Attributes:
        kind: candidate, generator or validator.
        number: Order in the task's samples; part of the candidate's id.
    """

    request: Request
    kind: str
    number: int
    subtask: str | None
    language: str
    round: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Samples:
    """What a task's samples came to.

    Attributes:
        unusable: Why answers gave no program, and how often.
        tokens: Drawn by this call.
        stopped: Why drawing ended before all was drawn, empty where it did not.
    """

    candidates: tuple[Candidate, ...]
    helpers: tuple[HelperProgram, ...]
    unusable: Mapping[NoProgram, int]
    tokens: int
    stopped: str = ""


@dataclass(slots=True)
class Budget:
    """Limits of a whole run; shared by its tasks."""

    config: SamplingConfig
    tokens: int = 0
    cost: float = 0.0
    started_s: float = field(default_factory=time.monotonic)

    def spend(self, answer: Answer) -> None:
        """Counts an answer."""
        self.tokens += answer.tokens
        self.cost += answer.tokens * self.config.price_answer_mtok / 1e6
        self.cost += answer.prompt_tokens * self.config.price_prompt_mtok / 1e6

    def over(self) -> str:
        """The limit that is reached, "" while none is."""
        config = self.config
        if config.max_tokens_total is not None and self.tokens >= config.max_tokens_total:
            return f"the limit of {config.max_tokens_total} tokens is reached"
        if config.max_s is not None and time.monotonic() - self.started_s >= config.max_s:
            return f"the limit of {config.max_s:.0f} s is reached"
        if config.max_cost is not None and self.cost >= config.max_cost:
            return f"the cost limit of {config.max_cost} is reached"
        return ""


def plan_candidates(
    task: Task,
    config: SamplingConfig,
    prompts: Prompts,
    *,
    chat: bool,
    round: int = 1,
    tried: Sequence[Tried] = (),
    shares: Mapping[str, float] | None = None,
    count: int | None = None,
) -> list[Wanted]:
    """The requests of one round, samples of one prompt next to each other.

    Args:
        shares: Subtask name to its share of the samples; None means even.
        count: Samples in all; None takes the configuration's.
    """
    languages = [each for each in config.languages if _allowed(task, each)] or list(task.languages)
    subtasks: list[Subtask | None] = list(task.subtasks) if len(task.subtasks) > 1 else [None]
    cells = [
        (subtask, language, variant)
        for variant in range(config.variants)
        for subtask in subtasks
        for language in languages
    ]
    counts = _share_out(cells, config.samples if count is None else count, shares)
    rng = np.random.default_rng([config.seed, round, *task.name.encode()])
    wanted: list[Wanted] = []
    for (subtask, language, variant), samples in zip(cells, counts, strict=True):
        # Drawn for every cell, also an empty one: the others' prompts must not depend on counts.
        tag = draw_tag(rng, variant)
        temperature = round_to(float(rng.uniform(*config.temperature)), 2)
        messages = prompts.candidate(task, subtask, language, chat=chat, tag=tag, tried=tried)
        parameters = SamplingParameters(
            temperature=temperature,
            top_p=config.top_p,
            max_tokens=config.max_tokens,
            stop=() if chat else ("\n```", "\n# Problem:"),
        )
        for index in range(samples):
            request = Request(
                messages=messages, parameters=parameters, seed=config.seed, index=index
            )
            wanted.append(
                Wanted(
                    request=request,
                    kind=CANDIDATE,
                    number=round * 1_000_000 + len(wanted),
                    subtask=None if subtask is None else subtask.name,
                    language=language,
                    round=round,
                )
            )
    return wanted


def round_to(value: float, digits: int) -> float:
    """Rounded: part of a key, so the same on every machine."""
    return float(f"{value:.{digits}f}")


def _allowed(task: Task, language: str) -> bool:
    if task.interface.is_function:
        return language in task.interface.managers
    return not task.languages or language in task.languages


def _share_out(
    cells: Sequence[tuple[Subtask | None, str, int]],
    samples: int,
    shares: Mapping[str, float] | None,
) -> list[int]:
    """Samples a cell; sums to `samples`."""
    weights = np.array(
        [
            1.0 if shares is None or subtask is None else shares.get(subtask.name, 0.0)
            for subtask, _, _ in cells
        ]
    )
    if weights.sum() <= 0:
        weights[:] = 1.0
    exact = weights / weights.sum() * samples
    counts = np.floor(exact).astype(int)
    # The largest remainders get what is left; earlier cells where they are equal.
    order = np.argsort(-(exact - counts), kind="stable")
    counts[order[: samples - counts.sum()]] += 1
    return [int(each) for each in counts]


def plan_helpers(task: Task, config: SamplingConfig, prompts: Prompts) -> list[Wanted]:
    """Requests for generators and validators."""
    wanted: list[Wanted] = []
    for kind in HELPER_KINDS:
        for number in range(config.helpers):
            request = Request(
                messages=prompts.helper(task, kind, number),
                parameters=SamplingParameters(
                    temperature=0.8, top_p=config.top_p, max_tokens=config.max_tokens
                ),
                seed=config.seed,
                index=number,
            )
            wanted.append(
                Wanted(
                    request=request,
                    kind=kind.value,
                    number=number,
                    subtask=None,
                    language="python3",
                    round=0,
                )
            )
    return wanted


def draw(
    task: Task,
    engine: Engine,
    wanted: Sequence[Wanted],
    run: RunFolder,
    budget: Budget,
    progress: Progress,
) -> tuple[int, str]:
    """Draws those of the wanted samples that the run does not have; each is kept as it comes.

    Returns:
        Tokens drawn, and why drawing ended early ("" where it did not).

    Raises:
        EngineError: The engine failed; what came before is kept.
        RunFolderError: The disk is full; what came before is kept.
    """
    by_key = {each.request.key(engine.name, engine.model): each for each in wanted}
    known = run.known(list(by_key))
    missing = {key: each for key, each in by_key.items() if key not in known}
    done = len(by_key) - len(missing)
    progress(done, len(by_key))
    tokens = 0
    keys = {each.request: key for key, each in missing.items()}
    requests = [each.request for each in missing.values()]
    for request, answer in engine.sample(requests, stop=lambda: bool(budget.over())):
        key = keys[request]
        run.add([_stored(key, missing[key], task, engine, answer)])
        budget.spend(answer)
        tokens += answer.tokens
        done += 1
        progress(done, len(by_key))
    return tokens, budget.over() if done < len(by_key) else ""


def _stored(key: str, wanted: Wanted, task: Task, engine: Engine, answer: Answer) -> StoredSample:
    return StoredSample(
        key=key,
        task=task.name,
        kind=wanted.kind,
        subtask=wanted.subtask,
        number=wanted.number,
        text=answer.text,
        logprob=answer.logprob,
        tokens=answer.tokens,
        prompt_tokens=answer.prompt_tokens,
        finish=answer.finish,
        model=engine.model,
        elapsed_s=answer.elapsed_s,
        extra={
            "language": wanted.language,
            "round": wanted.round,
            "temperature": wanted.request.parameters.temperature,
        },
    )


def collect(task: Task, run: RunFolder, rounds: int, tokens: int, stopped: str) -> Samples:
    """The programs in the run's answers for a task, up to and with that round."""
    unusable: Counter[NoProgram] = Counter()
    candidates: list[Candidate] = []
    for sample in run.samples(task.name, CANDIDATE):
        if sample.extra["round"] > rounds:
            continue
        found = extract(sample.text, sample.extra["language"], sample.finish)
        if found.source is None:
            assert found.reason is not None
            unusable[found.reason] += 1
            continue
        candidates.append(
            Candidate(
                id=f"{task.name}/{sample.number}",
                task=task.name,
                subtask=sample.subtask,
                language=sample.extra["language"],
                source=found.source,
                logprob=sample.logprob,
                model=sample.model,
            )
        )
    helpers: list[HelperProgram] = []
    for kind in HELPER_KINDS:
        for sample in run.samples(task.name, kind.value):
            found = extract(sample.text, sample.extra["language"], sample.finish)
            if found.source is None:
                assert found.reason is not None
                unusable[found.reason] += 1
                continue
            helpers.append(
                HelperProgram(
                    id=f"{task.name}/{kind.value}{sample.number}",
                    kind=kind,
                    language=sample.extra["language"],
                    source=found.source,
                )
            )
    return Samples(
        candidates=tuple(candidates),
        helpers=tuple(helpers),
        unusable=dict(unusable),
        tokens=tokens,
        stopped=stopped,
    )


def draw_round(
    task: Task,
    engine: Engine,
    run: RunFolder,
    config: SamplingConfig,
    budget: Budget,
    progress: Progress,
    *,
    round: int = 1,
    tried: Sequence[Tried] = (),
) -> Samples:
    """All samples of a task for one round, those of earlier rounds included.

    Raises:
        EngineError: The engine failed, or not one answer holds a program.
    """
    prompts = Prompts(Path(config.prompts) if config.prompts is not None else None)
    wanted = plan_helpers(task, config, prompts) if round == 1 else []
    wanted += plan_candidates(task, config, prompts, chat=engine.chat, round=round, tried=tried)
    tokens, stopped = draw(task, engine, wanted, run, budget, progress)
    samples = collect(task, run, round, tokens, stopped)
    if not samples.candidates:
        reasons = ", ".join(f"{reason} {count}" for reason, count in samples.unusable.items())
        raise EngineError(
            f"{task.name}: no answer holds a program ({stopped or reasons or 'nothing was drawn'})"
        )
    return samples
