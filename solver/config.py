"""One tree of settings, saved with every run. A run folder is gone on with only under its own.

One thing may change: a run may grow, by a larger number of samples. What was drawn stays as it is.
"""

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from solver.errors import RunFolderError
from solver.kept.whole_files import whole_file
from solver.observing.behaviour import BehaviourConfig
from solver.observing.inputs import InputsConfig
from solver.observing.separating import SeparatingConfig
from solver.sampling.config import SamplingConfig

CONFIG_NAME = "config.json"


class SolveConfig(BaseModel):
    """Everything that decides what a run does."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: str = "embedded"
    """What draws candidates, as `--model` takes it."""
    strategy: str = "expected_gain"
    """What chooses submissions; `solver replay --help` lists them."""
    backend: str = "namespaces"
    """Where untrusted programs run: namespaces, docker or bubblewrap."""
    sampling: SamplingConfig = Field(default_factory=SamplingConfig)
    inputs: InputsConfig = Field(default_factory=InputsConfig)
    behaviour: BehaviourConfig = Field(default_factory=BehaviourConfig)
    separating: SeparatingConfig = Field(default_factory=SeparatingConfig)


def keep_config(run: Path, config: SolveConfig, *, may_grow: bool = False) -> None:
    """Writes the settings into the run folder, or checks them against those that are there.

    Args:
        may_grow: More samples than the run was begun with are taken, and kept as its setting. (Not
            for a contest that was begun: it is played again from its log, over the same views.)

    Raises:
        RunFolderError: The folder was begun with other settings, or cannot be written.
    """
    file = run / CONFIG_NAME
    if file.exists():
        known = _read(file)
        if may_grow and config.sampling.samples > known.sampling.samples:
            grown = {
                "sampling": known.sampling.model_copy(update={"samples": config.sampling.samples})
            }
            known = known.model_copy(update=grown)
        else:
            may_grow = False
        if known != config:
            changed = ", ".join(_differences(known.model_dump(), config.model_dump()))
            raise RunFolderError(
                f"{file}: this run was begun with other settings ({changed}); take a new folder "
                "with --run"
            )
        if not may_grow:
            return
    with whole_file(file) as partial:
        partial.write_text(config.model_dump_json(indent=1) + "\n")


def _read(file: Path) -> SolveConfig:
    try:
        return SolveConfig.model_validate_json(file.read_bytes())
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise RunFolderError(
            f"{file}: damaged, or of another version ({where}: {first['msg']}); take a new folder "
            "with --run"
        ) from error


def _differences(known: dict[str, Any], asked: dict[str, Any], path: str = "") -> list[str]:
    """As "sampling.seed 0, now 1", in the settings' order."""
    found: list[str] = []
    for name, value in known.items():
        other = asked[name]
        if isinstance(value, dict) and isinstance(other, dict):
            found += _differences(value, other, f"{path}{name}.")
        elif value != other:
            found.append(f"{path}{name} {value}, now {other}")
    return found
