"""What is done to a run while it goes on: each fault for real, at the moment it is called."""

import contextlib
import errno
import os
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random

from sandbox.faults.traces import descendants
from solver.runs.chaos_around import Clock, Model

_FULL_S = (0.5, 4.0)
_PAUSED_S = (0.2, 2.0)
_GONE_S = (0.0, 3.0)
_JUMP_S = 30 * 86_400.0
_FILL_BYTES = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A run that goes on.

    Attributes:
        pid: Of its driver.
        disk: The file system on which it writes.
        has_ended: Whether the driver is gone.
        model: The server that it draws from.
        clock: What it takes for the time of day; None where that cannot be moved.
    """

    pid: int
    disk: Path
    random: Random
    has_ended: Callable[[], bool]
    model: Model | None = None
    clock: Clock | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFault:
    """One kind.

    Attributes:
        says: What happens.
        bring: Brings it about.
        codes: Exit codes of a driver that was hurt so; 0: it went on, or was done before.
        ends: The driver is to end of it.
        needs: What must be there for it: "disk" (a small one of its own), "clock".
    """

    says: str
    bring: Callable[[Target], None]
    codes: tuple[int, ...]
    ends: bool = False
    needs: str | None = None


def _kill(pid: int, number: int = signal.SIGKILL) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def _everything(target: Target) -> None:
    for pid in (*descendants(target.pid), target.pid):
        _kill(pid)


def _workers(target: Target) -> None:
    below = descendants(target.pid)
    for pid in target.random.sample(below, target.random.randint(1, len(below)) if below else 0):
        _kill(pid)


def _pause(target: Target) -> None:
    _kill(target.pid, signal.SIGSTOP)
    time.sleep(target.random.uniform(*_PAUSED_S))
    _kill(target.pid, signal.SIGCONT)


def _model(target: Target) -> None:
    assert target.model is not None
    target.model.kill()
    time.sleep(target.random.uniform(*_GONE_S))
    target.model.start()


def _jump(target: Target) -> None:
    assert target.clock is not None
    target.clock.move(target.random.uniform(-_JUMP_S, _JUMP_S))


def _fill(target: Target) -> None:
    filler = target.disk / "filler"
    until_s = time.monotonic() + target.random.uniform(*_FULL_S)
    try:
        with filler.open("wb", buffering=0) as file:
            size = _FILL_BYTES
            while time.monotonic() < until_s and not target.has_ended():
                try:
                    file.write(bytes(size))
                except OSError as error:
                    if error.errno != errno.ENOSPC:
                        raise
                    size = max(1, size // 2)  # the last byte as well; then whatever is given back
                    time.sleep(0.01 if size == 1 else 0.0)
    finally:
        filler.unlink(missing_ok=True)


FAULTS: Mapping[str, RunFault] = {
    "driver": RunFault(
        says="the driver is killed, its workers are not",
        bring=lambda target: _kill(target.pid),
        codes=(0, -signal.SIGKILL),
        ends=True,
    ),
    "everything": RunFault(
        says="the driver and all that it started are killed",
        bring=_everything,
        codes=(0, -signal.SIGKILL),
        ends=True,
    ),
    "workers": RunFault(
        says="some of the processes that run programs are killed",
        bring=_workers,
        codes=(0,),
    ),
    "ctrl-c": RunFault(
        says="Ctrl-C",
        bring=lambda target: _kill(target.pid, signal.SIGINT),
        codes=(0, 130, -signal.SIGINT),
        ends=True,
    ),
    "terminate": RunFault(
        says="SIGTERM",
        bring=lambda target: _kill(target.pid, signal.SIGTERM),
        codes=(0, 128 + signal.SIGTERM, -signal.SIGTERM),
        ends=True,
    ),
    "pause": RunFault(
        says="the driver is stopped for a while, as when a machine sleeps",
        bring=_pause,
        codes=(0,),
    ),
    "model": RunFault(
        says="the model server is killed, and is there again after a while",
        bring=_model,
        codes=(0, 3),  # a driver that finds no server when it begins says so
    ),
    "clock": RunFault(
        says="the time of day jumps, by up to 30 days either way",
        bring=_jump,
        codes=(0,),
        needs="clock",
    ),
    "disk": RunFault(
        says="the run folder's disk is full for a while",
        bring=_fill,
        codes=(0, 1, 3),
        needs="disk",
    ),
}
