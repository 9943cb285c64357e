"""What a driver of a run tells machines: events as JSON lines, metrics as Prometheus reads them.

`events.jsonl` is appended to, one line an event, with `timestamp` (UTC), `level`, `event`, `pid`
and what the event says; it tells of all drivers of the run, one after the other. `metrics.prom` is
written anew every few seconds and when the driver ends: the textfile collector of Prometheus's node
exporter takes it as it is. Nothing rests on either, and neither holds an answer, a program or a
credential.
"""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import structlog
from prometheus_client import CollectorRegistry, Gauge, write_to_textfile

from solver.kept.about import keep_about
from solver.kept.disk import disk_errors
from solver.kept.driver import driving
from solver.kept.traces import flush, span
from solver.kept.watcher import INFO, RUNNING, Watcher

EVENTS_NAME = "events.jsonl"
METRICS_NAME = "metrics.prom"
EVERY_S = 5.0

Tell = Callable[[str, int, int], None]


class Journal:
    """Events and metrics of one driver. Threads may share it."""

    def __init__(self, run: Path, what: str, *, every_s: float = EVERY_S) -> None:
        """Opens the events for appending.

        Args:
            what: What drives: solve, contest, play.
            every_s: Least time between two writings of the metrics.

        Raises:
            RunFolderError: The folder cannot be written.
        """
        self._run = run
        self._every_s = every_s
        self._lock = threading.Lock()
        self._start_s = time.monotonic()
        self._written_s = -every_s
        self._at: dict[tuple[str, str], tuple[int, int]] = {}
        with disk_errors(run / EVENTS_NAME):
            self._file = (run / EVENTS_NAME).open("a", encoding="utf-8")
        self._log = structlog.wrap_logger(
            structlog.WriteLogger(self._file),
            processors=[
                structlog.processors.add_log_level,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.processors.JSONRenderer(),
            ],
            wrapper_class=structlog.make_filtering_bound_logger(0),
            driver=what,
            pid=os.getpid(),
        )
        self._registry = CollectorRegistry()
        labels = ("task", "stage")
        self._done = Gauge("solver_stage_done", "done of a stage", labels, registry=self._registry)
        self._all = Gauge("solver_stage_all", "all of a stage", labels, registry=self._registry)
        self._running = Gauge(RUNNING, "1 while driven", registry=self._registry)
        self._seen = Gauge("solver_driver_seen_seconds", "Unix time", registry=self._registry)
        self._elapsed = Gauge("solver_driver_seconds", "of this driver", registry=self._registry)
        self._running.set(1)
        info = Gauge(INFO, "Which process drives", ("pid",), registry=self._registry)
        info.labels(os.getpid()).set(1)
        self._watcher = Watcher(run / METRICS_NAME)

    def event(self, name: str, **fields: Any) -> None:
        """Writes an event; of level error where it says one.

        Raises:
            RunFolderError: The disk is full.
        """
        with self._lock, disk_errors(self._run / EVENTS_NAME):
            (self._log.error if "error" in fields else self._log.info)(name, **fields)
            self._file.flush()

    def stage(self, task: str, stage: str, done: int, total: int) -> None:
        """Takes in how far a stage is; its beginning and its end are events."""
        before = self._at.get((task, stage))
        self._at[task, stage] = done, total
        self._done.labels(task, stage).set(done)
        self._all.labels(task, stage).set(total)
        if before is None:
            self.event("stage begun", task=task, stage=stage, done=done, all=total)
        if done == total and before != (done, total):
            self.event("stage done", task=task, stage=stage, all=total)
        self._write(force=False)

    def telling(self, task: str, tell: Tell) -> Tell:
        """What tells a person how far a task's stages are, and the journal too."""

        def told(stage: str, done: int, total: int) -> None:
            self.stage(task, stage, done, total)
            tell(stage, done, total)

        return told

    def close(self) -> None:
        """Writes the last metrics and closes the events."""
        self._running.set(0)
        try:
            self._write(force=True)
        finally:
            self._watcher.close()
            self._file.close()

    def _write(self, *, force: bool) -> None:
        with self._lock:
            now_s = time.monotonic()
            if not force and now_s < self._written_s + self._every_s:
                return
            self._written_s = now_s
            self._elapsed.set(now_s - self._start_s)
            self._seen.set_to_current_time()
            with disk_errors(self._run / METRICS_NAME):
                write_to_textfile(str(self._run / METRICS_NAME), self._registry)


@contextmanager
def driven(run: Path, what: str) -> Iterator[Journal]:
    """Drives a run, alone, and tells of it.

    Raises:
        RunDriven: Another process drives it; nothing is written.
        RunFolderError: The folder cannot be written.
    """
    with driving(run):
        keep_about(run)
        journal = Journal(run, what)
        try:
            journal.event("begun")
            with span(what, run=run.name):
                yield journal
            journal.event("ended")
        except KeyboardInterrupt:
            journal.event("interrupted")
            raise
        except Exception as error:
            journal.event("failed", error=str(error), kind=type(error).__name__)
            raise
        finally:
            journal.close()
            flush()
