"""The run folder: what was reported as kept is there after any end; damage is said to be one."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from solver.errors import RunFolderError
from solver.kept.samples import INLINE_BYTES, RunFolder, StoredSample


def sample(number: int, text: str = "print(1)", task: str = "apples") -> StoredSample:
    return StoredSample(
        key=f"{task}-{number}",
        task=task,
        kind="candidate",
        subtask="small" if number % 2 else None,
        number=number,
        text=text,
        logprob=-0.25,
        tokens=3,
        prompt_tokens=5,
        finish="stop",
        model="tiny",
        elapsed_s=0.5,
        extra={"language": "python3"},
    )


def test_gives_back_what_was_kept(tmp_path: Path) -> None:
    kept = [sample(number) for number in range(5)]
    with RunFolder(tmp_path / "run") as run:
        run.add(reversed(kept))
        run.add([sample(7, task="pears")])
    with RunFolder(tmp_path / "run") as run:
        assert run.samples("apples", "candidate") == kept
        assert run.samples("apples", "generator") == []
        assert set(run.known(["apples-1", "apples-9", "pears-7"])) == {"apples-1", "pears-7"}


def test_a_key_is_kept_once_and_the_first_stays(tmp_path: Path) -> None:
    with RunFolder(tmp_path) as run:
        run.add([sample(1, "first")])
        run.add([sample(1, "second"), sample(2, "other")])
        assert [each.text for each in run.samples("apples", "candidate")] == ["first", "other"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ascii",
        "größer \u2028 \U0001f600",
        "nul \0 inside",
        "x" * (INLINE_BYTES + 1),
        "ü" * INLINE_BYTES,
    ],
    ids=["empty", "ascii", "unicode", "nul", "long", "long-unicode"],
)
def test_texts_come_back_as_they_were(tmp_path: Path, text: str) -> None:
    with RunFolder(tmp_path) as run:
        run.add([sample(1, text)])
    with RunFolder(tmp_path) as run:
        (found,) = run.samples("apples", "candidate")
        assert found.text == text


def test_a_lone_surrogate_does_not_stop_the_run(tmp_path: Path) -> None:
    with RunFolder(tmp_path) as run:
        run.add([sample(1, "a\ud800b"), sample(2)])
        assert [each.text for each in run.samples("apples", "candidate")] == ["a?b", "print(1)"]


def test_equal_long_texts_lie_on_the_disk_once(tmp_path: Path) -> None:
    text = "line\n" * INLINE_BYTES
    with RunFolder(tmp_path) as run:
        run.add([sample(number, text) for number in range(4)])
        files = [path for path in (tmp_path / "blobs").rglob("*") if path.is_file()]
        assert len(files) == 1
        assert files[0].stat().st_size < len(text) // 10
        assert {each.text for each in run.samples("apples", "candidate")} == {text}


def test_a_damaged_blob_is_named(tmp_path: Path) -> None:
    with RunFolder(tmp_path) as run:
        digest = run.blobs.put(b"content" * 100)
        (file,) = (path for path in (tmp_path / "blobs").rglob("*") if path.is_file())
        file.write_bytes(file.read_bytes()[:-3])
        with pytest.raises(RunFolderError, match=file.name):
            run.blobs.get(digest)
        with pytest.raises(RunFolderError, match="missing"):
            run.blobs.get("0" * len(digest))


def test_usage_is_counted_by_task_and_subtask(tmp_path: Path) -> None:
    with RunFolder(tmp_path) as run:
        run.add([sample(number) for number in range(5)])
        rows = {(row.task, row.subtask): row for row in run.usage()}
    assert set(rows) == {("apples", None), ("apples", "small")}
    assert rows["apples", None].samples == 3
    assert rows["apples", None].tokens == 9
    assert rows["apples", "small"].prompt_tokens == 10
    assert rows["apples", "small"].elapsed_s == pytest.approx(1.0)


def test_a_failed_transaction_keeps_nothing(tmp_path: Path) -> None:
    with RunFolder(tmp_path) as run:
        with pytest.raises(KeyboardInterrupt), run.transaction() as connection:
            connection.execute("CREATE TABLE mine (x)")
            connection.execute("INSERT INTO mine VALUES (1)")
            raise KeyboardInterrupt
        with run.transaction() as connection:
            tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
        assert "mine" not in tables


def test_many_threads_may_write(tmp_path: Path) -> None:
    with RunFolder(tmp_path) as run:
        threads = [
            threading.Thread(
                target=lambda first=first: [run.add([sample(first + n)]) for n in range(20)]
            )
            for first in range(0, 160, 20)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(run.samples("apples", "candidate")) == 160


def test_another_process_reads_while_one_writes(tmp_path: Path) -> None:
    with RunFolder(tmp_path) as run:
        run.add([sample(1)])
        with run.transaction() as connection:
            connection.execute("UPDATE samples SET tokens = 99")
            with RunFolder(tmp_path) as reader:
                assert reader.samples("apples", "candidate")[0].tokens == 3


WRITER = """
import sys
from pathlib import Path
from solver.kept.samples import RunFolder, StoredSample
with RunFolder(Path(sys.argv[1])) as run:
    for number in range(int(sys.argv[2]), 10**6):
        text = "t%d " % number * (1 if number % 3 else 5000)
        run.add([StoredSample(key=str(number), task="t", kind="candidate", subtask=None,
            number=number, text=text, logprob=None, tokens=1, prompt_tokens=1, finish="stop",
            model="m", elapsed_s=0.0, extra={})])
        print(number, flush=True)
