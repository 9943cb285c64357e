"""For all tests: a sandbox and a compiler for the whole session, and the real packages.

Property tests try the same examples on every machine: a run in CI must not hang on the dice. Other
examples: `pytest --hypothesis-profile=default`.
"""

import contextlib
import os
import shutil
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import platformdirs
import pytest
from hypothesis import settings

from sandbox.backend import Sandbox
from sandbox.compiling.compile import Compiler
from sandbox.errors import BackendUnavailable
from sandbox.opening import open_sandbox

SHARED = Path(os.environ.get("SOLVER_SHARED", Path(__file__).parents[1] / ".." / "shared"))

settings.register_profile("repeatable", derandomize=True)
settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    try:
        opened = open_sandbox(slots=2)
    except BackendUnavailable as error:
        pytest.skip(str(error))
    with opened:
        yield opened


@pytest.fixture(scope="session")
def compiler(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Compiler:
    return Compiler(sandbox, cache=tmp_path_factory.mktemp("compiled"))


def real_package(name: str) -> Path:
    """A real package, unpacked outside the repo; skips where the data is not on this machine."""
    archive = name.split("/")[0]
    packed = SHARED / "data" / "packages" / f"{archive}.tar.gz"
    if not packed.exists():
        pytest.skip(f"no real packages here: {packed} is missing (set SOLVER_SHARED)")
    cache = Path(platformdirs.user_cache_dir("solver")) / "test-packages"
    if not (cache / archive).exists():
        draft = cache / f".{archive}.{os.getpid()}"
        draft.mkdir(parents=True)
        with tarfile.open(packed) as tar:
            tar.extractall(draft, filter="tar")  # links between groups are part of the packages
        with contextlib.suppress(OSError):  # another test process may be first
            (draft / archive).rename(cache / archive)
        shutil.rmtree(draft, ignore_errors=True)
    found = cache / name
    if not found.is_dir():
        pytest.skip(f"{packed} holds no {name}")
    return found


@pytest.fixture(scope="session")
def package() -> Callable[[str], Path]:
    return real_package
