"""What is around a run that is hurt: its model's server, its clock, its disk."""

import os
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sandbox.faults.kinds import small_disk

_DISK_BYTES = 96 << 20
_SHIM = Path(__file__).with_name("chaos_clock.c")


class Model:
    """A process that answers out of a recorded pool."""

    def __init__(self, pool: Path) -> None:
        self._pool = pool
        self._port = 0
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def spec(self) -> str:
        """As `--model` takes it."""
        return f"openai:recorded@http://127.0.0.1:{self._port}/v1"

    def start(self) -> None:
        """Starts it, at the same port as before, and waits until it listens."""
        words = ["solver.runs.chaos_model", str(self._pool), str(self._port)]
        self._process = subprocess.Popen(
            [sys.executable, "-m", *words], stdout=subprocess.PIPE, start_new_session=True
        )
        assert self._process.stdout is not None
        self._port = int(self._process.stdout.readline())

    def kill(self) -> None:
        """Kills it."""
        assert self._process is not None
        self._process.kill()
        self._process.communicate()


class Clock:
    """The time of day as drivers see it, by a library that is loaded before them."""

    def __init__(self, folder: Path) -> None:
        """Compiles the library.

        Raises:
            OSError, CalledProcessError: There is no C compiler.
        """
        library, self._file = folder / "clock.so", folder / "clock"
        self._offset_ns = 0
        self.move(0)
        command = ["cc", "-shared", "-fPIC", "-O1", "-o", str(library), str(_SHIM)]
        subprocess.run(command, check=True, capture_output=True)
        self.environment = {"LD_PRELOAD": str(library), "SOLVER_CHAOS_CLOCK": str(self._file)}

    def move(self, by_s: float) -> None:
        """Whoever looks at the time from now on sees it moved by so much more."""
        self._offset_ns += int(by_s * 1e9)
        with open(self._file, "r+b" if self._file.exists() else "w+b", buffering=0) as file:  # noqa: PTH123
            os.pwrite(file.fileno(), struct.pack("q", self._offset_ns), 0)


@contextmanager
def disk() -> Iterator[tuple[Path, bool]]:
    """Where the runs lie, and whether it is a small disk of its own."""
    with ExitStack() as stack:
        try:
            folder, is_small = stack.enter_context(small_disk(_DISK_BYTES)), True
        except PermissionError:
            name = stack.enter_context(tempfile.TemporaryDirectory(prefix="solver-chaos-"))
            folder, is_small = Path(name), False
        yield folder, is_small


@contextmanager
def model(pool: Path) -> Iterator[Model]:
    """A model server for the block."""
    server = Model(pool)
    try:
        yield server
    finally:
        server.kill()


@contextmanager
def clock() -> Iterator[Clock | None]:
    """A clock for the block; None where none can be made."""
    with tempfile.TemporaryDirectory(prefix="solver-chaos-clock-") as folder:
        try:
            made = Clock(Path(folder))
        except (OSError, subprocess.CalledProcessError):
            yield None
            return
        yield made
