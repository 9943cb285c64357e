"""`solver sandbox`: its real output against the schemas in docs/schemas, its exit codes."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result

from sandbox import Sandbox
from solver.cli.app import cli

SCHEMAS = Path(__file__).parents[3] / "docs" / "schemas"


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox) -> None:
    """Compiled programs of these tests stay apart; what is costly to build is shared."""
    import sandbox.compiling.compile

    monkeypatch.setattr(sandbox.compiling.compile, "default_cache", lambda: tmp_path / "cache")


def _call(*words: object) -> Result:
    return CliRunner().invoke(cli, ["sandbox", *map(str, words)])


def _valid(result: Result, name: str) -> Any:
    document = json.loads(result.stdout)
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(document, schema)
    return document


def test_run_prints_each_result(tmp_path: Path) -> None:
    (tmp_path / "good.py").write_text("print(input())")
    (tmp_path / "loop.py").write_text("while True: pass")
    (tmp_path / "bad.c").write_text("nonsense")
    (tmp_path / "in").write_text("hello\n")
    files = [tmp_path / name for name in ("good.py", "loop.py", "bad.c")]
    options = ("--stdin", tmp_path / "in", "--cpu", 0.5, "--memory", 64)
    result = _call("run", *files, *options, "--json")
    assert result.exit_code == 0, result.output
    rows = _valid(result, "sandbox_run")["results"]
    assert rows[0]["stdout"] == "hello\n"
    assert rows[0]["exit_code"] == 0
    assert (rows[1]["status"], rows[1]["limit"]) in (("limit", "cpu"), ("limit", "wall"))
    assert rows[2]["compiled"] is False
    assert "exit code" in rows[2]["reason"]
    for line in ("exit code 0", "limit", "does not compile"):
        assert line in _call("run", *files, *options).output


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("run", "no-such-file.cpp"), "no-such-file.cpp"),
        (("run",), "Missing argument"),
        (("run", __file__, "--cpu", "-1"), "--cpu"),
        (("run", __file__, "--backend", "none"), "--backend"),
        (("check", "no-such-attack"), "no-such-attack"),
    ],
)
def test_wrong_usage_is_2(words: tuple[str, ...], message: str) -> None:
    result = _call(*words)
    assert result.exit_code == 2
    assert message in result.output


def test_check_prints_a_row_a_program() -> None:
    result = _call("check", "network", "--json")
    document = _valid(result, "sandbox_check")
    assert document["backend"] == "namespaces"
    assert len(document["programs"]) >= 5
    assert {row["class"] for row in document["programs"]} == {"network"}
    held = all(row["held"] for row in document["programs"]) and document["host_unchanged"]
    assert result.exit_code == (0 if held else 1)


def test_bench_has_its_rows_and_ratios() -> None:
    result = _call("bench", "--runs", 20, "--rounds", 1, "--json")
    assert result.exit_code == 0, result.output
    document = _valid(result, "sandbox_bench")
    rows = {(row["name"], row["workers"]): row for row in document["rows"]}
    present = {("floor", 1), ("namespaces", 1), ("namespaces", 2), ("subprocess", 1)}
    assert present <= rows.keys()
    assert rows["floor", 1]["of_floor"] == 1
    for name in ("isolate", "go-judge"):
        assert name in document["skipped"] or (name, 1) in rows


@pytest.mark.parametrize("command", [(), ("run",), ("check",), ("bench",), ("image", "build")])
def test_help_teaches_by_example(command: tuple[str, ...]) -> None:
    result = _call(*command, "--help")
    assert result.exit_code == 0
    assert "Example" in result.output