"""


def test_sigkill_loses_nothing_that_was_reported(tmp_path: Path) -> None:
    reported = -1
    for _ in range(4):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path), str(reported + 1)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert writer.stdout is not None
        for line in writer.stdout:
            reported = int(line)
            if reported % 25 == 24:
                os.kill(writer.pid, signal.SIGKILL)
                break
        # What was written between the kill's line and the kill itself.
        rest = [int(line) for line in writer.stdout.read().split("\n")[:-1]]
        reported = rest[-1] if rest else reported
        writer.wait()
        writer.stdout.close()
        with RunFolder(tmp_path) as run:
            kept = run.samples("t", "candidate")
            assert {each.number for each in kept} >= set(range(reported + 1))
            for each in kept:
                assert each.text.startswith(f"t{each.number} ")
    assert reported >= 99


def test_a_full_disk_is_said_and_nothing_finished_is_lost(tmp_path: Path) -> None:
    with RunFolder(tmp_path) as run:
        run.add([sample(1)])
        with run.transaction() as connection:
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            # SQLite's own limit gives the very error that a full disk gives (SQLITE_FULL).
            connection.execute(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(RunFolderError, match="no space left"):
            for number in range(2, 1000):
                run.add([sample(number, "y" * 5000)])
        kept = run.samples("apples", "candidate")
        assert kept[0] == sample(1)
        with run.transaction() as connection:
            connection.execute("PRAGMA max_page_count = 1000000")
        run.add([sample(5000)])
        assert len(run.samples("apples", "candidate")) == len(kept) + 1


@pytest.mark.root
def test_a_really_full_disk(tmp_path: Path) -> None:
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("a file system of 1 MiB cannot be mounted here (needs root)")
    try:
        with RunFolder(folder / "run") as run:
            with pytest.raises(RunFolderError, match=r"no space left.*--run"):
                for number in range(2000):
                    run.add([sample(number, os.urandom(INLINE_BYTES).hex())])
            kept = {each.number for each in run.samples("apples", "candidate")}
            assert kept == set(range(len(kept)))
            assert kept
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_a_file_in_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("a file")
    with pytest.raises(RunFolderError, match="run"):
        RunFolder(tmp_path / "run")


def test_a_database_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "samples.sqlite").write_bytes(b"this is no database at all" * 100)
    with pytest.raises(RunFolderError, match=r"samples\.sqlite: not a run's database"):
        RunFolder(tmp_path)


def test_a_run_of_another_version(tmp_path: Path) -> None:
    RunFolder(tmp_path).close()
    connection = sqlite3.connect(tmp_path / "samples.sqlite")
    connection.execute("UPDATE meta SET value = '99' WHERE name = 'version'")
    connection.commit()
    connection.close()
    with pytest.raises(RunFolderError, match="version 99"):
        RunFolder(tmp_path)
