"""A streamed answer of a chat-completions endpoint, one choice or several at once."""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import httpx

from solver.sampling.engine import Answer


class CallFailed(Exception):
    """Nothing came, or not all of it: try again.

    Attributes:
        wait_s: What the server asked to wait, None where it did not say.
    """

    def __init__(self, what: str, wait_s: float | None = None) -> None:
        super().__init__(what)
        self.wait_s = wait_s


def answers_of(
    lines: Iterable[str], count: int, enough: Callable[[str], bool] | None, start_s: float
) -> Iterator[tuple[int, Answer]]:
    """The answers in a stream of events, each as soon as it is whole.

    The stream is left once every choice has ended or holds `enough`. The last choice waits for the
    usage, which a server tells at the end and which says what the prompt cost.

    Args:
        count: Choices that were asked for; a server may give fewer.
        start_s: When the call was sent, on the monotonic clock.

    Raises:
        CallFailed: The stream broke off before every choice had ended; what was given stands.
    """
    parts = [_Parts() for _ in range(count)]
    left = count
    last: int | None = None
    usage: Mapping[str, Any] = {}

    def answer(number: int) -> Answer:
        elapsed_s = (time.monotonic() - start_s) / count
        own = usage if number == last else {}
        # Told for all choices together: where there are several, each is counted by itself.
        told = int(own.get("completion_tokens") or 0) if count == 1 else 0
        return parts[number].answer(elapsed_s, int(own.get("prompt_tokens") or 0), told)

    try:
        for data in _events(lines):
            event = _parsed(data)
            usage = event.get("usage") or usage
            for choice in event.get("choices") or []:
                number = int(choice.get("index") or 0)
                if number >= count or parts[number].finish is not None:
                    continue
                parts[number].take(choice, enough)
                if parts[number].finish is not None:
                    left -= 1
                    if left == 0:
                        last = number
                    else:
                        yield number, answer(number)
            if last is not None and parts[last].finish == "enough":
                break
        else:
            # The server said that it was done: what has not ended by then is whole all the same.
            unended = [n for n, one in enumerate(parts) if one.begun and one.finish is None]
            for number in unended[:-1]:
                yield number, answer(number)
            if unended:
                last = unended[-1]
    except (httpx.TransportError, CallFailed) as error:
        if last is None:
            raise CallFailed(f"the stream broke off ({error})") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        if last is None:
            raise CallFailed(f"an event of the stream is broken ({error!r})") from error
    if last is not None:
        yield last, answer(last)
    elif left == count:
        raise CallFailed("the stream brought no answer")


def _events(lines: Iterable[str]) -> Iterator[str]:
    """The data of a stream's events, up to its end.

    Raises:
        CallFailed: The stream ended without saying so.
    """
    for line in lines:
        if line.startswith("data:"):
            data = line.removeprefix("data:").strip()
            if data == "[DONE]":
                return
            yield data
    raise CallFailed("it ended without its last event")


def _parsed(data: str) -> Mapping[str, Any]:
    event: Mapping[str, Any] = json.loads(data)
    if event.get("error"):
        raise CallFailed(f"it brought an error: {str(event['error'])[:200]}")
    return event


class _Parts:
    """What a stream has brought of one choice.

    Attributes:
        begun: Something of it came.
        finish: Why it ended, None while it goes on.
    """

    def __init__(self) -> None:
        self.begun = False
        self.finish: str | None = None
        self._text = ""
        self._thinking = False
        self._logprobs: list[float] = []
        self._pieces = 0

    def take(self, choice: Mapping[str, Any], enough: Callable[[str], bool] | None) -> None:
        """One piece; ends the choice where the server says so or nothing more is needed."""
        self.begun = True
        before = len(self._text)
        self._add(choice.get("delta") or {})
        logprobs = choice.get("logprobs")
        content = logprobs.get("content") if isinstance(logprobs, dict) else None
        self._logprobs += [float(each["logprob"]) for each in content or []]
        self.finish = choice.get("finish_reason") or None
        # Looked at only where a fence may have been closed: the whole text is read each time.
        fresh = "`" in self._text[before:] or "\n" in self._text[before:]
        if self.finish is None and fresh and enough is not None and enough(self._text):
            self.finish = "enough"

    def _add(self, delta: Mapping[str, Any]) -> None:
        reasoning = delta.get("reasoning_content") or delta.get("reasoning")
        if reasoning:
            if not self._thinking:
                self._text += "<think>"
                self._thinking = True
            self._text += str(reasoning)
            self._pieces += 1
        content = delta.get("content")
        if content:
            if self._thinking:
                self._text += "</think>\n"
                self._thinking = False
            self._text += str(content)
            self._pieces += 1

    def answer(self, elapsed_s: float, prompt_tokens: int, told: int) -> Answer:
        """The whole answer.

        Args:
            told: Tokens of it as the server counts them; 0 where it did not say. Then a
                log-probability, or else a piece of the stream, is counted as a token.
        """
        mean = sum(self._logprobs) / len(self._logprobs) if self._logprobs else None
        return Answer(
            text=self._text,
            tokens=told or len(self._logprobs) or self._pieces,
            prompt_tokens=prompt_tokens,
            logprob=mean,
            finish=self.finish or "stop",
            elapsed_s=elapsed_s,
        )
