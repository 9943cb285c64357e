"""`solver assess`: for committees, does a model solve this task."""

import json
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console

from sandbox import open_sandbox
from sandbox.compiling.compile import Compiler
from solver.cli import options, sampling_options, strategy_option


@click.command()
@click.argument("package", type=click.Path(exists=True, path_type=Path))
@options.model
@sampling_options.sampling
@strategy_option.strategy
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True)
@click.option("--replays", type=click.IntRange(min=1), default=50, show_default=True)
@options.backend
@click.option("--run", type=click.Path(path_type=Path), help="Run folder; the same one resumes.")
@options.as_json
def assess(
    package: Path,
    model: str | None,
    sampling: sampling_options.SamplingWords,
    strategy: str,
    limit: int,
    replays: int,
    backend: str,
    run: Path | None,
    as_json: bool,
) -> None:
    """Tell a jury whether a model solves their task.

    PACKAGE is a problem package with its hidden tests (Kattis, Polygon, CMS, TPS, ...). Samples
    programs, judges each on the hidden tests, and replays the choice of submissions. The report is
    printed and kept as assessment.md in the run folder.

    \b
    Examples:
      solver assess problems/bundled/contest/depots --model pool:problems/bundled/pools/depots.jsonl
      solver assess my-polygon-package.zip --model openai:gpt-oss-20b@http://localhost:8000/v1
    """
    # Imported here: torch and numpy take a second, which --help need not wait for.
    from problems.errors import JudgeError
    from problems.loading import load_task
    from solver import strategies
    from solver.cli.settle import check_words, settings_of, settle
    from solver.contests.live import watching
    from solver.pipeline import Workshop, prepare
    from solver.replays import assess as assessing
    from solver.replays.truth import Labeller
    from solver.report.assessment import as_markdown
    from solver.sampling.open import open_source
    from solver.types import FeedbackMode, PrepareRequest

    strategies.check_name(strategy)
    task = load_task(package)
    folder = run or Path("runs") / f"assess-{task.name}"
    check_words(sampling, settings_of(sampling, folder, model=model), [task])
    config = settle(sampling, folder, model=model, strategy=strategy, backend=backend)
    mode = FeedbackMode.FULL if task.scored else FeedbackMode.VERDICT
    request = PrepareRequest(round=1, tried=(), feedback_mode=mode, limit=limit)
    with open_sandbox(backend) as sandbox, watching(Console(stderr=True)) as watch:

        def notify(stage: str, done: int, total: int) -> None:
            watch.stage(task.name, stage, done, total)

        compiler = Compiler(sandbox)
        with open_source(config.model, folder, config.sampling) as source:
            shop = Workshop(
                source=source,
                compiler=compiler,
                run=folder,
                config=config,
                notify=notify,
            )
            prepared = prepare(task, request, shop)
            view = prepared.view
        labeller = Labeller(package, sandbox, compiler)
        truth = labeller.truth(view.candidates, lambda done, total: notify("judging", done, total))
    if labeller.failures:
        # A share over the rest would be of another pool than the one that was sampled.
        name, reason = next(iter(labeller.failures.items()))
        raise JudgeError(f"{len(labeller.failures)} programs could not be judged; {name}: {reason}")
    marks = sorted({1, min(10, limit), limit})
    found = assessing.assess(view, truth, strategy, replays=replays, marks=marks)
    text = as_markdown(found, model=config.model, tally=prepared.tally)
    (folder / "assessment.md").write_text(text)
    if as_json:
        document = asdict(found) | {"word": found.word, "model": config.model}
        document["tally"] = None if prepared.tally is None else prepared.tally.as_record()
        click.echo(json.dumps(document, indent=1))
    else:
        click.echo(text)
