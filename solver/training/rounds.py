"""The loop: sample, judge, keep what is right, fine-tune, sample again with the adapter.

    run/
      training.json         settings, written once
      about.json            when it was begun, with what
      rounds/1/samples/     a run's samples: every answer is kept before it counts
      rounds/1/truths/      what the judge gave each program
      rounds/1/rows.jsonl   what was trained on, with its data card beside it
      rounds/1/checkpoints/ the trainer's, while it trains
      rounds/1/adapter/     the result
      rounds/1/round.json   figures; where it is, the round is done

Each step's result appears whole or not at all, and a step whose result is there is not done again.
So a run may be killed at any moment: the same command goes on. Expert iteration: Anthony et al.
2017 (arXiv 1705.08439); for programs, with a judge in the expert's place.
"""

import json
import shutil
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sandbox import open_sandbox
from sandbox.compiling.compile import Compiler
from solver.kept.about import keep_about
from solver.kept.driver import driving
from solver.kept.whole_files import whole_file
from solver.sampling.engine import Message
from solver.sampling.engines.hf_load import find_model, has_chat_template
from solver.sampling.prompts import Prompts
from solver.training.building import answer_of, origin_of, prompt_for
from solver.training.collecting import collect_rows, write_data
from solver.training.config import Method, Start, TrainingConfig
from solver.training.errors import Contaminated, TrainingError
from solver.training.grpo import reinforce
from solver.training.honesty import HeldOut, held_out_in, overlaps
from solver.training.rows import (
    ROWS_NAME,
    Difficulty,
    Kind,
    TrainingRow,
    read_rows,
    row_id,
    turns,
)
from solver.training.sampling import Sampled, draw_samples, judged, seconds_since, source_of
from solver.training.sources import Source, Told, TrainingTask, tasks_in
from solver.training.tuning import fine_tune
from solver.types import Candidate

ROUND_NAME = "round.json"


def round_folder(run: Path, number: int) -> Path:
    """Where a round keeps everything."""
    return run / "rounds" / str(number)


def adapter_of(run: Path, number: int) -> Path:
    """The adapter that a round made."""
    return round_folder(run, number) / "adapter"


def rounds_of(run: Path) -> list[dict[str, Any]]:
    """The figures of all rounds that are done, in order.

    Raises:
        TrainingError: One cannot be read; names the file.
    """
    found: list[dict[str, Any]] = []
    while (file := round_folder(run, len(found) + 1) / ROUND_NAME).is_file():
        try:
            found.append(dict(json.loads(file.read_bytes())))
        except (ValueError, TypeError) as error:
            raise TrainingError(f"{file}: damaged ({error}); remove it and run again") from error
    return found


def train(config: TrainingConfig, run: Path, tell: Told) -> list[dict[str, Any]]:
    """All rounds that are not done yet.

    Args:
        tell: Called with (task or round, stage, done, all).

    Returns:
        The figures of every round.

    Raises:
        Contaminated: A task to train on is held out.
        TrainingError: No round has anything to train on.
        RunDriven: Another process drives the run.
        SolverError, ProblemsError, SandboxError: As the parts do; what was finished is kept.
    """
    tasks = tasks_in([Path(each) for each in config.tasks])
    held = held_out_in([Path(each) for each in config.held_out])
    check_tasks(tasks, held)
    more = [row for each in config.data for row in read_rows(Path(each))]
    found = overlaps(more, held)
    if found:
        raise Contaminated(f"{', '.join(config.data)}: {found[0].words}; leave those rows out")
    with driving(run, what="training run"):
        keep_about(run)
        for number in range(1, config.rounds + 1):
            if not (round_folder(run, number) / ROUND_NAME).is_file():
                _Round(config, run, number, tasks, held, more, tell).done()
    return rounds_of(run)


def check_tasks(tasks: Mapping[str, TrainingTask], held: Sequence[HeldOut]) -> None:
    """None of the tasks is held out.

    Raises:
        Contaminated: One is; says by what it is seen.
    """
    prompts = Prompts()
    rows = [_probe(one, prompts) for one in tasks.values()]
    found = overlaps(rows, held)
    if found:
        one = found[0]
        raise Contaminated(
            f"task {one.task} is to be trained on, and {one.held_out} is held out: the same by "
            f"{one.by}; take it from one of the two"
        )


