"""One service for all tests that do not hurt it."""

from collections.abc import Iterator

import pytest

from tests.serving.service import Service


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One for all tests that do not hurt it."""
    running = Service(tmp_path_factory.mktemp("service"), "--slots", "2", "--body", "4")
    yield running
    assert running.stop() == 0, running.log.read_text()
    assert "Traceback" not in running.log.read_text()
