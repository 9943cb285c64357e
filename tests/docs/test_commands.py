"""The documentation's commands do what it says: every shell block of a page is run, in order.

A block below `<!-- needs: ... -->` wants what no test has (a server, the network); of its commands
the names and options are checked. One below `<!-- slow -->` takes longer than ordinary tests may: a
page with such blocks is run twice, without them and, among the slow tests, whole.
"""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from solver.cli.app import cli

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
LAB_NOTES = ("experiments", "decisions", "data", "schemas")
BLOCK = re.compile(r"(?:<!-- (?P<mark>needs: [^>]+|slow) -->\n)?```sh\n(?P<text>.*?)```", re.S)


def pages() -> list[Path]:
    found = [*sorted(DOCS.rglob("*.md")), ROOT / "README.md"]
    return [each for each in found if not {*each.relative_to(ROOT).parts} & {*LAB_NOTES}]


def blocks(page: Path) -> list[tuple[str, str]]:
    """A block's mark ("" for none) and its commands."""
    text = page.read_text(encoding="utf-8")
    return [(found["mark"] or "", found["text"]) for found in BLOCK.finditer(text)]


def params() -> list:
    rows = []
    for page in pages():
        found = {mark for mark, _ in blocks(page)}
        name = page.relative_to(ROOT).as_posix()
        if "" in found:
            rows.append(pytest.param(page, ("",), id=name))
        if "slow" in found:
            marks = [pytest.mark.slow, pytest.mark.timeout(600)]
            rows.append(pytest.param(page, ("", "slow"), marks=marks, id=f"{name}, whole"))
    return rows


def parsed(line: str) -> click.Context:
    """The command's context; a name or an option that there is not raises."""
    words = shlex.split(line, comments=True)
    assert words[0] == "solver", line
    context, command = click.Context(cli, info_name="solver"), cli
    rest = words[1:]
    while isinstance(command, click.Group):
        name, found, rest = command.resolve_command(context, rest)
        assert name is not None and found is not None, line
        context = click.Context(found, info_name=name, parent=context)
        command = found
    options = {
        each for parameter in command.params for each in parameter.opts + parameter.secondary_opts
    }
    for word in rest:
        if word.startswith("--"):
            assert word.partition("=")[0] in {*options, "--help", "--version"}, f"{line}: {word}"
    return context


@pytest.mark.parametrize(("page", "marks"), params())
def test_a_pages_commands_run(page: Path, marks: tuple[str, ...], tmp_path: Path) -> None:
    for name in ("problems", "examples", "docs"):
        (tmp_path / name).symlink_to(ROOT / name)
    said = ""
    for mark, text in blocks(page):
        if mark not in marks:
            continue
        script = f'solver() {{ "{sys.executable}" -m solver "$@"; }}\nset -e\n{text}'
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=tmp_path,
            env=_environment(),
            capture_output=True,
            text=True,
            timeout=540,
            check=False,
        )
        said += done.stdout
        # The doctor says what is missing and ends with 3 where something is: both are right.
        right = (0, 3) if text.strip() == "solver doctor" else (0,)
        assert done.returncode in right, f"{text}\n{done.stdout}\n{done.stderr}"
    assert said


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def test_every_solver_command_in_the_documentation_exists() -> None:
    lines = [
        (page, line)
        for page in pages()
        for _, text in blocks(page)
        for line in text.splitlines()
        if line.startswith("solver ")
    ]
    assert len(lines) > 20
    for page, line in lines:
        try:
            parsed(line)
        except click.ClickException as error:
            raise AssertionError(f"{page}: {line}: {error.message}") from error


def test_the_check_of_commands_can_fail() -> None:
    for wrong in ("solver sovle x", "solver judge plya x", "solver solve x --modle y"):
        with pytest.raises((AssertionError, click.ClickException)):
            parsed(wrong)


def test_the_page_of_commands_has_them_all(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("mkdocs")
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    import docs_commands

    text = docs_commands.text()
    for name in (
        "solver judge serve",
        "solver problems fetch",
        "solver pool grow",
        "solver doctor",
    ):
        assert f"## {name}\n" in text
    assert "Usage: solver judge serve [OPTIONS] CONTEST_DIR" in text


def test_pages_link_to_pages_that_are_there() -> None:
    for page in pages():
        for target in re.findall(r"\]\(([^)#:]+\.md)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).resolve().exists(), f"{page}: {target}"
