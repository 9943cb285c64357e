"""`solver problems verify --hack`: a package whose tests let a wrong program through."""

import json
import shutil
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner

from problems.verifying.verify import Verifier
from sandbox import open_sandbox
from sandbox.compiling.compile import Compiler
from solver.cli.problems import problems
from solver.hacking.attack import HackConfig
from solver.hacking.package import hack
from solver.hacking.types import Fault, HackReport, Standing

ROOT = Path(__file__).parents[3]
EVENS = ROOT / "problems/bundled/contest/evens"
SCHEMA = json.loads((ROOT / "docs/schemas/verify.schema.json").read_text())
# No test of the package has two numbers.
FIRST_OF_TWO = """\
n = int(input())
numbers = [int(x) for x in input().split()]
print(sum(x % 2 == 0 for x in numbers[: 1 if n == 2 else n]))
"""


@pytest.fixture
def holed(tmp_path: Path) -> Path:
    """The bundled package with one more program that passes all of its tests and is wrong."""
    package = tmp_path / "evens"
    shutil.copytree(EVENS, package)
    (package / "submissions/accepted/first_of_two.py").write_text(FIRST_OF_TWO)
    return package


def hacked(package: Path, legal: int = 60) -> HackReport:
    with open_sandbox("namespaces") as sandbox:
        compiler = Compiler(sandbox)
        rows = Verifier(sandbox, compiler).verify([package]).rows
        config = HackConfig(legal=legal, tries=10 * legal)
        return hack(package, rows, compiler, config, lambda done, total: None)


def test_a_wrong_program_that_all_tests_accept_is_broken_by_a_small_legal_input(
    holed: Path, tmp_path: Path
) -> None:
    out = tmp_path / "broken"
    words = ["verify", str(holed), "--hack", "--hack-inputs", "100", "--hack-out", str(out)]
    done = CliRunner().invoke(problems, [*words, "--json"])
    assert done.exit_code == 1, done.output
    document = json.loads(done.stdout)
    jsonschema.validate(document, SCHEMA)
    assert all(row["agrees"] for row in document["submissions"])  # the tests see nothing
    (report,) = document["hack"]
    (one,) = report["disagreements"]  # and the right ones are not accused
    assert one["program"].endswith("first_of_two.py")
    assert (one["standing"], one["fault"]) == (Standing.ACCEPTED, Fault.WRONG)
    assert not one["undecided"] and len(one["supporters"]) == 2
    # Two numbers, the second even: made as small as that can be.
    content = next(out.rglob("*first_of_two.py.in")).read_bytes()
    n, *numbers = map(int, content.split())
    assert n == len(numbers) == 2 and numbers[1] % 2 == 0
    assert len(content) <= len(b"2\n1 2\n")
    # The tests' own quality: every right program passes, every wrong one fails.
    assert report["suite"]["true_positive"] == report["suite"]["true_negative"] == 1.0
    assert set(report["programs"].values()) == {Standing.ACCEPTED}


def test_two_programs_that_contradict_each_other_are_both_named(holed: Path) -> None:
    (holed / "submissions/accepted/count.cpp").unlink()
    report = hacked(holed)
    assert {Path(one.program).name for one in report.disagreements} & {
        "count.py",
        "first_of_two.py",
    }
    assert all(one.undecided for one in report.disagreements)


def test_without_validators_nobody_says_what_is_legal(holed: Path) -> None:
    shutil.rmtree(holed / "input_validators")
    report = hacked(holed, legal=10)
    assert "no input validators" in report.reason and report.legal == 0
    assert report.suite.accepted == 3
