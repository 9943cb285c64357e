"""Builds the worker's C part once into the cache folder; `python -m sandbox.host.helper_build`.

The name of the result holds the hash of the sources, so a new version is built beside an old one.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

import platformdirs

from sandbox.data import digest_of
from sandbox.errors import BackendUnavailable

SOURCES = Path(__file__).parents[1] / "helper"
_FLAGS = ("-O2", "-static", "-Wall", "-Wextra")
_FIX = "apt install gcc libc6-dev"


@cache
def helper_path() -> Path:
    """The static helper binary, built if it is not there yet.

    Raises:
        BackendUnavailable: There is no C compiler, or it cannot build the helper.
    """
    files = sorted(SOURCES.glob("*.[ch]"))
    content = b"\0".join(path.name.encode() + b"\0" + path.read_bytes() for path in files)
    folder = Path(platformdirs.user_cache_dir("solver")) / "helper" / digest_of(content)
    path = folder / "solver-sandbox-helper"
    if not path.exists():
        _build([file for file in files if file.suffix == ".c"], path)
    return path


def mount_point() -> Path:
    """An empty folder that a slot's root is mounted over, in the slot's own mount namespace."""
    folder = helper_path().parent / "root"
    folder.mkdir(exist_ok=True)
    return folder


def _build(sources: list[Path], path: Path) -> None:
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        raise BackendUnavailable("no C compiler for the sandbox's helper", _FIX)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    os.close(handle)
    built = Path(name)
    try:
        answer = subprocess.run(
            [compiler, *_FLAGS, "-o", str(built), *map(str, sources)],
            capture_output=True,
            check=False,
        )
        if answer.returncode != 0:
            messages = answer.stderr.decode(errors="replace").strip().splitlines()
            raise BackendUnavailable(
                f"the sandbox's helper does not compile ({messages[-1] if messages else ''})", _FIX
            )
        built.chmod(0o755)
        built.replace(path)
    finally:
        built.unlink(missing_ok=True)


if __name__ == "__main__":
    sys.stdout.write(f"{helper_path()}\n")
