"""Files that appear whole or not at all: written beside their place and moved there."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from solver.kept.disk import disk_errors, make_folder, put_in_place

_PARTIAL = ".partial"


def is_partial(path: Path) -> bool:
    """Whether a file is what a writer that was killed has left; it stands for nothing."""
    return path.name.startswith(".") and _PARTIAL in path.suffixes


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A file to write, with the same ending; it takes the place of `path` if the block ends well,
    and is removed if it does not. The folder is made.

    Whole or not at all after a SIGKILL and after a power cut: the file is on the disk before it
    takes its place, and its place is when the block has ended.

    Raises:
        RunFolderError: The disk is full, or the folder cannot be written.
    """
    mark = f"{os.getpid()}-{threading.get_ident()}"
    partial = path.with_name(f".{path.stem}.{mark}{_PARTIAL}{path.suffix}")
    with disk_errors(path):
        make_folder(path.parent)
        try:
            yield partial
            put_in_place(partial, path)
        finally:
            partial.unlink(missing_ok=True)
