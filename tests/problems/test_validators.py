"""Input validators: every convention, and the flags of a test's group."""

import json
from importlib.util import find_spec

import pytest
from click.testing import CliRunner

from problems.errors import JudgeError, UnsupportedTask
from problems.jury.programs import JuryPrograms
from problems.jury.validators import InputValidators
from problems.package import load_package
from problems.task import Program
from sandbox.backend import Sandbox
from sandbox.compiling.compile import Compiler
from sandbox.data import Blob
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
