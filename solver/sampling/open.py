"""`--model SPEC` to the engine or the recorded pool that it names."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import cast

from problems.plugins import ENGINES, plugin, plugin_names
from problems.task import Task
from solver.errors import ModelUnavailable, SolverError
from solver.kept.samples import RunFolder
from solver.sampling.answers.collect import Samples
from solver.sampling.answers.extraction import is_settled
from solver.sampling.config import SamplingConfig
from solver.sampling.draw import Budget, cost_of, draw, draw_repairs, draw_round
from solver.sampling.engine import Engine
from solver.sampling.models import default_model, fetch, is_there, model_named
from solver.sampling.plan import Wanted, first_count
from solver.sampling.repairs import RepairPlan
from solver.sampling.source import Drawn, PoolSource, Source, Spent
from solver.types import PrepareRequest, Progress

_Opener = Callable[[str, SamplingConfig], Engine]


class UnknownModel(SolverError):
    """The spec is of no known form."""


class ModelSource:
    """Samples drawn from an engine into the run folder."""

    def __init__(self, engine: Engine, run: RunFolder, config: SamplingConfig) -> None:
        self._engine = engine
        self._run = run
        self.mends = engine.chat
        # A base model only continues a text: all of its samples are plain ones.
        self._config = config if engine.chat else config.model_copy(update={"repair_share": 0.0})
        self._budget = Budget.of_run(config, run)

    def spent(self) -> Spent:
        """What the run's answers have cost."""
        budget = self._budget
        return Spent(tokens=budget.tokens, prompt_tokens=budget.prompt_tokens, cost=budget.cost)

    def draw(
        self,
        task: Task,
        request: PrepareRequest,
        progress: Progress,
        shares: Mapping[str, float] | None = None,
    ) -> Drawn:
        """Draws what the run does not have yet; what it has costs nothing."""
        samples = draw_round(
            task,
            self._engine,
            self._run,
            self._config,
            self._budget,
            progress,
            round=request.round,
            tried=request.tried,
            shares=shares,
            most_tokens=request.tokens,
        )
        first = first_count(self._config)
        rest = self._config.plain_samples - first if shares is None else 0
        return self._drawn(samples, rest)

    def mend(
        self,
        task: Task,
        request: PrepareRequest,
        plan: RepairPlan,
        step: int,
        drawn: Drawn,
        progress: Progress,
    ) -> Drawn:
        """Draws what the run does not have yet of a repair round."""
        samples = draw_repairs(
            task,
            self._engine,
            self._run,
            self._config,
            self._budget,
            progress,
            plan=plan,
            candidates=drawn.candidates,
            round=request.round,
            step=step,
            tried=request.tried,
        )
        return self._drawn(samples)

    def ask(
        self, task: Task, wanted: Sequence[Wanted], progress: Progress
    ) -> tuple[list[str | None], int]:
        """Draws the answers that the run does not have yet."""
        _, spent, _ = draw(task, self._engine, wanted, self._run, self._budget, progress)
        kinds = {each.kind for each in wanted}
        texts = {one.key: one.text for kind in kinds for one in self._run.samples(task.name, kind)}
        keys = [each.request.key(self._engine.name, self._engine.model) for each in wanted]
        return [texts.get(key) for key in keys], spent

    def _drawn(self, samples: Samples, rest: int = 0) -> Drawn:
        tally = samples.tally
        return Drawn(
            candidates=samples.candidates,
            helpers=samples.helpers,
            tokens=samples.spent,
            rest=rest,
            tally=replace(tally, cost=cost_of(self._config, tally.tokens, tally.prompt_tokens)),
        )


def open_engine(spec: str, config: SamplingConfig | None = None) -> Engine:
    """The engine that a spec names.

    Args:
        spec: embedded[:NAME], gguf:FILE[+ADAPTER], hf:NAME-OR-FOLDER[+ADAPTER], openai:MODEL@URL,
            vllm:NAME, ray:SPEC (another of these on the nodes of a Ray cluster), or a kind that an
            installed package brings.

    Raises:
        UnknownModel: No such form, or a pool, which is no engine.
        ModelUnavailable: The model or server is not there; says what brings it.
    """
    config = config or SamplingConfig()
    kind, _, rest = spec.partition(":")
    opener = _OPENERS.get(kind) or cast(_Opener | None, plugin(ENGINES, kind))
    if opener is None or (not rest and kind in _OPENERS and kind != "embedded"):
        raise _unknown(spec)
    return opener(rest, config)


def check_spec(spec: str) -> None:
    """A spec is of a known form, and what it names on this machine is there; nothing is loaded.

    Raises:
        UnknownModel: No such form.
        ModelUnavailable, PoolError: There is no such file, folder or name.
    """
    from solver.sampling.engines.hf_adapter import check_adapter, split_adapter
    from solver.sampling.engines.hf_load import find_model, is_hub_name

    kind, _, rest = spec.partition(":")
    if kind == "pool" and rest:
        PoolSource(Path(rest))
        return
    if kind == "ray":
        if not _is_engine(rest):
            raise _unknown(spec)
        check_spec(rest)
        return
    known = kind in _OPENERS or plugin(ENGINES, kind) is not None
    if not known or (not rest and kind in _OPENERS and kind != "embedded"):
        raise _unknown(spec)
    if kind == "openai":
        server_of(rest)
    elif kind == "embedded" and rest:
        model_named(rest)
    elif kind == "gguf":
        base, adapter = split_adapter(rest)
        missing = [each for each in (Path(base), adapter) if each is not None and not each.exists()]
        if missing:
            raise ModelUnavailable(f"{missing[0]}: no such file")
        if adapter is not None and adapter.is_dir():
            check_adapter(adapter, Path(base), base)
    elif kind == "hf":
        base, adapter = split_adapter(rest)
        if not is_hub_name(base):
            path = find_model(base)
            if adapter is not None:
                check_adapter(adapter, path, base)


