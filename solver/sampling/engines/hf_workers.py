"""One process a GPU: each holds a copy of the model and takes chunks of requests from one queue."""

import multiprocessing
import os
import queue
from collections.abc import Sequence
from multiprocessing.queues import Queue
from pathlib import Path
from typing import Any

from solver.errors import EngineError, SolverError
from solver.sampling.engine import Answers, Request, Stop

CHUNKS_AHEAD = 2
"""Chunks handed out per process before their answers are back: enough to keep it busy."""


class Workers:
    """The processes; spawned, since a CUDA context does not survive a fork."""

    def __init__(
        self,
        path: str,
        count: int,
        batch: int,
        device: str | None,
        continuous: bool | None,
        adapter: Path | None = None,
    ) -> None:
        """Starts the processes; they load while the first requests are made ready."""
        context = multiprocessing.get_context("spawn")
        self._chunks: Queue[Any] = context.Queue()
        self._results: Queue[Any] = context.Queue()
        # A GPU's chunk feeds continuous batching, which wants many requests at once.
        self._chunk = batch if device == "cpu" or continuous is False else 8 * batch
        self._processes = [
            context.Process(
                target=_work,
                args=(
                    path,
                    adapter,
                    number,
                    batch,
                    device,
                    continuous,
                    self._chunks,
                    self._results,
                ),
                daemon=True,
            )
            for number in range(count)
        ]
        for process in self._processes:
            process.start()

    def sample(self, requests: Sequence[Request], stop: Stop) -> Answers:
        """Draws all requests; none is handed out twice.

        Raises:
            EngineError: A process ended; the answers of its chunk that came are kept.
            ModelUnavailable: The model cannot be loaded.
        """
        chunks = [
            list(requests[start : start + self._chunk])
            for start in range(0, len(requests), self._chunk)
        ]
        handed_out = 0
        left = 0
        ahead = CHUNKS_AHEAD * len(self._processes)
        while True:
            while handed_out < len(chunks) and left < ahead and not stop():
                self._chunks.put(chunks[handed_out])
                handed_out += 1
                left += 1
            if left == 0:
                return
            item = self._next()
            if isinstance(item, SolverError):
                raise item
            if item is None:
                left -= 1
            else:
                yield item

    def _next(self) -> Any:
        while True:
            try:
                return self._results.get(timeout=1.0)
            except queue.Empty:
                ended = [each for each in self._processes if not each.is_alive()]
                if ended:
                    codes = ", ".join(str(each.exitcode) for each in ended)
                    raise EngineError(
                        f"a process of the model ended (exit code {codes}; -9 is often a lack of "
                        "memory); what came is kept"
                    ) from None

    def close(self) -> None:
        """Ends the processes."""
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            process.join()
        for channel in (self._chunks, self._results):
            channel.cancel_join_thread()
            channel.close()


def _work(
    path: str,
    adapter: Path | None,
    number: int,
    batch: int,
    device: str | None,
    continuous: bool | None,
    chunks: "Queue[Any]",
    results: "Queue[Any]",
) -> None:
    """A process: loads the model onto its GPU, then answers chunks until it is ended."""
    if device != "cpu":
        os.environ["CUDA_VISIBLE_DEVICES"] = _own_gpu(number)
    from solver.sampling.engines.hf_generate import sample_loaded
    from solver.sampling.engines.hf_load import load

    try:
        loaded = load(Path(path), device, adapter)
    except SolverError as error:
        results.put(type(error)(str(error)))
        return
    while True:
        chunk = chunks.get()
        try:
            for pair in sample_loaded(loaded, chunk, lambda: False, batch, continuous):
                results.put(pair)
        except EngineError as error:
            results.put(EngineError(str(error)))
        results.put(None)


def _own_gpu(number: int) -> str:
    """The number-th of the GPUs that this process was given."""
    given = os.environ.get("CUDA_VISIBLE_DEVICES", "")
    return given.split(",")[number] if given else str(number)
