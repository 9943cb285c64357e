"""`solver train run | eval | merge`: the loop, what it was worth, and one model of two."""

import json
from pathlib import Path
from typing import Any

import click

from solver.cli import options
from solver.cli.console import output
from solver.cli.sampling_options import LanguageWord
from solver.sampling.engines.threads import let_threads_sleep

_PATH = click.Path(path_type=Path)
_HERE = click.Path(exists=True, path_type=Path)
_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.option("--run", required=True, type=_FOLDER, help="Folder of the run; the same one goes on.")
@click.option(
    "--config",
    "config_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="TOML with every setting; the options below go before it. Kept in the run.",
)
@click.option("--model", help="hf:NAME-OR-FOLDER or hf:FILE.gguf.")
@click.option(
    "--task", "tasks", multiple=True, type=_HERE, help="Package or contest to train on; repeatable."
)
@click.option(
    "--held-out", multiple=True, type=_HERE, help="Package or contest that must not be; repeatable."
)
@click.option(
    "--data", multiple=True, type=_HERE, help="Rows that every round trains on too; repeatable."
)
@click.option(
    "--method",
    type=click.Choice(("sft", "grpo")),
    help="Fine-tune on what is right, or reinforce by the share of the points. [default: sft]",
)
@click.option("--rounds", type=click.IntRange(min=1), help="[default: 2]")
@click.option("--samples", type=click.IntRange(min=1), help="Of a task and round. [default: 64]")
@click.option("--language", "languages", multiple=True, type=LanguageWord(), help="Repeatable.")
@click.option("--max-tokens", type=click.IntRange(min=16), help="Of one answer.")
@click.option(
    "--device", type=click.Choice(("cpu", "cuda")), help="[default: a GPU if there is one]"
)
@click.option(
    "--sandbox", "--backend", "backend", help="As in other commands; URLs of services too."
)
@options.as_json
def run(
    run: Path,
    config_file: Path | None,
    tasks: tuple[Path, ...],
    held_out: tuple[Path, ...],
    data: tuple[Path, ...],
    samples: int | None,
    languages: tuple[str, ...],
    max_tokens: int | None,
    as_json: bool,
    **simple: Any,
) -> None:
    """Train in rounds: sample, judge, keep what is right, fine-tune a LoRA adapter, sample again.

    Killed at any moment, the same command (or `--run` alone) goes on. With --method grpo a round is
    a number of trl's GRPO steps, the judge's share of the subtask's points being the reward. Needs
    the extra `train` (peft, trl, datasets).

    \b
    Examples:
      solver train run --model hf:MODEL --task contests/ladder --held-out contests/ioi-2024 \\
          --data rows --samples 64 --run runs/train
      solver train run --run runs/train                         goes on with it
      solver train run --config train.toml --method grpo --run runs/grpo
    """
    let_threads_sleep()
    # Imported here: torch takes a second, which --help need not wait for.
    from solver.cli.stages import Stages
    from solver.training.config import read_config, settled
    from solver.training.rounds import train

    given: dict[str, Any] = {} if config_file is None else read_config(config_file)
    given |= {name: value for name, value in simple.items() if value is not None}
    for name, paths in (("tasks", tasks), ("held_out", held_out), ("data", data)):
        if paths:
            given[name] = tuple(str(each.resolve()) for each in paths)
    sampling = {"samples": samples, "languages": languages or None, "max_tokens": max_tokens}
    stated = {name: value for name, value in sampling.items() if value is not None}
    if stated:
        given["sampling"] = dict(given.get("sampling", {})) | stated
    config = settled(run, given)
    with Stages() as bars:
        rounds = train(
            config, run, lambda name, stage, done, all: bars.notify(f"{name} {stage}", done, all)
        )
    if as_json:
        click.echo(json.dumps({"run": str(run), "rounds": rounds}, indent=1))
        return
    for one in rounds:
        training = one["training"]
        losses = training["losses"]
        told = f", loss {losses[0]:.3f} to {losses[-1]:.3f}" if losses else ""
        if training["rewards"]:
            told += f", reward {training['rewards'][0]:.3f} to {training['rewards'][-1]:.3f}"
        click.echo(
            f"round {one['round']}: sampled with {one['sampled_with']}; {training['rows']} rows, "
            f"{training['steps']} steps{told}"
        )
        for task in one["tasks"]:
            right = ", ".join(f"{name} {count}" for name, count in task["right"].items())
            click.echo(f"  {task['task']}: {task['programs']} programs; right: {right}")
    click.echo(f"adapter: {run}/rounds/{len(rounds)}/adapter")
    output().print(
        f"to use it: --model {config.model}+{run}/rounds/{len(rounds)}/adapter", markup=False
    )


