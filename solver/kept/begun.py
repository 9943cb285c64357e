"""A run folder is begun when something is in it that took time or money; before that, a command
that is refused leaves none.

With its settings alone a folder would refuse the next try with others, another model say.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from solver.errors import RunFolderError
from solver.kept.about import ABOUT_NAME
from solver.kept.driver import LOCK_NAME, RunDriven, driving
from solver.kept.journal import EVENTS_NAME, METRICS_NAME
from solver.kept.samples import RunFolder

_NOTES = frozenset(
    {ABOUT_NAME, LOCK_NAME, EVENTS_NAME, METRICS_NAME, "config.json", "contest.json"}
)
_LOG = "submissions.jsonl"
_DATABASE = "samples.sqlite"


@contextmanager
def begun_or_nothing(run: Path) -> Iterator[None]:
    """For a command that makes the run folder: an error of the block takes away again what the
    block made, where that is nothing but settings."""
    new = not run.exists() or not any(run.iterdir())
    try:
        yield
    except Exception:
        if new and run.is_dir():
            # Somebody who drives it now may be about to write.
            with suppress(RunDriven, RunFolderError, OSError), driving(run):
                if not _holds_work(run):
                    shutil.rmtree(run)
        raise


def _holds_work(run: Path) -> bool:
    for file in run.rglob("*"):
        if file.is_dir() or file.name in _NOTES:
            continue
        if file.name == _LOG and file.read_bytes().count(b"\n") <= 2:
            continue  # that a contest begins, and which task it was to prepare
        if not file.name.startswith(_DATABASE):
            return True
        if file.name == _DATABASE:
            with RunFolder(file.parent) as kept:
                if kept.keys():
                    return True
    return False
