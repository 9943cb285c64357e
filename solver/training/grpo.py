"""One round of reinforcement: trl's GRPOTrainer, with our judge as the reward.

An answer's reward is its program's share of the points of the subtask that was asked for, 0 to 1,
as the hidden tests give it; an answer without a program is worth 0. A failure of ours is raised: it
is no reward. GRPO: Shao et al. 2024 (arXiv 2402.03300, section 4.1).
"""

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from solver.adapters.grading import Grading, Place, share_of
from solver.contests.folders.folder import PlanOptions
from solver.contests.plan import ContestPlan, PlannedTask
from solver.contests.rules import rules_named
from solver.contests.rules.base import TaskSheet
from solver.sampling.engine import Message, merged_turns
from solver.sampling.engines.hf_load import Loaded
from solver.sampling.engines.hf_text import end_ids
from solver.sampling.plan import plan_candidates
from solver.sampling.prompts import Prompts
from solver.training.config import TrainingConfig
from solver.training.errors import TrainingError, lacks
from solver.training.sources import TrainingTask
from solver.training.tuning import (
    Tuned,
    common_arguments,
    keep_adapter,
    most_memory,
    opened,
    quiet,
    run_trainer,
    told_callback,
)
from solver.types import Progress

Rewarded = Callable[..., list[float]]


class JudgeReward:
    """Answers to shares of the points. One call is a batch; its programs are judged side by side.

    Attributes:
        judged: Answers so far; `programs` of them held one.
        total: Sum of their rewards.
    """

    __name__ = "judge"  # trl logs a reward under the function's name

    def __init__(self, grading: Grading, threads: int = 4, longest: int | None = None) -> None:
        """Args:
        longest: Tokens at which an answer is cut off: such a one may hold half a program.
        """
        self._grading = grading
        self._threads = threads
        self._longest = longest
        self.judged = self.programs = 0
        self.total = 0.0

    def __call__(
        self,
        prompts: Sequence[Any],
        completions: Sequence[Any],
        *,
        task: Sequence[str],
        subtask: Sequence[str],
        language: Sequence[str],
        completion_ids: Sequence[Sequence[int]] | None = None,
        **_: Any,
    ) -> list[float]:
        """The rewards, one an answer.

        Args:
            completions: Texts, or lists of one assistant's turn.
            subtask: Asked for; "" for the whole task.

        Raises:
            JudgeError, SandboxError, SolverError: Judging failed.
        """
        texts = [each if isinstance(each, str) else each[-1]["content"] for each in completions]
        most = self._longest
        cut = [
            most is not None and completion_ids is not None and len(completion_ids[place]) >= most
            for place in range(len(texts))
        ]
        with ThreadPoolExecutor(self._threads) as threads:
            return list(threads.map(self._one, texts, task, subtask, language, cut))

    def _one(self, text: str, task: str, subtask: str, language: str, cut: bool) -> float:
        finish = "length" if cut else "stop"
        grade = self._grading.grade_answer(task, text, language, finish)
        reward = grade.share
        if subtask:
            parts = self._grading.place.tasks[task].subtasks
            most = next(each.max_points for each in parts if each.name == subtask)
            reward = share_of(grade.subtasks[subtask], most)
        self.judged += 1
        self.programs += not grade.no_program
        self.total += reward
        return reward


def place_of_tasks(tasks: Mapping[str, TrainingTask]) -> Place:
    """Training tasks from several places as one, judged as the IOI does."""
    public = {name: one.task for name, one in tasks.items()}
    rules = rules_named("ioi")
    options = PlanOptions()
    planned = tuple(
        PlannedTask(sheet=TaskSheet.of(task), opens_s=0.0, closes_s=rules.duration_s)
        for task in public.values()
    )
    return Place(
        packages={name: one.package for name, one in tasks.items()},
        tasks=public,
        plan=ContestPlan(
            name="training",
            rules=rules,
            tasks=planned,
            limit=options.limit or rules.submission_limit,
            interval_s=rules.interval_s,
            duration_s=rules.duration_s,
        ),
    )


