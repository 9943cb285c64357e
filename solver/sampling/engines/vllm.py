"""`vllm:NAME[+ADAPTER]`: a vLLM server as a child process, spoken to over loopback.

vLLM pins versions of torch and transformers that clash with ours, so it lives in an environment of
its own: the `vllm` program on the PATH, in $SOLVER_VLLM, or named in the settings.
"""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import IO

import httpx

from solver.errors import MachineLacks, ModelUnavailable
from solver.sampling.answers.extraction import is_settled
from solver.sampling.engines.hf_adapter import (
    CONFIG_NAME,
    AdapterError,
    check_adapter,
    split_adapter,
    weights_digest,
)
from solver.sampling.engines.openai import OpenAIEngine

START_S = 1200.0
"""A large model is read from the disk and compiled before the server answers."""
POLL_S = 0.2
STOP_S = 30.0
LOG_LINES = 3
_RANKS = (8, 16, 32, 64, 128, 256, 320, 512)
"""Largest ranks that vLLM takes."""


class VllmEngine(OpenAIEngine):
    """A vLLM server that lives as long as the engine."""

    name = "vllm"

    def __init__(self, model: str, *, program: str | None = None, start_s: float = START_S) -> None:
        """Starts the server and waits until it answers.

        Args:
            model: As `vllm serve` takes it: a folder or a hub name; with +FOLDER, an adapter on it.
            program: The `vllm` program; None takes $SOLVER_VLLM or the one on the PATH.
            start_s: Time it may take to come up.

        Raises:
            MachineLacks: There is no such program.
            ModelUnavailable: The server ended or did not answer; its last lines are quoted.
        """
        named = program or os.environ.get("SOLVER_VLLM") or "vllm"
        found = shutil.which(named)
        if found is None:
            raise MachineLacks(
                f"{named}: no such program; install vllm into an environment of its own and name "
                "its program: SOLVER_VLLM=/path/to/env/bin/vllm"
            )
        if model.startswith("-"):
            raise ModelUnavailable(f"vllm:{model}: a model's name does not begin with '-'")
        port = _free_port()
        # The server's own defaults, not the model's generation_config: a run states all it uses.
        base, adapter = split_adapter(model)
        command = [found, "serve", base, "--host", "127.0.0.1", "--port", str(port)]
        command += ["--generation-config", "vllm"]
        if adapter is not None:
            if Path(base).exists():
                check_adapter(adapter, Path(base), base)
            served = f"{Path(base).name}+{weights_digest(adapter)}"
            command += lora_words(served, adapter)
            model = served
        self._log: IO[bytes] = tempfile.TemporaryFile(prefix="vllm-")  # noqa: SIM115
        # A group of its own: the server's workers end with it, and Ctrl-C reaches us alone.
        self._server = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            self._wait(f"http://127.0.0.1:{port}/health", model, start_s)
        except BaseException:
            self._end()
            raise
        super().__init__(f"http://127.0.0.1:{port}/v1", model, enough=is_settled)
        self._drawer.use_tokenizer()

    def _wait(self, health: str, model: str, start_s: float) -> None:
        give_up_s = time.monotonic() + start_s
        with httpx.Client(timeout=5.0, verify=False) as client:
            while time.monotonic() < give_up_s:
                code = self._server.poll()
                if code is not None:
                    raise ModelUnavailable(
                        f"vllm:{model}: the server ended with exit code {code}: {self._said()}"
                    )
                with contextlib.suppress(httpx.TransportError):
                    if client.get(health).status_code == 200:
                        return
                time.sleep(POLL_S)
        raise ModelUnavailable(
            f"vllm:{model}: the server did not answer within {start_s:.0f} s: {self._said()}"
        )

    def gone(self) -> str | None:
        """That the server has ended, with its last lines; None while it runs."""
        code = self._server.poll()
        if code is None:
            return None
        return f"vllm:{self.model}: the server ended with exit code {code}: {self._said()}"

    def _said(self) -> str:
        self._log.seek(0)
        lines = self._log.read().decode("utf-8", "replace").strip().splitlines()
        return " | ".join(lines[-LOG_LINES:]) or "(it printed nothing)"

    def close(self) -> None:
        """Ends the connections and the server."""
        super().close()
        self._end()

    def _end(self) -> None:
        self._signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._server.wait(STOP_S)
        # Also after a clean end: a worker of the server may have stayed behind.
        self._signal(signal.SIGKILL)
        self._server.wait()
        self._log.close()

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._server.pid, number)


def lora_words(name: str, adapter: Path) -> list[str]:
    """What `vllm serve` is told so that it answers as NAME with an adapter on its model.

    Raises:
        AdapterError: The folder holds no adapter.
    """
    try:
        rank = int(json.loads((adapter / CONFIG_NAME).read_bytes())["r"])
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise AdapterError(f"{adapter}: no adapter in it ({CONFIG_NAME}: {error})") from error
    largest = next((each for each in _RANKS if each >= rank), rank)
    words = ["--enable-lora", "--max-lora-rank", str(largest)]
    return [*words, "--lora-modules", f"{name}={adapter.resolve()}"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
