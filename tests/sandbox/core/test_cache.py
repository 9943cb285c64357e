"""The cache of compiled programs: what it lets go, and when."""

import os
from pathlib import Path

from sandbox.compiling.cache import CacheEntry, CompileCache, entries
from sandbox.data import Blob


def filled(folder: Path, sizes: dict[str, int]) -> None:
    """Entries of these sizes, each used a minute after the one before."""
    cache = CompileCache(folder)
    for minute, (key, size) in enumerate(sizes.items()):
        program = Blob.of_bytes(bytes(size))
        cache.store(key, CacheEntry(reason=None, messages=b"", files={"main": program}))
        os.utime(folder / key[:2] / key[2:], (60 * minute, 60 * minute))
    (folder / ".trimmed").unlink()


def keys(folder: Path) -> set[str]:
    return {place.parent.name + place.name for _, _, place in entries(folder)}


def test_what_was_not_used_for_longest_goes_first(tmp_path: Path) -> None:
    filled(tmp_path, {"aa1": 5000, "bb2": 5000, "cc3": 5000})
    assert CompileCache(tmp_path, limit_bytes=50_000).load("aa1") is not None  # used now
    (tmp_path / ".trimmed").unlink()
    CompileCache(tmp_path, limit_bytes=12_000)
    assert keys(tmp_path) == {"aa1", "cc3"}


def test_nothing_goes_while_somebody_has_the_cache_open(tmp_path: Path) -> None:
    filled(tmp_path, {"aa1": 5000, "bb2": 5000})
    holder = CompileCache(tmp_path)
    found = holder.load("aa1")
    (tmp_path / ".trimmed").unlink(missing_ok=True)
    CompileCache(tmp_path, limit_bytes=0)
    assert keys(tmp_path) == {"aa1", "bb2"}
    assert found is not None
    del holder
    CompileCache(tmp_path, limit_bytes=0)
    assert keys(tmp_path) == set()


def test_what_a_killed_process_left_goes(tmp_path: Path) -> None:
    filled(tmp_path, {"aa1": 10})
    (tmp_path / "aa" / ".new-left").mkdir()
    CompileCache(tmp_path)
    assert keys(tmp_path) == {"aa1"}


def test_a_folder_that_cannot_be_made_holds_nothing(tmp_path: Path) -> None:
    filled(tmp_path, {"aa1": 10})
    file = tmp_path / "no-folder"
    file.write_bytes(b"")
    assert CompileCache(file).load("aa1") is None