def prompt_columns(
    config: TrainingConfig, tasks: Mapping[str, TrainingTask], loaded: Loaded
) -> list[dict[str, Any]]:
    """A row for each prompt that sampling would ask: task, subtask, language, variant."""
    prompts = Prompts(Path(config.sampling.prompts) if config.sampling.prompts else None)
    rows: dict[tuple[Message, ...], dict[str, Any]] = {}
    for name, one in tasks.items():
        # Enough samples that no prompt is left out.
        wide = config.sampling.model_copy(update={"samples": 10_000, "first_share": 1.0})
        for wanted in plan_candidates(one.task, wide, prompts, chat=loaded.chat):
            messages = wanted.request.messages
            rows.setdefault(
                messages,
                {
                    "prompt": _as_prompt(loaded, messages),
                    "task": name,
                    "subtask": wanted.subtask or "",
                    "language": wanted.language,
                },
            )
    return list(rows.values())


def _as_prompt(loaded: Loaded, messages: Sequence[Message]) -> Any:
    if not loaded.chat:
        return "".join(each.content for each in messages)
    turns = _dicts(messages)
    try:
        loaded.tokenizer.apply_chat_template(turns, tokenize=False)
    except Exception as error:
        if type(error).__module__.partition(".")[0] != "jinja2":
            raise
        turns = _dicts(merged_turns(messages))  # a template that knows no system turn
    return turns


def _dicts(messages: Sequence[Message]) -> list[dict[str, str]]:
    return [{"role": each.role, "content": each.content} for each in messages]


def reinforce(
    config: TrainingConfig,
    tasks: Mapping[str, TrainingTask],
    folder: Path,
    adapter: Path | None,
    progress: Progress,
) -> Tuned:
    """Trains `folder/adapter`; called again after a kill, it goes on from the last checkpoint.

    Raises:
        TrainingError: The settings do not fit one another.
        TrainingLacks: The extra `train` is not installed.
        JudgeError, SandboxError: Judging failed; the last checkpoint is kept.
    """
    try:
        from datasets import Dataset
        from trl import GRPOConfig, GRPOTrainer
    except ImportError as error:
        raise lacks(error) from error
    tune = config.tune
    if tune.batch * tune.accumulate % tune.generations:
        raise TrainingError(
            f"tune.batch ({tune.batch}) times tune.accumulate ({tune.accumulate}) is no multiple "
            f"of tune.generations ({tune.generations}): the answers to one prompt go together"
        )
    path, loaded = opened(config, adapter)
    columns = prompt_columns(config, tasks, loaded)
    most = config.sampling.max_tokens or 1024
    temperature = sum(config.sampling.temperature) / 2
    with quiet():
        arguments = GRPOConfig(
            **common_arguments(config, loaded.device, folder / "checkpoints"),
            max_steps=tune.steps,
            num_generations=tune.generations,
            max_completion_length=most,
            temperature=temperature,
            top_p=config.sampling.top_p,
            top_k=config.sampling.top_k,
            beta=tune.beta,
            generation_kwargs={"eos_token_id": end_ids(loaded) or None},
        )
    begun_s = time.monotonic()
    with Grading(place_of_tasks(tasks), backend=config.backend) as grading, quiet():
        reward = JudgeReward(grading, longest=most)
        trainer = GRPOTrainer(
            model=loaded.model,
            reward_funcs=[reward],
            args=arguments,
            train_dataset=Dataset.from_list(columns),
            processing_class=loaded.tokenizer,
            callbacks=[told_callback(progress)],
        )
        tokens, tokens_per_s = run_trainer(trainer, folder)
    keep_adapter(trainer.save_model, folder, path, config.name)
    history = [each for each in trainer.state.log_history if "reward" in each]
    return Tuned(
        rows=len(columns),
        too_long=0,
        tokens=tokens,
        tokens_per_s=tokens_per_s,
        steps=int(trainer.state.global_step),
        losses=tuple(each.get("loss", 0.0) for each in history),
        rewards=tuple(each["reward"] for each in history),
        elapsed_s=time.monotonic() - begun_s,
        memory_bytes=most_memory(loaded.device),
        device=loaded.device,
    )
