"""inspect_ai's own command over the bundled tasks; its own reader reads the log."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.conftest import CONTEST, ROOT, program

ADAPTER = f"{ROOT}/solver/adapters/contests_for_inspect.py"
READ = """
import json, sys
from inspect_ai.log import read_eval_log
log = read_eval_log(sys.argv[1])
metrics = {name: one.value for score in log.results.scores for name, one in score.metrics.items()}
samples = [
    {
        "id": one.id,
        "value": one.scores["contest_points"].value,
        "told": one.scores["contest_points"].metadata,
        "said": [message.text for message in one.messages],
    }
    for one in log.samples
]
print(json.dumps({"status": log.status, "metrics": metrics, "samples": samples}))
"""


@pytest.fixture
def evaluated(
    calling: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> Callable[..., dict[str, Any]]:
    def run(url: str, *words: str) -> dict[str, Any]:
        calling(
            *("inspect", "inspect", "eval", f"{ADAPTER}@contest", *words),
            *("--model", "openai-api/script/script", "--display", "plain"),
            *("--log-dir", str(tmp_path / "logs")),
            SCRIPT_BASE_URL=url,
            SCRIPT_API_KEY="none",
        )
        (log,) = (tmp_path / "logs").glob("*.eval")
        document: dict[str, Any] = json.loads(
            calling("inspect", "python", "-c", READ, str(log)).stdout
        )
        return document

    return run


def test_an_evaluation_of_the_contest(
    evaluated: Callable[..., dict[str, Any]], scripted: Callable[..., Any]
) -> None:
    url, asked = scripted(
        {
            "Two Baskets": [program("apples/submissions/accepted/sum.py", "python")],
            "Warmest Day": [program("warmest/submissions/wrong_answer/as_text.py", "python")],
            "Even House Numbers": [program("evens/submissions/accepted/count.py", "python")],
            "Two Depots": [program("depots/submissions/accepted/split.py", "python")],
            "Fish Canal": ["I do not know."],
        }
    )
    found = evaluated(url, "-T", "language=python3")
    assert found["status"] == "success" and len(asked) == 5
    points = {one["id"]: one["told"]["points"] for one in found["samples"]}
    assert points["apples"] == 20 and points["evens"] == 20
    assert points["warmest"] == 0 and points["canal"] == 0
    values = {one["id"]: one["value"] for one in found["samples"]}
    assert points["depots"] == 100 and values["depots"] == 1.0
    depots = next(one["told"]["subtasks"] for one in found["samples"] if one["id"] == "depots")
    metrics = found["metrics"]
    assert {f"depots/{name}": value for name, value in depots.items()}.items() <= metrics.items()
    assert metrics["sum"] == pytest.approx(sum(points.values()))
    assert metrics["mean"] == pytest.approx(sum(values.values()) / 5)


def test_a_second_submission_after_what_the_rules_show(
    evaluated: Callable[..., dict[str, Any]], scripted: Callable[..., Any]
) -> None:
    first = program("canal/submissions/partially_accepted/union_find.cpp", "cpp")
    url, asked = scripted(
        {"Fish Canal": [first, program("canal/submissions/accepted/segment_tree.cpp", "cpp")]}
    )
    found = evaluated(url, "-T", f"packages={CONTEST / 'canal'}", "-T", "submissions=3")
    (sample,) = found["samples"]
    assert sample["value"] == 1.0 and sample["told"]["submissions"] == 2 == len(asked)
    heard = sample["said"][3]
    assert "Points: group1: " in heard and "2 submissions are left" in heard
