"""The first half of a round: samples of each task, and what the judge says of them."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from problems.errors import JudgeError
from sandbox.backend import Sandbox
from sandbox.compiling.compile import Compiler
from solver.breaking.config import BreakingConfig
from solver.kept.samples import RunFolder
from solver.observed import ObservingConfig, observe_all
from solver.observing.bench import Bench
from solver.replays.truth import Labeller, Truth, read_truth
from solver.sampling.answers.collect import collect
from solver.sampling.draw import Budget, draw
from solver.sampling.engines.embedded import ANSWER_TOKENS, EmbeddedEngine
from solver.sampling.engines.hf import HfEngine
from solver.sampling.plan import allowed_languages, plan_candidates, plan_helpers
from solver.sampling.pools.pool import write_pool
from solver.sampling.prompts import Prompts
from solver.sampling.tally import Tally
from solver.training.config import Sampler, TrainingConfig
from solver.training.errors import TrainingError
from solver.training.sources import Source, Told, TrainingTask
from solver.types import Behaviour, Candidate, Pool

_Kind = TypeVar("_Kind", bound=np.generic)
DRAWN_NAME = "drawn.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampled:
    """One task's samples of a round.

    Attributes:
        tokens: Of all answers, whenever they were drawn.
    """

    candidates: Sequence[Candidate]
    tally: Tally
    tokens: int


def draw_samples(
    config: TrainingConfig,
    tasks: Mapping[str, TrainingTask],
    folder: Path,
    adapter: Path | None,
    called: str,
    tell: Told,
) -> dict[str, Sampled]:
    """Draws what the folder does not hold; an answer is on the disk before it counts.

    Args:
        adapter: On the model; None samples the model itself.
        called: What the samples say that they were drawn by, whatever the folder is called.

    Raises:
        EngineError, ModelUnavailable, AdapterError: As the engine does; what came is kept.
    """
    prompts = Prompts(Path(config.sampling.prompts) if config.sampling.prompts else None)
    engine: HfEngine | EmbeddedEngine | None = None
    found: dict[str, Sampled] = {}
    with RunFolder(folder) as run:
        budget = Budget.of_run(config.sampling, run)
        try:
            for name, one in tasks.items():

                def progress(done: int, total: int, name: str = name) -> None:
                    tell(name, "sampling", done, total)

                marker = folder / name / DRAWN_NAME
                if not marker.is_file():
                    # Loaded where something is missing: it takes seconds, or minutes.
                    engine = engine or _engine(config, adapter, called)
                    wanted = plan_candidates(one.task, config.sampling, prompts, chat=engine.chat)
                    if not wanted:
                        raise TrainingError(
                            f"{name}: takes none of the languages that are asked for "
                            f"({', '.join(config.sampling.languages)}); it takes "
                            f"{', '.join(allowed_languages(one.task)) or 'none that we have'}"
                        )
                    if engine.chat and config.sampling.helpers:
                        wanted = [*plan_helpers(one.task, config.sampling, prompts), *wanted]
                    draw(one.task, engine, wanted, run, budget, progress)
                    marker.parent.mkdir(parents=True, exist_ok=True)
                    marker.write_text("{}\n")
                samples = collect(one.task, run, 1, tokens=0, spent=0, stopped="")
                found[name] = Sampled(
                    candidates=samples.candidates,
                    tally=samples.tally,
                    tokens=samples.tally.tokens,
                )
        finally:
            if engine is not None:
                engine.close()
    return found


def _engine(config: TrainingConfig, adapter: Path | None, called: str) -> HfEngine | EmbeddedEngine:
    at_once = config.sampling.concurrency or 16
    if config.sampler is Sampler.EMBEDDED:
        return EmbeddedEngine(
            Path(config.name).expanduser(),
            slots=at_once,
            answer_tokens=config.sampling.max_tokens or ANSWER_TOKENS,
            adapter=adapter,
            called=called,
        )
    spec = config.name if adapter is None else f"{config.name}+{adapter}"
    return HfEngine(spec, batch=at_once, device=config.device, called=called)


def judged(
    of: TrainingTask,
    sampled: Sampled,
    folder: Path,
    sandbox: Sandbox,
    compiler: Compiler,
    tell: Told,
) -> Truth | None:
    """What every candidate is worth, kept as a table; None where there is no candidate.

    Raises:
        JudgeError, SandboxError: Judging failed: that is no verdict.
    """
    name = of.task.name
    if not sampled.candidates:
        return None
    file = folder / "truths" / f"{name}.parquet"
    if file.is_file():
        return read_truth(file).of(sampled.candidates)
    labeller = Labeller(of.package, sandbox, compiler)
    truth = labeller.truth(
        sampled.candidates, lambda done, total: tell(name, "labelling", done, total)
    )
    if labeller.failures:
        failed, reason = next(iter(labeller.failures.items()))
        raise JudgeError(
            f"{name}: {len(labeller.failures)} programs could not be judged; {failed}: {reason}"
        )
    write_pool(
        folder / "pools" / f"{name}.jsonl",
        Pool(task=name, candidates=tuple(sampled.candidates)),
    )
    truth.write(file)
    return truth


def source_of(
    of: TrainingTask,
    sampled: Sampled,
    truth: Truth,
    place: str,
    folder: Path,
    compiler: Compiler,
    tell: Told,
) -> Source:
    """The right candidates with what they do, for `selecting`; the wrong ones only count.

    Only what is right anywhere is run: the behaviour tells doubles among these.
    """
    right = [row for row in range(len(sampled.candidates)) if truth.right[row].any()]
    seen = None
    if right:
        programs = [sampled.candidates[row] for row in right]
        bench = Bench.of(
            of.task,
            compiler,
            folder / "observed" / of.task.name,
            tell=lambda stage, done, total: tell(of.task.name, stage, done, total),
        )
        quiet = ObservingConfig(breaking=BreakingConfig(on=False))
        own = observe_all(programs, (), bench, quiet).behaviour
        seen = _spread(own, [one.id for one in sampled.candidates])
    return Source(of=of, place=place, candidates=sampled.candidates, truth=truth, behaviour=seen)


def _spread(own: Behaviour, names: Sequence[str]) -> Behaviour:
    """The behaviour with empty rows for candidates that were not run."""
    rows = {name: row for row, name in enumerate(own.candidate_ids)}
    take = np.array([rows.get(name, -1) for name in names])

    def spread(values: NDArray[_Kind]) -> NDArray[_Kind]:
        found: NDArray[_Kind] = values[take].copy()
        found[take < 0] = 0
        return found

    return Behaviour(
        candidate_ids=tuple(names),
        input_ids=own.input_ids,
        status=spread(own.status),
        digest=spread(own.digest),
        cpu_s=spread(own.cpu_s),
        in_subtask=own.in_subtask,
        expected=own.expected,
        subtasks=own.subtasks,
    )


def seconds_since(begun_s: float) -> float:
    """Of wall time, to a millisecond."""
    return round(time.monotonic() - begun_s, 3)
