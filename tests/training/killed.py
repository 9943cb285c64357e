"""Run by Python with the extra `train`: the loop, killed in the middle of its training and of its
sampling, then to its end; a round of GRPO; a measurement; a merge. One import of trl (seconds)
serves all: each call of the command is a fork.

    killed.py SFT.toml SFT_RUN GRPO.toml GRPO_RUN HELD_OUT       prints one JSON document
"""

import json
import os
import signal
import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path

import peft  # noqa: F401
from datasets import Dataset  # noqa: F401
from trl import GRPOTrainer, SFTTrainer  # noqa: F401

from solver.cli.app import main
from solver.training import rounds  # noqa: F401


def begun(*words: object) -> int:
    child = os.fork()
    if child == 0:
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


def killed_when(seen: Callable[[], bool], *words: object) -> None:
    child = begun(*words)
    while not seen():
        gone, status = os.waitpid(child, os.WNOHANG)
        assert not gone, f"ended before it was killed: {os.waitstatus_to_exitcode(status)}"
        time.sleep(0.002)
    os.kill(child, signal.SIGKILL)
    assert ended(child) == -signal.SIGKILL


def rows_in(database: Path) -> list[tuple[str, float]]:
    if not database.is_file():
        return []
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as opened:
        try:
            return sorted(opened.execute("SELECT key, elapsed_s FROM samples"))
        except sqlite3.OperationalError:
            return []  # the table is not there yet


def answers(model: str) -> list[str]:
    from solver.sampling.engine import Message, Request, SamplingParameters
    from solver.sampling.engines.hf import HfEngine

    engine = HfEngine(model, device="cpu")
    request = Request(
        messages=(Message(role="user", content="sum"),),
        parameters=SamplingParameters(max_tokens=12, temperature=0.0),
        seed=0,
        index=0,
    )
    return [answer.text for _, answer in engine.sample([request])]


sft, run, grpo, grpo_run, unseen = (Path(word) for word in sys.argv[1:])
first = run / "rounds/1/checkpoints/checkpoint-2/trainer_state.json"
killed_when(first.is_file, "run", "--config", sft, "--run", run)
for state in list(first.parent.parent.glob("*/trainer_state.json")):
    try:
        document = json.loads(state.read_bytes())
    except ValueError:
        continue  # killed while it wrote this one
    # What a process that begins anew would not know.
    document["log_history"][0]["loss"] = 77.0
    state.write_text(json.dumps(document))
half = first.parent.parent / "checkpoint-99"
half.mkdir()
(half / "adapter_model.safetensors").write_bytes(b"half of one")

second = run / "rounds/2/samples/samples.sqlite"
killed_when(lambda: bool(rows_in(second)), "run", "--run", run)
kept = rows_in(second)
code = ended(begun("run", "--run", run))
base = json.loads((run / "training.json").read_bytes())["model"].removeprefix("hf:")
adapter = run / "rounds/2/adapter"
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
        }
    )
)
