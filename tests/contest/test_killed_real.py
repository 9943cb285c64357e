"""An IOI contest over three real packages, killed with SIGKILL at random moments and resumed."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from solver.contests.logs.audit import audit
from solver.contests.logs.log import read_log
from tests.conftest import SHARED, real_package

PACKAGES = (
    "oi-ioi-2024/sphinx",
    "oi-swedish-olympiad-2021/skolkval__klockan",
    "oi-ioi-2022-kattis/rarestinsects",
)
LONGEST_LIFE_S = 30.0
"""A life of the process before it is killed: from its start to well inside a stage."""


def command(contest: Path, run: Path) -> list[str]:
    # Submissions at random: those that follow the estimates end too soon to be killed among them.
    program = [sys.executable, "-m", "solver", "contest", "run", str(contest), "--run", str(run)]
    return [*program, "--strategy", "random", "--limit", "8", "--json"]


def start(contest: Path, run: Path, errors: Path) -> subprocess.Popen[bytes]:
    resume = ["--resume"] if run.exists() else []
    with errors.open("ab") as log:
        return subprocess.Popen(
            command(contest, run) + resume, stdout=subprocess.PIPE, stderr=log, process_group=0
        )


def submissions(log: Path) -> list[tuple[str, str]]:
    """(task, source) in the order of the log."""
    records = read_log(log).records
    return [(r["task"], r["source_sha256"]) for r in records if r["kind"] == "submission"]


@pytest.mark.slow
@pytest.mark.timeout(2400)
def test_three_real_packages_killed_twenty_times(tmp_path: Path) -> None:
    contest = tmp_path / "contest"
    contest.mkdir()
    pools = SHARED / "data" / "pools"
    lines = ['title = "Three real tasks"', 'rules = "ioi"', f"pools = {json.dumps(str(pools))}"]
    for package in PACKAGES:
        folder = real_package(package)
        name = folder.name.split("__")[-1]
        lines += ["[[tasks]]", f"name = {json.dumps(name)}", f"path = {json.dumps(str(folder))}"]
    (contest / "contest.toml").write_text("\n".join(lines) + "\n")
    errors = tmp_path / "errors"
    whole, killed = tmp_path / "whole", tmp_path / "killed"

    done = start(contest, whole, errors)
    wanted = json.loads(done.communicate()[0])
    assert done.returncode == 0, errors.read_text()[-2000:]

    rng = random.Random(1)
    kills = 0
    log = killed / "submissions.jsonl"
    before = b""
    out: Any = None
    while kills < 20:
        process = start(contest, killed, errors)
        try:
            out = process.communicate(timeout=rng.uniform(1.0, LONGEST_LIFE_S))[0]
            break
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            kills += 1
        content = log.read_bytes() if log.exists() else b""
        # Whole lines that were once there stay as they were.
        assert content.startswith(before[: before.rfind(b"\n") + 1])
        before = content
        time.sleep(0.1)
    else:
        process = start(contest, killed, errors)
        out = process.communicate()[0]
    assert process.returncode == 0, errors.read_text()[-2000:]
    assert kills >= 15
    result = json.loads(out)

    found = audit(log)
    assert found.problems == () and found.complete
    keys = Counter(r["key"] for r in read_log(log).records if r["kind"] == "submission")
    assert set(keys.values()) == {1}
    assert result["points"] == wanted["points"]
    assert [(t["task"], t["points"], t["submissions"]) for t in result["tasks"]] == [
        (t["task"], t["points"], t["submissions"]) for t in wanted["tasks"]
    ]
    # Run times are measured anew, so tasks may take turns otherwise; each task's own order stands.
    for task in {task for task, _ in submissions(whole / "submissions.jsonl")}:
        one = [source for name, source in submissions(log) if name == task]
        assert one == [
            source for name, source in submissions(whole / "submissions.jsonl") if name == task
        ]
