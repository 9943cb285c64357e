"""`openai:MODEL@URL`: any server that speaks OpenAI's chat completions (vLLM, SGLang, llama.cpp,
`transformers serve`, hosted ones).

All samples of one prompt go out together, so that a prefix cache serves them; the number of
requests in flight grows while the server keeps up and halves when it does not (AIMD).
"""

import os
import queue
import threading
from collections.abc import Callable, Iterator, Sequence

import httpx

from solver.errors import EngineError, ModelUnavailable
from solver.sampling.engine import Answer, Answers, Request, Stop, by_prompt
from solver.sampling.engines.openai_call import Call, Lesson, Refused, perform
from solver.sampling.engines.openai_stream import CallFailed
from solver.sampling.engines.pace import Pace

KEY_VARIABLES = ("SOLVER_OPENAI_API_KEY", "OPENAI_API_KEY")


class OpenAIEngine:
    """A client of one server and model."""

    name = "openai"
    chat = True

    def __init__(
        self,
        base_url: str,
        model: str,
        *,
        most_in_flight: int = 256,
        together: int = 8,
        patience_s: float = 900.0,
        request_s: float = 600.0,
        rest_s: float = 0.5,
        held: int = 64,
        enough: Callable[[str], bool] | None = None,
        more_stop: tuple[str, ...] = (),
    ) -> None:
        """Args:
        base_url: Up to and with "/v1".
        most_in_flight: Requests at once, at most.
        together: Samples of one prompt asked for in one request (`n`), where the server can.
        patience_s: Without any success, after which the engine gives up.
        request_s: For one answer to come (between two pieces of a stream).
        rest_s: After a first failure; it doubles with each further one of the same request.
        held: Answers that may wait for the consumer.
        enough: Says of a streamed text that nothing after it is needed; the stream is then cut.
        more_stop: Texts that end an answer beside those that a request states.

        The key is read from SOLVER_OPENAI_API_KEY or OPENAI_API_KEY and kept nowhere else.
        """
        self.model = model
        self.base_url = base_url.rstrip("/") + "/"
        key = next((os.environ[name] for name in KEY_VARIABLES if os.environ.get(name)), None)
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._together = together
        self._lesson = Lesson(many=together > 1)
        self._enough = enough
        self._more_stop = more_stop
        self._pace = Pace(most=most_in_flight, patience_s=patience_s, rest_s=rest_s)
        limits = httpx.Limits(max_connections=most_in_flight, max_keepalive_connections=64)
        self._client = httpx.Client(
            base_url=self.base_url,
            headers=headers,
            timeout=httpx.Timeout(request_s, connect=10.0),
            limits=limits,
        )
        self._most = most_in_flight
        self._held = held

    def close(self) -> None:
        """Ends all connections."""
        self._client.close()

    @property
    def refused_parts(self) -> frozenset[str]:
        """Optional parts of requests that the server was found not to take."""
        return frozenset(self._lesson.dialect.dropped)

    def gone(self) -> str | None:
        """Why no request can succeed any more, where that is known: it is not tried again then."""
        return None

    def check(self) -> None:
        """The server is there.

        Raises:
            ModelUnavailable: It does not answer.
        """
        try:
            self._client.get("models", timeout=10.0)
        except httpx.TransportError as error:
            raise ModelUnavailable(
                f"{self.base_url}: no server answers ({error}); start one, or name another with "
                "--model openai:MODEL@URL"
            ) from error

    def sample(self, requests: Sequence[Request], stop: Stop = lambda: False) -> Answers:
        """Draws all requests; a pair comes as soon as its answer is there.

        Raises:
            EngineError: The server refuses the request, is gone, or nothing succeeded for
                `patience_s`.
        """
        work: queue.SimpleQueue[list[Request]] = queue.SimpleQueue()
        chunks = 0
        for group in by_prompt(requests):
            for chunk in chunks_of(group, self._together if self._lesson.dialect.many else 1):
                work.put(chunk)
                chunks += 1
        # Bounded: a slow consumer (a full disk, say) must not pile up answers in memory.
        results: queue.Queue[tuple[Request, Answer] | BaseException] = queue.Queue(self._held)
        over = threading.Event()
        threads = [
            threading.Thread(target=self._work, args=(work, results, over, stop), daemon=True)
            for _ in range(min(self._most, max(1, chunks)))
        ]
        for thread in threads:
            thread.start()
        try:
            yield from self._collect(results, threads)
        finally:
            over.set()
            self._pace.wake()
            while any(thread.is_alive() for thread in threads):
                _drain(results)
                for thread in threads:
                    thread.join(0.01)

    @staticmethod
    def _collect(
        results: "queue.Queue[tuple[Request, Answer] | BaseException]",
        threads: Sequence[threading.Thread],
    ) -> Iterator[tuple[Request, Answer]]:
        while True:
            try:
                item = results.get(timeout=0.05)
            except queue.Empty:
                if not any(thread.is_alive() for thread in threads) and results.empty():
                    return
                continue
            if isinstance(item, BaseException):
                raise item
            yield item

    def _work(
        self,
        work: "queue.SimpleQueue[list[Request]]",
        results: "queue.Queue[tuple[Request, Answer] | BaseException]",
        over: threading.Event,
        stop: Stop,
    ) -> None:
        while not over.is_set() and not stop():
            try:
                chunk = work.get_nowait()
            except queue.Empty:
                return
            try:
                for pair in self._chunk(chunk, over, stop):
                    results.put(pair)
            except EngineError as error:
                results.put(error)
                over.set()
                self._pace.wake()
                return

    def _chunk(
        self, chunk: list[Request], over: threading.Event, stop: Stop
    ) -> Iterator[tuple[Request, Answer]]:
        """Draws one chunk: what comes in counts, what is missing is asked for again."""
        waiting = [chunk]
        tries = 0
        while waiting and not over.is_set():
            left = waiting.pop()
            dialect = self._lesson.dialect
            count = len(left) if dialect.many else 1
            call = Call(
                request=left[0], count=count, enough=self._enough, more_stop=self._more_stop
            )
            if not self._pace.enter(over):
                return
            # Asked here, not only before: all threads may have waited for a place since.
            if stop():
                self._pace.leave(succeeded=None)
                return
            came: set[int] = set()
            succeeded: bool | None = None
            failure: CallFailed | None = None
            try:
                for number, answer in perform(self._client, self.model, call, dialect):
                    came.add(number)
                    yield left[number], answer
                succeeded = True
            except Refused as refusal:
                if not self._lesson.refused(call, dialect):
                    raise EngineError(f"{self.base_url}: {refusal}") from refusal
            except CallFailed as error:
                succeeded, failure = False, error
            finally:
                # Only now: a consumer that is slow slows the requests, and holds memory bounded.
                self._pace.leave(succeeded=succeeded)
            rest = [request for number, request in enumerate(left) if number not in came]
            waiting += reversed(list(chunks_of(rest, len(left))))
            if failure is None:
                tries = 0
                continue
            tries = 1 if came else tries + 1
            gone = self.gone()
            if gone is not None:
                raise EngineError(f"{gone}. What was drawn is kept; run again with the same --run")
            if self._pace.exhausted():
                raise EngineError(
                    f"{self.base_url}: {failure}; nothing succeeded for "
                    f"{self._pace.patience_s:.0f} s. What was drawn is kept; run again with "
                    "the same --run to go on"
                ) from failure
            self._pace.rest(tries, failure.wait_s, over)


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


def _drain(results: "queue.Queue[tuple[Request, Answer] | BaseException]") -> None:
    """Makes room, so that threads that wait to put an answer can see that it is over."""
    while True:
        try:
            results.get_nowait()
        except queue.Empty:
            return
