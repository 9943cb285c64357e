"""A streamed answer of a chat-completions endpoint, one choice or several at once."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import httpx

from solver.sampling.engines.openai_content import (
    Said,
    TokenCount,
    choice_says,
    count_of,
    finish_of,
    logprobs_of,
    said_in,
    whole_text,
)
from solver.sampling.engines.openai_events import END, events_of

Enough = Callable[[str], bool] | None
"""Says of the text so far that nothing that follows can change what is taken from it."""


class CallFailed(Exception):
    """Nothing came, or not all of it: try again.

    Attributes:
        wait_s: What the server asked to wait, None where it did not say.
        status: HTTP status, None where none came.
    """

    def __init__(self, what: str, wait_s: float | None = None, status: int | None = None) -> None:
        super().__init__(what)
        self.wait_s = wait_s
        self.status = status


class ErrorInside(Exception):
    """An error where an answer was to come, after the server had said 200.

    Attributes:
        body: What the server says, as JSON.
    """

    def __init__(self, body: Any) -> None:
        super().__init__(str(body)[:200])
        self.body = body


class Choice:
    """What has come of one choice.

    Attributes:
        begun: Something of it came.
        finish: Why it ended, None while it goes on.
    """

    def __init__(self) -> None:
        self.begun = False
        self.finish: str | None = None
        # Lists: a reasoning model's answer comes in tens of thousands of pieces.
        self._texts: list[str] = []
        self._reasonings: list[str] = []
        self._refusals: list[str] = []
        self._logprobs: list[float] = []
        self._pieces = 0

    def take(self, choice: Mapping[str, Any], enough: Enough) -> None:
        """One piece; ends the choice where the server says so or nothing more is needed."""
        self.begun = True
        delta = choice.get("delta")
        if isinstance(delta, Mapping):
            piece = said_in(delta)
        else:
            # A whole message in an event, or at the end of others that brought it already.
            piece = Said() if self._pieces else choice_says(choice)
        self._texts += [piece.text] if piece.text else []
        self._reasonings += [piece.reasoning] if piece.reasoning else []
        self._refusals += [piece.refusal] if piece.refusal else []
        self._pieces += bool(piece)
        self._logprobs += logprobs_of(choice.get("logprobs"))
        only_refusal = bool(self._refusals) and not self._texts
        self.finish = finish_of(choice.get("finish_reason"), only_refusal=only_refusal)
        # Looked at only where a fence may have been closed: the whole text is read each time.
        fresh = "`" in piece.text or "~" in piece.text or "\n" in piece.text
        if self.finish is None and fresh and enough is not None and enough(self.text):
            self.finish = "enough"

    @property
    def text(self) -> str:
        """All that has come, reasoning in its tags."""
        return whole_text(
            Said(
                text="".join(self._texts),
                reasoning="".join(self._reasonings),
                refusal="".join(self._refusals),
            )
        )

    @property
    def own_tokens(self) -> int:
        """Tokens by the log-probabilities that came, 0 where none did."""
        return len(self._logprobs)

    @property
    def pieces(self) -> int:
        """Pieces in which it came: about its tokens where the server sends each by itself."""
        return self._pieces

    @property
    def logprob(self) -> float | None:
        """Mean log-probability a token."""
        return sum(self._logprobs) / len(self._logprobs) if self._logprobs else None


Finished = Iterator[tuple[int, Choice, TokenCount]]
"""Number, choice, and what the server counted of it, `prompt` where it counted the prompt."""


def choices_of(chunks: Iterable[bytes], count: int, enough: Enough) -> Finished:
    """The choices in a stream of events, each as soon as it has ended, with the server's counts.

    The stream is left once every choice has ended or holds `enough`. The last choice waits for the
    counts, which a server tells at the end; the others come without.

    Args:
        count: Choices that were asked for; a server may give fewer.

    Raises:
        CallFailed: The stream broke off before every choice had ended; what was given stands.
        ErrorInside: It brought an error, in place of any choice.
    """
    choices = [Choice() for _ in range(count)]
    open_ = count
    last: int | None = None
    told = TokenCount()
    try:
        for event in _parsed(events_of(chunks)):
            told = _newer(told, count_of(event))
            for at, piece in enumerate(event.get("choices") or []):
                number = _number(piece, at)
                if number >= count or choices[number].finish is not None:
                    continue
                choices[number].take(piece, enough)
                if choices[number].finish is None:
                    continue
                open_ -= 1
                if open_ == 0:
                    last = number
                else:
                    yield number, choices[number], TokenCount()
            if last is not None and choices[last].finish == "enough":
                break
        unended = [n for n, one in enumerate(choices) if one.begun and one.finish is None]
        for number in unended:
            # The server said that it was done: what has not ended by then is whole all the same.
            choices[number].finish = "stop"
        for number in unended[:-1]:
            yield number, choices[number], TokenCount()
        if unended:
            last = unended[-1]
    except ErrorInside:
        if any(choice.pieces for choice in choices):
            if last is None:
                raise CallFailed("the stream brought an error") from None
        else:
            raise
    except (httpx.TransportError, CallFailed) as error:
        if last is None and not _all_ended(choices):
            raise CallFailed(f"the stream broke off ({error})") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        if last is None:
            raise CallFailed(f"an event of the stream is broken ({error!r})") from error
    if last is not None:
        # Counted for all choices together, or for one of them: of no use where there are several.
        yield last, choices[last], told if count == 1 else TokenCount(prompt=told.prompt)
    elif open_ == count:
        raise CallFailed("the stream brought no answer")


def _all_ended(choices: list[Choice]) -> bool:
    """Every choice that the server began has ended: it gives fewer than it was asked for."""
    begun = [choice for choice in choices if choice.begun]
    return bool(begun) and all(choice.finish is not None for choice in begun)


def _number(piece: Mapping[str, Any], at: int) -> int:
    index = piece.get("index")
    return at if index is None else int(index)


def _newer(known: TokenCount, told: TokenCount) -> TokenCount:
    """Counts may come with every event, and grow; or once; or in parts."""
    return TokenCount(
        prompt=known.prompt if told.prompt is None else told.prompt,
        answer=known.answer if told.answer is None else told.answer,
    )


def _parsed(events: Iterable[str]) -> Iterator[Mapping[str, Any]]:
    """The events as JSON, up to the end that the server announces.

    Raises:
        CallFailed: The stream ended without saying so.
        ErrorInside: An event is an error.
    """
    for data in events:
        if data.strip() == END:
            return
        if not data.strip():
            continue
        event: Any = json.loads(data)
        if isinstance(event, list):
            event = event[0] if event else {}
        check_no_error(event)
        yield event
    raise CallFailed("it ended without its last event")


def check_no_error(event: Any) -> None:
    """Raises `ErrorInside` where JSON that came with 200 is an error."""
    if not isinstance(event, Mapping):
        return
    if event.get("error") or (event.get("object") == "error" and not event.get("choices")):
        raise ErrorInside(dict(event))
