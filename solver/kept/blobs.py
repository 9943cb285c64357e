"""The run folder's long texts: files named by the digest of their content, compressed with zstd."""

import errno
import os
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import zstandard

from sandbox.data import digest_of
from solver.errors import DiskFull, RunFolderError

NEARLY_FULL_BYTES = 1024 * 1024


class BlobStore:
    """Content-addressed files, compressed. The same content is kept once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, content: bytes) -> str:
        """Keeps the content and returns its digest.

        Raises:
            RunFolderError: No space left.
        """
        digest = digest_of(content)
        path = self._path(digest)
        if path.exists():
            return digest
        partial = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with partial.open("wb") as stream:
                stream.write(zstandard.compress(content))
                stream.flush()
                os.fsync(stream.fileno())
            partial.replace(path)
        except OSError as error:
            partial.unlink(missing_ok=True)
            raise disk_error(self._folder, error) from error
        return digest

    def get(self, digest: str) -> bytes:
        """The content of this digest.

        Raises:
            RunFolderError: The file is missing or damaged.
        """
        path = self._path(digest)
        try:
            content = zstandard.decompress(path.read_bytes())
        except (OSError, zstandard.ZstdError) as error:
            raise RunFolderError(f"{path}: missing or damaged ({error})") from error
        if digest_of(content) != digest:
            raise RunFolderError(f"{path}: the content is not what its name says")
        return content

    def _path(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest[2:]


def disk_error(where: Path, error: OSError) -> RunFolderError:
    """An error of ours for a failed write: a full disk is said to be one."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull(
            f"{where}: no space left on the disk; free some and run again with the same --run: "
            "what was finished is kept"
        )
    return RunFolderError(f"{where}: {error.strerror or error}")


@contextmanager
def disk_errors(where: Path) -> Iterator[None]:
    """Turns failed writes within the block, of files and of SQLite databases, into errors of ours.

    Raises:
        RunFolderError: Names `where`; a full disk is said to be one.
    """
    try:
        yield
    except sqlite3.OperationalError as error:
        full = error.sqlite_errorcode == sqlite3.SQLITE_FULL
        # A full file system may show as an I/O error, or as a file that cannot be made.
        if not full and error.sqlite_errorname.startswith(("SQLITE_IOERR", "SQLITE_CANTOPEN")):
            folder = where if where.is_dir() else where.parent
            full = folder.is_dir() and shutil.disk_usage(folder).free < NEARLY_FULL_BYTES
        raise disk_error(where, OSError(errno.ENOSPC if full else 0, str(error))) from error
    except OSError as error:
        raise disk_error(where, error) from error
