"""`solver solve`: one task, from the statement to a ranked plan of submissions."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from solver.cli import options, sampling_options, strategy_option
from solver.cli.console import output
from solver.cli.stages import Stages
from solver.errors import SolverError

DEFAULT_REPAIR_SHARE = 0.4
"""Of the samples, where more than one round is asked for (60 to 40: docs/experiments/breaking.md).
"""


@click.command()
@click.argument("task_dir", type=click.Path(exists=True, path_type=Path))
@options.model
@sampling_options.sampling
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=50,
    show_default=True,
    help="Submissions in the plan.",
)
@click.option(
    "--rounds",
    type=click.IntRange(min=1),
    help="1 draws once; more go back to the model with inputs on which its programs fail "
    "(--repair-share of the samples, 0.4 unless given). [default: 1]",
)
@strategy_option.strategy
@options.breaking
@options.backend
@click.option("--run", type=click.Path(path_type=Path), help="Run folder; the same one resumes.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Folder to write the planned programs into, in the order of the plan.",
)
@options.as_json
def solve(
    task_dir: Path,
    model: str | None,
    sampling: sampling_options.SamplingWords,
    limit: int,
    rounds: int | None,
    strategy: str,
    breaking: str | None,
    backend: str,
    run: Path | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Sample candidates for one task and rank what to submit, with reasons.

    TASK_DIR is a problem package in any known format; its hidden tests are not looked at. --run
    with a folder that `solver sample` drew into goes on with what is there.

    \b
    Examples:
      solver solve problems/bundled/contest/apples
      solver solve TASK --model pool:pools/depots.jsonl --json
      solver solve TASK --model openai:Qwen2.5-Coder-7B@http://localhost:8000/v1 --samples 1000
      solver solve TASK --rounds 3 --repair-share 0.5 --alpha 0.35
      solver solve TASK --rounds 3 --diagnoses 8
    """
    # Imported here: torch and numpy take a second, which --help need not wait for.
    from problems.loading import load_task
    from solver.api.solving import solve as solve_task
    from solver.cli.settle import check_words, settings_of, settle
    from solver.kept.begun import begun_or_nothing
    from solver.kept.driver import driving
    from solver.strategies import check_name

    check_name(strategy)
    sampling = with_rounds(sampling, rounds)
    task = load_task(task_dir)
    folder = run or Path("runs") / f"solve-{task.name}"
    check_words(sampling, settings_of(sampling, folder, model=model), [task])
    with begun_or_nothing(folder), driving(folder), Stages() as bars:
        config = settle(
            sampling,
            folder,
            model=model,
            strategy=strategy,
            backend=backend,
            breaking=breaking,
        )
        if config.sampling.statement_language is not None:
            task = load_task(task_dir, statement_language=config.sampling.statement_language)
        solved = solve_task(
            task, config.model, limit=limit, run=folder, config=config, notify=bars.notify
        )
    check_inputs(task_dir, solved.examples, solved.inputs)
    document = {
        "task": task.name,
        "plan": [
            {
                "rank": one.rank,
                "candidate": one.candidate.id,
                "language": one.candidate.language,
                "subtask": one.subtask,
                "estimate": round(one.estimate, 6),
                "expected_gain": one.expected_gain,
                "reason": one.reason,
            }
            for one in solved.plan
        ],
        "candidates": solved.candidates,
        "compiled": solved.compiled,
        "pass_examples": solved.pass_examples,
        "clusters": solved.clusters,
        "inputs": solved.inputs,
        "model": config.model,
        "strategy": strategy,
        "tokens": solved.tokens,
        "repaired": [one.as_record() for one in solved.repaired],
        "compared": None if solved.compared is None else solved.compared.as_record(),
        "diagnosed": None if solved.diagnosed is None else solved.diagnosed.as_record(),
        "risk_promised": round(solved.risk, 6),
        "run": str(folder),
        "tally": None if solved.tally is None else solved.tally.as_record(),
    }
    if out is not None:
        write_programs(out, [one.candidate for one in solved.plan])
    if as_json:
        click.echo(json.dumps(document, indent=1))
    else:
        show(document)


