"""One process drives a run folder; any number may read it meanwhile.

The lock is the kernel's, on `driver.lock`, and ends with the process that holds it, however that
ends: nothing has to be removed after a crash, and a copy of the folder is free. What stands in the
file is for people.
"""

import datetime
import fcntl
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from solver.errors import RunFolderError
from solver.kept.disk import disk_errors, make_folder

LOCK_NAME = "driver.lock"
_HELD: set[tuple[Path, int]] = set()
"""Locks of this process, and the threads that took them."""


class RunDriven(RunFolderError):
    """Another process drives this run at the moment. Exit code 1: the same call may do later."""

    exit_code = 1


@contextmanager
def driving(run: Path, *, what: str = "run", option: str = "--run") -> Iterator[None]:
    """For as long as the block lasts, nobody else drives this run. The folder is made.

    A thread that drives it already goes on driving it.

    Args:
        what: What the folder is to people.
        option: Names another folder on the command line.

    Raises:
        RunDriven: Somebody does; says who.
        RunFolderError: The folder cannot be written.
    """
    path = run / LOCK_NAME
    held = (path.resolve(), threading.get_ident())
    if held in _HELD:
        yield
        return
    with disk_errors(path):
        make_folder(run)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            who = os.read(descriptor, 1000).decode(errors="replace").strip() or "no name yet"
            raise RunDriven(
                f"{run}: another process drives this {what} ({who}); wait for its end, or take "
                f"another folder with {option}"
            ) from None
        since = datetime.datetime.now(datetime.UTC).replace(microsecond=0).isoformat()
        with disk_errors(path):
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, json.dumps({"pid": os.getpid(), "since": since}).encode(), 0)
        _HELD.add(held)
        yield
    finally:
        _HELD.discard(held)
        os.close(descriptor)


def driven_by(run: Path) -> str | None:
    """Who drives the run now, in the words of its lock; None where nobody does."""
    try:
        descriptor = os.open(run / LOCK_NAME, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return os.read(descriptor, 1000).decode(errors="replace").strip() or "no name yet"
    finally:
        os.close(descriptor)
    return None
