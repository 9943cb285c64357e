"""What a task is, and what is right.

`task` holds all that a solver may know. `testset` holds the hidden tests; only `judge` takes one.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from sandbox.moved import install

if TYPE_CHECKING:  # a reader's libraries take half a second: they are loaded by the first `load`
    from problems.task import Task

__all__ = ["load"]

install()


def load(path: Path | str) -> "Task":
    """The task in a package of any known format, without its hidden tests.

    Args:
        path: A folder, an archive, or a row of a data set (`FILE#ID`).

    Raises:
        PackageError: The package cannot be read; names file and line.
        UnsupportedTask: It is sound, and nothing here can judge its kind.
    """
    from problems.loading import load_task

    return load_task(path)
