"""Strategies, engines, formats and judges of another package, installed as a user would."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.small_pools import few

ROOT = Path(__file__).parents[2]
BUNDLED = ROOT / "problems" / "bundled"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the example plugin installed, and one that is broken."""
    work = tmp_path_factory.mktemp("plugin")
    shutil.copytree(ROOT / "examples/plugin", work / "source")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
    command += ["--no-build-isolation", "--target", str(work / "site"), str(work / "source")]
    subprocess.run(command, check=True, capture_output=True)
    broken = work / "site" / "broken_plugin-1.0.dist-info"
    broken.mkdir()
    (broken / "METADATA").write_text("Metadata-Version: 2.1\nName: broken-plugin\nVersion: 1.0\n")
    (broken / "entry_points.txt").write_text("[solver.strategies]\nlost = no_such_module:Lost\n")
    return work / "site"


def solver(site: Path, *words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "solver", *words],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{site}"},
        timeout=250,
    )


def test_a_strategy(site: Path, tmp_path: Path) -> None:
    pool = str(few("evens"))
    words = ["replay", pool, "--task", str(BUNDLED / "contest/evens"), "--seeds", "2", "--json"]
    done = solver(site, *words, "--strategy", "shortest,random", "--limit", "5", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert set(json.loads(done.stdout)["tasks"][0]["strategies"]) == {"shortest", "random"}


def test_an_unknown_strategy_is_told_of_all_that_there_are(site: Path, tmp_path: Path) -> None:
    done = solver(site, "solve", str(BUNDLED / "contest/evens"), "--strategy", "x", cwd=tmp_path)
    assert done.returncode == 2
    assert "expected_gain, lost, shortest" in done.stderr


def test_a_broken_plugin_is_named_with_its_package(site: Path, tmp_path: Path) -> None:
    pool = str(few("evens"))
    words = ["replay", pool, "--task", str(BUNDLED / "contest/evens"), "--seeds", "1"]
    done = solver(site, *words, "--strategy", "lost", cwd=tmp_path)
    assert done.returncode == 2
    assert "'lost' of broken-plugin cannot be loaded" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_engine_and_a_format(site: Path, tmp_path: Path) -> None:
    task = tmp_path / "sum"
    task.mkdir()
    (task / "statement.txt").write_text("Print the sum of the two numbers on the line.\n")
    for name, numbers, total in (("1", "1 2", "3"), ("2", "20 22", "42")):
        (task / f"{name}.in").write_text(numbers + "\n")
        (task / f"{name}.out").write_text(total + "\n")
    program = "print(sum(map(int, input().split())))"
    (tmp_path / "answer.txt").write_text(f"```python\n{program}\n```\n")
    (tmp_path / "mine.py").write_text(program)
    judged = solver(site, "problems", "judge", "sum", "mine.py", "--json", cwd=tmp_path)
    assert judged.returncode == 0, judged.stderr
    assert json.loads(judged.stdout)["submissions"][0]["verdict"] == "AC"
    words = ["solve", "sum", "--model", "echo:answer.txt", "--samples", "4", "--json"]
    solved = solver(site, *words, cwd=tmp_path)
    assert solved.returncode == 0, solved.stderr
    assert json.loads(solved.stdout)["pass_examples"] >= 1


def test_a_kind_of_judge(site: Path, tmp_path: Path) -> None:
    words = ["judge", "play", "club", "http://127.0.0.1:9/api/", "--dry-run"]
    words += ["--model", f"pool:{BUNDLED / 'pools'}", "--run", str(tmp_path / "run")]
    unknown = solver(site, *words[:2], "cub", *words[3:], cwd=tmp_path)
    assert unknown.returncode == 2
    assert "there are: cms, contest-api, domjudge, kattis, club" in unknown.stderr
