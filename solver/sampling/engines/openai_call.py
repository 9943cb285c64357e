"""One call of a chat-completions endpoint: the body, the answers, and what can go wrong with it."""

import itertools
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import httpx

from solver.http_headers import retry_after_s
from solver.sampling.engine import Answer, Request
from solver.sampling.engines.openai_stream import CallFailed, answers_of

PATH = "chat/completions"


class Refused(Exception):
    """The server will not take this request, now or later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request over the wire.

    Attributes:
        count: Answers to the same prompt.
        enough: Says of a streamed answer that nothing after it is needed.
    """

    request: Request
    count: int
    enough: Callable[[str], bool] | None
    more_stop: tuple[str, ...] = ()


Part = Literal["n", "logprobs", "stream_options", "stream"]
OPTIONAL: tuple[Part, ...] = ("stream_options", "logprobs", "stream", "n")
"""What a server may refuse, the dearest to lose last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """What is left out of all bodies because the server refuses it."""

    dropped: frozenset[Part] = frozenset()

    @property
    def many(self) -> bool:
        """Several answers may be asked for in one request."""
        return "n" not in self.dropped

    def parts(self, call: Call) -> frozenset[Part]:
        """The optional parts that the call's body has."""
        found: set[Part] = {"logprobs", "stream"}
        if call.count > 1:
            found.add("n")
        if "stream" not in self.dropped:
            found.add("stream_options")
        return frozenset(found - self.dropped)


class Lesson:
    """Finds what the server takes: as few parts are dropped as it lets us. Shared by threads."""

    def __init__(self, *, many: bool) -> None:
        first: frozenset[Part] = frozenset() if many else frozenset({"n"})
        self._options = [
            Dialect(dropped=frozenset(dropped) | first)
            for size in range(len(OPTIONAL) + 1)
            for dropped in itertools.combinations(OPTIONAL, size)
        ]
        self._refused: set[frozenset[Part]] = set()
        self._lock = threading.Lock()
        self.dialect = self._options[0]

    def refused(self, call: Call, sent: Dialect) -> bool:
        """Notes a refusal; False when nothing is left that could be dropped."""
        with self._lock:
            self._refused.add(sent.parts(call))
            for option in self._options:
                if option.parts(call) not in self._refused:
                    self.dialect = option
                    return True
            return False


def body_of(model: str, call: Call, dialect: Dialect) -> dict[str, Any]:
    """The JSON body. All parameters are stated: servers have defaults of their own."""
    parameters = call.request.parameters
    body: dict[str, Any] = {
        "model": model,
        "messages": [
            {"role": message.role, "content": message.content} for message in call.request.messages
        ],
        "temperature": parameters.temperature,
        "top_p": parameters.top_p,
        "max_tokens": parameters.max_tokens,
        "seed": (call.request.seed + call.request.index) % 2**31,
    }
    if parameters.stop or call.more_stop:
        body["stop"] = [*parameters.stop, *call.more_stop]
    if parameters.top_k is not None:
        body["top_k"] = parameters.top_k
    values = {
        "n": call.count,
        "logprobs": True,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    return body | {part: values[part] for part in sorted(dialect.parts(call))}


def perform(
    client: httpx.Client, model: str, call: Call, dialect: Dialect
) -> Iterator[tuple[int, Answer]]:
    """Sends the call; gives (choice, answer) as soon as each is whole, a choice at most once.

    Raises:
        CallFailed: It broke off; what was given before stands, the rest may be tried again.
        Refused: 4xx that trying again does not change.
    """
    body = body_of(model, call, dialect)
    start_s = time.monotonic()
    try:
        if not body.get("stream"):
            response = client.post(PATH, json=body)
            _check(response)
            yield from enumerate(_whole(response, call, time.monotonic() - start_s))
            return
        with client.stream("POST", PATH, json=body) as response:
            if response.status_code >= 300:
                response.read()
            _check(response)
            if "text/event-stream" in response.headers.get("Content-Type", ""):
                yield from answers_of(response.iter_lines(), call.count, call.enough, start_s)
            else:
                response.read()
                yield from enumerate(_whole(response, call, time.monotonic() - start_s))
    except httpx.TransportError as error:
        raise CallFailed(f"{type(error).__name__}: {error}") from error


def _check(response: httpx.Response) -> None:
    status = response.status_code
    if status < 300:
        return
    said = " ".join(response.text[:300].split())
    if status in (408, 409, 425, 429) or status >= 500:
        asked_s = retry_after_s(response.headers.get("Retry-After", ""), time.time())
        raise CallFailed(f"{status}: {said}", asked_s)
    raise Refused(f"{status} {response.reason_phrase}: {said}")


def _whole(response: httpx.Response, call: Call, elapsed_s: float) -> list[Answer]:
    try:
        parsed = response.json()
        choices = parsed["choices"]
        usage = parsed.get("usage") or {}
        found = [_answer(choice) for choice in choices]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CallFailed(f"the answer is not what it should be ({error!r})") from error
    if not found:
        raise CallFailed("the answer has no choices")
    found = found[: call.count]
    total = int(usage.get("completion_tokens") or sum(max(1, len(text) // 4) for text, *_ in found))
    characters = sum(len(text) for text, *_ in found) or 1
    answers: list[Answer] = []
    for text, finish, logprob, tokens in found:
        # Usage comes for all choices together: shared out by length where no other count is there.
        shared = round(total * (len(text) or 1) / characters) if len(found) > 1 else total
        answers.append(
            Answer(
                text=text,
                tokens=tokens or max(1, shared),
                prompt_tokens=int(usage.get("prompt_tokens") or 0) if not answers else 0,
                logprob=logprob,
                finish=finish,
                elapsed_s=elapsed_s / len(found),
            )
        )
    return answers


def _answer(choice: Mapping[str, Any]) -> tuple[str, str, float | None, int]:
    message = choice["message"]
    text = message.get("content") or ""
    reasoning = message.get("reasoning_content") or message.get("reasoning")
    if reasoning:
        text = f"<think>{reasoning}</think>\n{text}"
    logprob, tokens = _mean_logprob(choice.get("logprobs"))
    return text, str(choice.get("finish_reason") or "stop"), logprob, tokens


def _mean_logprob(logprobs: Any) -> tuple[float | None, int]:
    content = logprobs.get("content") if isinstance(logprobs, dict) else None
    values = [each["logprob"] for each in content or [] if each.get("logprob") is not None]
    return (sum(values) / len(values), len(values)) if values else (None, 0)
