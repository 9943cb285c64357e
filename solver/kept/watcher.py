"""Says of a driver that was killed that it drives no more: who is killed cannot say it himself."""

import contextlib
import subprocess
from pathlib import Path

from solver.kept.driver import LOCK_NAME

RUNNING = "solver_driver_running"
_SCRIPT = r"""
read -r word && exit 0
exec flock -n "$1" sed -i "s/^$3 1\(\.0\)\?\$/$3 0.0/" "$2"
"""
"""A line means that the driver ended by itself; the end of the pipe alone, that it was killed. With
the run's lock taken, since another driver may write the file by then."""


class Watcher:
    """A shell beside the driver that outlives it. A run whose machine goes down keeps its 1."""

    def __init__(self, run: Path, metrics: Path) -> None:
        """Args:
        run: The folder whose lock is the driver's.
        metrics: The file with the gauge.
        """
        words = [str(run / LOCK_NAME), str(metrics), RUNNING]
        # A session of its own: Ctrl-C and a terminal that closes are not meant for it.
        self._shell = subprocess.Popen(
            ["/bin/sh", "-c", _SCRIPT, "sh", *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def close(self) -> None:
        """The driver ends by itself."""
        with contextlib.suppress(BrokenPipeError):
            self._shell.communicate(b"ended\n")
