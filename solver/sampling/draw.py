"""Stage 2: draws what is missing, keeps every answer before it is used, and extracts programs."""

import json
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field

from problems.task import Task
from solver.errors import EngineError
from solver.kept.keeper import Keeper
from solver.kept.samples import RunFolder, StoredSample
from solver.sampling.answers.collect import Samples, collect
from solver.sampling.answers.extraction import NoProgram
from solver.sampling.config import SamplingConfig
from solver.sampling.engine import Answer, Engine, Message
from solver.sampling.plan import CANDIDATE, Wanted, plan_candidates, plan_helpers
from solver.sampling.prompts import Prompts
from solver.sampling.repairs import RepairPlan, plan_repairs
from solver.types import Candidate, Progress, Tried

_CUT_OFF_FIX = (
    "answers were cut off before their program: give a larger --max-tokens, as 16384, and another "
    "--run folder; where the server's own context ended them, start it with a longer one"
)


def cost_of(config: SamplingConfig, tokens: int, prompt_tokens: int) -> float:
    """What answers cost, in the unit of the two prices."""
    answer = tokens * config.price_answer_mtok / 1e6
    return answer + prompt_tokens * config.price_prompt_mtok / 1e6


@dataclass(slots=True)
class Budget:
    """Limits of a whole run; shared by its tasks."""

    config: SamplingConfig
    tokens: int = 0
    prompt_tokens: int = 0
    cost: float = 0.0
    finishes: Counter[str] = field(default_factory=Counter)
    started_s: float = field(default_factory=time.monotonic)

    @classmethod
    def of_run(cls, config: SamplingConfig, run: RunFolder) -> "Budget":
        """With what earlier calls drew into the run: its limits are the whole run's."""
        budget = cls(config)
        for row in run.usage():
            budget.spend(row.tokens, row.prompt_tokens)
        return budget

    def spend(self, tokens: int, prompt_tokens: int) -> None:
        """Counts an answer."""
        self.tokens += tokens
        self.prompt_tokens += prompt_tokens
        self.cost += cost_of(self.config, tokens, prompt_tokens)

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


def draw(
    task: Task,
    engine: Engine,
    wanted: Sequence[Wanted],
    run: RunFolder,
    budget: Budget,
    progress: Progress,
    most_tokens: int | None = None,
) -> tuple[int, int, str]:
    """Draws those of the wanted samples that the run does not have.

    An answer counts as done once it is on the disk, and as spent once it came. Interrupted at any
    moment, what the engine gave until then is kept.

    Args:
        most_tokens: Of the wanted samples together, what earlier calls drew included; so a round
            that reached it draws no more when it is asked for again. It ends nothing before an
            answer that was to be a candidate is there: helpers alone cannot be played.

    Returns:
        Tokens drawn now, those of earlier calls included, and why drawing ended early ("" where it
        did not).

    Raises:
        EngineError: The engine failed; what came before is kept.
        RunFolderError: The disk is full; what came before is kept.
    """
    by_key = {each.request.key(engine.name, engine.model): each for each in wanted}
    known = run.known(list(by_key))
    missing = {key: each for key, each in by_key.items() if key not in known}
    done = len(by_key) - len(missing)
    progress(done, len(by_key))
    before = sum(known.values())
    tokens = 0
    playable = any(by_key[key].kind == CANDIDATE for key in known)

    def over() -> str:
        if most_tokens is not None and playable and before + tokens >= most_tokens:
            return f"the round's {most_tokens} tokens are spent"
        return budget.over()

    def kept(samples: Sequence[StoredSample]) -> None:
        nonlocal done
        done += len(samples)
        progress(done, len(by_key))

    keys = {each.request: key for key, each in missing.items()}
    # Kept once each, before an answer names it: what was asked belongs to what was answered.
    prompts = {
        messages: run.blobs.put(_prompt_text(messages))
        for messages in dict.fromkeys(each.request.messages for each in missing.values())
    }
    requests = [each.request for each in missing.values()]
    answers = engine.sample(requests, stop=lambda: bool(over()))
    with Keeper(run, kept) as keeper, closing(answers):
        for request, answer in answers:
            key = keys[request]
            playable = playable or missing[key].kind == CANDIDATE
            budget.spend(answer.tokens, answer.prompt_tokens)
            tokens += answer.tokens
            budget.finishes[answer.finish] += 1
            prompt = prompts[request.messages]
            keeper.keep(_stored(key, missing[key], task, engine, answer, prompt))
    keeper.check()
    return tokens, before + tokens, over() if done < len(by_key) else ""


