"""`embedded` and `gguf:FILE`: llama.cpp's server inside this process (the xllamacpp wheel), spoken
to on loopback like any other server. Slots share a prompt: `n` answers cost its prefix once."""

import os
from pathlib import Path

from solver.errors import MachineLacks, ModelUnavailable
from solver.sampling.answers.extraction import is_settled
from solver.sampling.engines.openai import LLAMA_ORDER, OpenAIEngine

PROMPT_TOKENS = 2048
"""Room for a prompt in a slot's context, beside the answer."""
ANSWER_TOKENS = 6144
"""Of one answer, where nobody states a limit: llama.cpp takes memory for all slots' contexts at its
start, so a reasoning model's own limit (32,768 and more) is there for the asking, by max_tokens."""
MOST_TOKENS = 131_072
"""Of all slots together: longer answers mean fewer at once, not more memory."""


class EmbeddedEngine(OpenAIEngine):
    """A GGUF model on this machine's CPU."""

    name = "embedded"

    def __init__(
        self,
        file: Path,
        *,
        slots: int = 8,
        answer_tokens: int = ANSWER_TOKENS,
        stop: tuple[str, ...] = (),
    ) -> None:
        """Loads the model and starts the server on a free port of 127.0.0.1.

        Args:
            slots: Answers drawn at once, fewer where their contexts would take too much memory.
            answer_tokens: Of one answer, where a request states no limit; room is made for it.
            stop: Texts that end this model's answers.

        Raises:
            ModelUnavailable: The file is not there or is no GGUF model.
            MachineLacks: llama.cpp's wheel is not installed on this platform.
        """
        _check_file(file)
        # llama.cpp's threads spin while they wait and would starve the programs under test.
        os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
        os.environ.setdefault("GOMP_SPINCOUNT", "0")
        try:
            # Imported here: only this engine needs it, and not every platform has a wheel.
            import xllamacpp
        except ImportError as error:
            raise MachineLacks(
                f"xllamacpp is not installed ({error}); use --model hf:FOLDER or openai:MODEL@URL"
            ) from error
        parameters = xllamacpp.CommonParams()
        parameters.model.path = str(file)
        slot_tokens = PROMPT_TOKENS + answer_tokens
        slots = max(1, min(slots, MOST_TOKENS // slot_tokens))
        parameters.n_parallel = slots
        parameters.n_ctx = slots * slot_tokens
        parameters.kv_unified = True
        # Of this process, not of the machine: in a container with two of 64 cores, 64 threads that
        # wait for one another at every layer draw next to nothing.
        cores = len(os.sched_getaffinity(0))
        parameters.cpuparams.n_threads = cores
        parameters.cpuparams_batch.n_threads = cores
        parameters.verbosity = -1
        parameters.hostnames = ["127.0.0.1"]
        parameters.port = 0
        parameters.ui = False
        try:
            self._server = xllamacpp.Server(parameters)
        except (RuntimeError, ValueError) as error:
            raise ModelUnavailable(f"{file}: llama.cpp cannot load it ({error})") from error
        super().__init__(
            f"{self._server.listening_address}/v1",
            file.name,
            most_in_flight=1,
            together=slots,
            enough=is_settled,
            more_stop=stop,
            more=LLAMA_ORDER,
            answer_tokens=answer_tokens,
        )
        self._drawer.use_tokenizer()

    def close(self) -> None:
        """Ends the server and frees the model."""
        super().close()
        del self._server


def _check_file(file: Path) -> None:
    if not file.exists():
        raise ModelUnavailable(
            f"{file}: no such file; `solver model fetch` brings the default model"
        )
    with file.open("rb") as stream:
        if stream.read(4) != b"GGUF":
            raise ModelUnavailable(f"{file}: not a GGUF file")