def server_of(rest: str) -> tuple[str, str]:
    """Model and address of openai:MODEL@URL.

    Raises:
        UnknownModel: It is not of this form.
    """
    model, at, url = rest.rpartition("@")
    if not at or not model or not url.startswith(("http://", "https://")):
        raise UnknownModel(
            f"openai:{rest}: wants MODEL@URL, as openai:qwen@http://localhost:8000/v1"
        )
    return model, url


def answer_limit(spec: str, config: SamplingConfig) -> int | None:
    """Tokens of one answer at most; None where only the server or the loaded model knows it."""
    if config.max_tokens is not None:
        return config.max_tokens
    kind, _, rest = spec.partition(":")
    if kind == "ray":
        return answer_limit(rest, config)
    if kind == "embedded":
        return (model_named(rest) if rest else default_model()).answer_tokens
    if kind == "gguf":
        from solver.sampling.engines.embedded import ANSWER_TOKENS

        return ANSWER_TOKENS
    return None


def _unknown(spec: str) -> UnknownModel:
    brought = "".join(f", {name}:..." for name in plugin_names(ENGINES))
    return UnknownModel(
        f"no model is called {spec!r}; give embedded, gguf:FILE, hf:NAME-OR-FOLDER, "
        f"openai:MODEL@URL, vllm:NAME, ray:SPEC{brought} or pool:FILE"
    )


def _is_engine(spec: str) -> bool:
    """Whether an actor of a Ray cluster can hold it: no recorded pool, and no cluster again."""
    return not spec.startswith(("pool:", "ray:")) and spec not in {"", "ray", "pool"}


def takes_turns(spec: str) -> bool:
    """Whether a spec's model is a chat model, as far as that is known before it is loaded."""
    # Imported here: as the engines are.
    from solver.sampling.engines.hf_adapter import split_adapter
    from solver.sampling.engines.hf_load import has_chat_template

    kind, _, rest = spec.partition(":")
    if kind == "ray":
        return takes_turns(rest)
    return kind != "hf" or has_chat_template(Path(split_adapter(rest)[0])) is not False


# Each engine is imported when it is asked for: torch and llama.cpp are slow to load.


def _embedded(name: str, config: SamplingConfig) -> Engine:
    from solver.sampling.engines.embedded import ANSWER_TOKENS, EmbeddedEngine

    model = model_named(name) if name else default_model()
    if not is_there(model):
        fetch(model)
    return EmbeddedEngine(
        model.path,
        slots=config.concurrency or 16,
        answer_tokens=config.max_tokens or model.answer_tokens or ANSWER_TOKENS,
        stop=model.stop,
    )


def _gguf(rest: str, config: SamplingConfig) -> Engine:
    from solver.sampling.engines.embedded import ANSWER_TOKENS, EmbeddedEngine
    from solver.sampling.engines.hf_adapter import split_adapter

    file, adapter = split_adapter(rest)
    # A user's own model may think before it answers: nothing but its own end stops it.
    return EmbeddedEngine(
        Path(file),
        slots=config.concurrency or 8,
        answer_tokens=config.max_tokens or ANSWER_TOKENS,
        adapter=adapter,
    )


def _hf(name: str, config: SamplingConfig) -> Engine:
    from solver.sampling.engines.hf import HfEngine

    return HfEngine(name, batch=config.concurrency or 16)


def _openai(rest: str, config: SamplingConfig) -> Engine:
    from solver.sampling.engines.openai import MOST_IN_FLIGHT, OpenAIEngine

    model, url = server_of(rest)
    engine = OpenAIEngine(
        url, model, enough=is_settled, most_in_flight=config.concurrency or MOST_IN_FLIGHT
    )
    engine.check()
    return engine


def _vllm(name: str, config: SamplingConfig) -> Engine:
    from solver.sampling.engines.vllm import VllmEngine

    return VllmEngine(name, program=config.vllm)


def _ray(spec: str, config: SamplingConfig) -> Engine:
    from solver.sampling.engines.ray_actors import RayEngine

    if not _is_engine(spec):
        raise _unknown(f"ray:{spec}")
    return RayEngine(open_engine, spec, config)


_OPENERS: dict[str, _Opener] = {
    "embedded": _embedded,
    "gguf": _gguf,
    "hf": _hf,
    "openai": _openai,
    "ray": _ray,
    "vllm": _vllm,
}


@contextmanager
def open_source(spec: str | Engine, run: Path, config: SamplingConfig) -> Iterator[Source]:
    """Where candidates come from, for `--model SPEC`; closed at the end of the block.

    Args:
        spec: What `--model` takes, or an engine of the caller's own, who closes it.

    Raises:
        UnknownModel, ModelUnavailable, PoolError, RunFolderError: As the parts do.
    """
    if not isinstance(spec, str):
        with RunFolder(run) as folder:
            yield ModelSource(spec, folder, config)
        return
    if spec.startswith("pool:"):
        yield PoolSource(Path(spec.removeprefix("pool:")), task_name=config.task_name)
        return
    engine = open_engine(spec, config)
    try:
        with RunFolder(run) as folder:
            yield ModelSource(engine, folder, config)
    finally:
        engine.close()
