"""`ray:SPEC`: an engine in an actor on each of two logical nodes, one of which is killed."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import platformdirs
import pytest

from solver.errors import ModelUnavailable
from solver.sampling.config import SamplingConfig
from solver.sampling.open import UnknownModel, answer_limit, check_spec, open_engine

ROOT = Path(__file__).parents[2]
CALLERS = Path(os.environ.get("SOLVER_CALLERS", platformdirs.user_cache_path("solver") / "callers"))
TOO_BUSY = 77
pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def scene() -> dict[str, Any]:
    """What `ray_scene.py` saw; the cluster is gone."""
    folder = CALLERS / "ray"
    if not (folder / ".pins").is_file():
        pytest.skip(f"no Ray at {folder}: run scripts/callers.sh")
    left_out = ("PYTEST", "PYTHON", "RAY_")
    env = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    done = subprocess.run(
        [str(folder / "bin/python"), str(Path(__file__).with_name("ray_scene.py"))],
        env={**env, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=280,
    )
    if done.returncode == TOO_BUSY:
        pytest.skip("this machine is too busy: no node of Ray stood within 30 s, three times")
    assert done.returncode == 0, done.stderr[-4000:]
    said: dict[str, Any] = json.loads(done.stdout[done.stdout.index("{") :])
    return said


def test_answers_are_those_of_the_engine_itself(scene: dict[str, Any]) -> None:
    assert scene["alone"]["about"] == ["openai", "stub", True]
    assert len(scene["alone"]["answers"]) == scene["alone"]["pairs"] == 60
    assert scene["ray"] == scene["alone"]


def test_what_a_lost_node_had_in_hand_is_drawn_by_the_other(scene: dict[str, Any]) -> None:
    assert scene["killed"] == scene["alone"]
    assert not scene["connected"]


def test_an_engine_that_cannot_be_opened_says_why(scene: dict[str, Any]) -> None:
    assert scene["no server"].startswith("ModelUnavailable: ray:openai:stub@http://127.0.0.1:9/v1:")


def test_without_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(ModelUnavailable, match=r"contest-solver\[ray\]"):
        open_engine("ray:embedded")


@pytest.mark.parametrize("spec", ["ray:", "ray:pool:a.jsonl", "ray:ray:embedded", "ray:nothing:x"])
def test_what_no_actor_can_hold_is_refused(spec: str) -> None:
    with pytest.raises(UnknownModel, match="ray:SPEC"):
        check_spec(spec)
    if spec != "ray:nothing:x":
        with pytest.raises(UnknownModel):
            open_engine(spec)


def test_what_is_asked_of_the_spec_is_asked_of_the_engine_in_it(tmp_path: Path) -> None:
    check_spec("ray:openai:m@http://localhost:8000/v1")
    with pytest.raises(ModelUnavailable, match="no such file"):
        check_spec(f"ray:gguf:{tmp_path / 'none.gguf'}")
    config = SamplingConfig()
    assert answer_limit("ray:embedded", config) == answer_limit("embedded", config)
