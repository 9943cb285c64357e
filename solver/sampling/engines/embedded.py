"""`embedded` and `gguf:FILE`: llama.cpp's server inside this process (the xllamacpp wheel), spoken
to on loopback like any other server. Slots share a prompt: `n` answers cost its prefix once."""

import os
import tempfile
from pathlib import Path

from solver.errors import MachineLacks, ModelUnavailable
from solver.sampling.answers.extraction import is_settled
from solver.sampling.engines.gguf_adapter import write_gguf_adapter
from solver.sampling.engines.hf_adapter import check_adapter
from solver.sampling.engines.openai import LLAMA_ORDER, OpenAIEngine
from solver.sampling.engines.threads import let_threads_sleep

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
        adapter: Path | None = None,
        called: str | None = None,
    ) -> None:
        """Loads the model and starts the server on a free port of 127.0.0.1.

        Args:
            slots: Answers drawn at once, fewer where their contexts would take too much memory.
            answer_tokens: Of one answer, where a request states no limit; room is made for it.
            stop: Texts that end this model's answers.
            adapter: A LoRA adapter on the model: peft's folder, or a GGUF file made of one.
            called: What samples say that they were drawn by; None: the file's name.

        Raises:
            AdapterError: The adapter is not one of this model.
            ModelUnavailable: The file is not there or is no GGUF model.
            MachineLacks: llama.cpp's wheel is not installed on this platform.
        """
        _check_file(file)
        # llama.cpp's threads would starve the programs under test.
        let_threads_sleep()
        try:
            # Imported here: only this engine needs it, and not every platform has a wheel.
            import xllamacpp
        except ImportError as error:
            raise MachineLacks(
                f"xllamacpp is not installed ({error}); use --model hf:FOLDER or openai:MODEL@URL"
            ) from error
        parameters = xllamacpp.CommonParams()
        parameters.model.path = str(file)
        self._made: tempfile.TemporaryDirectory[str] | None = None
        if adapter is not None:
            taken = self._taken(adapter, file)
            parameters.lora_adapters = [xllamacpp.CommonAdapterLoraInfo(str(taken), 1.0)]
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
            what = file if adapter is None else f"{file} with {adapter}"
            raise ModelUnavailable(f"{what}: llama.cpp cannot load it ({error})") from error
        super().__init__(
            f"{self._server.listening_address}/v1",
            called or (file.name if adapter is None else f"{file.name}+{adapter}"),
            # A token costs half as much where sixteen are drawn at once: so requests share the
            # slots. None waits for a slot, or its time would run out before it began.
            most_in_flight=slots,
            most_answers=slots,
            together=slots,
            enough=is_settled,
            more_stop=stop,
            more=LLAMA_ORDER,
            answer_tokens=answer_tokens,
        )
        self._drawer.use_tokenizer()

    def _taken(self, adapter: Path, file: Path) -> Path:
        """The adapter as a GGUF file, made in a folder of this engine's where it is peft's."""
        if adapter.is_file():
            _check_file(adapter)
            return adapter
        check_adapter(adapter, file, str(file))
        self._made = tempfile.TemporaryDirectory(prefix="solver-adapter-")
        made = Path(self._made.name) / "adapter.gguf"
        write_gguf_adapter(adapter, file, made)
        return made

    def close(self) -> None:
        """Ends the server and frees the model."""
        super().close()
        del self._server
        if self._made is not None:
            self._made.cleanup()


def _check_file(file: Path) -> None:
    if not file.exists():
        raise ModelUnavailable(
            f"{file}: no such file; `solver model fetch` brings the default model"
        )
    with file.open("rb") as stream:
        if stream.read(4) != b"GGUF":
            raise ModelUnavailable(f"{file}: not a GGUF file")
