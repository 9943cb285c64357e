"""The generator and the validator of a CodeContests+ row make and check a solve's inputs."""

import base64
import json
from pathlib import Path

import pytest

import solver
from problems.jury.testlib import installed_testlib
from problems.loading import load_task
from solver.breaking.config import BreakingConfig
from solver.config import SolveConfig
from solver.observing.given import given_helpers
from solver.observing.inputs import InputsConfig
from solver.observing.separating import SeparatingConfig
from solver.sampling.config import SamplingConfig
from solver.types import HelperKind

HEADER = "#include <cstdio>\n#include <cstdlib>\n#include <cstring>\n#define OURS 1\n"
GENERATOR = """#include "testlib.h"
int main(int argc, char **argv) {
    return !OURS || argc != 3 || printf("%d\\n", atoi(argv[1]) % 90) < 0;
}
"""
VALIDATOR = """#include <testlib.h>
int main() { int n; return !OURS || scanf("%d", &n) != 1 || n < 1 || n > 50; }
"""


@pytest.fixture
def row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Path:
    """A row of the data set's shape; a header of our own is in testlib's place."""
    (tmp_path / "testlib.h").write_text(HEADER)
    monkeypatch.setenv("SOLVER_TESTLIB", str(tmp_path / "testlib.h"))
    installed_testlib.cache_clear()
    request.addfinalizer(installed_testlib.cache_clear)
    problem = {
        "id": "7_A",
        "title": "Doubling",
        "description": "Print twice the number, which is 1 to 50.",
        "time_limit": 1000,
        "memory_limit": 128,
        "generator": GENERATOR,
        "validator": VALIDATOR,
        "checker": "",
        "correct_submissions": [],
        "incorrect_submissions": [],
        "test_cases": [{"input": "4\n", "output": "8\n"}],
    }
    path = tmp_path / "plus.jsonl"
    path.write_text(json.dumps(problem) + "\n")
    return path


def test_they_are_helpers_of_one_text(row: Path) -> None:
    helpers = given_helpers(load_task(row))
    assert [one.kind for one in helpers] == [HelperKind.GENERATOR, HelperKind.VALIDATOR]
    assert all("OURS 1" in one.source and "testlib.h" not in one.source for one in helpers)


def test_a_solve_without_a_models_helpers_has_inputs_of_theirs(row: Path, tmp_path: Path) -> None:
    pool = tmp_path / "pool.jsonl"
    programs = ["print(2 * int(input()))\n", "n = int(input())\nprint(n + min(n, 20))\n"]
    lines = [
        {
            "kind": "candidate",
            "task": "7_A",
            "id": f"7_A/{n}",
            "language": "python3",
            "source": text,
        }
        for n, text in enumerate(programs)
    ]
    pool.write_text("".join(json.dumps(line) + "\n" for line in lines))
    config = SolveConfig(
        model=f"pool:{pool}",
        sampling=SamplingConfig(),
        inputs=InputsConfig(count=24, oversample=2),
        separating=SeparatingConfig(count=0),
        breaking=BreakingConfig(on=False),
    )
    solved = solver.solve(row, config.model, run=tmp_path / "run", config=config)
    assert solved.inputs > 5 and solved.clusters == 2
    (kept,) = (tmp_path / "run").rglob("inputs-*.jsonl")
    made = [json.loads(line) for line in kept.read_text().splitlines()[1:]]
    numbers = [int(base64.b64decode(one["content"])) for one in made]
    # The generator goes up to 89: what is above 50 the validator refuses.
    assert numbers and {one["origin"] for one in made} == {"generator"}
    assert all(1 <= number <= 50 for number in numbers)
