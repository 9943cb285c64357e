"""What sampling costs: the engine batched against one at a time, and all that stands around it.

    python benchmarks/sampling.py overhead [--samples 10000]
    python benchmarks/sampling.py engine --model embedded [--batch 16] [--tokens 128]

Prints one JSON document. `engine` takes both figures side by side in one run, on prompts that no
cache has seen, one after the other in turns so that a change of the machine's load meets both. It
adds the bytes that a decoding step must read, this machine's memory bandwidth, and the bound that
the two set: of one sequence, and of a batch, which reads the weights once for all its sequences.
"""

import json
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from problems.loading import load_task
from solver.kept.samples import RunFolder
from solver.sampling.answers.dedup import representatives
from solver.sampling.config import SamplingConfig
from solver.sampling.draw import Budget, draw_round
from solver.sampling.engine import Answer, Answers, Message, Request, SamplingParameters, Stop
from solver.sampling.models import default_model, model_named
from solver.sampling.open import open_engine

TASK = Path(__file__).parents[1] / "problems" / "bundled" / "contest" / "depots"
PROGRAM = """Here is a solution.
```python
import sys

def main():
    data = list(map(int, sys.stdin.read().split()))
    n, values = data[0], data[1:]
    best = {number}
    for left in range(n):
        total = 0
        for right in range(left, min(n, left + {number})):
            total += values[right]
            if total > best:
                best = total
    print(best)

main()
```
It tries every interval.
"""


