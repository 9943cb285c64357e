"""Answers from a loaded transformers model: plain batches, or continuous batching.

A plain batch lasts as long as its longest answer; continuous batching (`generate_batch`'s manager,
paged attention) puts a new request into the place of each that has ended, which is what keeps a GPU
busy. Both are wrapped here alone: the interface changes with every minor release of transformers.
"""

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import torch
from transformers import (
    ContinuousBatchingConfig,
    DynamicCache,
    GenerationConfig,
    LogitsProcessorList,
    StoppingCriteriaList,
)

from solver.errors import EngineError
from solver.sampling.answers.extraction import is_settled
from solver.sampling.engine import Answer, Answers, Request, SamplingParameters, Settled, Stop
from solver.sampling.engines.hf_load import Loaded
from solver.sampling.engines.hf_processors import Look, MeanLogprob, Nucleus
from solver.sampling.engines.hf_text import (
    answer_opening,
    decoded,
    end_ids,
    limit_of,
    prompt_ids,
)

CONTINUOUS_IN_FLIGHT = 512
"""Requests that continuous batching is handed at a time."""
SHARED_TOKENS = 8
"""Tokens at the start of all prompts of a batch from which reading them once pays."""
CPU_BLOCKS = 64
"""Blocks of 256 tokens of the paged cache on a CPU, where memory cannot be measured as on a GPU."""


def sample_loaded(
    loaded: Loaded, requests: Sequence[Request], stop: Stop, batch: int, continuous: bool | None
) -> Answers:
    """Draws all requests from a model of this process, those of equal parameters together."""
    groups: dict[SamplingParameters, list[Request]] = {}
    for request in requests:
        groups.setdefault(request.parameters, []).append(request)
    use_continuous = loaded.device == "cuda" if continuous is None else continuous
    for group in groups.values():
        if stop():
            return
        if use_continuous:
            yield from generate_continuous(loaded, group, CONTINUOUS_IN_FLIGHT, stop)
        else:
            yield from generate_plain(loaded, group, batch, stop, is_settled)


def generate_plain(
    loaded: Loaded, requests: Sequence[Request], batch: int, stop: Stop, enough: Settled | None
) -> Answers:
    """Batches of `batch` requests of equal parameters, one after the other."""
    for start in range(0, len(requests), batch):
        if stop():
            return
        yield from _one_batch(loaded, requests[start : start + batch], enough)


def _config(loaded: Loaded, parameters: SamplingParameters, most: int) -> GenerationConfig:
    sampled = parameters.temperature > 0
    warped: dict[str, Any] = {}
    if sampled:
        # Stated in full: a model's own generation_config must not change what a run records.
        warped = {
            "temperature": parameters.temperature,
            "top_p": parameters.top_p,
            "top_k": parameters.top_k or 0,
            "min_p": parameters.min_p or None,
        }
    return GenerationConfig(
        max_new_tokens=most,
        do_sample=sampled,
        eos_token_id=end_ids(loaded) or None,
        pad_token_id=loaded.tokenizer.pad_token_id or 0,
        **warped,
    )


def _one_batch(loaded: Loaded, requests: Sequence[Request], enough: Settled | None) -> Answers:
    parameters = requests[0].parameters
    sampled = parameters.temperature > 0
    prompts = [prompt_ids(loaded, request.messages) for request in requests]
    width = max(len(ids) for ids in prompts)
    pad = loaded.tokenizer.pad_token_id or 0
    shared = _common(prompts) if _may_share(loaded, prompts) else 0
    gaps = [width - len(row) for row in prompts]
    # What all prompts begin with comes first, the padding after it: so it can be read once.
    ids = torch.tensor(
        [row[:shared] + [pad] * gap + row[shared:] for row, gap in zip(prompts, gaps, strict=True)]
    )
    mask = torch.tensor([[1] * shared + [0] * gap + [1] * (width - shared - gap) for gap in gaps])
    scores = MeanLogprob(len(requests))
    most = limit_of(loaded, parameters, width)
    looker = Look(
        loaded.tokenizer, width, parameters.stop, enough, [each.language for each in requests]
    )
    start_s = time.monotonic()
    with torch.random.fork_rng(devices=[0] if loaded.device == "cuda" else []), torch.no_grad():
        torch.manual_seed((requests[0].seed * 1_000_003 + requests[0].index) % 2**63)
        out = loaded.model.generate(
            input_ids=ids.to(loaded.device),
            attention_mask=mask.to(loaded.device),
            cache=_read(loaded, prompts[0][:shared], len(prompts)),
            # What a token is drawn from is `Nucleus`'s; transformers would sort the vocabulary.
            generation_config=_config(
                loaded,
                replace(parameters, temperature=float(sampled), top_p=1.0, top_k=None, min_p=0.0),
                most,
            ),
            logits_processor=LogitsProcessorList(
                [scores, Nucleus(parameters)] if sampled else [scores]
            ),
            stopping_criteria=StoppingCriteriaList([looker]),
        )
    elapsed_s = (time.monotonic() - start_s) / len(requests)
    ends = set(end_ids(loaded))
    for row, request in enumerate(requests):
        tokens = out[row, width:].tolist()
        length = next((n + 1 for n, each in enumerate(tokens) if each in ends), len(tokens))
        length = min(length, looker.ended_at.get(row, length))
        ended = length < most or (tokens[length - 1 : length] or [-1])[0] in ends
        yield (
            request,
            _answer(
                loaded,
                tokens[:length],
                prompt_tokens=len(prompts[row]),
                logprob=scores.mean(row, length),
                finish="enough" if row in looker.ended_at else "stop" if ended else "length",
                elapsed_s=elapsed_s,
                stop=parameters.stop,
                opening=answer_opening(loaded, request.messages),
            ),
        )


