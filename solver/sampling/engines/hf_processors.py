"""What transformers calls at each step of plain batches: which tokens may come, how likely those
were that came, and whether a row is done."""

import math
from collections.abc import Sequence
from typing import Any

import torch
from transformers import LogitsProcessor, StoppingCriteria, TopPLogitsWarper

from solver.sampling.engine import SamplingParameters, Settled

NUCLEUS_TOKENS = 1024
"""Likeliest tokens among which a nucleus is looked for before the whole vocabulary is sorted."""
LOOK_EVERY = 16
"""Tokens between two looks at whether an answer holds all that is wanted."""


class MeanLogprob(LogitsProcessor):  # type: ignore[misc]
    """Mean log-probability of the chosen tokens, before temperature and nucleus.

    A step's choice is only known at the next step; so the logits of one step are held, not of all
    (which would be tokens x batch x vocabulary numbers).
    """

    def __init__(self, rows: int) -> None:
        self._held: torch.Tensor | None = None
        self._chosen: list[torch.Tensor] = []
        self._rows = rows

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        """Notes the last token's log-probability; changes nothing."""
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


class Nucleus(LogitsProcessor):  # type: ignore[misc]
    """Temperature, top-k and top-p as transformers' warpers do them, without sorting a vocabulary
    of 150,000 at every step: a quarter of the time of a small model on a CPU."""

    def __init__(self, parameters: SamplingParameters) -> None:
        self._temperature = parameters.temperature
        self._top_k = parameters.top_k
        self._top_p = parameters.top_p
        self._min_p = parameters.min_p
        self._sorting = TopPLogitsWarper(parameters.top_p)

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        """The scores (rows, vocabulary) with minus infinity for tokens that may not come."""
        scores = scores / self._temperature
        drawn = self._nucleus(input_ids, scores)
        if self._min_p > 0.0:
            # Against the likeliest of those that are left, as transformers' and vLLM's do.
            best = drawn.max(dim=1, keepdim=True).values
            drawn = drawn.masked_fill(drawn < best + math.log(self._min_p), -torch.inf)
        return drawn

    def _nucleus(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
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


class Look(StoppingCriteria):  # type: ignore[misc]
    """Ends a row once its text holds a stop text or all that is wanted."""

    def __init__(
        self,
        tokenizer: Any,
        width: int,
        stop: Sequence[str],
        enough: Settled | None,
        languages: Sequence[str],
    ) -> None:
        self._tokenizer = tokenizer
        self._width = width
        self._stop = stop
        self._enough = enough
        self._languages = languages
        self._rows = len(languages)
        self.ended_at: dict[int, int] = {}

    def __call__(self, input_ids: torch.Tensor, scores: Any, **kwargs: Any) -> torch.Tensor:
        """Which rows are done."""
        length = input_ids.shape[1] - self._width
        if length % LOOK_EVERY == 0 and (self._stop or self._enough is not None):
            for row in range(self._rows):
                if row not in self.ended_at and self._is_done(
                    input_ids[row, self._width :], self._languages[row]
                ):
                    self.ended_at[row] = length
        done = [row in self.ended_at for row in range(self._rows)]
        return torch.tensor(done, device=input_ids.device)

    def _is_done(self, tokens: torch.Tensor, language: str) -> bool:
        text = self._tokenizer.decode(tokens, skip_special_tokens=True)
        if any(each in text for each in self._stop):
            return True
        return self._enough is not None and self._enough(text, language)
