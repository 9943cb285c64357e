"""BAPCtools, run as a program, gives our small 2025-09 package the verdicts that our judge gives.

`scripts/peers.sh` installs it; without it this test is skipped.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from problems.verifying.verify import Verifier
from sandbox.backend import Sandbox
from sandbox.compiling.compile import Compiler

PEERS = Path(os.environ.get("SOLVER_PEERS", Path.home() / ".cache/solver/peers"))
PACKAGE = Path(__file__).parent / "packages/kattis2025/halfway"
LINE = re.compile(r"^(\w+/[\w.]+):\s+(AC|WA|TLE|RTE)(?=[\s\d])", re.MULTILINE)
WORDS = {"RTE": "RE"}


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_bapctools_and_our_judge_agree(
    tmp_path: Path, sandbox: Sandbox, compiler: Compiler
) -> None:
    tool = PEERS / "bin" / "bt"
    if not tool.exists():
        pytest.skip(f"no {tool}: run scripts/peers.sh")
    folder = shutil.copytree(PACKAGE, tmp_path / "halfway")
    # The peer counts time on the clock: the package's 1 s would do on an idle machine alone.
    # One run after the other: else it judges nothing where one core of several is allowed.
    ended = subprocess.run(
        [str(tool), "run", "--problem", str(folder), "-a", "-G", "-B", "-t", "10", "-j", "0"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=800,
        check=False,
        cwd=tmp_path,
    )
    said = {name: WORDS.get(word, word) for name, word in LINE.findall(ended.stdout + ended.stderr)}
    report = Verifier(sandbox, compiler, store=tmp_path / "limits").verify([PACKAGE])
    ours = {row.submission.name: str(row.actual) for row in report.rows}
    assert len(ours) == 5
    assert said == ours, ended.stdout + ended.stderr
