"""What a reader needs at a glance: whole sentences, whole names, the reason, the fix."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from solver.cli.app import COMMANDS, cli, exit_code_of
from solver.sampling.models import model_named

ROOT = Path(__file__).parents[2]
APPLES = ROOT / "problems/bundled/contest/apples"


def run(*words: str) -> subprocess.CompletedProcess[str]:
    """As a script runs it: nobody says how wide a terminal is."""
    environment = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    command = [sys.executable, "-m", "solver", *words]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_no_list_of_commands_cuts_a_sentence(name: str) -> None:
    command = cli.get_command(click.Context(cli), name)
    if not isinstance(command, click.Group):
        pytest.skip("it has no list")
    text = CliRunner().invoke(command, ["--help"]).output
    lists = text.partition("Commands:")[2]
    assert lists.strip() and "..." not in lists


def test_a_piped_table_is_not_folded() -> None:
    """80 columns is a terminal's width, not a file's."""
    shown = run("problems", "verify", str(APPLES))
    rows = [
        line for line in shown.stdout.splitlines() if "time_limit_exceeded/count_up.cpp" in line
    ]
    assert len(rows) == 1 and "…" not in shown.stdout


def test_every_table_goes_where_it_is_not_folded() -> None:
    """`Console()` takes a pipe for a terminal of 80 columns; `output()` does not."""
    files = sorted((ROOT / "solver/cli").glob("*.py"))
    assert len(files) > 20
    assert [each.name for each in files if "Console()" in each.read_text()] == []


def test_verify_says_why_a_label_does_not_hold(tmp_path: Path) -> None:
    package = tmp_path / "apples"
    shutil.copytree(APPLES, package)
    shutil.rmtree(package / "submissions")
    (package / "submissions/accepted").mkdir(parents=True)
    (package / "submissions/accepted/zero.py").write_text("print(0)\n")
    shown = run("problems", "verify", str(package))
    assert shown.returncode == 1
    (line,) = [line for line in shown.stdout.splitlines() if line.startswith("DISAGREES: ")]
    assert "accepted/zero.py" in line and "; first rejected: " in line and ": WA" in line
    row = json.loads(run("problems", "verify", str(package), "--json").stdout)["submissions"][0]
    assert row["first_rejected"]["verdict"] == "WA"


def test_show_tells_the_tests_of_each_subtask() -> None:
    shown = json.loads(run("problems", "show", str(APPLES), "--json").stdout)
    (subtask,) = shown["subtasks"]
    secret = list((APPLES / "data/secret").rglob("*.in"))
    assert subtask["tests"] == len(secret)


def test_a_wrong_id_is_answered_with_those_like_it(tmp_path: Path) -> None:
    tests = json.dumps([{"input": "2\n", "output": "4\n", "testtype": "stdin"}])
    row = {
        "question_title": "Twice",
        "question_content": "Print twice the number.",
        "platform": "atcoder",
        "starter_code": "",
        "public_test_cases": tests,
        "private_test_cases": tests,
        "metadata": "{}",
    }
    file = tmp_path / "rows.jsonl"
    ids = ("abc999_a", "abc999_b", "xyz000_q")
    file.write_text("".join(json.dumps(row | {"question_id": each}) + "\n" for each in ids))
    shown = run("problems", "show", f"{file}#abc99_a")
    assert shown.returncode == 2
    assert "no problem has the id 'abc99_a'; like it: abc999_a, abc999_b" in shown.stderr
    far = run("problems", "show", f"{file}#0")
    assert "some are: abc999_a, abc999_b, xyz000_q" in far.stderr


def test_a_slip_in_a_models_name_is_bad_input_not_a_lack_of_the_machine() -> None:
    with pytest.raises(Exception, match="no model is called 'nope'") as caught:
        model_named("nope")
    assert exit_code_of(caught.value) == 2
