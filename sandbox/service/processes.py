"""Keeps the service's processes alive: one owner of the slots and several fronts. One that dies is
started again; when the parent ends, however it ends, they stop."""

import contextlib
import os
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass

RESTART_S = 0.2
"""Pause before a process that died is started again, so that one that cannot live burns nothing."""

CANNOT_RUN = 3
"""A process ends with this code where the machine lacks what it needs."""

Body = Callable[[int], int]
"""Runs in the child; gets a descriptor that is readable once it should stop; returns a code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """One process to keep."""

    name: str
    body: Body
    stop_first: bool = False


class Keeper:
    """Starts the processes by fork, so call it before there are threads."""

    def __init__(self, roles: list[Role], note: Callable[[str], None]) -> None:
        self._roles = roles
        self._note = note
        self._running: dict[int, tuple[Role, int]] = {}
        self._stopping = False
        self._code = 0

    def run(self, started: Callable[[], bool] = lambda: True) -> int:
        """Keeps them until SIGTERM or SIGINT; then fronts stop first and the owner last.

        Args:
            started: Asked after the start until it says that all is ready.

        Returns:
            0, or CANNOT_RUN where a process ended with that code before all was ready: nothing is
            started again.
        """
        ready = False
        wake, waker = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for role in self._roles:
            self._start(role)
        while not self._stopping:
            ready = ready or started()
            with contextlib.suppress(InterruptedError):
                select.select([wake], [], [], 1.0 if ready else 0.02)
            with contextlib.suppress(BlockingIOError):
                os.read(wake, 1024)
            for role in self._ended():
                # What could run once and cannot now is in trouble that may pass: memory, say.
                if not self._stopping and (ready or self._code != CANNOT_RUN):
                    self._note(f"{role.name} ended; starting it again")
                    time.sleep(RESTART_S)
                    self._start(role)
            self._stopping = self._stopping or (self._code == CANNOT_RUN and not ready)
        for first in (True, False):
            group = {pid for pid, (role, _) in self._running.items() if role.stop_first is first}
            for pid in group:
                os.close(self._running[pid][1])
            while group & self._running.keys():
                time.sleep(0.02)
                self._ended(closed=True)
        return self._code if self._code == CANNOT_RUN and not ready else 0

    def _stop(self, *_: object) -> None:
        self._stopping = True

    def _ended(self, *, closed: bool = False) -> list[Role]:
        found: list[Role] = []
        for pid in list(self._running):
            done, status = os.waitpid(pid, os.WNOHANG)
            if done:
                if os.waitstatus_to_exitcode(status) == CANNOT_RUN:
                    self._code = CANNOT_RUN
                role, leash = self._running.pop(pid)
                if not closed:
                    os.close(leash)
                found.append(role)
        return found

    def _start(self, role: Role) -> None:
        reading, writing = os.pipe2(os.O_CLOEXEC)
        pid = os.fork()
        if pid:
            os.close(reading)
            self._running[pid] = (role, writing)
            return
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            # A terminal's Ctrl-C reaches all at once; the parent alone decides the order.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            for _, leash in self._running.values():
                os.close(leash)
            os.close(writing)
            code = role.body(reading)
        except BaseException:  # noqa: BLE001 - the child must not go on as its parent
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
