"""How candidates are drawn, as options of every command that samples."""

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from solver.cli import options


class Number(click.FloatRange):
    """A finite number in a range: not a number and infinity are no answer to any question here."""

    name = "number"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """The number, or a usage error."""
        found = super().convert(value, param, ctx)
        if not math.isfinite(found):
            self.fail(f"{value!r} is not a finite number.", param, ctx)
        return float(found)


class Temperature(click.ParamType[tuple[float, float]]):
    """One number, or two with a comma between which each prompt's is drawn."""

    name = "T[,T]"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[float, float]:
        """Lowest and highest."""
        if isinstance(value, tuple):
            return value
        number = Number(min=0, max=10)
        parts = [number.convert(part, param, ctx) for part in str(value).split(",")]
        if len(parts) > 2 or parts[0] > parts[-1]:
            self.fail(f"{value!r} is no number or pair of rising numbers, as 0.8 or 0.6,1.0.")
        return parts[0], parts[-1]


class LanguageWord(click.ParamType[str]):
    """A language by its id or a usual name; refused here, before anything is drawn."""

    name = "LANGUAGE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The language's id."""
        # Imported here: --help need not wait for the readers of packages.
        from solver.cli.language_words import UnknownLanguageWord, language_named

        try:
            return language_named(str(value)).id
        except UnknownLanguageWord as error:
            self.fail(str(error), param, ctx)


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplingWords:
    """What the command line says of sampling.

    Attributes:
        given: Fields of `SamplingConfig` that were given, and no defaults.
        settings: The file of settings that was named.
        prices: The file of prices that was named.
    """

    given: dict[str, Any] = field(default_factory=dict)
    settings: Path | None = None
    prices: Path | None = None


_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
# Name of the parameter to the name of the setting, and the option.
_OPTIONS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "samples": ("samples", options.samples),
    "languages": (
        "languages",
        click.option(
            "--language",
            "languages",
            multiple=True,
            type=LanguageWord(),
            help="As python3 or cpp20; may be repeated. [default: python3, cpp20]",
        ),
    ),
    "subtasks": (
        "subtasks",
        click.option(
            "--subtask", "subtasks", multiple=True, help="Ask for this one alone; repeatable."
        ),
    ),
    "max_tokens": (
        "max_tokens",
        click.option(
            "--max-tokens",
            type=click.IntRange(min=16),
            help="Of one answer, reasoning included. [default: the model's own limit]",
        ),
    ),
    "temperature": (
        "temperature",
        click.option(
            "--temperature",
            type=Temperature(),
            help="One, or two with a comma: drawn between them for each prompt. [default: 0.6,1.0]",
        ),
    ),
    "top_p": (
        "top_p",
        click.option("--top-p", type=Number(min=0, max=1, min_open=True), help="[default: 0.95]"),
    ),
    "top_k": (
        "top_k",
        click.option("--top-k", type=click.IntRange(min=0), help="0 takes all. [default: 0]"),
    ),
    "min_p": (
        "min_p",
        click.option(
            "--min-p", type=Number(min=0, max=1, max_open=True), help="0 takes all. [default: 0]"
        ),
    ),
    "system": (
        "system",
        click.option("--system", help='System turn of every prompt; "" sends none.'),
    ),
    "prompts": (
        "prompts",
        click.option("--prompts", type=click.Path(exists=True, file_okay=False), help="Templates."),
    ),
    "helpers": (
        "helpers",
        click.option(
            "--helpers",
            type=click.IntRange(min=0),
            help="Generators to draw, and as many validators. [default: 2]",
        ),
    ),
    "statement_language": (
        "statement_language",
        click.option(
            "--statement-language",
            metavar="CODE",
            help="Of the statement in prompts, as de_DE; `solver problems show` lists what a "
            "package has. [default: English first]",
        ),
    ),
    "task_name": (
        "task_name",
        options.task_name,
    ),
    "concurrency": (
        "concurrency",
        click.option(
            "--concurrency",
            type=click.IntRange(min=1),
            help="Requests, or answers of a model in this process, at once. [default: 256, 16]",
        ),
    ),
    "price_prompt": (
        "price_prompt_mtok",
        click.option("--price-prompt", type=Number(min=0), help="Of a million prompt tokens."),
    ),
    "price_answer": (
        "price_answer_mtok",
        click.option("--price-answer", type=Number(min=0), help="Of a million answer tokens."),
    ),
    "budget": (
        "max_cost",
        click.option(
            "--budget",
            "--max-cost",
            "budget",
            type=Number(min=0, min_open=True),
            help="Stop when so much was spent, in the prices' unit.",
        ),
    ),
    "limit_tokens": (
        "max_tokens_total",
        click.option(
            "--limit-tokens", type=click.IntRange(min=1), help="Stop after so many tokens."
        ),
    ),
    "limit_s": (
        "max_s",
        click.option("--limit-s", type=Number(min=0, min_open=True), help="Stop after so long."),
    ),
    "first_share": ("first_share", options.first_share),
    "repair_share": (
        "repair_share",
        click.option(
            "--repair-share",
            type=Number(min=0, max=1, max_open=True),
            help="Of samples and tokens, kept for drafts that are told where others fail. "
            "[default: 0]",
        ),
    ),
    "repair_rounds": (
        "repair_rounds",
        click.option(
            "--repair-rounds",
            type=click.IntRange(min=0),
            help="Rounds that share it out; none costs a submission. [default: 2]",
        ),
    ),
    "pairs": (
        "pairs",
        click.option(
            "--pairs",
            type=click.IntRange(min=0),
            help="Let the model compare two programs so often, where the choice is near. "
            "[default: 0]",
        ),
    ),
    "diagnoses": (
        "diagnoses",
        click.option(
            "--diagnoses",
            type=click.IntRange(min=0),
            help="Show the model so many programs that would be handed in next, for inputs that "
            "break them. [default: 0]",
        ),
    ),
    "alpha": (
        "repair_alpha",
        click.option(
            "--alpha",
            type=Number(min=0, max=1, max_open=True),
            help="No more repair once the first submission is promised to be wrong with at most "
            "this chance. No promise is below 0.33: about so many fail on recorded pools.",
        ),
    ),
    "least_points": (
        "repair_least_points",
        click.option(
            "--least-points",
            type=Number(min=0),
            help="No more repair that brings fewer points a million tokens.",
        ),
    ),
    "seed": ("seed", click.option("--seed", type=int, help="[default: 0]")),
}
_FILES = {
    "settings": click.option("--settings", type=_FILE, help="TOML with these as its defaults."),
    "prices": click.option("--prices", type=_FILE, help="TOML or JSON: prices, a table a model."),
}


def sampling(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the options; the command gets them as `sampling`, a `SamplingWords`."""

    @functools.wraps(command)
    def wrapped(**values: Any) -> Any:
        given = {}
        for name, (setting, _) in _OPTIONS.items():
            value = values.pop(name)
            if value is not None and value != ():
                given[setting] = value
        files = {name: values.pop(name) for name in _FILES}
        return command(sampling=SamplingWords(given=given, **files), **values)

    for option in reversed([*(option for _, option in _OPTIONS.values()), *_FILES.values()]):
        wrapped = option(wrapped)
    return wrapped
