"""Answers from a loaded transformers model: plain batches, or continuous batching.

A plain batch lasts as long as its longest answer; continuous batching (`generate_batch`'s manager,
paged attention) puts a new request into the place of each that has ended, which is what keeps a GPU
busy. Both are wrapped here alone: the interface changes with every minor release of transformers.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import torch
from transformers import (
    ContinuousBatchingConfig,
    DynamicCache,
    GenerationConfig,
    LogitsProcessor,
    LogitsProcessorList,
    StoppingCriteria,
    StoppingCriteriaList,
    TopPLogitsWarper,
)

from solver.errors import EngineError
from solver.sampling.engine import Answer, Answers, Message, Request, SamplingParameters, Stop
from solver.sampling.engines.hf_load import Loaded

NUCLEUS_TOKENS = 1024
"""Likeliest tokens among which a nucleus is looked for before the whole vocabulary is sorted."""
SHARED_TOKENS = 8
"""Tokens at the start of all prompts of a batch from which reading them once pays."""
LOOK_EVERY = 16
"""Tokens between two looks at whether an answer holds all that is wanted."""
CPU_BLOCKS = 64
"""Blocks of 256 tokens of the paged cache on a CPU, where memory cannot be measured as on a GPU."""

Enough = Callable[[str], bool] | None


def prompt_ids(loaded: Loaded, messages: Sequence[Message]) -> list[int]:
    """Token ids of a prompt: through the chat template, or the bare text for a base model."""
    tokenizer = loaded.tokenizer
    if not loaded.chat:
        return list(tokenizer("".join(message.content for message in messages))["input_ids"])
    turns = [{"role": message.role, "content": message.content} for message in messages]
    try:
        text = tokenizer.apply_chat_template(turns, add_generation_prompt=True, tokenize=False)
    except ValueError:
        text = None
    except Exception as error:
        if type(error).__module__.partition(".")[0] != "jinja2":
            raise
        text = None
    if text is None:
        # Some templates know no system turn.
        merged = {"role": "user", "content": "\n\n".join(turn["content"] for turn in turns)}
        text = tokenizer.apply_chat_template([merged], add_generation_prompt=True, tokenize=False)
    return list(tokenizer(text, add_special_tokens=False)["input_ids"])


def end_ids(loaded: Loaded) -> list[int]:
    """Token ids that end an answer."""
    found = loaded.model.generation_config.eos_token_id
    if found is None:
        found = loaded.tokenizer.eos_token_id
    if found is None:
        return []
    return list(found) if isinstance(found, list | tuple) else [int(found)]


def generate_plain(
    loaded: Loaded, requests: Sequence[Request], batch: int, stop: Stop, enough: Enough
) -> Answers:
    """Batches of `batch` requests of equal parameters, one after the other."""
    for start in range(0, len(requests), batch):
        if stop():
            return
        yield from _one_batch(loaded, requests[start : start + batch], enough)


def _config(loaded: Loaded, parameters: SamplingParameters) -> GenerationConfig:
    sampled = parameters.temperature > 0
    warped: dict[str, Any] = {}
    if sampled:
        # Stated in full: a model's own generation_config must not change what a run records.
        warped = {
            "temperature": parameters.temperature,
            "top_p": parameters.top_p,
            "top_k": parameters.top_k or 0,
        }
    return GenerationConfig(
        max_new_tokens=parameters.max_tokens,
        do_sample=sampled,
        eos_token_id=end_ids(loaded) or None,
        pad_token_id=loaded.tokenizer.pad_token_id or 0,
        **warped,
    )


def _one_batch(loaded: Loaded, requests: Sequence[Request], enough: Enough) -> Answers:
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
    scores = _MeanLogprob(len(requests))
    looker = _Look(loaded.tokenizer, width, parameters.stop, enough, len(requests))
    start_s = time.monotonic()
    with torch.random.fork_rng(devices=[0] if loaded.device == "cuda" else []), torch.no_grad():
        torch.manual_seed((requests[0].seed * 1_000_003 + requests[0].index) % 2**63)
        out = loaded.model.generate(
            input_ids=ids.to(loaded.device),
            attention_mask=mask.to(loaded.device),
            cache=_read(loaded, prompts[0][:shared], len(prompts)),
            # What a token is drawn from is `_Nucleus`'s; transformers would sort the vocabulary.
            generation_config=_config(
                loaded, replace(parameters, temperature=float(sampled), top_p=1.0, top_k=None)
            ),
            logits_processor=LogitsProcessorList(
                [scores, _Nucleus(parameters)] if sampled else [scores]
            ),
            stopping_criteria=StoppingCriteriaList([looker]),
        )
    elapsed_s = (time.monotonic() - start_s) / len(requests)
    ends = set(end_ids(loaded))
    for row, request in enumerate(requests):
        tokens = out[row, width:].tolist()
        length = next((n + 1 for n, each in enumerate(tokens) if each in ends), len(tokens))
        length = min(length, looker.ended_at.get(row, length))
        ended = length < parameters.max_tokens or (tokens[length - 1 : length] or [-1])[0] in ends
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
) -> Answer:
    text = loaded.tokenizer.decode(tokens, skip_special_tokens=True)
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


class _MeanLogprob(LogitsProcessor):  # type: ignore[misc]
    """Mean log-probability of the chosen tokens, before temperature and nucleus.

    A step's choice is only known at the next step; so the logits of one step are held, not of all
    (which would be tokens x batch x vocabulary numbers).
    """

    def __init__(self, rows: int) -> None:
        self._held: torch.Tensor | None = None
        self._chosen: list[torch.Tensor] = []
        self._rows = rows

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        if self._held is not None:
            chosen = self._held.gather(1, input_ids[:, -1:])[:, 0].float()
            self._chosen.append(chosen - torch.logsumexp(self._held.float(), dim=1))
        # Later processors (temperature) may change the scores in place.
        self._held = scores.clone()
        return scores

    def mean(self, row: int, tokens: int) -> float | None:
        """Over a row's first tokens; the last one of the batch's longest row is not known."""
        values = [float(step[row]) for step in self._chosen[:tokens]]
        return sum(values) / len(values) if values else None


class _Nucleus(LogitsProcessor):  # type: ignore[misc]
    """Temperature, top-k and top-p as transformers' warpers do them, without sorting a vocabulary
    of 150,000 at every step: a quarter of the time of a small model on a CPU."""

    def __init__(self, parameters: SamplingParameters) -> None:
        self._temperature = parameters.temperature
        self._top_k = parameters.top_k
        self._top_p = parameters.top_p
        self._sorting = TopPLogitsWarper(parameters.top_p)

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        scores = scores / self._temperature
        if self._top_k is None and self._top_p >= 1.0:
            return scores
        top, place = scores.topk(min(self._top_k or NUCLEUS_TOKENS, scores.shape[1]), dim=1)
        total = torch.logsumexp(scores if self._top_k is None else top, dim=1, keepdim=True)
        chance = torch.exp(top - total)
        seen = chance.cumsum(dim=1)
        inside = seen - chance < self._top_p
        inside[:, 0] = True
        drawn = torch.full_like(scores, -torch.inf).scatter(
            1, place, top.masked_fill(~inside, -torch.inf)
        )
        if self._top_k is None:
            wide = seen[:, -1] < self._top_p
            if bool(wide.any()):
                drawn[wide] = self._sorting(input_ids, scores[wide])
        return drawn


class _Look(StoppingCriteria):  # type: ignore[misc]
    """Ends a row once its text holds a stop text or all that is wanted."""

    def __init__(
        self, tokenizer: Any, width: int, stop: Sequence[str], enough: Enough, rows: int
    ) -> None:
        self._tokenizer = tokenizer
        self._width = width
        self._stop = stop
        self._enough = enough
        self._rows = rows
        self.ended_at: dict[int, int] = {}

    def __call__(self, input_ids: torch.Tensor, scores: Any, **kwargs: Any) -> torch.Tensor:
        length = input_ids.shape[1] - self._width
        if length % LOOK_EVERY == 0 and (self._stop or self._enough is not None):
            for row in range(self._rows):
                if row not in self.ended_at and self._is_done(input_ids[row, self._width :]):
                    self.ended_at[row] = length
        done = [row in self.ended_at for row in range(self._rows)]
        return torch.tensor(done, device=input_ids.device)

    def _is_done(self, tokens: torch.Tensor) -> bool:
        text = self._tokenizer.decode(tokens, skip_special_tokens=True)
        if any(each in text for each in self._stop):
            return True
        return self._enough is not None and self._enough(text)


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
    waiting = iter(requests)
    flying: dict[str, tuple[Request, float]] = {}
    with loaded.model.continuous_batching_context_manager(
        generation_config=_config(loaded, parameters),
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
                ),
            )
