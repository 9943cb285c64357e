"""One tree of settings, saved with every run. A run folder is gone on with only under its own."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from solver.behaviour import BehaviourConfig
from solver.errors import RunFolderError
from solver.inputs import InputsConfig
from solver.inputs_separating import SeparatingConfig
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


def keep_config(run: Path, config: SolveConfig) -> None:
    """Writes the settings into the run folder, or checks them against those that are there.

    Raises:
        RunFolderError: The folder was begun with other settings.
    """
    file = run / CONFIG_NAME
    if file.exists():
        try:
            known = SolveConfig.model_validate_json(file.read_text())
        except ValidationError as error:
            raise RunFolderError(f"{file}: settings of another version ({error})") from error
        if known != config:
            changed = [
                name
                for name in SolveConfig.model_fields
                if getattr(known, name) != getattr(config, name)
            ]
            raise RunFolderError(
                f"{file}: this run was begun with other settings ({', '.join(changed)}); "
                "take a new folder with --run"
            )
        return
    run.mkdir(parents=True, exist_ok=True)
    partial = file.with_suffix(".partial")
    partial.write_text(config.model_dump_json(indent=1) + "\n")
    partial.replace(file)