def _prompt_text(messages: Sequence[Message]) -> bytes:
    return json.dumps([[each.role, each.content] for each in messages]).encode()


def _stored(
    key: str, wanted: Wanted, task: Task, engine: Engine, answer: Answer, prompt: str
) -> StoredSample:
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
            **({"step": wanted.step, "parent": wanted.parent} if wanted.step else {}),
            "prompt": prompt,
            "temperature": wanted.request.parameters.temperature,
            "top_p": wanted.request.parameters.top_p,
            "top_k": wanted.request.parameters.top_k,
            "min_p": wanted.request.parameters.min_p,
            "max_tokens": wanted.request.parameters.max_tokens,
            **answer.extra,
        },
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
    shares: Mapping[str, float] | None = None,
    most_tokens: int | None = None,
) -> Samples:
    """All samples of a task for one round, those of earlier rounds included.

    Args:
        most_tokens: For this round; drawing ends once so many were drawn, but not before an answer
                came that was to be a candidate.
        shares: As `allocation.shares_by_gain` gives them once the first share of the samples was
            compiled, run and estimated; None draws that first share alone.

    Raises:
        EngineError: The engine failed, or not one answer holds a program.
        RunFolderError: The disk is full; what came before is kept.
    """
    prompts = Prompts.of(config)
    wanted = plan_candidates(
        task, config, prompts, chat=engine.chat, round=round, tried=tried, shares=shares
    )
    if round == 1 and engine.chat:
        # First: where a limit ends the drawing, programs without inputs to run on tell nothing.
        wanted = [*plan_helpers(task, config, prompts), *wanted]
    tokens, spent, stopped = draw(task, engine, wanted, run, budget, progress, most_tokens)
    asked = [
        each.request.key(engine.name, engine.model) for each in wanted if each.kind == CANDIDATE
    ]
    samples = collect(
        task,
        run,
        round,
        tokens=tokens,
        spent=spent,
        stopped=stopped,
        not_drawn=len(asked) - len(run.known(asked)),
    )
    if not samples.candidates:
        raise EngineError(f"{task.name}: no answer holds a program ({_why(samples)})")
    return samples


def draw_repairs(
    task: Task,
    engine: Engine,
    run: RunFolder,
    config: SamplingConfig,
    budget: Budget,
    progress: Progress,
    *,
    plan: RepairPlan,
    candidates: Sequence[Candidate],
    round: int,
    step: int,
    tried: Sequence[Tried] = (),
) -> Samples:
    """All samples of a task up to one repair round, this round's drafts last.

    Args:
        candidates: What the plan was made from.
        step: 1 for the first repair round of the round.

    Raises:
        EngineError: The engine failed; what came before is kept.
        RunFolderError: The disk is full; what came before is kept.
    """
    prompts = Prompts.of(config)
    named = {each.id: each for each in candidates}
    wanted = plan_repairs(task, config, prompts, plan, named, round=round, step=step, tried=tried)
    tokens, spent, stopped = draw(task, engine, wanted, run, budget, progress, plan.tokens)
    asked = [each.request.key(engine.name, engine.model) for each in wanted]
    return collect(
        task,
        run,
        round,
        step=step,
        tokens=tokens,
        spent=spent,
        stopped=stopped,
        not_drawn=len(asked) - len(run.known(asked)),
    )


def _why(samples: Samples) -> str:
    reasons = [f"{reason} {count}" for reason, count in samples.unusable.items()]
    if samples.tally.refused:
        said = f": {samples.tally.said}" if samples.tally.said else ""
        reasons.append(f"refused {samples.tally.refused}{said}")
    why = samples.stopped or ", ".join(reasons) or "nothing was drawn"
    if NoProgram.CUT_OFF in samples.unusable and not samples.stopped:
        return f"{why}; {_CUT_OFF_FIX}"
    return why
