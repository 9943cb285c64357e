"""Compiled programs on disk, one folder a compilation, named by the hash of all that went in.

All processes of a user share the folder. Above `LIMIT_BYTES` what was not used for longest is
removed, and only at a moment when nobody else has the cache open: a program that a run has found
there must be there until the run ends, days later perhaps. So the limit holds between runs, and a
run may exceed it.
"""

import contextlib
import errno
import fcntl
import json
import os
import shutil
import tempfile
import time
import weakref
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from sandbox.data import Blob
from sandbox.errors import StorageFull

LIMIT_BYTES = 4 * 1024**3
"""Two thousand programs of C++, linked statically."""

_LOCK = ".in-use"
_TRIMMED = ".trimmed"
_TRIM_EVERY_S = 600.0
_FULL = (errno.ENOSPC, errno.EDQUOT)
_RECORD = "entry.json"
_MESSAGES = "messages"


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheEntry:
    """What came of a compilation.

    Attributes:
        reason: Why there is no program; None where there is one.
        messages: What the compiler wrote.
        files: The program's files by name.
    """

    reason: str | None
    messages: bytes
    files: Mapping[str, Blob]


class CompileCache:
    """Entries by key. Several processes may share one folder: an entry appears whole or not."""

    def __init__(self, folder: Path, *, limit_bytes: int = LIMIT_BYTES) -> None:
        """Opens the cache, and trims it where nobody else has it open.

        Args:
            limit_bytes: What it may hold from one run to the next.
        """
        self._folder = folder
        with contextlib.suppress(OSError):  # read-only, say: what is there serves all the same
            self._share(limit_bytes)

    def _share(self, limit_bytes: int) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(self._folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        weakref.finalize(self, os.close, lock).atexit = False
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            trim(self._folder, limit_bytes)
        fcntl.flock(lock, fcntl.LOCK_SH)

    def load(self, key: str) -> CacheEntry | None:
        """The entry of that key; a damaged one is removed and counts as absent."""
        place = self._place(key)
        try:
            record = json.loads((place / _RECORD).read_bytes())
            messages = (place / _MESSAGES).read_bytes()
            files = {
                name: Blob.of_file(place / f"file-{index}")
                for index, name in enumerate(record["files"])
            }
            if [blob.size_bytes for blob in files.values()] != record["sizes"]:
                raise ValueError("a file was cut short")
            with contextlib.suppress(OSError):
                os.utime(place)  # used now
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (ValueError, KeyError, TypeError):
            shutil.rmtree(place, ignore_errors=True)
            return None
        return CacheEntry(reason=record["reason"], messages=messages, files=files)

    def store(self, key: str, entry: CacheEntry) -> None:
        """Keeps the entry under that key; whoever comes first wins.

        Raises:
            StorageFull: No space is left in the cache's folder.
        """
        place = self._place(key)
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            staging = Path(tempfile.mkdtemp(prefix=".new-", dir=place.parent))
        except OSError as error:
            raise _translated(error, self._folder) from error
        try:
            for index, blob in enumerate(entry.files.values()):
                _copy(blob, staging / f"file-{index}")
            (staging / _MESSAGES).write_bytes(entry.messages)
            record = {
                "reason": entry.reason,
                "files": list(entry.files),
                "sizes": [blob.size_bytes for blob in entry.files.values()],
            }
            (staging / _RECORD).write_text(json.dumps(record))
            staging.rename(place)
        except OSError as error:
            shutil.rmtree(staging, ignore_errors=True)
            if error.errno not in (errno.EEXIST, errno.ENOTEMPTY):
                raise _translated(error, self._folder) from error

    def _place(self, key: str) -> Path:
        return self._folder / key[:2] / key[2:]


def default_cache() -> Path:
    """Where compiled programs are kept unless told otherwise."""
    return Path(platformdirs.user_cache_dir("solver")) / "compiled"


def entries(folder: Path) -> Iterator[tuple[float, int, Path]]:
    """(when it was last used, bytes, place) of each entry of a cache's folder."""
    for shelf in folder.glob("[0-9a-f][0-9a-f]"):
        for place in shelf.iterdir():
            with contextlib.suppress(OSError):  # another process may remove it meanwhile
                size_bytes = sum(file.stat().st_size for file in place.iterdir())
                yield place.stat().st_mtime, size_bytes, place


def trim(folder: Path, limit_bytes: int) -> None:
    """Removes what was not used for longest until the rest fits, and what a killed process left.

    For a folder that nobody else has open. Looks at most every ten minutes.
    """
    stamp = folder / _TRIMMED
    if stamp.exists() and time.time() - stamp.stat().st_mtime < _TRIM_EVERY_S:
        return
    stamp.touch()
    total_bytes = 0
    for _, size_bytes, place in sorted(entries(folder), reverse=True):
        total_bytes += size_bytes
        if total_bytes > limit_bytes or place.name.startswith(".new-"):
            shutil.rmtree(place, ignore_errors=True)


def _copy(blob: Blob, path: Path) -> None:
    source = blob.open()
    target = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
    try:
        offset = 0
        while offset < blob.size_bytes:
            copied = os.sendfile(target, source, offset, blob.size_bytes - offset)
            if copied == 0:
                break
            offset += copied
    finally:
        os.close(source)
        os.close(target)


def _translated(error: OSError, folder: Path) -> Exception:
    if error.errno in _FULL:
        return StorageFull(f"{folder}: no space left; free some or name another cache folder")
    return error
