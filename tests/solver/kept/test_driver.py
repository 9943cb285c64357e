"""One process drives a run folder; a second one is refused, and nothing is left of a killed one."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import solver
from solver.config import SolveConfig, keep_config
from solver.kept.driver import RunDriven, driven_by, driving
from tests.small_pools import few

ROOT = Path(__file__).parents[3]
APPLES = ROOT / "problems/bundled/contest/apples"
POOL = few("apples")
HOLD = """
import sys
from pathlib import Path
from solver.kept.driver import driving
with driving(Path(sys.argv[1])):
    print("driving", flush=True)
    sys.stdin.read()
"""


def in_another_thread(call: Callable[[], object]) -> object:
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(call).result()


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
            in_another_thread(lambda: solver.solve(APPLES, f"pool:{POOL}", run=run))
        played = subprocess.run(
            [*words, str(run), "--resume"], capture_output=True, text=True, cwd=ROOT, timeout=100
        )
        assert played.returncode == 1 and "another process drives this run" in played.stderr
        for command in ("sample", "solve"):
            words = [
                sys.executable,
                "-m",
                "solver",
                command,
                str(APPLES),
                "--model",
                f"pool:{POOL}",
            ]
            done = subprocess.run(
                [*words, "--run", str(run)], capture_output=True, text=True, cwd=ROOT, timeout=100
            )
            assert done.returncode == 1 and "another process drives this run" in done.stderr
        with pytest.raises(RunDriven):
            in_another_thread(lambda: keep_config(run, SolveConfig()))
        assert [path.name for path in run.iterdir()] == ["driver.lock"]


def test_a_thread_may_take_its_own_lock_again_and_keeps_it(tmp_path: Path) -> None:
    with driving(tmp_path):
        with driving(tmp_path / ".." / tmp_path.name):
            pass
        assert driven_by(tmp_path) is not None
        with pytest.raises(RunDriven):
            in_another_thread(lambda: driving(tmp_path).__enter__())
    assert driven_by(tmp_path) is None
