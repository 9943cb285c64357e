"""Writers that wait at the same time share one synced transaction."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from solver.errors import RunFolderError
from solver.kept.durable import DurableFile


@pytest.fixture
def file(tmp_path: Path) -> Iterator[DurableFile]:
    with closing(DurableFile(tmp_path / "kept.sqlite", what="a test's file")) as opened:
        opened.script("CREATE TABLE kept (name TEXT PRIMARY KEY, size INTEGER CHECK (size >= 0));")
        yield opened


def put(name: str, size: int) -> Callable[[sqlite3.Connection], object]:
    return lambda one: one.execute("INSERT OR REPLACE INTO kept VALUES (?, ?)", (name, size))


def held_up(file: DurableFile, sizes: dict[str, int]) -> tuple[dict[str, BaseException], list[str]]:
    """Lets all write while one transaction is open: what failed, and what SQLite was told."""
    failed: dict[str, BaseException] = {}
    told: list[str] = []

    def write(name: str, size: int) -> None:
        try:
            file.commit(put(name, size))
        except (RunFolderError, sqlite3.Error) as error:
            failed[name] = error

    threads = [threading.Thread(target=write, args=item) for item in sizes.items()]
    with file.transaction() as connection:
        for thread in threads:
            thread.start()
        until_s = time.monotonic() + 30
        while len(file._turns) < len(threads) and time.monotonic() < until_s:
            time.sleep(0.001)
        connection.set_trace_callback(told.append)
    for thread in threads:
        thread.join(30)
    connection.set_trace_callback(None)
    return failed, told


def test_writers_that_wait_share_one_transaction(file: DurableFile) -> None:
    sizes = {f"{number}": number for number in range(40)}
    failed, told = held_up(file, sizes)
    assert not failed
    assert dict(file.rows("SELECT name, size FROM kept")) == sizes
    # The one that held them up, and theirs.
    assert told.count("COMMIT") == 2


def test_a_failure_is_its_own_writers_alone(file: DurableFile, tmp_path: Path) -> None:
    failed, _ = held_up(file, {"a": 1, "bad": -1, "b": 2, "worse": -2})
    assert set(failed) == {"bad", "worse"}
    assert all(isinstance(error, sqlite3.IntegrityError) for error in failed.values())
    assert dict(file.rows("SELECT name, size FROM kept")) == {"a": 1, "b": 2}
    file.commit(put("c", 3))
    with closing(sqlite3.connect(tmp_path / "kept.sqlite")) as other:
        assert other.execute("SELECT count(*) FROM kept").fetchone() == (3,)


def test_a_full_disk_keeps_what_fits_and_tells_the_others(file: DurableFile) -> None:
    with file.transaction() as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 2}")
    failed, _ = held_up(file, {"x" * 3000 + f"{number}": number for number in range(12)})
    assert failed and all(isinstance(error, RunFolderError) for error in failed.values())
    assert all("no space left" in str(error) for error in failed.values())
    kept = {name for (name,) in file.rows("SELECT name FROM kept")}
    assert len(kept) + len(failed) == 12 and not kept & set(failed) and kept


def test_what_an_interrupted_writer_had_taken_up_is_not_lost(file: DurableFile) -> None:
    """Ctrl-C comes to one thread, in the middle of a transaction that it makes for all."""

    def interrupted(_: sqlite3.Connection) -> object:
        raise KeyboardInterrupt

    ended: list[str] = []

    def first() -> None:
        with pytest.raises(KeyboardInterrupt):
            file.commit(interrupted)
        ended.append("first")

    def second() -> None:
        file.commit(put("second", 2))
        ended.append("second")

    with file.transaction():
        threads = [threading.Thread(target=each, daemon=True) for each in (first, second)]
        for waiting, thread in enumerate(threads, 1):
            thread.start()
            until_s = time.monotonic() + 30
            while len(file._turns) < waiting and time.monotonic() < until_s:
                time.sleep(0.001)
    for thread in threads:
        thread.join(30)
    assert sorted(ended) == ["first", "second"]
    assert file.rows("SELECT name FROM kept") == [("second",)]
