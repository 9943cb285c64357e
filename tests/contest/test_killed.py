"""SIGKILL at random moments: same log, same points, no submission twice."""

import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from solver.contests.logs.audit import audit
from solver.contests.logs.log import read_log

SCRIPT = Path(__file__).parent / "killed_player.py"


def play_killed(folder: Path, kills: int, seed: int) -> int:
    """Starts the player and kills it, up to `kills` times; then lets it end. Returns how often it
    was killed before it had ended by itself."""
    rng = random.Random(seed)
    killed = 0
    while killed < kills:
        process = subprocess.Popen(
            [sys.executable, str(SCRIPT), str(folder)], stdout=subprocess.PIPE
        )
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(rng.uniform(0.0, 0.25))
        process.kill()
        ended = process.wait() == 0
        process.stdout.close()
        if ended:
            return killed
        killed += 1
    subprocess.run([sys.executable, str(SCRIPT), str(folder)], check=True, capture_output=True)
    return killed


@pytest.mark.parametrize(
    "kills", [pytest.param(4, id="fast"), pytest.param(20, id="20", marks=pytest.mark.slow)]
)
def test_killed_and_resumed_is_as_if_nothing_had_happened(
    tmp_path: Path, contest_of: Any, kills: int
) -> None:
    whole = contest_of(limit=12)
    board = whole.play(tmp_path / "whole", rounds=2)
    wanted = (tmp_path / "whole" / "submissions.jsonl").read_bytes()
    done = 0
    for run in range(kills):
        folder = tmp_path / f"run{run}"
        done += play_killed(folder, kills - done, seed=run)
        log = folder / "submissions.jsonl"
        assert log.read_bytes() == wanted
        found = audit(log)
        assert found.problems == () and found.board == board
        keys = Counter(r["key"] for r in read_log(log).records if r["kind"] == "submission")
        assert set(keys.values()) == {1}
        if done >= kills:
            break
    assert done >= kills
