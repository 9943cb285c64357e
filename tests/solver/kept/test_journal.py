"""Events as JSON lines, metrics as Prometheus's own parser reads them."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

import solver
from solver.errors import SolverError
from solver.kept.about import about_of
from solver.kept.driver import driving
from solver.kept.journal import EVENTS_NAME, METRICS_NAME, Journal, driven
from solver.kept.watcher import INFO, RUNNING, Watcher
from tests.small_pools import few

ROOT = Path(__file__).parents[3]


def events(run: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (run / EVENTS_NAME).read_text().splitlines()]


def metrics(run: Path) -> dict[tuple[str, ...], float]:
    families = text_string_to_metric_families((run / METRICS_NAME).read_text())
    return {
        (one.name, *sorted(one.labels.values())): one.value
        for family in families
        for one in family.samples
    }


def test_a_real_solve_leaves_its_stages_and_no_program(tmp_path: Path) -> None:
    solved = solver.solve(
        ROOT / "problems/bundled/contest/apples", f"pool:{few('apples')}", run=tmp_path, limit=2
    )
    found = events(tmp_path)
    assert [one["event"] for one in found if "stage" not in one] == ["begun", "ended"]
    done = {one["stage"]: one["all"] for one in found if one["event"] == "stage done"}
    assert done["sampling"] == solved.candidates and "running" in done
    assert {one["driver"] for one in found} == {"solve"}
    assert all(one["timestamp"].endswith("Z") and one["level"] == "info" for one in found)
    told = metrics(tmp_path)
    assert told["solver_driver_running",] == 0
    assert told["solver_stage_done", "apples", "sampling"] == solved.candidates
    text = (tmp_path / EVENTS_NAME).read_text() + (tmp_path / METRICS_NAME).read_text()
    assert all(one.candidate.source not in text for one in solved.plan) and "print(" not in text


def test_a_failure_and_an_interruption_are_told_and_go_on(tmp_path: Path) -> None:
    with pytest.raises(SolverError), driven(tmp_path, "solve"):
        raise SolverError("the model is gone")
    with pytest.raises(KeyboardInterrupt), driven(tmp_path, "contest"):
        raise KeyboardInterrupt
    found = events(tmp_path)
    assert [one["event"] for one in found] == ["begun", "failed", "begun", "interrupted"]
    assert found[1]["level"] == "error" and found[1]["error"] == "the model is gone"
    assert found[2]["driver"] == "contest"
    # When it was begun is told from the first moment on, not once a first task is prepared.
    begun, told = about_of(tmp_path)["begun"], found[0]["timestamp"]
    assert datetime.fromisoformat(begun) <= datetime.fromisoformat(told)


def test_metrics_are_whole_while_the_run_goes_on(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "solve", every_s=0.0)
    for done in range(5):
        journal.stage("apples", "running", done, 4)
        told = metrics(tmp_path)
        assert told["solver_stage_done", "apples", "running"] == done
        assert told["solver_driver_running",] == 1
    journal.close()
    assert [one["event"] for one in events(tmp_path)] == ["stage begun", "stage done"]


def test_a_resumed_run_begins_its_stages_where_they_are(tmp_path: Path) -> None:
    for begun_at in (0, 3):
        with driven(tmp_path, "solve") as journal:
            journal.stage("apples", "running", begun_at, 4)
    begun = [one["done"] for one in events(tmp_path) if one["event"] == "stage begun"]
    assert begun == [0, 3]


DRIVE = """
import sys
from pathlib import Path
from solver.kept.journal import driven
with driven(Path(sys.argv[1]), "solve") as journal:
    journal.stage("apples", "running", 1, 4)
    print("driving", flush=True)
    sys.stdin.read()
"""


def killed_driver(run: Path) -> None:
    """A driver that wrote its metrics and was killed, with its whole group."""
    child = subprocess.Popen(
        [sys.executable, "-c", DRIVE, str(run)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        start_new_session=True,
    )
    assert child.stdout is not None and child.stdin is not None
    assert child.stdout.readline() == "driving\n"
    assert metrics(run)["solver_driver_running",] == 1
    os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    child.stdin.close()
    child.stdout.close()


def test_a_killed_driver_does_not_seem_to_run(tmp_path: Path) -> None:
    killed_driver(tmp_path)
    for _ in range(1000):
        told = metrics(tmp_path)
        if told["solver_driver_running",] == 0:
            break
        time.sleep(0.03)
    assert told["solver_driver_running",] == 0
    assert told["solver_stage_done", "apples", "running"] == 1  # the rest stands
    assert told["solver_driver_seen_seconds",] > 1.7e9


def test_a_killed_drivers_end_is_not_written_into_another_drivers_file(tmp_path: Path) -> None:
    """Who drives the run by then has its own pid, and its own 1, in the file."""
    for pid, still_runs in ((os.getpid() + 1, 1), (os.getpid(), 0)):
        file = tmp_path / METRICS_NAME
        file.write_text(f'{INFO}{{pid="{pid}"}} 1.0\n{RUNNING} 1.0\n')
        watcher = Watcher(file)
        assert watcher._shell.stdin is not None
        watcher._shell.stdin.close()
        watcher._shell.wait(60)
        assert metrics(tmp_path)[RUNNING,] == still_runs


def test_the_next_driver_is_not_kept_out(tmp_path: Path) -> None:
    """What says that the last one was killed holds no lock, not even for a moment."""
    for _ in range(2):
        killed_driver(tmp_path)
        with driving(tmp_path):
            pass
