"""What sampling costs: the engine batched against one at a time, and all that stands around it.

    python benchmarks/sampling.py overhead [--samples 10000]
    python benchmarks/sampling.py engine --model embedded [--batch 16] [--tokens 128]

Prints one JSON document. `engine` takes both figures side by side in one run, on prompts that no
cache has seen; on a GPU it adds the bytes that a token must read and the bound that this sets.
"""

import json
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from problems.load import load_task
from solver.sampling.config import SamplingConfig
from solver.sampling.dedup import representatives
from solver.sampling.draw import Budget, draw_round
from solver.sampling.engine import Answer, Answers, Message, Request, SamplingParameters, Stop
from solver.sampling.open import open_engine
from solver.store import RunFolder

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
    figures["under_1_ms"] = figures["total_cpu_ms"] < 1.0
    click.echo(json.dumps(figures, indent=1))


@main.command()
@click.option("--model", default="embedded", show_default=True)
@click.option("--batch", default=16, show_default=True)
@click.option("--alone", default=2, show_default=True, help="Answers drawn one at a time.")
@click.option("--tokens", default=128, show_default=True, help="Tokens an answer, at most.")
def engine(model: str, batch: int, alone: int, tokens: int) -> None:
    """Tokens a second: `batch` answers of one prompt at once against one at a time."""
    opened = open_engine(model, SamplingConfig(batch=batch))
    try:
        _rate(opened, "Say yes.", 1, 4)  # what is slow once: kernels, caches, connections
        one_by_one = [_rate(opened, _prompt(number), 1, tokens) for number in range(alone)]
        batched = _rate(opened, _prompt(alone), batch, tokens)
    finally:
        opened.close()
    single = sum(count for count, _ in one_by_one) / sum(took_s for _, took_s in one_by_one)
    rate = batched[0] / batched[1]
    figures = {
        "model": model,
        "batch": batch,
        "tokens_batched": batched[0],
        "one_at_a_time_tok_s": round(single, 2),
        "batched_tok_s": round(rate, 2),
        "ratio": round(rate / single, 2),
    }
    click.echo(json.dumps(figures | _bound(model, rate), indent=1))


def _prompt(number: int) -> str:
    return f"Tell a long story about the number {number * 7919 + 13}, in many words."


def _rate(opened: Any, text: str, count: int, tokens: int) -> tuple[int, float]:
    parameters = SamplingParameters(temperature=1.0, max_tokens=tokens)
    messages = (Message(role="user", content=text),)
    requests = [
        Request(messages=messages, parameters=parameters, seed=0, index=index)
        for index in range(count)
    ]
    start_s = time.perf_counter()
    drawn = sum(answer.tokens for _, answer in opened.sample(requests))
    return drawn, time.perf_counter() - start_s


def _bound(model: str, rate: float) -> dict[str, Any]:
    """On a GPU: bytes of weights a decoding step reads, and the steps a second that allows."""
    kind, _, name = model.partition(":")
    if kind != "hf":
        return {"gpu": None}
    import torch

    if not torch.cuda.is_available():
        return {"gpu": None}
    properties = torch.cuda.get_device_properties(0)
    copied = torch.empty(2**30, dtype=torch.uint8, device="cuda")
    other = torch.empty_like(copied)
    torch.cuda.synchronize()
    start_s = time.perf_counter()
    for _ in range(20):
        other.copy_(copied)
    torch.cuda.synchronize()
    bandwidth = 2 * 20 * 2**30 / (time.perf_counter() - start_s)
    weights = sum(file.stat().st_size for file in Path(name).glob("*.safetensors"))
    return {
        "gpu": properties.name,
        "bandwidth_gb_s": round(bandwidth / 1e9, 1),
        "bytes_a_step": weights,
        "steps_a_second_bound": round(bandwidth / weights, 2) if weights else None,
        "tok_s_a_sequence_bound_share": round(rate / (bandwidth / weights), 2) if weights else None,
    }


if __name__ == "__main__":
    main()
