"""verifiers' own commands over the bundled tasks, its traces read as they lie on the disk."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.conftest import CONTEST, program


def test_rollouts_have_points_as_reward_and_subtasks_as_metrics(
    calling: Callable[..., subprocess.CompletedProcess[str]],
    scripted: Callable[..., Any],
    tmp_path: Path,
) -> None:
    url, _ = scripted(
        {
            "Two Baskets": [program("apples/submissions/accepted/sum.py", "python")],
            "Warmest Day": ["I do not know."],
            "Even House Numbers": [program("evens/submissions/wrong_answer/with_n.py", "python")],
            "Two Depots": [
                program("depots/submissions/partially_accepted/small_and_calm.py", "python")
            ],
            "Fish Canal": ["There is no way."],
        }
    )
    calling(
        *("verifiers", "vf-eval", "solver-contests", "-m", "script", "--no-push", "--no-rich"),
        *("--env.taskset.language", "python3", "--client.base-url", url),
        *("--client.api-key-var", "KEY", "--env.agent.harness.id", "null"),
        *("--env.agent.runtime.type", "subprocess"),
        KEY="none",
    )
    (found,) = tmp_path.rglob("traces.jsonl")
    episodes = [json.loads(line) for line in found.read_text().splitlines()]
    assert all(one["ok"] for one in episodes), [one["traces"][0]["errors"] for one in episodes]
    traces = {one["task"]["data"]["name"]: one["traces"][0] for one in episodes}
    assert set(traces) == {"apples", "warmest", "evens", "depots", "canal"}
    rewards = {name: one["rewards"]["points"]["score"] for name, one in traces.items()}
    assert rewards["apples"] == 1.0 and rewards["warmest"] == 0.0 and rewards["evens"] == 0.0
    depots = traces["depots"]["metrics"]
    parts = {name: value for name, value in depots.items() if name.startswith("points/")}
    assert len(parts) > 1 and sum(parts.values()) == depots["points"] == 37.0
    assert rewards["depots"] == 0.37
    assert traces["warmest"]["metrics"]["holds_program"] == 0.0


@pytest.mark.slow
def test_the_jurys_solutions_hold(
    calling: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    calling(
        *("verifiers", "vf-validate", "solver-contests", "--only-gold", "--no-rich"),
        *("--taskset.packages", str(CONTEST / "apples"), "--runtime.type", "subprocess"),
    )
    (found,) = tmp_path.rglob("results.jsonl")
    (row,) = map(json.loads, found.read_text().splitlines())
    assert row["valid"] is True, row
