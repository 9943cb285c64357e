"""`embedded` and `gguf:FILE`: llama.cpp's server inside this process (the xllamacpp wheel), spoken
to on loopback like any other server. Slots share a prompt: `n` answers cost its prefix once."""

import os
from pathlib import Path

from solver.errors import MachineLacks, ModelUnavailable
from solver.sampling.engines.openai import OpenAIEngine
from solver.sampling.extraction import is_enough

# One context for a whole answer: prompt and up to `max_tokens`.
SLOT_TOKENS = 3072
# Small models explain at length what they have just written; none of it is used, and answers that
# are drawn together cannot be cut one by one as a stream can.
CLOSED_BLOCK = "\n```\n"


class EmbeddedEngine(OpenAIEngine):
    """A GGUF model on this machine's CPU."""

    name = "embedded"

    def __init__(self, file: Path, *, slots: int = 16) -> None:
        """Loads the model and starts the server on a free port of 127.0.0.1.

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
        parameters.n_parallel = slots
        parameters.n_ctx = slots * SLOT_TOKENS
        parameters.kv_unified = True
        parameters.cpuparams.n_threads = os.cpu_count() or 1
        parameters.cpuparams_batch.n_threads = os.cpu_count() or 1
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
            enough=is_enough,
            more_stop=(CLOSED_BLOCK,),
        )

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
