"""Real servers as child processes: transformers' own, and what stands in vLLM's place."""

import importlib.util
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from solver.errors import EngineError, MachineLacks, ModelUnavailable
from solver.sampling.engine import Message, Request, SamplingParameters
from solver.sampling.engines.hf import HfEngine
from solver.sampling.engines.openai import OpenAIEngine
from solver.sampling.engines.vllm import VllmEngine


def requests_for(count: int) -> list[Request]:
    return [
        Request(
            messages=(Message(role="user", content="add two numbers"),),
            parameters=SamplingParameters(max_tokens=8, temperature=0.9),
            seed=5,
            index=index,
        )
        for index in range(count)
    ]


@pytest.fixture(scope="module")
def transformers_url(tiny_chat: Path) -> Iterator[str]:
    """transformers' own server over the tiny model; it reads no hub and takes 15 s to start."""
    missing = [m for m in ("fastapi", "openai", "accelerate") if not importlib.util.find_spec(m)]
    if missing:
        pytest.skip(f"`transformers serve` needs {', '.join(missing)}: pip install -e '.[dev]'")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = Path(sys.executable).with_name("transformers")
    command = [str(program), "serve", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--device", "cpu"]
    log = tiny_chat.with_name("serve.log")
    with log.open("wb") as said, httpx.Client(timeout=5, verify=False) as client:
        server = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT)
        try:
            give_up_s = time.monotonic() + 240
            while not answers(client, f"http://127.0.0.1:{port}/health"):
                assert server.poll() is None, log.read_text()[-1000:]
                assert time.monotonic() < give_up_s, log.read_text()[-1000:]
                time.sleep(0.5)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            server.terminate()
            server.wait()


def answers(client: httpx.Client, url: str) -> bool:
    try:
        return client.get(url).status_code == 200
    except httpx.TransportError:
        return False


@pytest.mark.timeout(600)
@pytest.mark.parametrize("together", [1, 4], ids=["streamed", "n-at-once"])
def test_transformers_serve(transformers_url: str, tiny_chat: Path, together: int) -> None:
    engine = OpenAIEngine(
        transformers_url, str(tiny_chat), together=together, most_in_flight=4, patience_s=120.0
    )
    engine.check()
    wanted = requests_for(12)
    got = list(engine.sample(wanted))
    engine.close()
    assert Counter(request for request, _ in got) == Counter(wanted)
    # It draws without our seed: an answer that ends at once has none.
    tokens = [answer.tokens for _, answer in got]
    assert sum(tokens) > 0 and max(tokens) <= 8, tokens
    assert len({answer.text for _, answer in got}) > 1


@pytest.mark.timeout(600)
@pytest.mark.parametrize("system", [True, False], ids=["system-turn", "no-system-turn"])
def test_hf_and_a_server_build_the_same_turns(
    transformers_url: str, tmp_path: Path, system: bool
) -> None:
    """A template that raises at a system turn gets one turn from both: counted in prompt tokens."""
    from tiny import make_tiny

    model = make_tiny(tmp_path / "model", system=system)
    wanted = Request(
        messages=(
            Message(role="system", content="be brief"),
            Message(role="user", content="add two numbers"),
        ),
        parameters=SamplingParameters(max_tokens=4),
        seed=1,
        index=0,
    )
    engine = OpenAIEngine(transformers_url, str(model), together=1, patience_s=120.0)
    ((_, served),) = engine.sample([wanted])
    left_out = engine.refused_parts
    engine.close()
    own = HfEngine(str(model), device="cpu")
    ((_, drawn),) = own.sample([wanted])
    own.close()
    assert served.prompt_tokens == drawn.prompt_tokens > 10
    assert ("system" in left_out) is not system


@pytest.fixture
def vllm_program(tmp_path: Path) -> str:
    program = tmp_path / "vllm"
    stub = Path(__file__).with_name("stub.py")
    program.write_text(
        f"#!{sys.executable}\nimport runpy\nrunpy.run_path({str(stub)!r}, run_name='__main__')\n"
    )
    program.chmod(0o755)
    return str(program)


def test_a_vllm_server_lives_as_long_as_its_engine(vllm_program: str) -> None:
    engine = VllmEngine("some/model", program=vllm_program)
    got = list(engine.sample(requests_for(9)))
    pid = engine._server.pid
    engine.close()
    assert len(got) == 9
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_vllm_server_that_ends_is_quoted(vllm_program: str) -> None:
    with pytest.raises(ModelUnavailable, match=r"exit code 1: .*broken is no model"):
        VllmEngine("broken", program=vllm_program)


def test_a_vllm_server_that_ends_while_it_is_asked_is_not_waited_for(vllm_program: str) -> None:
    engine = VllmEngine("some/model", program=vllm_program)
    try:
        drawn = engine.sample(requests_for(400))
        next(drawn)
        os.killpg(engine._server.pid, signal.SIGKILL)
        with pytest.raises(EngineError, match=r"ended with exit code -9.*What was drawn is kept"):
            list(drawn)
    finally:
        engine.close()


def test_no_vllm_here(tmp_path: Path) -> None:
    with pytest.raises(MachineLacks, match="SOLVER_VLLM"):
        VllmEngine("m", program=str(tmp_path / "vllm"))
    with pytest.raises(ModelUnavailable, match="does not begin with"):
        VllmEngine("--port=1", program=sys.executable)
