"""One round's fine-tuning: rows to a LoRA adapter, with trl's SFTTrainer and peft.

Rows are tokenised as sampling tokenises them, prompt and answer each by itself, so that what is
learnt is what will be asked. Only the answer counts in the loss.
"""

import json
import resource
import shutil
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from solver.errors import SolverError
from solver.sampling.engine import Message
from solver.sampling.engines.hf_adapter import WEIGHTS_NAME, write_base
from solver.sampling.engines.hf_load import Loaded, find_model, load
from solver.sampling.engines.hf_text import end_ids, prompt_ids
from solver.training.config import TrainingConfig
from solver.training.errors import TrainingError, lacks
from solver.training.rows import TrainingRow
from solver.types import Progress

_STATE = "trainer_state.json"
_LEFT_OUT = ("training_args.bin", "README.md")
"""A pickle, which whoever loads an adapter must not need to trust; and an empty form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuned:
    """What a round's training came to.

    Attributes:
        rows: Trained on; `too_long` were left out.
        tokens: That went through the model, padding left out and prompts included; of GRPO, in
            this call's steps.
        tokens_per_s: In this call's steps, sampling of GRPO included.
        losses: After each step; `rewards` too, where there are any.
        elapsed_s: Of this call; a run that was killed took longer.
        memory_bytes: The most that the process, or the GPU, held.
    """

    rows: int
    too_long: int
    tokens: int
    steps: int
    losses: tuple[float, ...]
    elapsed_s: float
    memory_bytes: int
    device: str
    rewards: tuple[float, ...] = ()
    tokens_per_s: float = 0.0

    def as_record(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "rows": self.rows,
            "too_long": self.too_long,
            "tokens": self.tokens,
            "tokens_per_s": round(self.tokens_per_s, 1),
            "steps": self.steps,
            "losses": [round(each, 5) for each in self.losses],
            "rewards": [round(each, 5) for each in self.rewards],
            "elapsed_s": round(self.elapsed_s, 3),
            "memory_bytes": self.memory_bytes,
            "device": self.device,
        }


def opened(config: TrainingConfig, adapter: Path | None) -> tuple[Path, Loaded]:
    """The model to train, with its weights' place; with an adapter that goes on being trained.

    Raises:
        TrainingLacks: The extra `train` is not installed.
        ModelUnavailable: There is no such model.
    """
    try:
        from peft import LoraConfig, PeftModel, get_peft_model
    except ImportError as error:
        raise lacks(error) from error
    path = find_model(config.name)
    loaded = load(path, config.device, dense=True)
    tune = config.tune
    if tune.threads is not None:
        import torch

        torch.set_num_threads(tune.threads)
    score_answers_alone()
    if adapter is not None:
        model = PeftModel.from_pretrained(loaded.model, str(adapter), is_trainable=True)
    else:
        import torch

        # The first values of the matrices are drawn: the same in a run that is gone on with.
        torch.manual_seed(config.seed)
        wanted = LoraConfig(
            r=tune.rank,
            lora_alpha=tune.alpha,
            lora_dropout=tune.dropout,
            target_modules="all-linear",
            exclude_modules=_all_but_last(loaded.model, tune.layers),
            task_type="CAUSAL_LM",
        )
        with quiet():
            model = get_peft_model(loaded.model, wanted)
    return path, Loaded(
        model=model, tokenizer=loaded.tokenizer, device=loaded.device, chat=loaded.chat
    )


def _all_but_last(model: Any, wanted: int | None) -> str | None:
    """A pattern of the modules below a model's last layers; None where all layers are meant.

    Raises:
        TrainingError: It has fewer.
    """
    if wanted is None:
        return None
    count = int(model.config.get_text_config().num_hidden_layers)
    if wanted > count:
        raise TrainingError(f"tune.layers is {wanted}, and the model has {count}")
    # Peft's own `layers_to_transform` does not go with "all-linear".
    below = "|".join(map(str, range(count - wanted)))
    return rf".*\.layers\.({below})\..*" if below else None


def score_answers_alone() -> None:
    """On a CPU too, trl scores the answers' tokens and no others.

    trl 1.16 leaves the prompt's out where it has Triton and scores them for nothing elsewhere:
    hundreds of rows of a vocabulary of 150,000 words, more than half of a step. A trl that has no
    such switch scores as it does.
    """
    from trl.trainer import utils

    compact = getattr(utils, "_use_triton", None)
    if compact is not None and not hasattr(compact, "of_trl"):

        def on_a_cpu_too(device: Any) -> bool:
            return device.type == "cpu" or bool(compact(device))

        on_a_cpu_too.of_trl = compact  # type: ignore[attr-defined]
        utils._use_triton = on_a_cpu_too


def common_arguments(config: TrainingConfig, device: str, folder: Path) -> dict[str, Any]:
    """What both trainers are told."""
    tune = config.tune
    return {
        "output_dir": str(folder),
        "per_device_train_batch_size": tune.batch,
        "gradient_accumulation_steps": tune.accumulate,
        "learning_rate": tune.learning_rate,
        "lr_scheduler_type": "cosine",
        "logging_steps": 1,
        "save_strategy": "steps",
        "save_steps": tune.checkpoint_steps,
        "save_total_limit": 2,
        "report_to": [],
        "disable_tqdm": True,
        "seed": config.seed,
        "bf16": device == "cuda",
        "use_cpu": device == "cpu",
        "dataloader_pin_memory": device == "cuda",
        "gradient_checkpointing": tune.gradient_checkpointing,
        # Rows of one length in a batch: nothing is computed for what fills up the shorter ones.
        "train_sampling_strategy": "group_by_length",
    }


def fine_tune(
    config: TrainingConfig,
    rows: Sequence[TrainingRow],
    folder: Path,
    adapter: Path | None,
    progress: Progress,
) -> Tuned:
    """Trains `folder/adapter`; called again after a kill, it goes on from the last checkpoint.

    Args:
        folder: The round's.
        adapter: What training begins from; None begins from the model.

    Raises:
        TrainingError: No row is short enough.
        TrainingLacks: The extra `train` is not installed.
    """
    try:
        from datasets import Dataset
        from trl import SFTConfig, SFTTrainer
    except ImportError as error:
        raise lacks(error) from error
    path, loaded = opened(config, adapter)
    examples = [tokens_of(loaded, row) for row in rows]
    short = [one for one in examples if len(one["input_ids"]) <= config.tune.max_length]
    if not short:
        raise TrainingError(
            f"none of {len(rows)} rows has at most {config.tune.max_length} tokens; give a larger "
            "tune.max_length"
        )
    with quiet():
        arguments = SFTConfig(
            **common_arguments(config, loaded.device, folder / "checkpoints"),
            num_train_epochs=config.tune.epochs,
            max_length=None,
            packing=False,
            completion_only_loss=True,
        )
    begun_s = time.monotonic()
    with quiet():
        trainer = SFTTrainer(
            model=loaded.model,
            args=arguments,
            train_dataset=Dataset.from_list(short),
            processing_class=loaded.tokenizer,
            callbacks=[told_callback(progress)],
        )
        _, tokens_per_s = run_trainer(trainer, folder)
    keep_adapter(trainer.save_model, folder, path, config.name)
    losses = [each["loss"] for each in trainer.state.log_history if "loss" in each]
    return Tuned(
        rows=len(short),
        too_long=len(rows) - len(short),
        tokens=config.tune.epochs * sum(len(one["input_ids"]) for one in short),
        tokens_per_s=tokens_per_s,
        steps=int(trainer.state.global_step),
        losses=tuple(losses),
        elapsed_s=time.monotonic() - begun_s,
        memory_bytes=most_memory(loaded.device),
        device=loaded.device,
    )


@contextmanager
def quiet() -> Iterator[None]:
    """Nothing that trl, peft and transformers say to one another's authors reaches the user."""
    from datasets import are_progress_bars_disabled, disable_progress_bars, enable_progress_bars

    shown = not are_progress_bars_disabled()
    disable_progress_bars()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)
            warnings.simplefilter("ignore", DeprecationWarning)
            yield
    finally:
        if shown:
            enable_progress_bars()