@click.command("eval")
@click.argument("run", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--task",
    "tasks",
    multiple=True,
    required=True,
    type=_HERE,
    help="Package or contest that was never trained on; repeatable.",
)
@click.option(
    "--samples",
    type=click.IntRange(min=1),
    default=50,
    show_default=True,
    help="Answers to each task, of each model.",
)
@click.option(
    "--round", "rounds", multiple=True, type=click.IntRange(min=1), help="Only after this one."
)
@options.as_json
def eval_(
    run: Path, tasks: tuple[Path, ...], samples: int, rounds: tuple[int, ...], as_json: bool
) -> None:
    """Measure RUN's model before and after training, on tasks that were never trained on.

    pass@k by the unbiased estimator and points at 1, 10 and 50 answers, with paired 95 % intervals
    of what changed, and curves against answers and against rounds. A task that is in the run's data
    is refused (exit code 1). Writes eval.json, eval.md and eval.svg into RUN/eval; interrupted, the
    same command goes on.

    \b
    Example:
      solver train eval runs/train --task contests/ioi-2024 --samples 50
    """
    let_threads_sleep()
    # Imported here: torch takes a second, which --help need not wait for.
    from solver.cli.stages import Stages
    from solver.kept.whole_files import whole_file
    from solver.training.config import settled
    from solver.training.evaluating import evaluate
    from solver.training.words import evaluation_words, write_curves

    with Stages() as bars:
        document = evaluate(
            settled(run, {}),
            run,
            tasks,
            samples=samples,
            rounds=rounds or None,
            tell=lambda name, stage, done, all: bars.notify(f"{name} {stage}", done, all),
        )
    words = evaluation_words(document)
    for name, text in (("eval.json", json.dumps(document, indent=1) + "\n"), ("eval.md", words)):
        with whole_file(run / "eval" / name) as partial:
            partial.write_text(text, encoding="utf-8")
    write_curves(document, run / "eval" / "eval.svg")
    click.echo(json.dumps(document, indent=1) if as_json else words, nl=as_json)


@click.command()
@click.option("--model", required=True, help="hf:NAME-OR-FOLDER or hf:FILE.gguf.")
@click.option("--adapter", required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--out", required=True, type=_FOLDER, help="A new folder.")
def merge(model: str, adapter: Path, out: Path) -> None:
    """Write a model and its adapter as one model, and say how it becomes a GGUF file.

    \b
    Example:
      solver train merge --model hf:MODEL --adapter runs/train/rounds/2/adapter --out merged
    """
    from solver.training.merging import convert_words
    from solver.training.merging import merge as merged

    kind, _, name = model.partition(":")
    if kind not in ("hf", "gguf") or not name:
        raise click.UsageError(f"{model!r}: give hf:NAME-OR-FOLDER or hf:FILE.gguf")
    merged(name, adapter, out)
    click.echo(f"one model: --model hf:{out}")
    words = " ".join(convert_words(out, out.with_suffix(".gguf")))
    click.echo(f"as one GGUF file, with llama.cpp's converter: {words}")


@click.command()
@click.option("--model", required=True, help="gguf:FILE or hf:FOLDER that it was trained on.")
@click.option("--adapter", required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path))
def export(model: str, adapter: Path, out: Path) -> None:
    """Write an adapter as a GGUF file, for llama.cpp: nothing is merged, no weight is rounded.

    \b
    Examples:
      solver train export --model gguf:coder.gguf --adapter runs/train/rounds/1/adapter \\
          --out mine.gguf
      llama-server --model coder.gguf --lora mine.gguf      llama.cpp's own server
    """
    from solver.kept.whole_files import whole_file
    from solver.sampling.engines.gguf_adapter import write_gguf_adapter
    from solver.sampling.engines.hf_adapter import check_adapter
    from solver.sampling.engines.hf_load import find_model

    kind, _, name = model.partition(":")
    if kind not in ("hf", "gguf") or not name:
        raise click.UsageError(f"{model!r}: give gguf:FILE or hf:FOLDER")
    base = find_model(name)
    check_adapter(adapter, base, name)
    with whole_file(out) as partial:
        write_gguf_adapter(adapter, base, partial)
    click.echo(f"{out}: --model gguf:MODEL.gguf+{out}, or llama.cpp's --lora {out}")
