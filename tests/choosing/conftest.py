"""A sandbox for the session, and one made-up record that many tests read."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from worlds import make_record

from sandbox import open_sandbox
from sandbox.compile import Compiler
from sandbox.errors import BackendUnavailable

BUNDLED = Path(__file__).parents[2] / "problems" / "bundled"


@pytest.fixture(scope="session")
def sandbox():
    try:
        opened = open_sandbox(slots=2)
    except BackendUnavailable as error:
        pytest.skip(str(error))
    with opened:
        yield opened


@pytest.fixture(scope="session")
def compiler(sandbox, tmp_path_factory):
    return Compiler(sandbox, cache=tmp_path_factory.mktemp("compiled"))


@pytest.fixture(scope="session")
def record():
    return make_record(3)
