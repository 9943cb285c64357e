"""`openai:MODEL@URL`: any server that speaks OpenAI's chat completions (vLLM, SGLang, llama.cpp,
`transformers serve`, hosted ones).

All samples of one prompt go out together, so that a prefix cache serves them; the number of
requests in flight grows while the server keeps up and halves when it does not (AIMD).
"""

import os
import queue
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import httpx

from solver.errors import EngineError, ModelUnavailable
from solver.sampling.engine import Answer, Answers, Request, Settled, Stop, by_prompt
from solver.sampling.engines.openai_chunk import ChunkDrawer, chunks_of
from solver.sampling.engines.pace import Pace, Room

MOST_IN_FLIGHT = 256
KEY_VARIABLES = ("SOLVER_OPENAI_API_KEY", "OPENAI_API_KEY")
LLAMA_ORDER = {"samplers": ["temperature", "top_k", "top_p", "min_p"]}
"""llama.cpp applies top_p and min_p before temperature unless told otherwise, and more filters;
this is the order of all other engines."""


class OpenAIEngine:
    """A client of one server and model."""

    name = "openai"
    chat = True

    def __init__(
        self,
        base_url: str,
        model: str,
        *,
        most_in_flight: int = MOST_IN_FLIGHT,
        most_answers: int | None = None,
        together: int = 8,
        patience_s: float = 900.0,
        request_s: float = 600.0,
        rest_s: float = 0.5,
        held: int = 64,
        enough: Settled | None = None,
        more_stop: tuple[str, ...] = (),
        more: Mapping[str, Any] | None = None,
        answer_tokens: int | None = None,
    ) -> None:
        """Args:
        base_url: Up to and with "/v1".
        most_in_flight: Requests at once, at most.
        most_answers: Answers of all requests in flight, at most (a larger request goes by itself);
            None: as many as the requests want.
        together: Samples of one prompt asked for in one request (`n`), where the server can.
        patience_s: Without any success, after which the engine gives up.
        request_s: For one answer to come (between two pieces of a stream).
        rest_s: After a first failure; it doubles with each further one of the same request.
        held: Answers that may wait for the consumer.
        enough: Says when a stream may be cut.
        more_stop: Texts that end an answer beside those that a request states.
        more: Fields for every request that other servers do not know.
        answer_tokens: Limit of an answer where a request states none; None leaves it to the server.

        The key is read from SOLVER_OPENAI_API_KEY or OPENAI_API_KEY and kept nowhere else.
        """
        self.model = model
        self.base_url = base_url.rstrip("/") + "/"
        key = next((os.environ[name] for name in KEY_VARIABLES if os.environ.get(name)), None)
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._pace = Pace(most=most_in_flight, patience_s=patience_s, rest_s=rest_s)
        limits = httpx.Limits(max_connections=most_in_flight, max_keepalive_connections=64)
        self._client = httpx.Client(
            base_url=self.base_url,
            headers=headers,
            timeout=httpx.Timeout(request_s, connect=10.0),
            limits=limits,
        )
        self._drawer = ChunkDrawer(
            self._client,
            self.base_url,
            model,
            self._pace,
            together=together,
            enough=enough,
            more_stop=more_stop,
            more=more or {},
            answer_tokens=answer_tokens,
            gone=lambda: self.gone(),
        )
        self._most = most_in_flight
        self._room = Room(most_answers)
        self._held = held

    def close(self) -> None:
        """Ends all connections."""
        self._client.close()

    @property
    def refused_parts(self) -> frozenset[str]:
        """Optional parts of requests that the server was found not to take."""
        return self._drawer.left_out

    def gone(self) -> str | None:
        """Why no request can succeed any more, where that is known: it is not tried again then."""
        return None

    def check(self) -> None:
        """The server is there; also what it is, as far as it says so.

        Raises:
            ModelUnavailable: It does not answer.
        """
        try:
            response = self._client.get("models", timeout=10.0)
        except (httpx.TransportError, httpx.InvalidURL) as error:
            raise ModelUnavailable(
                f"{self.base_url}: no server answers ({error}); start one, or name another with "
                "--model openai:MODEL@URL"
            ) from error
        owners = _owners(response)
        if "llamacpp" in owners or "llama.cpp" in response.headers.get("Server", "").lower():
            self._drawer.add_fields(LLAMA_ORDER)
            owners.add("llamacpp")
        if owners & {"llamacpp", "sglang", "vllm"}:
            self._drawer.use_tokenizer()

    def sample(self, requests: Sequence[Request], stop: Stop = lambda: False) -> Answers:
        """Draws all requests; a pair comes as soon as its answer is there. A prompt that the server
        refuses, as it takes others, gives answers that say so (`finish` "refused").

        Raises:
            EngineError: The server refuses every request, is gone, or nothing succeeded for
                `patience_s`.
        """
        work: queue.SimpleQueue[list[Request]] = queue.SimpleQueue()
        chunks = 0
        for group in by_prompt(requests):
            for chunk in chunks_of(group, self._drawer.at_once):
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
        refused: list[tuple[Request, Answer]] = []
        try:
            for request, answer in self._collect(results, threads):
                # Kept back until the server has answered something: else it refuses them all.
                if answer.finish == "refused" and not self._drawer.succeeded:
                    refused.append((request, answer))
                else:
                    yield request, answer
            if refused and not self._drawer.succeeded:
                said = refused[0][1].extra.get("said", "")
                raise EngineError(f"{self.base_url}: every prompt was refused: {said}")
            yield from refused
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
            if not self._room.take(len(chunk), over):
                return
            try:
                if stop():
                    return
                for pair in self._drawer.draw(chunk, over, stop):
                    results.put(pair)
            except EngineError as error:
                results.put(error)
                over.set()
                self._pace.wake()
                return
            finally:
                self._room.give(len(chunk))


def _owners(response: httpx.Response) -> set[str]:
    """Who the server says owns its models: vLLM, SGLang and llama.cpp name themselves there."""
    try:
        models = response.json()["data"]
        return {str(model.get("owned_by")) for model in models if isinstance(model, dict)}
    except (ValueError, KeyError, TypeError, AttributeError):
        return set()


def _drain(results: "queue.Queue[tuple[Request, Answer] | BaseException]") -> None:
    """Makes room, so that threads that wait to put an answer can see that it is over."""
    while True:
        try:
            results.get_nowait()
        except queue.Empty:
            return
