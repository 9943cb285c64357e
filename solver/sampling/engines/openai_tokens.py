"""How many tokens an answer and its prompt had, where the server does not say: a stream that is
left early never brings its counts, and the tokens were paid for all the same."""

import threading
from collections.abc import Sequence
from typing import Any

import httpx

from solver.sampling.engine import Message
from solver.sampling.engines.openai_content import TokenCount
from solver.sampling.engines.openai_stream import Choice

CHARACTERS_A_TOKEN = 3.5
"""Of code and English together, before any answer of the run has told it better."""
ASKING_S = 10.0


class TokenCounter:
    """Counts by what is surest: the server's word, log-probabilities, its tokenizer, the rate of
    characters a token in the answers that it did count. Shared by threads."""

    def __init__(self, client: httpx.Client, base_url: str, model: str) -> None:
        self._client = client
        self._root = base_url.rstrip("/").removesuffix("/v1")
        self._model = model
        self._tokenizes = False
        self._prompts: dict[tuple[Message, ...], int] = {}
        self._characters = 0
        self._tokens = 0
        self._lock = threading.Lock()

    def use_tokenizer(self) -> None:
        """The server is of a kind that serves its tokenizer (vLLM, SGLang, llama.cpp)."""
        self._tokenizes = True

    def answer(self, choice: Choice, told: TokenCount) -> int:
        """Tokens of an answer, at least 1 where it has a text."""
        text = choice.text
        known = told.answer or choice.own_tokens
        if known:
            with self._lock:
                self._characters += len(text)
                self._tokens += known
            return known
        if not text:
            return 0
        return self._asked(text) or max(1, choice.pieces, self._about(len(text)))

    def prompt(self, messages: Sequence[Message], told: TokenCount) -> int:
        """Tokens of a prompt: as the server counted them for this answer or another of the same."""
        key = tuple(messages)
        with self._lock:
            if told.prompt:
                self._prompts[key] = told.prompt
            known = self._prompts.get(key)
        if known is None:
            text = "\n".join(f"{each.role}\n{each.content}" for each in messages)
            # A template adds a few marks to each turn.
            known = (self._asked(text) or self._about(len(text))) + 4 * len(key)
            with self._lock:
                known = self._prompts.setdefault(key, known)
        return known

    def _about(self, characters: int) -> int:
        with self._lock:
            # The default counts like a thousand characters of evidence.
            rate = (self._characters + 1000) / (self._tokens + 1000 / CHARACTERS_A_TOKEN)
        return round(characters / rate)

    def _asked(self, text: str) -> int | None:
        """By the tokenizer that the server has beside the chat; None where it has none."""
        if not self._tokenizes:
            return None
        body = {"model": self._model, "prompt": text, "content": text}
        try:
            response = self._client.post(
                f"{self._root}/tokenize",
                json=body | {"add_special_tokens": False},
                timeout=ASKING_S,
            )
            found = _length(response.json()) if response.status_code == 200 else None
        except (httpx.TransportError, ValueError):
            found = None
        self._tokenizes = found is not None
        return found


def _length(answer: Any) -> int | None:
    if isinstance(answer, dict):
        if isinstance(answer.get("count"), int):
            return int(answer["count"])
        answer = answer.get("tokens")
    return len(answer) if isinstance(answer, list) else None
