"""A run folder that an earlier version wrote (0.1.0, November 2026) is read and gone on with."""

import json
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
BUNDLED = ROOT / "problems/bundled"
ARCHIVE = Path(__file__).parent / "data/run-0.1.0.tar.xz"


@pytest.fixture
def run(tmp_path: Path) -> Path:
    with tarfile.open(ARCHIVE) as packed:
        packed.extractall(tmp_path, filter="data")
    return tmp_path / "run"


@pytest.fixture
def cup(tmp_path: Path) -> Path:
    """The contest that was played: one bundled task from its recorded pool."""
    folder = tmp_path / "cup"
    shutil.copytree(BUNDLED / "contest/evens", folder / "evens")
    (folder / "pools").mkdir()
    shutil.copy(BUNDLED / "pools/evens.jsonl", folder / "pools")
    (folder / "contest.toml").write_text(
        'title = "Cup of November"\nrules = "ioi"\npools = "pools"\n'
        '[[tasks]]\nname = "evens"\npath = "evens"\n'
    )
    return folder


def solver(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "solver", *words]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=ROOT, timeout=250
    )


def test_its_log_is_audited_and_reported(run: Path) -> None:
    audited = solver("contest", "audit", str(run), "--json")
    assert audited.returncode == 0, audited.stderr
    assert json.loads(audited.stdout)["submissions"] == 1
    reported = solver("report", str(run), "--json")
    assert reported.returncode == 0, reported.stderr
    assert json.loads(reported.stdout)["points"] == 20.0


def test_a_run_that_was_killed_then_is_gone_on_with(run: Path, cup: Path) -> None:
    log = run / "submissions.jsonl"
    begun = log.read_text().splitlines(keepends=True)[:2]
    log.write_text("".join(begun))
    shutil.rmtree(run / "submissions")
    words = ["contest", "run", str(cup), "--run", str(run), "--limit", "3", "--resume", "--json"]
    done = solver(*words)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["points"] == 20.0
    assert log.read_text().splitlines(keepends=True)[:2] == begun
