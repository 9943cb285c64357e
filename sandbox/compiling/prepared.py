"""What makes compiling faster: made once by the compiler itself, shown read-only to compilations.

One folder a thing, named by the hash of all that it was made of. A folder appears whole or not at
all, so several processes share them; no source of a program takes part and no program can write
there. What is not used for longest goes when they outgrow `LIMIT_BYTES`: whoever was about to use
it compiles the slow way.
"""

import fcntl
import os
import shutil
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

from sandbox.backend import Executable, Job
from sandbox.data import Blob
from sandbox.errors import InvalidJob, SandboxError
from sandbox.host.rootfs import HEADERS_FOLDER, headers_source
from sandbox.limits import MIB, Limits
from sandbox.result import RunResult

LIMIT_BYTES = 3 * 1024 * MIB
"""Of all folders together; a bits/stdc++.h has 136 MB, and a table has three standards."""

BUILD_LIMITS = Limits(
    cpu_s=120.0,
    wall_s=1200.0,
    memory_bytes=2048 * MIB,
    output_bytes=MIB,
    processes=128,
    open_files=1024,
    disk_bytes=512 * MIB,
    files=4096,
)
Made = Mapping[str, Blob | bytes]
"""Files of a folder: "name" or "folder/name"."""


class Prepared:
    """Finds, and in time makes, things by key; threads may share it."""

    def __init__(self, run: Callable[[Job], RunResult], *, eager: bool = False) -> None:
        """Makes a store.

        Args:
            run: Runs a job in the sandbox, counting what it costs.
            eager: Make everything the first time that it is asked for.
        """
        self._run = run
        self._eager = eager
        self._asked: Counter[str] = Counter()
        self._ready: set[str] = set()
        self._failed: set[str] = set()
        self._making: set[str] = set()
        self._lock = threading.Lock()

    def ready(self, key: str, make: Callable[[], Made | None], *, pays_after: int = 1) -> bool:
        """Whether the thing is there; makes it when it was asked for `pays_after` times.

        Nobody waits for a thing that another thread is making: there is none yet.

        Args:
            key: A hash.
            make: Returns the folder's files ("name" or "folder/name"); None where that does not
                work here: then it is not tried again.
            pays_after: Times that it is asked for until it pays to make it.
        """
        with self._lock:
            if key in self._ready:
                return True
        folder = headers_source() / key
        if folder.exists():
            _touch(folder)
            with self._lock:
                self._ready.add(key)
            return True
        with self._lock:
            self._asked[key] += 1
            early = self._asked[key] < pays_after and not self._eager
            if early or key in self._failed or key in self._making:
                return False
            self._making.add(key)
        made = False
        try:
            made = self._make(folder, make)
        finally:
            with self._lock:
                self._making.discard(key)
                (self._ready if made else self._failed).add(key)
        return made

    def made_by(self, argv: tuple[str, ...], files: Made, keep: tuple[str, ...]) -> Made | None:
        """What a command leaves in the sandbox; None where it fails, leaves not all of it, or is
        not installed there."""
        program = Executable(language="", argv=argv, files={})
        try:
            result = self._run(Job(program=program, limits=BUILD_LIMITS, files=files, keep=keep))
        except InvalidJob:
            return None
        return dict(result.kept) if result.ok and set(result.kept) == set(keep) else None

    def _make(self, folder: Path, make: Callable[[], Made | None]) -> bool:
        lock_file = folder.with_name(f".{folder.name}.lock")
        try:
            with lock_file.open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                if folder.exists():  # another process was faster
                    return True
                files = make()
                if files is None:
                    return False
                _write(files, folder)
                lock_file.unlink(missing_ok=True)
            trim(headers_source(), LIMIT_BYTES, keep=folder)
        except (OSError, SandboxError):  # a full disk, say: programs compile without it as well
            return False
        return True


def shown(key: str) -> str:
    """The folder of that key as a program in the sandbox sees it."""
    return f"{HEADERS_FOLDER}/{key}"


def trim(place: Path, limit_bytes: int, *, keep: Path) -> None:
    """Removes what was not used for longest until the rest, with `keep`, fits."""
    folders = [folder for folder in place.iterdir() if folder.is_dir() and folder != keep]
    folders.sort(key=lambda folder: folder.stat().st_mtime, reverse=True)
    total = bytes_below(keep)
    for folder in folders:
        total += bytes_below(folder)
        if total > limit_bytes:
            shutil.rmtree(folder, ignore_errors=True)


def bytes_below(folder: Path) -> int:
    """Bytes of all files below a folder; what vanishes meanwhile does not count."""
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(root, name)).st_size  # noqa: PTH118 - many files
            except OSError:
                continue
    return total


def _touch(folder: Path) -> None:
    """Says that it is in use; a folder of another user stays as it is."""
    try:
        os.utime(folder)
    except OSError:
        return


def _write(files: Made, folder: Path) -> None:
    staging = Path(tempfile.mkdtemp(prefix=".new-", dir=folder.parent))
    try:
        for name, content in files.items():
            path = staging / name
            path.parent.mkdir(exist_ok=True)
            if isinstance(content, bytes):
                path.write_bytes(content)
            else:
                _copy(content, path)
            path.chmod(0o644)
        for path in (staging, *(path for path in staging.iterdir() if path.is_dir())):
            path.chmod(0o755)
        staging.rename(folder)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise


def _copy(blob: Blob, path: Path) -> None:
    source = blob.open()
    try:
        with path.open("wb") as target:
            offset = 0
            while offset < blob.size_bytes:
                left = blob.size_bytes - offset
                offset += os.sendfile(target.fileno(), source, offset, left)
    finally:
        os.close(source)
