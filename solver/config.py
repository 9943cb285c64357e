"""One tree of settings, saved with every run. A run folder is gone on with only under its own.

A run may grow, by a larger number of samples; what was drawn stays as it is. Limits, prices and how
much is drawn at once may change at any time: they decide nothing of what is drawn.
"""

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from solver.breaking.config import BreakingConfig
from solver.errors import RunFolderError
from solver.kept.driver import driving
from solver.kept.whole_files import whole_file
from solver.observed import ObservingConfig
from solver.observing.behaviour_config import BehaviourConfig
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
    breaking: BreakingConfig = Field(default_factory=BreakingConfig)

    @property
    def observing(self) -> ObservingConfig:
        """The settings of stages 3 to 6."""
        return ObservingConfig(
            inputs=self.inputs,
            behaviour=self.behaviour,
            separating=self.separating,
            breaking=self.breaking,
        )


FREE = frozenset(
    f"sampling.{name}"
    for name in (
        "max_tokens_total",
        "max_s",
        "max_cost",
        "price_prompt_mtok",
        "price_answer_mtok",
        "concurrency",
        "vllm",
    )
)
"""Settings that decide how much is drawn at a time and when that ends, not what: a run may be gone
on with under others."""
SAMPLES = "sampling.samples"
_OBSERVED = "separating.count"
_BREAKING = "breaking.on"
_PROMPTS = "sampling.prompt_version"


def keep_config(
    run: Path,
    config: SolveConfig,
    *,
    may_grow: bool = False,
    given: Collection[str] | None = None,
    parts: Collection[str] | None = None,
) -> SolveConfig:
    """Writes the settings into the run folder, or checks them against those that are there.

    Nobody else may drive the run meanwhile: what is written would be another run's settings.

    Args:
        may_grow: More samples than the run was begun with are taken, and kept as its setting.
        given: Settings that somebody stated ("model", "sampling.seed"); where a run is gone on
            with, the others are what it was begun with. None: all were stated.
        parts: Settings that this command decides, by their first name; it keeps no others. None:
            all.

    Returns:
        The settings to go on with.

    Raises:
        RunFolderError: The folder was begun with other settings, or cannot be written.
        RunDriven: Another process drives it.
    """
    with driving(run):
        return _keep(run, config, may_grow, given, parts)


def _keep(
    run: Path,
    config: SolveConfig,
    may_grow: bool,
    given: Collection[str] | None,
    parts: Collection[str] | None,
) -> SolveConfig:
    file = run / CONFIG_NAME
    asked = _leaves(config.model_dump(mode="json"))
    known = _read(file) if file.exists() else {}
    if _OBSERVED in known and _BREAKING not in known and _BREAKING not in (given or ()):
        # Begun before programs were attacked: its choices rest on what was seen without that.
        asked[_BREAKING] = False
    if SAMPLES in known and _PROMPTS not in known and _PROMPTS not in (given or ()):
        # Begun under the first wording: under another one all would be drawn anew.
        asked[_PROMPTS] = 1
    changed: list[str] = []
    settled: dict[str, Any] = {}
    for name, value in asked.items():
        stated = given is None or name in given
        before = known.get(name, value)
        grows = name == SAMPLES and may_grow and stated and value > before
        free = name in FREE and stated
        if before == value or grows or free or name not in known:
            settled[name] = value
        elif stated:
            changed.append(f"{name} {before}, now {value}")
        else:
            settled[name] = before
    if changed:
        raise RunFolderError(
            f"{file}: this run was begun with other settings ({', '.join(changed)}); take a new "
            "folder with --run"
        )
    kept = known | {
        name: value
        for name, value in settled.items()
        if parts is None or name.partition(".")[0] in parts
    }
    if kept != known:
        with whole_file(file) as partial:
            partial.write_text(json.dumps(_tree(kept), indent=1) + "\n")
    return SolveConfig.model_validate(_tree(settled))


def _read(file: Path) -> dict[str, Any]:
    """The settings that a run folder keeps, by their dotted names; those that it states alone."""
    try:
        stated = SolveConfig.model_validate_json(file.read_bytes())
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise RunFolderError(
            f"{file}: damaged, or of another version ({where}: {first['msg']}); take a new folder "
            "with --run"
        ) from error
    return _leaves(stated.model_dump(mode="json", exclude_unset=True))


def stated_settings(run: Path) -> dict[str, Any]:
    """The settings that a run folder states, by their dotted names; none for one without.

    Raises:
        RunFolderError: They are of another version.
    """
    file = run / CONFIG_NAME
    return _read(file) if file.exists() else {}


def known_model(run: Path) -> str | None:
    """The model that a run was begun with; None for a new one.

    Raises:
        RunFolderError: Its settings are of another version.
    """
    file = run / CONFIG_NAME
    model = _read(file).get("model") if file.exists() else None
    return None if model is None else str(model)


def known_samples(run: Path) -> int | None:
    """The samples a task that a run was begun with, or has grown to; None for a new one.

    Raises:
        RunFolderError: Its settings are of another version.
    """
    file = run / CONFIG_NAME
    found = _read(file).get(SAMPLES) if file.exists() else None
    return None if found is None else int(found)


def _leaves(tree: Mapping[str, Any], path: str = "") -> dict[str, Any]:
    """As {"sampling.seed": 0}, in the settings' order."""
    found: dict[str, Any] = {}
    for name, value in tree.items():
        if isinstance(value, Mapping):
            found |= _leaves(value, f"{path}{name}.")
        else:
            found[f"{path}{name}"] = value
    return found


def _tree(leaves: Mapping[str, Any]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for name, value in leaves.items():
        *folders, last = name.split(".")
        at = tree
        for folder in folders:
            at = at.setdefault(folder, {})
        at[last] = value
    return tree
