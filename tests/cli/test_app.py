"""The command line as scripts meet it: exit codes, one-line errors, fast help."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from solver.cli.app import COMMANDS, cli

ROOT = Path(__file__).parents[2]
BUNDLED = ROOT / "problems" / "bundled"


def solver(*words: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "solver", *words],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, **(env or {})},
        timeout=250,
    )


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_teaches(name: str) -> None:
    done = solver(name, "--help")
    assert done.returncode == 0, done.stderr
    assert "Usage:" in done.stdout
    assert len(done.stdout) > 300


def test_help_loads_neither_torch_nor_transformers() -> None:
    code = (
        "import sys\n"
        "from solver.cli.app import cli\n"
        "for name in ('solve', 'contest', 'replay', 'sandbox', 'judge', 'problems'):\n"
        "    cli.main([name, '--help'], standalone_mode=False)\n"
        "print([m for m in ('torch', 'transformers', 'xllamacpp', 'docker') if m in sys.modules],"
        " file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stderr.strip() == "[]"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("solve", "no/such/folder"), "no/such/folder"),
        (("solve", str(ROOT / "docs"), "--model", "pool:x"), "docs"),
        (("solve", str(BUNDLED / "contest/apples"), "--model", "pool:no.jsonl"), "no.jsonl"),
        (("solve", str(BUNDLED / "contest/apples"), "--model", "sorcery:x"), "sorcery:x"),
        (("solve", str(BUNDLED / "contest/apples"), "--strategy", "luck"), "luck"),
        (("report", "no/such/run"), "no/such/run"),
    ],
)
def test_bad_input_is_2_and_one_line_names_it(words, said, tmp_path: Path) -> None:
    run = () if words[0] == "report" else ("--run", str(tmp_path / "run"))
    done = solver(*words, *run)
    assert done.returncode == 2, done.stderr
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: ") and said in line


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("solve",), "error: Missing argument 'TASK_DIR'; see `solver solve --help`"),
        (("nonsense",), "error: No such command 'nonsense'; see `solver --help`"),
        (("judge", "serve", "--prot", "1"), "see `solver judge serve --help`"),
        (("replay", "x.jsonl", "--limit", "0"), "see `solver replay --help`"),
    ],
)
def test_a_slip_in_the_command_is_told_as_every_other_error(words, said) -> None:
    done = solver(*words)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: ") and said in line


def test_a_group_without_a_command_shows_its_list() -> None:
    done = solver("contest")
    assert done.returncode == 2
    assert "Commands:" in done.stderr and "error" not in done.stderr


def test_a_broken_line_of_a_pool_is_named(tmp_path: Path) -> None:
    pool = tmp_path / "pool.jsonl"
    good = json.dumps({"task": "apples", "language": "python3", "source": "print(1)"})
    pool.write_text(f"{good}\n{{broken\n")
    done = solver(
        "solve",
        str(BUNDLED / "contest/apples"),
        "--model",
        f"pool:{pool}",
        "--run",
        str(tmp_path / "run"),
    )
    assert done.returncode == 2
    assert f"{pool}:2" in done.stderr


def test_a_model_folder_that_does_not_exist_is_3_at_once(tmp_path: Path) -> None:
    done = solver(
        "solve",
        str(BUNDLED / "contest/apples"),
        "--model",
        f"hf:{tmp_path}/nothing",
        "--run",
        str(tmp_path / "run"),
    )
    assert done.returncode == 3, done.stderr
    assert "nothing" in done.stderr


def test_no_bubblewrap_is_3_and_says_the_command(tmp_path: Path) -> None:
    done = solver(
        "solve",
        str(BUNDLED / "contest/apples"),
        "--backend",
        "bubblewrap",
        "--model",
        f"pool:{BUNDLED}/pools/apples.jsonl",
        "--run",
        str(tmp_path / "run"),
        env={"PATH": str(tmp_path)},
    )
    assert done.returncode == 3, done.stderr
    assert re.search(r"apt(-get)? install bubblewrap", done.stderr)


def test_no_compiler_is_3_and_says_the_command(tmp_path: Path) -> None:
    done = solver(
        "solve",
        str(BUNDLED / "contest/apples"),
        "--model",
        f"pool:{BUNDLED}/pools/apples.jsonl",
        "--run",
        str(tmp_path / "run"),
        env={"PATH": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")},
    )
    assert done.returncode == 3, done.stderr
    assert re.search(r"apt(-get)? install gcc", done.stderr)


def test_doctor_as_json() -> None:
    done = solver("doctor", "--json")
    document = json.loads(done.stdout)
    assert done.returncode == (0 if document["ready"] else 3)
    names = {check["name"] for check in document["checks"]}
    assert {"python", "gcc", "namespaces", "cgroup", "docker engine", "torch"} <= names
    assert {"g++ plugin headers", "mold", "compile cache"} <= names
    for check in document["checks"]:
        assert check["found"] or check["fix"], check


def test_doctor_knows_the_extra_for_training(monkeypatch: pytest.MonkeyPatch) -> None:
    from solver.cli import doctor

    there = {"peft": "1", "trl": "2", "datasets": "3"}
    monkeypatch.setattr(doctor, "_version", there.get)
    assert doctor._training().found == "peft 1, trl 2, datasets 3"
    del there["trl"]
    (lacking,) = [check for check in doctor.examine() if check.name == "extra train"]
    assert lacking.found is None and ".[train]" in lacking.fix and not lacking.required


def test_help_and_doctor_load_no_heavy_library() -> None:
    code = (
        "import sys\n"
        "from solver.cli.app import cli\n"
        "cli.main(['--help'], standalone_mode=False)\n"
        "help_loaded = [m for m in ('numpy', 'pydantic', 'rich', 'httpx') if m in sys.modules]\n"
        "cli.main(['doctor', '--json'], standalone_mode=False)\n"
        "doctor_loaded = [m for m in ('torch', 'numpy', 'docker', 'httpx') if m in sys.modules]\n"
        "print(help_loaded, doctor_loaded, file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stderr.strip() == "[] []"


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_the_table_of_commands_says_what_the_commands_say(name: str) -> None:
    context = click.Context(cli)
    command = cli.get_command(context, name)
    assert command is not None and command.help is not None
    first = " ".join(command.help.split("\n\n")[0].split())
    assert COMMANDS[name].rstrip(".?") in first
