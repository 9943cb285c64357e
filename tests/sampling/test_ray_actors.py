"""`ray:SPEC`: an engine in an actor on each of two logical nodes, one of which is killed."""

import sys
from pathlib import Path
from typing import Any

import pytest
from ray_nodes import seen_in

from solver.errors import ModelUnavailable
from solver.sampling.config import SamplingConfig
from solver.sampling.open import UnknownModel, answer_limit, check_spec, open_engine

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def scene() -> dict[str, Any]:
    """What `ray_scene.py` saw; the cluster is gone."""
    return seen_in(Path(__file__).with_name("ray_scene.py"), timeout_s=280)


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
