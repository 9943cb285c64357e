"""A run folder keeps its settings: the same go on, more samples let it grow, others are refused."""

import json
from pathlib import Path

import pytest

from solver.config import SolveConfig, keep_config
from solver.errors import RunFolderError
from solver.sampling.config import SamplingConfig


def config_of(samples: int = 64, seed: int = 0, **fields: object) -> SolveConfig:
    sampling = SamplingConfig(samples=samples, seed=seed)
    return SolveConfig.model_validate({"sampling": sampling} | fields)


def kept(run: Path) -> SolveConfig:
    return SolveConfig.model_validate_json((run / "config.json").read_text())


def test_more_samples_let_a_run_grow_and_are_kept(tmp_path: Path) -> None:
    keep_config(tmp_path, config_of(64), may_grow=True)
    keep_config(tmp_path, config_of(200), may_grow=True)
    assert kept(tmp_path) == config_of(200)
    keep_config(tmp_path, config_of(200))
    with pytest.raises(RunFolderError, match=r"sampling\.samples 200, now 64"):
        keep_config(tmp_path, config_of(64), may_grow=True)
    assert kept(tmp_path) == config_of(200)


def test_a_contest_does_not_grow(tmp_path: Path) -> None:
    keep_config(tmp_path, config_of(64))
    with pytest.raises(RunFolderError, match=r"sampling\.samples 64, now 65"):
        keep_config(tmp_path, config_of(65))


def test_what_else_changed_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    keep_config(tmp_path, config_of(64))
    other = config_of(128, seed=1, strategy="random")
    with pytest.raises(RunFolderError) as raised:
        keep_config(tmp_path, other, may_grow=True)
    assert str(raised.value) == (
        f"{tmp_path}/config.json: this run was begun with other settings (strategy expected_gain, "
        "now random, sampling.seed 0, now 1); take a new folder with --run"
    )
    assert kept(tmp_path) == config_of(64)


def test_settings_of_another_version_are_told(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"model": "m", "colour": "red"}')
    with pytest.raises(RunFolderError, match=r"config\.json: .*another version \(colour: .*--run"):
        keep_config(tmp_path, config_of())


def test_a_run_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RunFolderError, match="file"):
        keep_config(tmp_path / "file" / "run", config_of())


def test_a_run_that_was_begun_under_another_wording_goes_on_under_it(tmp_path: Path) -> None:
    """Else all that it has drawn would be drawn anew: a prompt is a part of a sample's key."""
    assert keep_config(tmp_path / "new", config_of()).sampling.prompt_version == 2
    keep_config(tmp_path, config_of())
    file = tmp_path / "config.json"
    old = json.loads(file.read_text())
    del old["sampling"]["prompt_version"]
    file.write_text(json.dumps(old))
    for _ in range(2):
        assert keep_config(tmp_path, config_of(), given=()).sampling.prompt_version == 1
    # Without a line of samples nothing was asked yet.
    (tmp_path / "none").mkdir()
    (tmp_path / "none" / "config.json").write_text('{"strategy": "random"}')
    other = config_of(strategy="random")
    assert keep_config(tmp_path / "none", other).sampling.prompt_version == 2


def test_a_run_that_was_begun_before_programs_were_attacked_goes_on_without(
    tmp_path: Path,
) -> None:
    keep_config(tmp_path, config_of())
    file = tmp_path / "config.json"
    old = json.loads(file.read_text())
    del old["breaking"]
    file.write_text(json.dumps(old))
    assert not keep_config(tmp_path, config_of()).breaking.on
    assert not kept(tmp_path).breaking.on
    # What only samples were drawn into was not looked at yet.
    drawn = tmp_path / "drawn"
    keep_config(drawn, config_of(), parts=["model", "sampling"])
    assert keep_config(drawn, config_of()).breaking.on
