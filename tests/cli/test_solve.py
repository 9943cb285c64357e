"""`solver solve` on a bundled task with its recorded pool: real sandbox, real scorer."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
import pytest

from solver.cli.solve import show
from tests.small_pools import few

ROOT = Path(__file__).parents[2]
TASK = ROOT / "problems/bundled/contest/evens"
SCHEMA = json.loads((ROOT / "docs/schemas/solve.schema.json").read_text())


def command(run: Path, *more: str) -> list[str]:
    words = [sys.executable, "-m", "solver", "solve", str(TASK), "--model", f"pool:{few('evens')}"]
    return [*words, "--run", str(run), *more]


def test_plan_and_what_the_same_run_folder_allows(tmp_path: Path) -> None:
    """The same plan again, and other settings are refused."""
    out, run = tmp_path / "programs", tmp_path / "run"
    words = command(run, "--json", "--limit", "5", "--out", str(out))
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    jsonschema.validate(document, SCHEMA)
    assert 1 <= len(document["plan"]) <= 5
    assert [row["rank"] for row in document["plan"]] == list(range(1, len(document["plan"]) + 1))
    assert len({row["candidate"] for row in document["plan"]}) == len(document["plan"])
    assert document["pass_examples"] < document["compiled"] <= document["candidates"]
    assert len(list(out.iterdir())) == len(document["plan"])
    again = subprocess.run(words, capture_output=True, check=True, cwd=ROOT)
    assert json.loads(again.stdout) == document
    other = subprocess.run(
        command(run, "--json", "--samples", "7"), capture_output=True, text=True, check=False
    )
    assert other.returncode == 2
    assert "sampling.samples 64, now 7" in other.stderr


def test_the_text_plan_says_a_reason_once(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)  # workers of pytest have it: no line is wrapped
    news = ["nothing handed in yet"] + ["nothing is known of the last one"] * 3
    plan = [
        {
            "rank": rank,
            "candidate": f"c{rank}",
            "language": "cpp20",
            "subtask": None,
            "estimate": 0.5,
            "reason": f"{each}; expects {9 - rank} points",
        }
        for rank, each in enumerate(news, start=1)
    ]
    counts = dict.fromkeys(("candidates", "compiled", "pass_examples", "clusters", "inputs"), 4)
    show(
        {
            "task": "evens",
            "plan": plan,
            "tally": None,
            "diagnosed": None,
            "repaired": [],
            "risk_promised": 0.5,
        }
        | {"run": "runs/x"}
        | counts
    )
    text = capsys.readouterr().out
    assert text.count("nothing handed in yet") == 1
    assert text.count("nothing is known of the last one") == 1
    assert all(f"expects {9 - rank} points" in text for rank in range(1, 5))


def test_interrupted_is_130_and_can_be_resumed(tmp_path: Path) -> None:
    run = tmp_path / "run"
    process = subprocess.Popen(
        command(run, "--json"), stderr=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    )
    # Interrupted once the first programs are being run.
    observed = run / "evens" / "observations.sqlite"
    deadline = time.monotonic() + 120
    while not observed.exists() and time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode in (0, 130)
    done = subprocess.run(command(run, "--json"), capture_output=True, check=True)
    jsonschema.validate(json.loads(done.stdout), SCHEMA)