def _probe(one: TrainingTask, prompts: Prompts) -> TrainingRow:
    """A row as the task's rows will be, without a program."""
    program = Candidate(id="", task=one.task.name, subtask=None, language="python3", source="")
    messages = prompt_for(one.task, None, "python3", prompts)
    messages += tuple(
        Message(role="user", content=text) for text in one.task.statement.per_subtask.values()
    )
    return TrainingRow(
        id=row_id(messages, one.task.name),
        kind=Kind.PROGRAM,
        task=one.task.name,
        subtask=None,
        language="python3",
        messages=turns(messages),
        completion=answer_of(program),
        share=0.0,
        difficulty=Difficulty.HARD,
        origin=origin_of(one, "", program),
    )


class _Round:
    """One round; every step looks first for what is there already."""

    def __init__(
        self,
        config: TrainingConfig,
        run: Path,
        number: int,
        tasks: Mapping[str, TrainingTask],
        held: Sequence[HeldOut],
        more: Sequence[TrainingRow],
        tell: Told,
    ) -> None:
        self._config = config
        self._run = run
        self._number = number
        self._tasks = tasks
        self._held = held
        self._more = more
        self._tell = tell
        self._folder = round_folder(run, number)
        self._before = adapter_of(run, number - 1) if number > 1 else None

    def done(self) -> None:
        """Does the round and writes its figures."""
        begun_s = time.monotonic()
        # Another round draws other samples of the same prompts.
        sampling = self._config.sampling
        drawing = self._config.model_copy(
            update={"sampling": sampling.model_copy(update={"seed": sampling.seed + self._number})}
        )
        called = self._config.name + ("" if self._number == 1 else f"+round{self._number - 1}")
        sampled = draw_samples(
            drawing, self._tasks, self._folder / "samples", self._before, called, self._tell
        )
        sampled_s, judging_s = seconds_since(begun_s), time.monotonic()
        figures, sources = self._judged(sampled)
        judged_s, tuning_s = seconds_since(judging_s), time.monotonic()
        begins_from = self._before if self._starts_from_last else None
        told = self._told(f"round {self._number}")
        if self._config.method is Method.GRPO:
            tuned = reinforce(self._config, self._tasks, self._folder, begins_from, told)
        else:
            rows = self._rows(sources)
            tuned = fine_tune(self._config, rows, self._folder, begins_from, told)
        document = {
            "round": self._number,
            "sampled_with": called,
            "tasks": figures,
            "training": tuned.as_record(),
            "sampling_s": sampled_s,
            "judging_s": judged_s,
            "training_s": seconds_since(tuning_s),
        }
        with whole_file(self._folder / ROUND_NAME) as partial:
            partial.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
        shutil.rmtree(self._folder / "checkpoints", ignore_errors=True)

    @property
    def _starts_from_last(self) -> bool:
        return self._config.method is Method.GRPO or self._config.start is Start.LAST

    def _told(self, name: str) -> Any:
        return lambda done, total: self._tell(name, "training", done, total)

    def _judged(self, sampled: Mapping[str, Sampled]) -> tuple[list[dict[str, Any]], list[Source]]:
        figures: list[dict[str, Any]] = []
        sources: list[Source] = []
        with open_sandbox(self._config.backend) as sandbox:
            compiler = Compiler(sandbox)
            for name, one in sampled.items():
                of = self._tasks[name]
                truth = judged(of, one, self._folder, sandbox, compiler, self._tell)
                figures.append(_figures(of, one, truth))
                if truth is None:
                    continue
                place = f"rounds/{self._number}/samples"
                sources.append(source_of(of, one, truth, place, self._folder, compiler, self._tell))
        return figures, sources

    def _rows(self, sources: Sequence[Source]) -> list[TrainingRow]:
        """What was right in this round, with the rows of the rounds before and those given."""
        file = self._folder / ROWS_NAME
        if not file.is_file():
            earlier = (
                self._more
                if self._number == 1
                else read_rows(round_folder(self._run, self._number - 1))
            )
            chat = has_chat_template(find_model(self._config.name)) is not False
            found = collect_rows(
                sources,
                self._config.select,
                held_out=self._held,
                chat=chat,
                more=earlier,
                asked=self._config.sampling,
            )
            write_data(self._folder, found)
        return read_rows(file)


def _figures(of: TrainingTask, one: Sampled, truth: Any) -> dict[str, Any]:
    subtasks = [each.name for each in of.task.subtasks]
    right = [0] * len(subtasks) if truth is None else truth.right.sum(axis=0).tolist()
    return {
        "task": of.task.name,
        "samples": one.tally.answers,
        "programs": len(one.candidates),
        "right": dict(zip(subtasks, right, strict=True)),
        "oracle_points": 0.0 if truth is None else truth.oracle,
        "max_points": of.task.max_points,
        "tokens": one.tokens,
    }
