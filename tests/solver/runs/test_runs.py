"""Run folders listed, checked, cleaned, compared, exported and moved."""

import json
import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from solver.errors import RunFolderError
from solver.kept.driver import RunDriven, driving
from solver.kept.samples import INLINE_BYTES, SCHEMA_VERSION, RunFolder, StoredSample
from solver.runs.checking import check_run
from solver.runs.cleaning import clean_run
from solver.runs.comparing import compare_runs
from solver.runs.found import runs_below, summary_of
from solver.runs.tables import export_run, import_run
from solver.sampling.pools.pool import read_pool


def sample(number: int, *, kind: str = "candidate", task: str = "apples") -> StoredSample:
    text = f"Here.\n```python\nprint({number})\n```\n"
    return StoredSample(
        key=f"{task}-{kind}-{number}",
        task=task,
        kind=kind,
        subtask="small" if number % 2 else None,
        number=number,
        text=text if number != 3 else text + "x" * INLINE_BYTES,
        logprob=None if number == 2 else -0.25,
        tokens=3,
        prompt_tokens=5,
        finish="stop",
        model="tiny",
        elapsed_s=0.5,
        extra={"language": "python3", "temperature": 0.8},
    )


@pytest.fixture
def run(tmp_path: Path) -> Path:
    folder = tmp_path / "runs/first"
    with RunFolder(folder) as kept:
        kept.add([sample(number) for number in range(6)])
        kept.add([sample(0, kind="generator"), sample(1, task="pears")])
    return folder


def test_runs_are_found_and_told(run: Path, tmp_path: Path) -> None:
    shutil.copytree(run, tmp_path / "runs/deeper/second")
    found = list(runs_below(tmp_path))
    assert [path.name for path in found] == ["second", "first"]
    told = summary_of(run)
    assert told.state == "drawn" and told.samples == 8 and told.driver is None
    assert {one.task: one.tokens for one in told.tasks} == {"apples": 21, "pears": 3}
    with driving(run):
        assert summary_of(run).driver is not None
    (run / "samples.sqlite").write_bytes(b"no database" * 100)
    assert summary_of(run).state == "damaged" and "samples.sqlite" in summary_of(run).problem
    with pytest.raises(RunFolderError, match="no run folder"):
        summary_of(tmp_path)


def test_a_damaged_text_is_found_and_named(run: Path) -> None:
    assert check_run(run).problems == () and check_run(run).checked["samples"] == 8
    (blob,) = (run / "blobs").glob("??/*")
    blob.write_bytes(blob.read_bytes()[:-9])
    (problem,) = check_run(run).problems
    assert str(blob) in problem


def test_what_is_made_again_by_itself_is_a_note(run: Path) -> None:
    (run / "apples").mkdir()
    (run / "apples/inputs-0123456789abcdef.jsonl").touch()
    found = check_run(run)
    assert found.problems == () and "inputs-0123456789abcdef.jsonl: empty" in found.notes[0]
    (run / "apples/inputs-0123456789abcdef.jsonl").write_text('{"inputs": 1, "digest": "no"}')
    assert len(check_run(run).problems) == 1


def test_only_what_no_sample_names_is_removed(run: Path) -> None:
    with RunFolder(run) as kept:
        kept.blobs.put(b"a text of a sample that a power cut took" * 10)
    (run / "apples").mkdir()
    (run / "apples/.inputs-1.7-7.partial.jsonl").write_text("half")
    before = {path: path.read_bytes() for path in run.rglob("*") if path.is_file()}
    would = clean_run(run, dry=True)
    assert {path for path in run.rglob("*") if path.is_file()} >= set(before)
    # Another thread: who drives a run already goes on driving it.
    with driving(run), ThreadPoolExecutor(1) as other, pytest.raises(RunDriven):
        other.submit(clean_run, run).result()
    assert clean_run(run) == would
    assert (would.blobs, would.partials) == (1, 1)
    assert check_run(run).checked["samples"] == 8 and check_run(run).problems == ()
    assert clean_run(run).freed_bytes == 0


