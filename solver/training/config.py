"""Settings of a training run: one file, saved with the run."""

import tomllib
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from solver.kept.whole_files import whole_file
from solver.sampling.config import SamplingConfig
from solver.training.errors import TrainingError
from solver.training.selecting import SelectConfig

CONFIG_NAME = "training.json"


class Method(StrEnum):
    """How a round's programs change the model."""

    SFT = "sft"
    """Expert iteration: fine-tuning on what was right."""
    GRPO = "grpo"
    """Reinforcement by groups, the judge's share of the points as the reward."""


class Start(StrEnum):
    """What a round's fine-tuning begins from."""

    BASE = "base"
    """The model itself, on the rows of all rounds so far (as STaR does)."""
    LAST = "last"
    """The adapter of the round before."""


class Sampler(StrEnum):
    """What draws a round's answers."""

    HF = "hf"
    """transformers, on the device that trains."""
    EMBEDDED = "embedded"
    """llama.cpp, with the adapter as it is: quicker on a CPU; the model is a GGUF file."""


class TuneConfig(BaseModel):
    """How the adapter is trained; the names are peft's and trl's."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    rank: int = Field(default=16, ge=1)
    """Of the LoRA matrices (`r`)."""
    layers: int | None = Field(default=None, ge=1)
    """Only the last so many layers get them: what lies below needs no way back. None: all do."""
    alpha: int = Field(default=32, ge=1)
    """Their scale (`lora_alpha`)."""
    dropout: float = Field(default=0.0, ge=0, lt=1)
    """Of the adapter's input (`lora_dropout`)."""
    learning_rate: float = Field(default=1e-4, gt=0)
    """Highest; it falls to 0 along a cosine."""
    epochs: int = Field(default=2, ge=1)
    """Passes over the rows."""
    batch: int = Field(default=4, ge=1)
    """Rows, or answers, on the device at once."""
    accumulate: int = Field(default=2, ge=1)
    """Batches of one step."""
    max_length: int = Field(default=4096, ge=16)
    """Tokens of a row, prompt and answer; longer ones are left out and counted, never cut."""
    checkpoint_steps: int = Field(default=25, ge=1)
    """A killed run loses so many steps at most."""
    threads: int | None = Field(default=None, ge=1)
    """Of a CPU; None: a core each, as torch does."""
    gradient_checkpointing: bool = False
    """Less memory, a third more time."""
    steps: int = Field(default=50, ge=1)
    """GRPO: steps of a round."""
    generations: int = Field(default=8, ge=2)
    """GRPO: answers to one prompt; `batch` times `accumulate` must be a multiple of it."""
    beta: float = Field(default=0.0, ge=0)
    """GRPO: weight of the distance to the model that it began from."""


class TrainingConfig(BaseModel):
    """All of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str
    """hf:NAME-OR-FOLDER, or hf:FILE.gguf."""
    tasks: tuple[str, ...]
    """Packages and contests to train on; the judge opens their hidden tests, nobody else."""
    held_out: tuple[str, ...] = ()
    """Packages and contests that must not be trained on."""
    data: tuple[str, ...] = ()
    """Rows that every round trains on beside its own (`solver train data`)."""
    method: Method = Method.SFT
    start: Start = Start.BASE
    rounds: int = Field(default=2, ge=1)
    sampler: Sampler = Sampler.HF
    sampling: SamplingConfig = SamplingConfig(helpers=0)
    """`samples` of a task and round; `helpers` are asked of the model itself, once."""
    select: SelectConfig = SelectConfig()
    tune: TuneConfig = TuneConfig()
    backend: str = "namespaces"
    """What isolates programs, or URLs of services (`solver sandbox serve`)."""
    device: str | None = None
    """"cuda" or "cpu"; None takes a GPU where there is one."""
    seed: int = 0

    @field_validator("model")
    @classmethod
    def _is_trainable(cls, value: str) -> str:
        kind, _, rest = value.partition(":")
        if kind == "gguf":
            return f"hf:{rest}"
        if kind != "hf" or not rest:
            raise ValueError(
                f"{value!r} cannot be trained here: give hf:FOLDER, hf:ORGANISATION/MODEL or "
                "hf:FILE.gguf"
            )
        return value

    @model_validator(mode="after")
    def _can_be_drawn(self) -> Self:
        if self.sampler is Sampler.EMBEDDED and not self.name.endswith(".gguf"):
            raise ValueError(
                f'sampler = "embedded" draws from a GGUF file, and the model is {self.name}; name '
                'a file, or take sampler = "hf"'
            )
        return self

    @property
    def name(self) -> str:
        """The model without the word before it."""
        return self.model.partition(":")[2]


def read_config(file: Path) -> dict[str, Any]:
    """The settings in a TOML or JSON file, as they stand there.

    Raises:
        TrainingError: It cannot be read; names the file.
    """
    try:
        text = file.read_text(encoding="utf-8")
        if file.suffix == ".json":
            return dict(TrainingConfig.model_validate_json(text).model_dump(exclude_unset=True))
        return tomllib.loads(text)
    except OSError as error:
        raise TrainingError(f"{file}: {error.strerror or error}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TrainingError(f"{file}: not TOML ({error})") from error
    except ValidationError as error:
        raise TrainingError(f"{file}: {_first(error)}") from error


def settled(run: Path, given: dict[str, Any]) -> TrainingConfig:
    """The settings of a run: what it was begun with, or what is given now, which is then kept.

    Args:
        given: Of a file and of the command line; empty where nothing was said.

    Raises:
        TrainingError: Something is not known, or other than the run was begun with.
    """
    file = run / CONFIG_NAME
    if not file.exists():
        if not given:
            raise TrainingError(
                f"{run}: no training run; begin one with `solver train run --model hf:... --task "
                f"... --run {run}`"
            )
        config = _checked(given, "settings")
        with whole_file(file) as partial:
            partial.write_text(config.model_dump_json(indent=1) + "\n", encoding="utf-8")
        return config
    known = _checked(read_config(file), str(file))
    stated = _checked(known.model_dump() | _merged(known.model_dump(), given), "settings")
    if stated != known:
        old, new = known.model_dump(mode="json"), stated.model_dump(mode="json")
        changed = [f"{name} {old[name]}, now {new[name]}" for name in old if old[name] != new[name]]
        raise TrainingError(
            f"{file}: this run was begun with other settings ({'; '.join(changed)}); take a new "
            "folder with --run"
        )
    return known


def _merged(known: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """Tables are completed by what is known; everything else is as given."""
    return {
        name: known[name] | value if isinstance(value, dict) else value
        for name, value in given.items()
    }


def _checked(fields: dict[str, Any], where: str) -> TrainingConfig:
    try:
        return TrainingConfig.model_validate(fields)
    except ValidationError as error:
        raise TrainingError(f"{where}: {_first(error)}") from error


def _first(error: ValidationError) -> str:
    first = error.errors()[0]
    return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
