"""What a model's tokens cost, from a file of prices."""

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from solver.errors import SolverError

PER_MILLION = 1e6


class PriceLine(BaseModel):
    """One model's prices: of a million tokens, or of one as LiteLLM's list has them."""

    model_config = ConfigDict(extra="ignore", frozen=True, allow_inf_nan=False)

    prompt: float | None = Field(default=None, ge=0)
    answer: float | None = Field(default=None, ge=0)
    input_cost_per_token: float | None = Field(default=None, ge=0)
    output_cost_per_token: float | None = Field(default=None, ge=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """Of a million tokens, in the unit of the file."""

    prompt: float
    answer: float


def read_prices(file: Path, model: str) -> Prices:
    """A model's prices out of a TOML or JSON file: a table a model, with `prompt` and `answer`.

    Args:
        model: As `--model` takes it; its whole spec or the model's own name may stand in the file.

    Raises:
        SolverError: The file cannot be read, has no such model, or a price is no number.
    """
    table = _read(file)
    names = [model, model.partition(":")[2], _own_name(model)]
    name = next((each for each in names if isinstance(table.get(each), dict)), None)
    if name is None:
        known = ", ".join(sorted(key for key in table if isinstance(table[key], dict))[:20])
        raise SolverError(
            f"{file}: no prices of {names[-1] or model!r}; a table of its name is wanted, with "
            f"prompt and answer for a million tokens each (there are: {known or 'none'})"
        )
    try:
        line = PriceLine.model_validate(table[name])
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SolverError(f"{file}: {name}: {where}: {first['msg']}") from error
    prompt = _of_million(line.prompt, line.input_cost_per_token)
    answer = _of_million(line.answer, line.output_cost_per_token)
    if prompt is None or answer is None:
        missing = "prompt" if prompt is None else "answer"
        raise SolverError(f"{file}: {name}: no price {missing!r} (of a million tokens)")
    return Prices(prompt=prompt, answer=answer)


def _own_name(model: str) -> str:
    """MODEL of openai:MODEL@URL."""
    kind, _, rest = model.partition(":")
    return rest.rpartition("@")[0] if kind == "openai" else rest


def _of_million(million: float | None, one: float | None) -> float | None:
    if million is not None or one is None:
        return million
    return one * PER_MILLION


def _read(file: Path) -> dict[str, Any]:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SolverError(f"{file}: cannot be read ({error})") from error
    try:
        found: Any = json.loads(text) if file.suffix == ".json" else tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise SolverError(f"{file}: not {file.suffix or 'TOML'} ({error})") from error
    if not isinstance(found, dict):
        raise SolverError(f"{file}: a table a model is wanted")
    return found
