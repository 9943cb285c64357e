"""problemtools and our judge give the same verdicts and points on twenty legacy packages.

The packages are made here from seeds: every grader flag, `on_reject`, shared tests, custom and
scoring validators, interaction. One run of `verifyproblem` judges them all; real packages are
compared in test_peer_problemtools.py. The peer takes three seconds a package: the ordinary tests
have the first seven, which have each of these things, the slow ones all twenty.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from problems.verifying.verify import Verifier
from sandbox.backend import Sandbox
from sandbox.compiling.compile import Compiler
from tests.problems.legacy_packages import legacy_package, write_package

FEW, ALL = range(7), range(20)
LINE = re.compile(
    r"(?P<name>(?:accepted|wrong_answer|run_time_error)/\S+) \(.*?\) (?:OK|got):? "
    r"(?P<verdict>[A-Z]+)(?: \((?P<points>-?[0-9.]+)\))?"
)
WORDS = {"RE": "RTE"}


def test_the_first_few_have_all_that_the_others_have() -> None:
    few, more = ({word for seed in seeds for word in _words(seed)} for seeds in (FEW, ALL))
    assert few == more
    assert {"always_accept", "ignore_sample", "avg", "break", "interactive", "score"} <= few


def _words(seed: int) -> set[str]:
    """What is special about a package: its settings' words, and whether tests are shared."""
    files = legacy_package(seed)
    settings = [text for name, text in files.items() if name.endswith(".yaml")]
    shared = {"shared"} if any(isinstance(text, Path) for text in files.values()) else set()
    return shared | set(re.findall(r"[a-z_]+", " ".join(map(str, settings))))


def peer_results(packages: list[Path]) -> dict[tuple[str, str], tuple[str, float | None]]:
    """(package, submission) -> verdict and points as verifyproblem prints them."""
    tool = Path(sys.executable).with_name("verifyproblem")
    if not tool.exists():
        pytest.skip("problemtools is not installed")
    if shutil.which("pypy3") is None:
        pytest.skip(
            "problemtools runs Python 3 with PyPy, which is not installed (scripts/peers.sh)"
        )
    argv = [str(tool), *map(str, packages), "-p", "submissions", "-j", "2"]
    said = subprocess.run(argv, capture_output=True, text=True, check=False)
    found: dict[tuple[str, str], tuple[str, float | None]] = {}
    for part in (said.stdout + said.stderr).split("Loading problem ")[1:]:
        name, text = part.split("\n", 1)
        for match in LINE.finditer(text):
            points = float(match["points"]) if match["points"] else None
            found[name, match["name"]] = (match["verdict"], points)
    return found


@pytest.mark.timeout(900)
@pytest.mark.parametrize("seeds", [FEW, pytest.param(ALL, marks=pytest.mark.slow)], ids=len)
def test_verdicts_and_points_agree(
    seeds: range, sandbox: Sandbox, compiler: Compiler, tmp_path: Path
) -> None:
    root = tmp_path / "legacy"
    packages = [write_package(root / f"made{seed}", legacy_package(seed)) for seed in seeds]
    theirs = peer_results(packages)
    report = Verifier(sandbox, compiler, store=tmp_path / "store").verify(packages)
    assert report.unreadable == []
    ours: dict[tuple[str, str], tuple[str, Any]] = {}
    for row in report.rows:
        assert row.result is not None, row.error
        word = str(row.result.package_verdict)
        ours[row.package, row.submission.name] = (WORDS.get(word, word), row.result.points)
    assert set(theirs) == set(ours)
    assert len(ours) == 3 * len(packages)
    differing = {
        key: (verdict, points, ours[key])
        for key, (verdict, points) in theirs.items()
        # The peer prints whole points.
        if ours[key][0] != verdict or (points is not None and abs(points - ours[key][1]) > 0.5)
    }
    assert differing == {}
    assert {verdict for verdict, _ in theirs.values()} == {"AC", "WA", "RTE"}
    assert len({points for _, points in theirs.values()}) > len(seeds) // 3
