"""`solver solve` twice on one run folder: the second time with more samples."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from stub import Stub, running

from sandbox import open_sandbox
from sandbox.errors import BackendUnavailable
from solver.cli.solve import solve
from solver.errors import RunFolderError

APPLES = Path(__file__).parents[2] / "problems" / "bundled" / "contest" / "apples"


@pytest.fixture(autouse=True)
def _sandbox() -> None:
    try:
        open_sandbox(slots=1).close()
    except BackendUnavailable as error:
        pytest.skip(str(error))


def plan(stub: Stub, run: Path, samples: int) -> dict[str, object]:
    words = [str(APPLES), "--model", f"openai:stub@{stub.url}", "--samples", str(samples)]
    done = CliRunner().invoke(solve, [*words, "--run", str(run), "--json"], catch_exceptions=False)
    document: dict[str, object] = json.loads(done.stdout)
    return document


def test_a_run_grows_and_draws_only_what_is_missing(tmp_path: Path) -> None:
    with running() as stub:
        few = plan(stub, tmp_path, 8)
        served = stub.record.served
        # The stub speaks Python; the half that was asked for in C++ holds no program.
        assert few["candidates"] == 4
        many = plan(stub, tmp_path, 14)
        assert stub.record.served == served + 6
        assert many["candidates"] == 7
        assert plan(stub, tmp_path, 14) == many
        assert stub.record.served == served + 6
        with pytest.raises(RunFolderError, match=r"sampling\.samples 14, now 8"):
            plan(stub, tmp_path, 8)
