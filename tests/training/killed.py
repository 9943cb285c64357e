"""Run by Python with the extra `train`: the loop, killed in the middle of its training and of its
sampling, then to its end; a round of GRPO; a measurement; a merge; an adapter for llama.cpp. One
import of trl (seconds) serves all: each call of the command is a fork.

    killed.py SFT.toml SFT_RUN GRPO.toml GRPO_RUN HELD_OUT       prints one JSON document
"""

import json
import os
import signal
import sqlite3
import sys
from pathlib import Path
from typing import Any

import peft  # noqa: F401
from datasets import Dataset  # noqa: F401
from trl import GRPOTrainer, SFTTrainer  # noqa: F401

from solver.cli.app import main
from solver.cli.stages import Stages
from solver.training import rounds  # noqa: F401

sys.path.insert(0, str(Path(__file__).parents[1] / "sampling"))


def begun(*words: object, dies_at: tuple[str, int] | None = None) -> int:
    """The command in a process of its own.

    Args:
        dies_at: Stage and count at which the kernel ends it, in the middle of whatever it does:
            a parent that looks for the moment may be too late on a busy machine.
    """
    child = os.fork()
    if child == 0:
        if dies_at is not None:
            stage, count = dies_at

            def notify(self: Stages, name: str, done: int, total: int) -> None:
                if name == stage and done >= count:
                    os.kill(os.getpid(), signal.SIGKILL)

            Stages.notify = notify  # type: ignore[method-assign]
        code = 99
        try:
            main(["train", *map(str, words)])
        except SystemExit as end:
            code = int(end.code or 0)
        finally:
            sys.stdout.flush()
            os._exit(code)
    return child


def ended(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def rows_in(database: Path) -> list[tuple[str, float]]:
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as opened:
        return sorted(opened.execute("SELECT key, elapsed_s FROM samples"))


def answers(model: str, *, embedded: bool = False) -> list[str]:
    from solver.sampling.config import SamplingConfig
    from solver.sampling.engine import Message, Request, SamplingParameters
    from solver.sampling.engines.hf import HfEngine
    from solver.sampling.open import open_engine

    small = SamplingConfig(concurrency=1, max_tokens=16)
    engine = open_engine(f"gguf:{model}", small) if embedded else HfEngine(model, device="cpu")
    request = Request(
        messages=(Message(role="user", content="sum"),),
        parameters=SamplingParameters(max_tokens=12, temperature=0.0),
        seed=0,
        index=0,
    )
    # Where the limit cuts a character, transformers writes a mark for it and llama.cpp nothing.
    found = [answer.text.rstrip("\ufffd") for _, answer in engine.sample([request])]
    engine.close()
    return found


def with_llama_cpp(folder: Path) -> dict[str, object]:
    """A GGUF file, an adapter on it whose matrices are large enough to change every answer, and
    what each engine answers; only the last layer of two has the adapter where `layers` is 1."""
    import gguf
    import torch
    from tiny import make_tiny_gguf

    from solver.sampling.engines import hf_load
    from solver.sampling.engines.hf_adapter import write_base
    from solver.training.config import TrainingConfig
    from solver.training.tuning import opened

    # The file's weights are float32, and so does llama.cpp compute: a random model's best tokens
    # are nearer to one another than bf16 can tell.
    hf_load._cpu_has_bf16 = lambda: False

    model = make_tiny_gguf(folder / "tiny.gguf")
    said: dict[str, object] = {"base": answers(str(model), embedded=True)}
    for layers in (2, 1):
        config = TrainingConfig.model_validate(
            {"model": f"hf:{model}", "tasks": [], "device": "cpu", "tune": {"layers": layers}}
        )
        _, loaded = opened(config, None)
        torch.manual_seed(1)
        for name, values in loaded.model.named_parameters():
            if "lora_B" in name:
                torch.nn.init.normal_(values, std=0.3)
        adapter = folder / f"adapter-{layers}"
        loaded.model.save_pretrained(str(adapter))
        write_base(adapter, model, "tiny")
        exported = ended(
            begun(
                "export",
                "--model",
                f"gguf:{model}",
                "--adapter",
                adapter,
                "--out",
                f"{adapter}.gguf",
            )
        )
        said[str(layers)] = {
            "exit": exported,
            "hf": answers(f"{model}+{adapter}"),
            "folder": answers(f"{model}+{adapter}", embedded=True),
            "file": answers(f"{model}+{adapter}.gguf", embedded=True),
            "changed": sorted({one.name for one in gguf.GGUFReader(f"{adapter}.gguf").tensors}),
        }
    return said


def scored_tokens(folder: Path) -> dict[str, int]:
    """Of one step: tokens that trl scored, those of the answer, and of the row."""
    from trl.trainer import utils

    from solver.training.config import TrainingConfig
    from solver.training.rows import read_rows
    from solver.training.tuning import fine_tune, opened, tokens_of

    seen: list[int] = []
    kernel = utils._ChunkedLogProbFunction

    class Watched:
        @staticmethod
        def apply(hidden: Any, *more: Any) -> Any:
            seen.append(len(hidden))
            return kernel.apply(hidden, *more)

    config = TrainingConfig.model_validate(
        json.loads((run / "training.json").read_bytes())
        | {"tune": {"epochs": 1, "batch": 1, "accumulate": 1, "threads": 1}}
    )
    (row, *_) = read_rows(run / "rounds/1")
    utils._ChunkedLogProbFunction = Watched
    fine_tune(config, [row], folder, None, lambda *_: None)
    utils._ChunkedLogProbFunction = kernel
    tokens = tokens_of(opened(config, None)[1], row)
    return {
        "scored": sum(seen),
        "answer": sum(tokens["completion_mask"]),
        "row": len(tokens["input_ids"]),
    }


sft, run, grpo, grpo_run, unseen = (Path(word) for word in sys.argv[1:])
killed = begun("run", "--config", sft, "--run", run, dies_at=("round 1 training", 3))
assert ended(killed) == -signal.SIGKILL
checkpoints = run / "rounds/1/checkpoints"
for state in list(checkpoints.glob("*/trainer_state.json")):
    document = json.loads(state.read_bytes())
    # What a process that begins anew would not know.
    document["log_history"][0]["loss"] = 77.0
    state.write_text(json.dumps(document))
half = checkpoints / "checkpoint-99"
half.mkdir()
(half / "adapter_model.safetensors").write_bytes(b"half of one")

second = run / "rounds/2/samples/samples.sqlite"
killed = begun("run", "--run", run, dies_at=("apples sampling", 1))
assert ended(killed) == -signal.SIGKILL
kept = rows_in(second)
code = ended(begun("run", "--run", run))
base = json.loads((run / "training.json").read_bytes())["model"].removeprefix("hf:")
adapter = run / "rounds/2/adapter"
llama = Path("llama")
llama.mkdir()
merged, few = ("--out", "merged"), ("--samples", "2", "--round", "2")
print(
    json.dumps(
        {
            "code": code,
            "kept": kept,
            "after": rows_in(second),
            "grpo": ended(begun("run", "--config", grpo, "--run", grpo_run)),
            "merge": ended(begun("merge", "--model", f"hf:{base}", "--adapter", adapter, *merged)),
            "eval": ended(begun("eval", run, "--task", unseen, *few)),
            "seen": ended(begun("eval", run, "--task", Path(unseen).with_name("apples"), *few)),
            "base": answers(base),
            "adapted": answers(f"{base}+{adapter}"),
            "merged": answers("merged"),
            "llama": with_llama_cpp(llama),
            "scored": scored_tokens(Path(sft).parent / "scored"),
        }
    )
)
