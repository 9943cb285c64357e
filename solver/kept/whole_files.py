"""Files that appear whole or not at all: written beside their place and moved there."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from solver.kept.blobs import disk_errors


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A file to write, with the same ending; it takes the place of `path` if the block ends well,
    and is removed if it does not. The folder is made.

    Raises:
        RunFolderError: The disk is full, or the folder cannot be written.
    """
    mark = f"{os.getpid()}-{threading.get_ident()}"
    partial = path.with_name(f".{path.stem}.{mark}.partial{path.suffix}")
    with disk_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            yield partial
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
