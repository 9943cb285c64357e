"""What a run folder needs of a disk: failures that are said, and writes that outlive a power cut.

A file's content is on the disk once the file was synced, and its name once the folder was. So what
is kept is written beside its place, synced, moved there, and the folder synced: after a power cut
the name leads to the whole content, to what was there before, or to nothing. A test plays these
calls on a disk that forgets what was not synced (`tests/solver/kept/test_power_cut.py`); that a
real disk keeps what it said it had synced, no test can see.
"""

import errno
import os
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from solver.errors import DiskFull, RunFolderError

NEARLY_FULL_BYTES = 1024 * 1024

_MAKING = threading.Lock()
"""A thread that finds a folder has waited until another one has synced its name."""


def make_folder(path: Path) -> None:
    """Makes a folder and those above it, each on the disk when this returns.

    Raises:
        OSError: It cannot be made.
    """
    missing = []
    with _MAKING:
        for one in (path, *path.parents):
            if one.is_dir():
                break
            missing.append(one)
        for one in reversed(missing):
            one.mkdir(exist_ok=True)
            sync(one.parent)


def sync(path: Path) -> None:
    """Waits until a file's content, or a folder's names, are on the disk.

    Raises:
        OSError: The disk failed.
    """
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def put_in_place(written: Path, path: Path) -> None:
    """Moves a finished file of the same folder to its name; on the disk when this returns.

    Raises:
        OSError: The disk failed.
    """
    sync(written)
    written.replace(path)
    sync(path.parent)


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
        # Errors that the Python module finds by itself carry no code.
        name = getattr(error, "sqlite_errorname", "")
        full = name == "SQLITE_FULL"
        # A full file system may show as an I/O error, or as a file that cannot be made.
        if name.startswith(("SQLITE_IOERR", "SQLITE_CANTOPEN")):
            folder = where if where.is_dir() else where.parent
            full = folder.is_dir() and shutil.disk_usage(folder).free < NEARLY_FULL_BYTES
        raise disk_error(where, OSError(errno.ENOSPC if full else 0, str(error))) from error
    except OSError as error:
        raise disk_error(where, error) from error