def with_rounds(
    sampling: sampling_options.SamplingWords, rounds: int | None
) -> sampling_options.SamplingWords:
    """`--rounds R` in the settings' words: all rounds but the first are repair rounds.

    Raises:
        click.UsageError: The two ways to say it contradict each other.
    """
    if rounds is None:
        return sampling
    given = dict(sampling.given)
    if given.setdefault("repair_rounds", rounds - 1) != rounds - 1:
        raise click.UsageError("--rounds R and --repair-rounds R-1 say the same: give one")
    if rounds > 1:
        given.setdefault("repair_share", DEFAULT_REPAIR_SHARE)
    return replace(sampling, given=given)


def check_inputs(task_dir: Path, examples: int, inputs: int) -> None:
    """Says what a plan cannot rest on.

    Raises:
        SolverError: There was nothing to run the candidates on, so that any order is as good.
    """
    where = "put them into its data/sample folder as NAME.in and NAME.ans"
    if inputs == 0:
        raise SolverError(
            f"{task_dir}: nothing to run the candidates on: no examples that can be run, and no "
            f"generator that works; {where}, or give a pool with generator lines; what was drawn "
            "is kept"
        )
    if examples == 0:
        click.echo(
            f"warning: {task_dir}: no examples, so no program is checked against a known answer; "
            f"{where}",
            err=True,
        )


def write_programs(folder: Path, candidates: list[Any]) -> None:
    """The planned programs as files, "01-<id>.cpp", ready to be handed in."""
    from sandbox.compiling.languages import extensions_of
    from solver.source_text import encoded

    folder.mkdir(parents=True, exist_ok=True)
    for rank, candidate in enumerate(candidates, start=1):
        safe = candidate.id.replace("/", "-")
        extension = extensions_of(candidate.language)[0]
        (folder / f"{rank:02d}-{safe}{extension}").write_bytes(encoded(candidate.source))


def _told(one: dict[str, Any]) -> str:
    """One repair round in a line."""
    if one["stopped"]:
        return f"repair round {one['step']} left out: {one['stopped']}"
    mended = one["modes"].count("mend")
    return (
        f"repair round {one['step']}: {one['drafts']} programs from {len(one['parents'])} that "
        f"fail ({mended} to mend, {len(one['modes']) - mended} afresh), {one['tokens']} tokens"
    )


def _diagnosed(one: dict[str, Any]) -> str:
    """The diagnoses in a line."""
    return (
        f"diagnosis: {len(one['shown'])} programs shown, {one['proposed']} inputs proposed, "
        f"{one['refused']} refused, {len(one['broke'])} programs broken, {one['tokens']} tokens"
    )


def show(document: dict[str, Any]) -> None:
    """The plan as a table."""
    from rich.table import Table

    from solver.report.reasons import said_once
    from solver.sampling.tally import tally_words

    console = output()
    console.print(
        f"{document['task']}: {document['candidates']} candidates, {document['compiled']} ran, "
        f"{document['pass_examples']} pass the examples, {document['clusters']} behaviours on "
        f"{document['inputs']} inputs"
    )
    if document["tally"]:
        console.print(tally_words(document["tally"]))
        if document["tally"]["tokens"]:
            prompts = document["tally"]["prompt_tokens"]
            console.print(f"{document['tally']['tokens']} tokens of answers, {prompts} of prompts")
    if document["diagnosed"]:
        console.print(_diagnosed(document["diagnosed"]))
    for one in document["repaired"]:
        console.print(_told(one))
    risk = document["risk_promised"]
    console.print(f"the first submission is wrong with a chance of at most {risk:.2f}, as promised")
    table = Table(box=None, pad_edge=False)
    for title in ("#", "candidate", "language", "subtask", "estimate", "why"):
        table.add_column(title, overflow="fold")
    reasons = said_once([row["reason"] for row in document["plan"]])
    for row, reason in zip(document["plan"], reasons, strict=True):
        table.add_row(
            str(row["rank"]),
            row["candidate"],
            row["language"],
            row["subtask"] or "all",
            f"{row['estimate']:.2f}",
            reason,
        )
    console.print(table)
    console.print(f"kept in {document['run']}")
