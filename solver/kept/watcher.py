"""Says of a driver that was killed that it drives no more: who is killed cannot say it himself."""

import contextlib
import os
import subprocess
from pathlib import Path

RUNNING = "solver_driver_running"
INFO = "solver_driver_info"
_SCRIPT = r"""
read -r word && exit 0
grep -q "^$3{pid=\"$4\"} 1" "$1" && exec sed -i "s/^$2 1\(\.0\)\?\$/$2 0.0/" "$1"
"""
"""A line means that the driver ended by itself; the end of the pipe alone, that it was killed.
Another driver may write the file by then, with its own pid. The run's lock is not asked: whoever
holds it for a moment has the next driver refused."""


class Watcher:
    """A shell beside the driver that outlives it. A run whose machine goes down keeps its 1."""

    def __init__(self, metrics: Path) -> None:
        """Args:
        metrics: The file with the gauges `RUNNING`, and `INFO` with this process's pid.
        """
        words = [str(metrics), RUNNING, INFO, str(os.getpid())]
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
