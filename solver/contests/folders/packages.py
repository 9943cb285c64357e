"""Which things in a folder are problem packages; they stay closed."""

import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from problems.loading import is_recognised

# One of these makes a folder a problem package, whether a reader knows what to do with it or not:
# a broken package is named when it is opened, not passed over.
PACKAGE_MARKERS = (
    *("problem.yaml", "problem.json", "task.yaml", "problem.xml"),
    *("init.yml", "domjudge-problem.ini"),
)


def is_package(folder: Path) -> bool:
    """A folder that is a problem package of some format."""
    if not folder.is_dir():
        return False
    return any((folder / marker).is_file() for marker in PACKAGE_MARKERS) or is_recognised(folder)


def packages_in(folder: Path) -> Iterator[tuple[str, str]]:
    """Name and file name of each package in a folder, by name: folders, and zip archives that hold
    a package and do not lie beside it unpacked."""
    children = sorted(folder.iterdir(), key=lambda child: child.name)
    folders = [child.name for child in children if is_package(child)]
    archives = [
        (child.stem, child.name)
        for child in children
        if child.suffix == ".zip" and child.stem not in folders and _holds_package(child)
    ]
    yield from sorted([*((name, name) for name in folders), *archives])


def _holds_package(archive: Path) -> bool:
    try:
        with zipfile.ZipFile(archive) as opened:
            names = [PurePosixPath(name) for name in opened.namelist()]
    except (OSError, zipfile.BadZipFile):
        return False
    return any(name.name in PACKAGE_MARKERS and len(name.parts) <= 2 for name in names)