def test_runs_differ_in_samples_and_settings(run: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(run, other)
    assert compare_runs(run, other).same
    with RunFolder(other) as kept:
        kept.add([sample(9)])
    (other / "config.json").write_text('{"model": "embedded"}')
    found = compare_runs(run, other)
    assert (found.common, found.first_alone, found.second_alone) == (8, 0, 1)
    assert found.settings == {"model": (None, "embedded")} and not found.same


@pytest.mark.parametrize("layout", ["open-r1", "nemo"])
def test_an_export_comes_back_whole(run: Path, tmp_path: Path, layout: str) -> None:
    file = tmp_path / "samples.parquet"
    assert export_run(run, file, layout=layout, helpers=True) == 8
    back = tmp_path / "back"
    assert import_run(file, back) == 8 and import_run(file, back) == 0
    assert compare_runs(run, back).same
    with RunFolder(run) as one, RunFolder(back) as other:
        for task, kind in one.kinds():
            assert one.samples(task, kind) == other.samples(task, kind)


def test_the_columns_are_those_that_others_read(run: Path, tmp_path: Path) -> None:
    export_run(run, tmp_path / "r1.parquet", layout="open-r1")
    rows = pq.read_table(tmp_path / "r1.parquet").to_pylist()
    assert len(rows) == 7 and rows[1]["target_subtask"] == "small"
    assert rows[1]["code"].strip() == "print(1)" and rows[1]["generation"].startswith("Here.")
    pool = read_pool(tmp_path / "r1.parquet", "pears")  # our own reader of that layout
    assert [one.source.strip() for one in pool.candidates] == ["print(1)"]
    export_run(run, tmp_path / "nemo.parquet", layout="nemo")
    nemo = pq.read_table(tmp_path / "nemo.parquet").to_pylist()
    assert nemo[0]["output"] == rows[0]["generation"] and nemo[0]["solution"] == rows[0]["code"]


def test_a_file_of_others_is_no_import(tmp_path: Path, run: Path) -> None:
    other = tmp_path / "other.parquet"
    export_run(run, other, layout="open-r1")
    table = pq.read_table(other).drop_columns(["solver"])
    pq.write_table(table, other)
    with pytest.raises(RunFolderError, match="--model pool:"):
        import_run(other, tmp_path / "back")
    other.write_text("text")
    with pytest.raises(RunFolderError, match="no Parquet file"):
        import_run(other, tmp_path / "back")


def old_run(run: Path) -> list[tuple[str, str]]:
    """The run as version 1 wrote it before rows had seals; gives (key, extra)."""
    with sqlite3.connect(run / "samples.sqlite") as database:
        rows = database.execute("SELECT key, extra FROM samples").fetchall()
        plain = [(key, extra.partition(" ")[2]) for key, extra in rows]
        database.executemany(
            "UPDATE samples SET extra = ? WHERE key = ?", [(extra, key) for key, extra in plain]
        )
        database.execute("UPDATE meta SET value = '1' WHERE name = 'version'")
    database.close()
    return plain


def test_a_run_of_version_1_is_brought_to_this_one_with_every_row_sealed(run: Path) -> None:
    with RunFolder(run) as kept:
        before = kept.samples("apples", "candidate")
    plain = old_run(run)
    assert all(extra.startswith("{") for _, extra in plain)
    with RunFolder(run) as kept:
        assert kept.samples("apples", "candidate") == before
    with sqlite3.connect(run / "samples.sqlite") as database:
        assert database.execute("SELECT value FROM meta").fetchone() == (str(SCHEMA_VERSION),)
        extras = [row[0] for row in database.execute("SELECT extra FROM samples")]
        assert all(extra.startswith("#") for extra in extras)
        # From now on a row that lost its seal is damage.
        database.execute("UPDATE samples SET extra = ? WHERE key = ?", plain[0][::-1])
    database.close()
    with pytest.raises(RunFolderError, match="is not what was kept"):
        RunFolder(run)


def test_a_run_of_a_newer_version_is_refused_and_left_alone(run: Path) -> None:
    with sqlite3.connect(run / "samples.sqlite") as database:
        database.execute("UPDATE meta SET value = '99' WHERE name = 'version'")
    database.close()
    with pytest.raises(RunFolderError, match="a newer solver reads it"):
        RunFolder(run)


def test_readers_read_while_the_driver_writes(run: Path) -> None:
    with driving(run), RunFolder(run) as writer, RunFolder(run) as reader:
        writer.add([replace(sample(7), key="late")])
        assert len(reader.samples("apples", "candidate")) == 7
        assert summary_of(run).samples == 9 and check_run(run).problems == ()


def test_the_table_of_runs_is_json_for_scripts(run: Path) -> None:
    record = json.loads(json.dumps(summary_of(run).as_record()))
    assert record["samples"] == 8 and record["problem"] is None and len(record["tasks"]) == 2
