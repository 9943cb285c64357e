"""Input validators: every convention, and the flags of a test's group."""

import json
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from typing import cast

import pytest
from click.testing import CliRunner

from problems.errors import JudgeError, UnsupportedTask
from problems.jury.programs import JuryPrograms
from problems.jury.validators import Args, InputValidators
from problems.package import load_package
from problems.task import Program
from sandbox.backend import Job, Sandbox
from sandbox.compiling.compile import Compiler
from sandbox.data import Blob
from sandbox.result import RunResult
from solver.cli.app import cli
from tests.problems.conftest import Write
from tests.problems.small_packages import KATTIS

SMALL = """
import sys
limit = int(sys.argv[1].split("=")[1]) if len(sys.argv) > 1 else 1000
sys.exit(42 if all(int(word) <= limit for word in sys.stdin.read().split()) else 43)
"""


def validators(sandbox: Sandbox, compiler: Compiler, role: str, source: str) -> InputValidators:
    language = "python3" if role != "ctd" else "ctd"
    program = Program(role=role, language=language, sources={"v.py": source.encode()})
    return InputValidators(JuryPrograms(sandbox, compiler), [program])


def test_kattis_validators_get_their_flags(sandbox: Sandbox, compiler: Compiler) -> None:
    chosen = validators(sandbox, compiler, "kattis-input-validator", SMALL)
    assert chosen.complaints(Blob.of_bytes(b"1 50\n"), {"": ("maxn=50",)}) == ()
    assert chosen.complaints(Blob.of_bytes(b"1 51\n"), {"": ("maxn=50",)}) != ()


@pytest.mark.parametrize(("code", "valid"), [(0, True), (3, False), (1, False)])
def test_testlib_validators(sandbox: Sandbox, compiler: Compiler, code: int, valid: bool) -> None:
    source = f"import sys\nsys.stderr.write('FAIL no')\nsys.exit({code})\n"
    chosen = validators(sandbox, compiler, "testlib-validator", source)
    assert chosen.complaints(Blob.of_bytes(b"")) == (() if valid else ("FAIL no",))


def test_checktestdata(sandbox: Sandbox, compiler: Compiler) -> None:
    if find_spec("checktestdata") is None:
        pytest.skip("the checktestdata library is not installed")
    chosen = validators(sandbox, compiler, "ctd", "INT(1,100) NEWLINE EOF\n")
    assert chosen.complaints(Blob.of_bytes(b"7\n")) == ()
    assert chosen.complaints(Blob.of_bytes(b"700\n")) != ()


class Counting:
    """The real sandbox, which counts its runs."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self.runs = 0

    def __getattr__(self, name: str) -> object:
        return getattr(self._sandbox, name)

    def run_many(self, jobs: Iterable[Job]) -> Iterator[RunResult]:
        listed = list(jobs)
        self.runs += len(listed)
        return self._sandbox.run_many(listed)


@pytest.mark.parametrize(
    ("role", "source"),
    [
        ("kattis-input-validator", SMALL),
        # Ends in a way that its convention does not know: no acceptance, and no error.
        ("testlib-validator", "import os, sys\nint(sys.stdin.read()) <= 50 or os.abort()\n"),
        ("ctd", "INT(1,50) NEWLINE EOF\n"),
    ],
)
def test_many_inputs_share_an_interpreter(
    sandbox: Sandbox, compiler: Compiler, role: str, source: str
) -> None:
    if role == "ctd" and find_spec("checktestdata") is None:
        pytest.skip("the checktestdata library is not installed")
    counting = Counting(sandbox)
    chosen = validators(cast(Sandbox, counting), compiler, role, source)
    numbers = (7, 50, 51, 900, 1, 49)
    flags: Args = {"": ("maxn=50",)} if source == SMALL else {}
    inputs = [(Blob.of_bytes(b"%d\n" % n), flags) for n in numbers]
    assert chosen.accepted(inputs) == [n <= 50 for n in numbers]
    assert counting.runs == 1


def test_each_input_is_held_against_its_own_flags(sandbox: Sandbox, compiler: Compiler) -> None:
    chosen = validators(sandbox, compiler, "kattis-input-validator", SMALL)
    blob = Blob.of_bytes(b"1 50\n")
    flags: list[Args] = [{"": (f"maxn={most}",)} for most in (49, 50, 51)]
    assert chosen.accepted([(blob, each) for each in flags]) == [False, True, True]


def test_a_crash_is_no_complaint(sandbox: Sandbox, compiler: Compiler) -> None:
    source = "import os\nos.abort()\n"
    chosen = validators(sandbox, compiler, "kattis-input-validator", source)
    with pytest.raises(JudgeError, match="signal"):
        chosen.complaints(Blob.of_bytes(b""))


def test_viva_is_refused_by_name(sandbox: Sandbox, compiler: Compiler) -> None:
    with pytest.raises(UnsupportedTask, match="viva"):
        validators(sandbox, compiler, "viva", "")


def test_show_inputs(write: Write) -> None:
    folder = write(
        {
            **KATTIS,
            "input_validators/check.py": SMALL,
            "data/secret/g1/testdata.yaml": "grader_flags: min\ninput_validator_flags: maxn=5\n",
        }
    )
    assert load_package(folder).testset.testcases["secret/g1/1"].validator_args == {"": ("maxn=5",)}
    result = CliRunner().invoke(cli, ["problems", "show", str(folder), "--inputs", "--json"])
    assert result.exit_code == 1
    assert list(json.loads(result.stdout)["invalid_inputs"]) == ["secret/g1/1"]