def _may_share(loaded: Loaded, prompts: Sequence[list[int]]) -> bool:
    """Whether a start read once serves all rows; padding after it is safe in full attention only,
    since a sliding window and a recurrent state would count it."""
    config = loaded.model.config.get_text_config(decoder=True)
    layers = set(getattr(config, "layer_types", None) or ())
    if getattr(config, "sliding_window", None):
        layers.add("sliding_attention")
    alike = len({len(ids) for ids in prompts}) == 1
    known = {"full_attention", "sliding_attention"} if alike else {"full_attention"}
    return loaded.model._supports_default_dynamic_cache() and layers <= known


def _common(prompts: Sequence[list[int]]) -> int:
    """Tokens that all prompts begin with, 0 where sharing them does not pay; each keeps one more,
    from which its first new token is predicted."""
    most = min(len(ids) for ids in prompts) - 1
    first, last = min(prompts), max(prompts)  # in lexical order: what these share, all share
    shared = next((at for at in range(most) if first[at] != last[at]), most)
    return shared if len(prompts) > 1 and shared >= SHARED_TOKENS else 0


def _read(loaded: Loaded, ids: Sequence[int], rows: int) -> DynamicCache | None:
    """The keys and values of a prompt's start, read once, for `rows` answers; None without one."""
    if not ids:
        return None
    cache = DynamicCache(config=loaded.model.config.get_text_config(decoder=True))
    loaded.model(
        input_ids=torch.tensor([list(ids)], device=loaded.device),
        cache=cache,
        use_cache=True,
        logits_to_keep=1,
    )
    cache.batch_repeat_interleave(rows)
    return cache


def _answer(
    loaded: Loaded,
    tokens: Sequence[int],
    *,
    prompt_tokens: int,
    logprob: float | None,
    finish: str,
    elapsed_s: float,
    stop: Sequence[str],
    opening: str,
) -> Answer:
    text = opening + decoded(loaded, tokens)
    cuts = [found for each in stop if (found := text.find(each)) >= 0]
    if cuts:
        text, finish = text[: min(cuts)], "stop"
    return Answer(
        text=text,
        tokens=len(tokens),
        prompt_tokens=prompt_tokens,
        logprob=logprob,
        finish=finish,
        elapsed_s=elapsed_s,
    )


def generate_continuous(
    loaded: Loaded, requests: Sequence[Request], most: int, stop: Stop
) -> Answers:
    """Requests of equal parameters through transformers' continuous batching.

    Args:
        most: Requests handed over at a time; what was handed over is finished even after `stop`.
    """
    parameters = requests[0].parameters
    on_cpu = loaded.device == "cpu"
    config = ContinuousBatchingConfig(
        return_logprobs=True,
        seed=(requests[0].seed * 1_000_003 + requests[0].index) % 2**31,
        num_blocks=CPU_BLOCKS if on_cpu else None,
        max_batch_tokens=CPU_BLOCKS if on_cpu else None,
    )
    ends = set(end_ids(loaded))
    longest = max(len(prompt_ids(loaded, messages)) for messages in {r.messages for r in requests})
    waiting = iter(requests)
    flying: dict[str, tuple[Request, float]] = {}
    with loaded.model.continuous_batching_context_manager(
        generation_config=_config(loaded, parameters, limit_of(loaded, parameters, longest)),
        continuous_batching_config=config,
        block=True,
        timeout=5,
        warmup=not on_cpu,
    ) as manager:
        ended = False
        while True:
            while not ended and len(flying) < most:
                request = next(waiting, None)
                if request is None or stop():
                    ended = True
                    break
                name = f"r{request.index}-{len(flying)}-{time.monotonic_ns()}"
                manager.add_request(prompt_ids(loaded, request.messages), request_id=name)
                flying[name] = (request, time.monotonic())
            if not flying:
                return
            result = manager.get_result(timeout=1)
            if result is None:
                if not manager.is_running():
                    raise EngineError("transformers' generation thread ended; what came is kept")
                continue
            if not result.is_finished():
                continue
            if result.error is not None:
                raise EngineError(f"transformers failed on a request: {result.error}")
            request, begun_s = flying.pop(result.request_id)
            tokens = list(result.generated_tokens)
            values = list(result.logprobs)
            yield (
                request,
                _answer(
                    loaded,
                    tokens,
                    prompt_tokens=len(result.prompt_ids),
                    logprob=sum(values) / len(values) if values else None,
                    finish="stop" if tokens and tokens[-1] in ends else "length",
                    elapsed_s=(time.monotonic() - begun_s) / most,
                    stop=parameters.stop,
                    opening=answer_opening(loaded, request.messages),
                ),
            )
