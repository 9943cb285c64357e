"""One process drives a run folder; a second one is refused, and nothing is left of a killed one."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import solver
from solver.kept.driver import RunDriven, driven_by, driving

ROOT = Path(__file__).parents[3]
APPLES = ROOT / "problems/bundled/contest/apples"
POOL = ROOT / "problems/bundled/pools/apples.jsonl"
HOLD = """
import sys
from pathlib import Path
from solver.kept.driver import driving
with driving(Path(sys.argv[1])):
    print("driving", flush=True)
    sys.stdin.read()
"""


def test_a_second_process_is_refused_until_the_first_is_gone(tmp_path: Path) -> None:
    run = tmp_path / "run"
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(run)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    try:
        assert child.stdout is not None and child.stdout.readline() == "driving\n"
        with pytest.raises(RunDriven, match=f'"pid": {child.pid}'), driving(run):
            raise AssertionError
        who = driven_by(run)
        assert who is not None and str(child.pid) in who
        copied = tmp_path / "copied"
        shutil.copytree(run, copied)
        with driving(copied):  # the lock does not travel
            assert driven_by(copied) is not None
    finally:
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        assert child.stdin is not None and child.stdout is not None
        child.stdin.close()
        child.stdout.close()
    assert driven_by(run) is None
    with driving(run):
        pass


def test_solving_and_contests_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    run = tmp_path / "run"
    words = [sys.executable, "-m", "solver", "contest", "run", str(APPLES.parent), "--run"]
    with driving(run):
        with pytest.raises(RunDriven):
            solver.solve(APPLES, f"pool:{POOL}", run=run)
        played = subprocess.run(
            [*words, str(run), "--resume"], capture_output=True, text=True, cwd=ROOT, timeout=100
        )
        assert played.returncode == 1 and "another process drives this run" in played.stderr
        assert [path.name for path in run.iterdir()] == ["driver.lock"]