class Instant:
    """Answers at once, so that what is measured is all but the model.

    Texts are distinct, and each has four others that differ from it in a name alone: the worst case
    for the deduplication, which then has to parse them all.
    """

    name = "instant"
    model = "instant"
    chat = True

    def sample(self, requests: Sequence[Request], stop: Stop = lambda: False) -> Answers:
        for number, request in enumerate(requests):
            text = PROGRAM.replace("{number}", str(number // 5))
            text = text.replace("total", f"total{number % 5}")
            yield (
                request,
                Answer(
                    text=text,
                    tokens=150,
                    prompt_tokens=600,
                    logprob=-0.2,
                    finish="stop",
                    elapsed_s=0.0,
                ),
            )

    def close(self) -> None:
        pass


@click.group()
def main() -> None:
    """Benchmarks of the sampling stage."""


@main.command()
@click.option("--samples", default=10_000, show_default=True)
def overhead(samples: int) -> None:
    """Prompting, keys, store, extraction, deduplication: time a sample without any model."""
    task = load_task(TASK)
    config = SamplingConfig(samples=samples, languages=("python3",), helpers=4)
    figures: dict[str, Any] = {"samples": samples}
    with tempfile.TemporaryDirectory() as folder, RunFolder(Path(folder)) as run:
        for name in ("draw", "resume"):
            start_s, cpu_s = time.perf_counter(), time.process_time()
            drawn = draw_round(task, Instant(), run, config, Budget(config), lambda *_: None)
            figures[f"{name}_wall_ms"] = 1000 * (time.perf_counter() - start_s) / samples
            figures[f"{name}_cpu_ms"] = 1000 * (time.process_time() - cpu_s) / samples
        start_s, cpu_s = time.perf_counter(), time.process_time()
        same_as = representatives(drawn.candidates)
        figures["dedup_wall_ms"] = 1000 * (time.perf_counter() - start_s) / samples
        figures["dedup_cpu_ms"] = 1000 * (time.process_time() - cpu_s) / samples
        figures["distinct"] = len(set(same_as))
    figures["total_cpu_ms"] = figures["draw_cpu_ms"] + figures["dedup_cpu_ms"]
    figures["total_wall_ms"] = figures["draw_wall_ms"] + figures["dedup_wall_ms"]
    figures["under_1_ms"] = figures["total_wall_ms"] < 1.0
    figures["load_average"] = round(os.getloadavg()[0], 1)
    click.echo(json.dumps(figures, indent=1))


@main.command()
@click.option("--model", default="embedded", show_default=True)
@click.option("--batch", default=16, show_default=True)
@click.option("--turns", default=2, show_default=True, help="Of one alone, then a batch.")
@click.option("--tokens", default=128, show_default=True, help="Tokens an answer, at most.")
def engine(model: str, batch: int, turns: int, tokens: int) -> None:
    """Tokens a second: `batch` answers of one prompt at once against one at a time."""
    opened = open_engine(model, SamplingConfig(concurrency=batch))
    alone, together = [], []
    load = [os.getloadavg()[0]]
    try:
        _rate(opened, "Say yes.", 1, 4)  # what is slow once: kernels, caches, connections
        for turn in range(turns):
            alone.append(_rate(opened, _prompt(2 * turn), 1, tokens))
            together.append(_rate(opened, _prompt(2 * turn + 1), batch, tokens))
    finally:
        opened.close()
    load.append(os.getloadavg()[0])
    single, rate = _together(alone), _together(together)
    figures = {
        "model": model,
        "batch": batch,
        "load_average": [round(each, 1) for each in load],
        "tokens_alone": sum(count for count, _, _ in alone),
        "tokens_batched": sum(count for count, _, _ in together),
        "one_at_a_time_tok_s": round(single["wall"], 2),
        "batched_tok_s": round(rate["wall"], 2),
        "ratio": round(rate["wall"] / single["wall"], 2),
        "one_at_a_time_tok_a_cpu_s": round(single["cpu"], 2),
        "batched_tok_a_cpu_s": round(rate["cpu"], 2),
        "ratio_cpu": round(rate["cpu"] / single["cpu"], 2),
        "turns_tok_s": [
            [round(count / wall_s, 1) for count, wall_s, _ in pair]
            for pair in zip(alone, together, strict=True)
        ],
    }
    click.echo(json.dumps(figures | _bound(model, single["wall"], rate["wall"], batch), indent=1))


def _together(measured: Sequence[tuple[int, float, float]]) -> dict[str, float]:
    tokens = sum(count for count, _, _ in measured)
    return {
        "wall": tokens / sum(wall_s for _, wall_s, _ in measured),
        "cpu": tokens / sum(cpu_s for _, _, cpu_s in measured),
    }


def _prompt(number: int) -> str:
    return f"Tell a long story about the number {number * 7919 + 13}, in many words."


def _rate(opened: Any, text: str, count: int, tokens: int) -> tuple[int, float, float]:
    """Tokens, seconds on the wall, seconds of this process's CPU."""
    parameters = SamplingParameters(temperature=1.0, max_tokens=tokens)
    messages = (Message(role="user", content=text),)
    requests = [
        Request(messages=messages, parameters=parameters, seed=0, index=index)
        for index in range(count)
    ]
    start_s, cpu_s = time.perf_counter(), time.process_time()
    drawn = sum(answer.tokens for _, answer in opened.sample(requests))
    return drawn, time.perf_counter() - start_s, time.process_time() - cpu_s


def _bound(model: str, single: float, rate: float, batch: int) -> dict[str, Any]:
    """Bytes of weights that a decoding step reads, and the steps a second that allows."""
    weights = _weights_bytes(model)
    if weights is None:
        return {"bytes_a_step": None}
    device, bandwidth = _bandwidth()
    steps = bandwidth / weights
    return {
        "device": device,
        "bandwidth_gb_s": round(bandwidth / 1e9, 1),
        "bytes_a_step": weights,
        "bytes_a_token_alone": weights,
        "bytes_a_token_batched": weights // batch,
        "bound_tok_s_alone": round(steps, 1),
        "share_of_bound_alone": round(single / steps, 3),
        "bound_tok_s_batched": round(steps * batch, 1),
        "share_of_bound_batched": round(rate / (steps * batch), 3),
    }


def _weights_bytes(model: str) -> int | None:
    kind, _, name = model.partition(":")
    if kind == "embedded":
        return (model_named(name) if name else default_model()).size_bytes
    if kind == "gguf":
        return Path(name).stat().st_size
    if kind != "hf":
        return None
    import torch

    path = Path(name)
    if path.is_file():
        # transformers unpacks a GGUF file: 4 bytes a weight on a CPU, 2 on a GPU.
        from gguf import GGUFReader

        count = sum(int(tensor.n_elements) for tensor in GGUFReader(path).tensors)
        return count * (2 if torch.cuda.is_available() else 4)
    return sum(file.stat().st_size for file in path.glob("*.safetensors")) or None


def _bandwidth() -> tuple[str, float]:
    """The device's name, and bytes a second that it reads, as far as one can with plain torch."""
    import torch

    if torch.cuda.is_available():
        name = torch.cuda.get_device_properties(0).name
        held = torch.empty(2**30, dtype=torch.uint8, device="cuda")
        other = torch.empty_like(held)

        def read() -> None:
            other.copy_(held)
            torch.cuda.synchronize()

        moved = 2 * held.nbytes
    else:
        name = f"CPU, {os.cpu_count()} cores"
        held = torch.ones(2**27, dtype=torch.float32)

        def read() -> None:
            held.sum()

        moved = held.nbytes
    read()
    best_s = min(_took(read) for _ in range(8))
    return name, moved / best_s


def _took(work: Callable[[], None]) -> float:
    start_s = time.perf_counter()
    work()
    return time.perf_counter() - start_s


if __name__ == "__main__":
    main()
