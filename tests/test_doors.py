"""Modules that scripts of users import are found under the names that they had before the rooms."""

import importlib
import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.moved import MOVED

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("old", sorted(MOVED))
def test_an_old_name_leads_nowhere_that_exists_otherwise(old: str) -> None:
    place = ROOT / old.replace(".", "/")
    assert not place.with_suffix(".py").exists() and not (place / "__init__.py").exists()
    assert importlib.util.find_spec(MOVED[old]) is not None


@pytest.mark.parametrize(
    "old", ["solver.sampling.extraction", "solver.judges.ledger", "problems.checkers"]
)
def test_an_old_name_is_the_module_of_today(old: str) -> None:
    with pytest.warns(DeprecationWarning, match=f"{old} is {MOVED[old]} now"):
        here = importlib.import_module(old)
    there = importlib.import_module(MOVED[old])
    assert here is there and there.__spec__ is not None and there.__spec__.name == MOVED[old]
    assert importlib.reload(there) is there
    sys.modules.pop(old)


def test_a_script_with_old_names_runs_and_is_told() -> None:
    code = (
        "from solver.contest.rating import ContestResult\n"
        "from solver.judges.transport import Transport\n"
        "from sandbox.compile import Compiler\n"
        "from solver.contests.people.rating import ContestResult as today\n"
        "print(ContestResult is today)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.strip() == "True"
    assert "DeprecationWarning: sandbox.compile is sandbox.compiling.compile now" in done.stderr
