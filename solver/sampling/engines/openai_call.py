"""One call of a chat-completions endpoint: the body, the choices, and what can go wrong with it."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from solver.http_headers import retry_after_s
from solver.sampling.engine import Request
from solver.sampling.engines.openai_content import TokenCount, count_of
from solver.sampling.engines.openai_dialect import Dialect
from solver.sampling.engines.openai_refusal import Complaint, complaint, passes_by_itself
from solver.sampling.engines.openai_stream import (
    CallFailed,
    Choice,
    Enough,
    ErrorInside,
    Finished,
    check_no_error,
    choices_of,
)

PATH = "chat/completions"
LEAST_CHARACTERS_A_TOKEN = 10
"""Fewer tokens than this says are no count of all choices: llama.cpp's usage is of one of them."""


class Refused(Exception):
    """The server will not take this request as it is."""

    def __init__(self, found: Complaint) -> None:
        super().__init__(found.shown)
        self.complaint = found


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request over the wire.

    Attributes:
        count: Answers to the same prompt.
        enough: Says of a streamed answer that nothing after it is needed.
        stop: Texts that end an answer.
        limit: Tokens of an answer; None leaves it to the server.
        more: Fields that this server understands and others do not.
    """

    request: Request
    count: int
    enough: Enough
    stop: tuple[str, ...]
    limit: int | None
    more: Mapping[str, Any]


def body_of(model: str, call: Call, dialect: Dialect) -> dict[str, Any]:
    """The JSON body. All parameters are stated, also those that change nothing: servers have
    defaults of their own (llama.cpp's top_k 40 and min_p 0.05, a model's generation_config)."""
    parameters = call.request.parameters
    body: dict[str, Any] = {
        "model": model,
        "messages": [
            {"role": message.role, "content": message.content}
            for message in dialect.turns(call.request.messages)
        ],
        "temperature": parameters.temperature,
        "top_p": parameters.top_p,
        "top_k": parameters.top_k or 0,
        "min_p": parameters.min_p,
        "seed": (call.request.seed + call.request.index) % 2**31,
        "logprobs": True,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    if call.limit is not None:
        body["max_tokens"] = call.limit
    if call.stop:
        body["stop"] = list(call.stop)
    if call.count > 1:
        body["n"] = call.count
    return dialect.written(body | dict(call.more))


def perform(
    client: httpx.Client, call: Call, body: Mapping[str, Any], taken: Callable[[], None]
) -> Finished:
    """Sends a body; gives each choice as soon as it is whole, at most once.

    Args:
        taken: Called once the server has begun to answer.

    Raises:
        CallFailed: It broke off; what was given before stands, the rest may be tried again.
        Refused: The server will not take it.
    """
    try:
        if not body.get("stream"):
            response = client.post(PATH, json=dict(body))
            _check(response)
            taken()
            yield from _whole(_json(response), call)
            return
        with client.stream("POST", PATH, json=dict(body)) as response:
            if response.status_code >= 300:
                response.read()
            _check(response)
            chunks = response.iter_bytes()
            first = next((chunk for chunk in chunks if chunk.strip()), b"")
            kind = response.headers.get("Content-Type", "")
            # By what comes: some servers call a stream JSON, some answer whole all the same.
            if first.lstrip().startswith((b"{", b"[")) and "text/event-stream" not in kind:
                content = first + b"".join(chunks)
                taken()
                yield from _whole(_json(httpx.Response(200, content=content)), call)
                return
            yield from choices_of(_told_once(first, chunks, taken), call.count, call.enough)
    except ErrorInside as error:
        found = complaint(_status_in(error.body), error.body)
        if passes_by_itself(found):
            raise CallFailed(found.shown) from error
        raise Refused(found) from error
    except httpx.TransportError as error:
        raise CallFailed(f"{type(error).__name__}: {error}") from error


def _told_once(first: bytes, rest: Iterator[bytes], taken: Callable[[], None]) -> Iterable[bytes]:
    # An error in place of the first event refuses the request as a status of 400 does.
    if b'"error"' not in first:
        taken()
    yield first
    yield from rest


def _check(response: httpx.Response) -> None:
    if response.status_code < 300:
        return
    found = complaint(response.status_code, response.text, response.reason_phrase)
    if passes_by_itself(found):
        asked_s = retry_after_s(response.headers.get("Retry-After", ""), time.time())
        raise CallFailed(found.shown, asked_s, found.status)
    raise Refused(found)


def _status_in(body: Any) -> int:
    """The number that an error names itself by; 500 where it names none."""
    error = body.get("error") if isinstance(body, Mapping) else None
    for each in (error, body):
        if isinstance(each, Mapping):
            for name in ("code", "status", "status_code", "http_code"):
                value = each.get(name)
                if isinstance(value, str) and value.isdigit():
                    value = int(value)
                if isinstance(value, int) and 400 <= value < 600:
                    return value
    return 500


def _json(response: httpx.Response) -> Any:
    try:
        parsed = response.json()
    except ValueError as error:
        raise CallFailed(f"the answer is not what it should be ({error!r})") from error
    if isinstance(parsed, list) and len(parsed) == 1:
        parsed = parsed[0]
    check_no_error(parsed)
    return parsed


def _whole(parsed: Any, call: Call) -> Finished:
    try:
        told = count_of(parsed)
        found: list[Choice] = []
        for piece in parsed["choices"][: call.count]:
            choice = Choice()
            choice.take(piece, None)
            choice.finish = choice.finish or "stop"
            found.append(choice)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CallFailed(f"the answer is not what it should be ({error!r})") from error
    if not found:
        raise CallFailed("the answer has no choices")
    characters = sum(len(choice.text) for choice in found) or 1
    total = told.answer
    if len(found) > 1 and total is not None and total * LEAST_CHARACTERS_A_TOKEN < characters:
        total = None
    for number, choice in enumerate(found):
        # Usage comes for all choices together: shared out by length where no other count is there.
        share = (
            None if total is None else max(1, round(total * (len(choice.text) or 1) / characters))
        )
        if len(found) > 1 and choice.own_tokens:
            share = choice.own_tokens
        last = number == len(found) - 1
        yield number, choice, TokenCount(prompt=told.prompt if last else None, answer=share)
