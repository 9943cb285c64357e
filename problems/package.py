"""Role: the judge's door to a package: any format, detected from its contents."""

from pathlib import Path

from problems.errors import PackageError
from problems.formats import READERS, Package

__all__ = ["Package", "load_package"]


def load_package(path: Path | str) -> Package:
    """Reads the package at `path`, whatever its format.

    Args:
        path: A folder, or a file where the format is one file (an archive, a data set).

    Raises:
        PackageError: No reader recognises it, or it is broken; names file and line.
        UnsupportedTask: It is sound, and nothing here can judge its kind.
    """
    path = Path(path)
    if not path.exists():
        raise PackageError(path, "no such file or folder")
    for reader in READERS:
        if reader.detect(path):
            return reader.read(path)
    names = ", ".join(reader.name for reader in READERS)
    raise PackageError(path, f"no known package format recognises it (known: {names})")
