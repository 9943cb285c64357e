"""Verdicts and points of real packages against problemtools' `verifyproblem`.

Runs where problemtools is installed and the real packages are at hand. Two packages always, one
with verdicts and one with points (and seven made ones, test_peer_legacy.py); the others are slow,
since the peer takes half a minute on each.
"""

import importlib.util
import shutil
import sys
from pathlib import Path
from types import ModuleType

import pytest

from problems.verifying.verify import Verifier
from sandbox.backend import Sandbox
from sandbox.compiling.compile import Compiler
from tests.conftest import real_package

FEW = (
    "icpc-kth-challenge-2019/peasoup",
    "oi-swedish-olympiad-2021/skolkval__applenparon",
)
MORE = (
    "icpc-kth-challenge-2013/bank",
    "icpc-kth-challenge-2013/peragrams",
    "icpc-kth-challenge-2014/cowcrane",
    "icpc-kth-challenge-2014/vonwalken",
    "icpc-kth-challenge-2015/additiongame",
    "icpc-kth-challenge-2015/spock",
    "icpc-kth-challenge-2016/climbing",
    "icpc-kth-challenge-2018/mathemagicians",
    "icpc-kth-challenge-2019/assassins",
    "icpc-kth-challenge-2019/espressobucks",
    "icpc-kth-challenge-2020/tripletexting",
    "icpc-kth-challenge-2020/pitchperformance",
    "oi-hard/vaccin",
    "oi-swedish-olympiad-2016/katt1__magic",
    "oi-swedish-olympiad-2016/skolkval__siffersumma",
    "oi-swedish-olympiad-2019/skolkval__avslutningscermonin",
    "oi-swedish-olympiad-2021/skolkval__hundraelva",
    "oi-swedish-olympiad-2021/skolkval__klockan",
    "oi-swedish-olympiad-2024-public/skol__klippaprotein",
    "oi-swedish-olympiad-2024-public/skol__pianot",
)


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    """The benchmark's functions: they run the peer and read what it prints."""
    if not Path(sys.executable).with_name("verifyproblem").exists():
        pytest.skip("problemtools is not installed")
    if shutil.which("pypy3") is None:
        pytest.skip(
            "problemtools runs Python 3 with PyPy, which is not installed (scripts/peers.sh)"
        )
    path = Path(__file__).parents[2] / "benchmarks" / "verify_vs_problemtools.py"
    spec = importlib.util.spec_from_file_location("verify_vs_problemtools", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    "name", [*FEW, *(pytest.param(name, marks=pytest.mark.slow) for name in MORE)]
)
@pytest.mark.timeout(900)
def test_verdicts_and_points_agree(
    name: str, benchmark: ModuleType, sandbox: Sandbox, compiler: Compiler, tmp_path: Path
) -> None:
    folder = real_package(name)
    peer, _ = benchmark.run_peer(folder, threads=2)
    report = Verifier(sandbox, compiler, store=tmp_path / "store").verify([folder])
    compared, found = benchmark.differences(folder.name, peer, report.as_json())
    assert compared >= 3
    # A verdict that hangs on the time limit may differ: both measured their own.
    assert [difference for difference in found if not difference["about_time"]] == []


def test_the_peers_words_are_read(benchmark: ModuleType) -> None:
    text = """
   accepted/a.py (Python 3 (w/PyPy3)) OK: AC (100) [CPU: 0.36s @ testcase secret/1]
   wrong_answer/b.cpp (C++) OK: WA [CPU: 0.00s @ testcase sample/1]
ERROR in problem: accepted/c.cc (C++) got TLE [CPU: 3.10s]
   time_limit_exceeded/d.py (Python 3) OK with extra time: TLE [CPU: 4s]
"""
    assert benchmark.peer_verdicts(text) == {
        "accepted/a.py": ("AC", 100.0, False),
        "wrong_answer/b.cpp": ("WA", None, False),
        "accepted/c.cc": ("TLE", None, False),
        "time_limit_exceeded/d.py": ("TLE", None, True),
    }
