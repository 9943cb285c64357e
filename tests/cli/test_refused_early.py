"""What is refused before any work was done: the right exit code, a word on the fix, and no folder
that would stand in the way of the next try."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from solver.cli.app import cli, exit_code_of
from solver.errors import RunFolderError
from solver.kept.begun import begun_or_nothing
from solver.kept.samples import RunFolder
from solver.runs.tables import export_run
from tests.solver.runs.test_runs import sample

ROOT = Path(__file__).parents[2]
APPLES = ROOT / "problems/bundled/contest/apples"
POOLS = ROOT / "problems/bundled/pools"


@pytest.mark.parametrize(
    "words",
    [
        ("assess", APPLES, "--model", f"pool:{POOLS / 'evens.jsonl'}"),
        ("assess", APPLES, APPLES, "--model", f"pool:{POOLS / 'evens.jsonl'}"),
        ("solve", APPLES, "--model", f"pool:{POOLS / 'evens.jsonl'}"),
        ("sample", APPLES, "--model", "openai:x@http://127.0.0.1:9/v1"),
        ("contest", "run", APPLES.parent, "--model", f"pool:{POOLS / 'evens.jsonl'}"),
    ],
    ids=["assess", "assess of two", "solve", "sample", "contest run"],
)
def test_a_refused_run_leaves_no_folder(tmp_path: Path, words: tuple[object, ...]) -> None:
    """With its settings in it, the same folder would refuse the right model."""
    run = tmp_path / "run"
    done = CliRunner().invoke(cli, [*map(str, words), "--run", str(run)])
    assert isinstance(done.exception, Exception) and exit_code_of(done.exception) != 0
    assert not run.exists()


def test_what_was_there_and_what_was_drawn_stays(tmp_path: Path) -> None:
    drawn, settings, other = tmp_path / "drawn", tmp_path / "settings", tmp_path / "other"
    settings.mkdir()
    (settings / "config.json").write_text("{}")
    for run in (drawn, settings, other):
        with pytest.raises(RuntimeError), begun_or_nothing(run):
            run.mkdir(exist_ok=True)
            (run / "config.json").write_text("{}")
            if run is drawn:
                with RunFolder(run) as kept:
                    kept.add([sample(1)])
            if run is other:
                (run / "notes.txt").write_text("mine")
            raise RuntimeError
        assert (run / "config.json").exists()


def test_a_file_that_is_no_run_is_bad_input(tmp_path: Path) -> None:
    """Code 1 is for a log that was changed."""
    file = tmp_path / "notes.txt"
    for text in ("apples\n", '{"a": 1}\n', "[1]\n", ""):
        file.write_text(text)
        done = CliRunner().invoke(cli, ["report", str(file)])
        assert isinstance(done.exception, RunFolderError) and "notes.txt" in str(done.exception)
        assert exit_code_of(done.exception) == 2


@pytest.mark.parametrize("words", [("--hack-inputs", "50"), ("--hack-out", "broken")])
def test_how_to_attack_without_an_attack_is_refused(words: tuple[str, ...]) -> None:
    done = CliRunner().invoke(cli, ["problems", "verify", str(APPLES), *words])
    assert done.exit_code == 2 and "add --hack" in done.output


def test_a_run_of_recorded_programs_names_its_pools(tmp_path: Path) -> None:
    """It has no samples of its own: whoever wants to pass them on wants those files."""
    solved = tmp_path / "solved"
    solved.mkdir()
    (solved / "config.json").write_text('{"model": "pool:recorded/elk.jsonl"}')
    contest = tmp_path / "cup"
    contest.mkdir()
    (contest / "submissions.jsonl").write_text("")
    noted = f'{{"contest": "c", "models": {{"apples": "pool:{POOLS}", "elk": "pool:elk.jsonl"}}}}'
    (contest / "contest.json").write_text(noted)
    for run, names in ((solved, ["recorded/elk.jsonl"]), (contest, ["apples.jsonl", "elk.jsonl"])):
        for _ in range(2):
            with pytest.raises(RunFolderError, match="were recorded before") as raised:
                export_run(run, tmp_path / "samples.parquet", layout="open-r1")
            assert all(name in str(raised.value) for name in names)
            # The same with a database that holds nothing.
            RunFolder(run).close()
    assert not (tmp_path / "samples.parquet").exists()
