"""The owner process of a whole service: the sandbox, plain runs, and judging."""

import os
import select
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from problems.service.judged import Judged
from problems.service.oneoff import OneOff
from problems.service.packages import Packages
from sandbox.compiling.compile import Compiler
from sandbox.errors import BackendUnavailable
from sandbox.opening import open_sandbox
from sandbox.service.jobs import Jobs
from sandbox.service.owner import Owner
from sandbox.service.processes import CANNOT_RUN
from sandbox.service.programs import Programs
from sandbox.service.queue import QueueBounds
from sandbox.service.running import Running
from sandbox.service.toolchains import Toolchains

LAST_S = 0.5
"""What the owner waits by itself, for work that is ending anyway."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerConfig:
    """Settings of the owner.

    Attributes:
        socket: Where it is heard; its folder is nobody else's.
        data: Where handed-over packages are kept.
        slots: None: one a core.
        graceful_s: How long it finishes what it began, once it is told to stop.
    """

    socket: Path
    data: Path
    backend: str = "namespaces"
    slots: int | None = None
    cache: Path | None = None
    bounds: QueueBounds = field(default_factory=QueueBounds)
    graceful_s: float = 30.0


def run_owner(config: OwnerConfig, leash: int, note: Callable[[str], None]) -> int:
    """Serves until `leash` is readable; returns an exit code."""
    parent = os.getppid()
    config.socket.unlink(missing_ok=True)
    try:
        opened = open_sandbox(config.backend, slots=config.slots)
    except BackendUnavailable as error:
        note(f"error: {error}")
        return CANNOT_RUN
    with opened as sandbox:
        compiler = Compiler(sandbox, cache=config.cache)
        programs = Programs(compiler)
        running = Running(sandbox, programs)
        judged = Judged(Packages(config.data, sandbox, compiler))
        owner = Owner(
            config.socket,
            {
                "run": running.serve,
                "jobs": Jobs(sandbox).serve,
                "toolchain": Toolchains(compiler).serve,
                "oneoff": OneOff(sandbox, compiler).serve,
                "upload": judged.upload,
                "describe": judged.describe,
                "judge": judged.judge,
            },
            threads=2 * sandbox.slots,
            slots=sandbox.slots,
            bounds=config.bounds,
        )
        gauges: dict[str, tuple[str, Callable[[], float]]] = {
            "solver_compile_hits": ("programs found built", lambda: programs.hits),
            "solver_compiles": ("programs built", lambda: programs.misses),
            "solver_compilers_run": ("compilers run", lambda: compiler.counts.started),
            "solver_workers_cpu_seconds": ("CPU time of the slots", _cpu_of(sandbox)),
        }
        for name, (text, read) in gauges.items():
            owner.metrics.add_gauge(name, text, read)
        owner.start()
        poller = select.poll()
        poller.register(leash, select.POLLIN | select.POLLHUP)
        poller.poll()
        # The HTTP processes have waited `graceful_s` and are gone: nobody wants what is left.
        if not owner.stop(min(LAST_S, config.graceful_s)):
            when = f"after {config.graceful_s:g} s"
            if os.getppid() != parent:
                when = "when the service's main process was killed"
            note(f"work was still going on {when}; it is ended")
    os.close(leash)
    return 0


def _cpu_of(sandbox: object) -> Callable[[], float]:
    read = getattr(sandbox, "workers_cpu_s", None)
    return read if callable(read) else lambda: 0.0
