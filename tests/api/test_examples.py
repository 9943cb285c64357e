"""Every file of examples/ runs as it stands, and is short enough to read in one look."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("own_engine.py", "2 behaviours"),
        ("replay_and_plot.py", "oracle 20.0"),
        ("judge_a_folder.py", "right.py         AC       20"),
        ("run_one_program.py", "42"),
    ],
)
def test_example(name: str, says: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "examples" / name)],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=250,
    )
    assert done.returncode == 0, done.stderr
    assert says in done.stdout


def test_no_example_is_long_and_each_is_run() -> None:
    assert {file.name for file in EXAMPLES} == {
        "own_engine.py",
        "replay_and_plot.py",
        "judge_a_folder.py",
        "run_one_program.py",
    }
    for file in EXAMPLES:
        assert len(file.read_text().splitlines()) <= 40, file
