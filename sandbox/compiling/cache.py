"""Compiled programs on disk, one folder a compilation, named by the hash of all that went in."""

import errno
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sandbox.data import Blob
from sandbox.errors import StorageFull

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

    def __init__(self, folder: Path) -> None:
        self._folder = folder

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
        except FileNotFoundError:
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
