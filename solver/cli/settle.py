"""From the words of a command line to a run's settings, checked before anything is paid for."""

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from problems.task import Task
from solver.breaking.config import BreakingConfig
from solver.cli.language_words import check_compilers, check_subtasks, check_task_takes
from solver.cli.options import DEFAULT_MODEL
from solver.cli.prices import read_prices
from solver.cli.sampling_options import SamplingWords
from solver.cli.settings_file import read_settings
from solver.config import SolveConfig, keep_config, known_model
from solver.errors import SolverError
from solver.sampling.config import SamplingConfig
from solver.sampling.open import check_spec


def settle(
    words: SamplingWords,
    run: Path,
    *,
    model: str | None,
    default_model: str = DEFAULT_MODEL,
    defaults: Mapping[str, Any] | None = None,
    parts: Collection[str] | None = None,
    may_grow: bool = True,
    breaking: str | None = None,
    **others: Any,
) -> SolveConfig:
    """The settings of a run, checked before anything is drawn, and kept in its folder.

    What the command line states goes first, then what the folder was begun with, then the file of
    settings, then `defaults`, then the defaults of all commands.

    Args:
        model: What the command line names; None where it names none.
        default_model: Where nobody names one.
        parts: As `keep_config` takes it.
        breaking: What `--breaking` says, "on" or "off"; None where it was not given.
        others: More settings of `SolveConfig` that the command line states.

    Raises:
        SolverError: A word is not what it should be.
        RunFolderError: The folder was begun with other settings.
    """
    if breaking is not None:
        others["breaking"] = BreakingConfig(on=breaking == "on")
    config = settings_of(
        words, run, model=model, default_model=default_model, defaults=defaults, **others
    )
    given = {f"sampling.{name}" for name in words.given} | set(others)
    if breaking is not None:
        given.add("breaking.on")
    if words.prices is not None:
        given |= {"sampling.price_prompt_mtok", "sampling.price_answer_mtok"}
    if model is not None:
        given.add("model")
    kept = keep_config(run, config, may_grow=may_grow, given=given, parts=parts)
    _check_budget(kept.sampling)
    return kept


def settings_of(
    words: SamplingWords,
    run: Path | None,
    *,
    model: str | None,
    default_model: str = DEFAULT_MODEL,
    defaults: Mapping[str, Any] | None = None,
    **others: Any,
) -> SolveConfig:
    """As `settle`, and nothing is kept: the folder's settings decide the model alone."""
    file = read_settings(words.settings)
    known = known_model(run) if run is not None else None
    spec = model or known or file.model or default_model
    fields = dict(defaults or {}) | file.stated()
    if words.prices is not None:
        prices = read_prices(words.prices, spec)
        fields |= {"price_prompt_mtok": prices.prompt, "price_answer_mtok": prices.answer}
    sampling = SamplingConfig(**(fields | words.given))
    _check_budget(sampling)
    return SolveConfig(model=spec, sampling=sampling, **others)


def _check_budget(sampling: SamplingConfig) -> None:
    if sampling.max_cost is not None and not (
        sampling.price_answer_mtok or sampling.price_prompt_mtok
    ):
        raise SolverError(
            "a budget without prices is never reached: give --price-prompt and --price-answer (of "
            "a million tokens each), or --prices FILE"
        )


def check_words(
    words: SamplingWords,
    config: SolveConfig,
    tasks: Iterable[Task],
    *,
    runs_programs: bool = True,
) -> None:
    """What a user asked for can be had, before anything is drawn.

    Args:
        tasks: All that will be sampled for.
        runs_programs: The programs are compiled and run here, too.

    Raises:
        SolverError: A task takes none of the languages or has no such subtask; no such model.
        MachineLacks: A compiler is missing.
    """
    if config.model != "contest":
        check_spec(config.model)
    recorded = config.model.startswith("pool:")
    if "languages" in words.given and not recorded:
        for task in tasks:
            check_task_takes(task, config.sampling.languages)
        if runs_programs:
            check_compilers(config.sampling.languages)
    if config.sampling.subtasks:
        for task in tasks:
            check_subtasks(task, config.sampling.subtasks)
