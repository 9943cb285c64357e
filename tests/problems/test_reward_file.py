"""The command of a verifier in a box of its own: a reward on a verdict, no file without one."""

import json
import shutil
from pathlib import Path

import pytest

from problems.verifying.reward_file import EXIT_NO_VERDICT, main

CONTEST = Path(__file__).parents[2] / "problems/bundled/contest"
DEPOTS = CONTEST / "depots/submissions"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "solution"
    made.mkdir()
    return made


def reward_of(folder: Path, task: str = "depots") -> dict[str, float]:
    out = folder.parent / "reward.json"
    assert main([str(CONTEST / task), str(folder), str(out)]) == 0
    found: dict[str, float] = json.loads(out.read_text())
    return found


def test_points_of_every_subtask_and_the_share_of_all(folder: Path) -> None:
    shutil.copy(DEPOTS / "partially_accepted/medians.cpp", folder)
    found = reward_of(folder)
    parts = {name: value for name, value in found.items() if name.startswith("points_")}
    assert found["reward"] == 0.26 and found["points"] == sum(parts.values()) == 26
    assert len(parts) == 4 and 0 in parts.values()


def test_nothing_handed_in_is_nothing_earned(folder: Path) -> None:
    assert reward_of(folder)["reward"] == 0.0
    (folder / "notes.txt").write_text("I could not solve it.\n")
    assert reward_of(folder)["reward"] == 0.0
    shutil.rmtree(folder)
    assert reward_of(folder)["reward"] == 0.0


def test_links_and_folders_are_not_followed(folder: Path) -> None:
    (folder / "main.cpp").symlink_to(DEPOTS / "accepted/split.cpp")
    (folder / "more").symlink_to(DEPOTS / "accepted")
    assert reward_of(folder)["reward"] == 0.0
    away = folder.with_name("away")
    folder.rename(away)
    folder.symlink_to(DEPOTS / "accepted")
    assert reward_of(folder)["reward"] == 0.0


def test_without_a_verdict_there_is_no_file(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    package = tmp_path / "depots"
    shutil.copytree(CONTEST / "depots", package)
    (package / "problem.yaml").write_text("name: [")
    out = tmp_path / "reward.json"
    out.write_text('{"reward": 1.0}')  # what an agent has planted
    shutil.copy(DEPOTS / "accepted/split.cpp", folder)
    assert main([str(package), str(folder), str(out)]) == EXIT_NO_VERDICT
    assert not out.exists() and "problem.yaml" in capsys.readouterr().err