def run_trainer(trainer: Any, folder: Path) -> tuple[int, float]:
    """Trains from the last whole checkpoint; figures go to `progress`, never to stdout.

    Returns:
        Tokens of this call's steps, and a second.
    """
    from transformers import PrinterCallback

    trainer.remove_callback(PrinterCallback)
    begun_s = time.monotonic()
    trainer.train(resume_from_checkpoint=last_checkpoint(folder / "checkpoints"))
    elapsed_s = time.monotonic() - begun_s
    # trl counts from 0 again where it goes on from a checkpoint.
    counts = [each["num_tokens"] for each in trainer.state.log_history if "num_tokens" in each]
    tokens = int(float(counts[-1])) if counts else 0
    return tokens, tokens / elapsed_s


def tokens_of(loaded: Loaded, row: TrainingRow) -> dict[str, list[int]]:
    """A row as the trainer takes it: the prompt does not count in the loss."""
    messages = tuple(Message(role=each.role, content=each.content) for each in row.messages)
    prompt = prompt_ids(loaded, messages)
    answer = list(loaded.tokenizer(row.completion, add_special_tokens=False)["input_ids"])
    ends = end_ids(loaded)
    own = loaded.tokenizer.eos_token_id
    answer += [own if own in ends else ends[0]] if ends else []
    return {
        "input_ids": prompt + answer,
        "completion_mask": [0] * len(prompt) + [1] * len(answer),
    }


def told_callback(progress: Progress) -> Any:
    """Tells each step to `progress`."""
    from transformers import TrainerCallback

    class Told(TrainerCallback):  # type: ignore[misc]
        def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            progress(int(state.global_step), int(state.max_steps))

    return Told()


def last_checkpoint(folder: Path) -> str | None:
    """The last checkpoint that is whole; what a killed process left half is removed."""
    found = sorted(
        (each for each in folder.glob("checkpoint-*") if each.name[11:].isdigit()),
        key=lambda each: int(each.name[11:]),
        reverse=True,
    )
    for each in found:
        try:
            # transformers writes it last.
            json.loads((each / _STATE).read_bytes())
            if (each / WEIGHTS_NAME).is_file() and (each / "optimizer.pt").is_file():
                return str(each)
        except (OSError, ValueError):
            pass
        shutil.rmtree(each)
    return None


def keep_adapter(save: Callable[[str], None], folder: Path, base: Path, called: str) -> None:
    """Puts the adapter in its place, whole or not at all."""
    draft, place = folder / ".adapter.partial", folder / "adapter"
    shutil.rmtree(draft, ignore_errors=True)
    shutil.rmtree(place, ignore_errors=True)
    save(str(draft))
    if not (draft / WEIGHTS_NAME).is_file():
        raise SolverError(f"{draft}: peft wrote no {WEIGHTS_NAME}")
    for name in _LEFT_OUT:
        (draft / name).unlink(missing_ok=True)
    write_base(draft, base, called)
    draft.rename(place)


def most_memory(device: str) -> int:
    """The most bytes that this process held, on the GPU where it trained there."""
    if device == "cuda":
        import torch

        return int(torch.cuda.max_memory_allocated())
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
