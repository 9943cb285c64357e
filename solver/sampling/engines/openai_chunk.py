"""Draws one chunk of samples of one prompt from a server: tries again what may succeed, learns what
the server does not take, and counts what it refuses."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import httpx

from solver.errors import AskedWrongly, EngineError
from solver.sampling.engine import Answer, Message, Request, Settled, Stop
from solver.sampling.engines.openai_call import Call, Refused, body_of, perform
from solver.sampling.engines.openai_content import TokenCount
from solver.sampling.engines.openai_dialect import LIMITS, Consequence, Dialect, Lesson
from solver.sampling.engines.openai_stream import CallFailed, Choice
from solver.sampling.engines.openai_tokens import TokenCounter
from solver.sampling.engines.pace import Pace

BROKEN_TRIES = 3
"""Times that a server may end one answer with an error before it is kept as it is."""

SUSPECTED_TRIES = 2
"""Answers of 500 in a row, before any other, after which the system turn is tried without."""

_KEY = " (the key is taken from SOLVER_OPENAI_API_KEY, else OPENAI_API_KEY)"
_HINTS = {
    401: _KEY,
    403: _KEY,
    404: " (asked for model {model!r}; a URL mostly ends in /v1)",
}
"""By status, where the command line or the environment is what has to be mended."""

Pairs = Iterator[tuple[Request, Answer]]


@dataclass(slots=True, kw_only=True)
class _State:
    """How far a chunk is.

    Attributes:
        tries: Failures in a row.
        broken: Index of a request to the times that the server ended its answer with an error.
        unlimited: The answer's limit is left to the model: with it the prompt does not fit.
    """

    tries: int = 0
    broken: dict[int, int] = field(default_factory=dict)
    unlimited: bool = False


class ChunkDrawer:
    """Shared by an engine's threads."""

    def __init__(
        self,
        client: httpx.Client,
        base_url: str,
        model: str,
        pace: Pace,
        *,
        together: int,
        enough: Settled | None,
        more_stop: tuple[str, ...],
        more: Mapping[str, Any],
        answer_tokens: int | None,
        gone: Callable[[], str | None],
    ) -> None:
        """Args: as `OpenAIEngine`'s; `gone` says why no request can succeed any more."""
        self._client = client
        self._base_url = base_url
        self._model = model
        self._pace = pace
        self._together = together
        self._enough = enough
        self._more_stop = more_stop
        self._more = dict(more)
        self._answer_tokens = answer_tokens
        self._gone = gone
        self._lesson = Lesson(Dialect())
        self._tokens = TokenCounter(client, base_url, model)
        self._refused: dict[tuple[Message, ...], str] = {}
        self.succeeded = False

    @property
    def left_out(self) -> frozenset[str]:
        """Parts of requests that the server was found not to take."""
        return self._lesson.dialect.left_out

    @property
    def at_once(self) -> int:
        """Samples that one request asks for."""
        dialect = self._lesson.dialect
        return 1 if "n" in dialect.left_out else max(1, min(self._together, dialect.most_choices))

    def add_fields(self, fields: Mapping[str, Any]) -> None:
        """Fields for every request from now on."""
        self._more |= fields

    def use_tokenizer(self) -> None:
        """Tokens that the server does not tell are counted by its tokenizer from now on."""
        self._tokens.use_tokenizer()

    def draw(self, chunk: list[Request], over: threading.Event, stop: Stop) -> Pairs:
        """Draws one chunk: what comes in counts, what is missing is asked for again.

        Raises:
            EngineError: The server refuses every request, is gone, or lost our patience.
        """
        waiting = [chunk]
        state = _State()
        while waiting and not over.is_set():
            left = waiting.pop()
            dialect = self._lesson.enter(over)
            if dialect is None:
                return
            # After the wait: another thread may have been told in the meantime.
            said = self._refused.get(left[0].messages)
            if said is not None:
                self._lesson.leave()
                yield from ((request, _refusal(said)) for request in left)
                continue
            came: set[int] = set()
            failure: CallFailed | None = None
            succeeded: bool | None = None
            entered = False
            try:
                entered = self._pace.enter(over)
                # Asked here, not only before: all threads may have waited for a place since.
                if not entered or stop():
                    return
                for number, answer in self._call(left, dialect, state):
                    came.add(number)
                    yield left[number], answer
                succeeded = True
            except Refused:
                pass
            except CallFailed as error:
                succeeded, failure = False, error
            finally:
                # Only now: a consumer that is slow slows the requests, and holds memory bounded.
                if entered:
                    self._pace.leave(succeeded=succeeded)
                self._lesson.leave()
            rest = [request for number, request in enumerate(left) if number not in came]
            waiting += reversed(list(chunks_of(rest, len(left))))
            if failure is None:
                state.tries = 0
            else:
                state.tries = 1 if came else state.tries + 1
                if failure.status == 500 and state.tries % SUSPECTED_TRIES == 0:
                    self._lesson.suspect_system(dialect, left[0].messages)
                self._check(failure)
                self._pace.rest(state.tries, failure.wait_s, over)

    def _check(self, failure: CallFailed) -> None:
        gone = self._gone()
        if gone is not None:
            raise EngineError(f"{gone}. What was drawn is kept; run again with the same --run")
        if self._pace.exhausted():
            raise EngineError(
                f"{self._base_url}: {failure}; nothing succeeded for "
                f"{self._pace.patience_s:.0f} s. What was drawn is kept; run again with "
                "the same --run to go on"
            ) from failure

    def _call(
        self, left: Sequence[Request], dialect: Dialect, state: _State
    ) -> Iterator[tuple[int, Answer]]:
        """One call for the first samples of `left`.

        Raises:
            CallFailed: Some answers are missing, and may come another time.
            Refused: As it is, the server does not take it; what follows is noted.
            EngineError: The server will take none.
        """
        if state.unlimited:
            dialect = dialect.without(LIMITS[0])
        first = left[0]
        count = 1 if "n" in dialect.left_out else min(len(left), dialect.most_choices)
        enough = None
        if self._enough is not None:
            enough = partial(_settled, self._enough, first.language)
        stops = (*first.parameters.stop, *self._more_stop)
        call = Call(
            request=first,
            count=count,
            enough=enough,
            stop=stops,
            limit=first.parameters.max_tokens or self._answer_tokens,
            more=self._more,
        )
        body = body_of(self._model, call, dialect)
        start_s = time.monotonic()
        came = 0
        failed = False
        try:
            for number, choice, told in perform(
                self._client, call, body, partial(self._lesson.took, dialect, body)
            ):
                came += 1
                index = left[number].index
                if choice.finish == "error" and state.broken.get(index, 0) < BROKEN_TRIES - 1:
                    state.broken[index] = state.broken.get(index, 0) + 1
                    failed = True
                    continue
                self.succeeded = True
                elapsed_s = (time.monotonic() - start_s) / count
                # The prompt is paid for once a call, whatever the number of its answers.
                pays = told.prompt is not None or came == count
                answer = self._answer(first, choice, told, elapsed_s, pays=pays, call=call)
                if dialect.left_out:
                    answer.extra["left_out"] = ",".join(sorted(dialect.left_out))
                yield number, answer
        except Refused as refusal:
            self._learn(refusal, dialect, body, first, state)
            raise
        if failed:
            raise CallFailed("the server ended an answer with an error")

    def _learn(
        self,
        refusal: Refused,
        dialect: Dialect,
        body: Mapping[str, Any],
        request: Request,
        state: _State,
    ) -> None:
        consequence = self._lesson.refused(refusal.complaint, dialect, body)
        if consequence is Consequence.ALL:
            hint = _HINTS.get(refusal.complaint.status, "").format(model=self._model)
            kind = AskedWrongly if hint else EngineError
            raise kind(f"{self._base_url}: {refusal}{hint}") from refusal
        if consequence is Consequence.PROMPT:
            self._refused[request.messages] = str(refusal)
        elif consequence is Consequence.WITHOUT_LIMIT:
            state.unlimited = True

    def _answer(
        self,
        request: Request,
        choice: Choice,
        told: TokenCount,
        elapsed_s: float,
        *,
        pays: bool,
        call: Call,
    ) -> Answer:
        text, finish = choice.text, choice.finish or "stop"
        if "stop" in self.left_out:
            cuts = [at for each in call.stop if (at := text.find(each)) >= 0]
            text, finish = (text[: min(cuts)], "stop") if cuts else (text, finish)
        return Answer(
            text=text,
            tokens=self._tokens.answer(choice, told),
            prompt_tokens=self._tokens.prompt(request.messages, told) if pays else 0,
            logprob=choice.logprob,
            finish=finish,
            elapsed_s=elapsed_s,
        )


def _settled(settled: Settled, language: str, text: str) -> bool:
    return settled(text, language)


def _refusal(said: str) -> Answer:
    return Answer(
        text="",
        tokens=0,
        prompt_tokens=0,
        logprob=None,
        finish="refused",
        elapsed_s=0.0,
        extra={"said": said},
    )


def chunks_of(group: Sequence[Request], size: int) -> Iterator[list[Request]]:
    """Samples of one prompt in chunks of consecutive indexes: the i-th choice of a call is then the
    sample of index `first + i` in a run that was interrupted, too."""
    chunk: list[Request] = []
    for request in group:
        follows = bool(chunk) and request.index == chunk[-1].index + 1
        if chunk and (not follows or len(chunk) == size or request.seed != chunk[-1].seed):
            yield chunk
            chunk = []
        chunk.append(request)
    if chunk:
        yield chunk
