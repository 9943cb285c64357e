"""One made-up record that many tests read."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from worlds import make_record

BUNDLED = Path(__file__).parents[2] / "problems" / "bundled"


@pytest.fixture(scope="session")
def record():
    return make_record(3)
