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
from pathlib import Path

import peft  # noqa: F401
from datasets import Dataset  # noqa: F401
from trl import GRPOTrainer, SFTTrainer  # noqa: F401

from solver.cli.app import main
from solver.cli.stages import Stages
from solver.training import rounds  # noqa: F401


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
