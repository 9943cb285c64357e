"""`solver solve` against a real server: a run that grows; one that shares samples out by gain."""

import json
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner
from stub import Stub, running

from problems.loading import load_task
from sandbox import open_sandbox
from sandbox.errors import BackendUnavailable
from solver.cli.solve import solve
from solver.errors import RunFolderError
from solver.kept.samples import RunFolder

APPLES = Path(__file__).parents[2] / "problems" / "bundled" / "contest" / "apples"


@pytest.fixture(autouse=True)
def _sandbox() -> None:
    try:
        open_sandbox(slots=1).close()
    except BackendUnavailable as error:
        pytest.skip(str(error))


def plan(stub: Stub, run: Path, samples: int, *more: str, task: Path = APPLES) -> dict[str, object]:
    words = [str(task), "--model", f"openai:stub@{stub.url}", "--samples", str(samples)]
    words += ["--run", str(run), "--json", *more]
    done = CliRunner().invoke(solve, words, catch_exceptions=False)
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


def test_the_rest_of_the_samples_goes_where_the_first_ones_promise_most(tmp_path: Path) -> None:
    depots = APPLES.with_name("depots")
    with running() as stub:
        first = plan(stub, tmp_path, 32, "--first-share", "0.5", task=depots)
        helpers = 4
        assert stub.record.served == 32 + helpers
        assert first["candidates"] == 16
        again = plan(stub, tmp_path, 32, "--first-share", "0.5", task=depots)
        assert stub.record.served == 32 + helpers
    assert again == first
    with RunFolder(tmp_path) as run:
        drawn = Counter(each.subtask for each in run.samples("depots", "candidate"))
    names = {each.name for each in load_task(depots).subtasks}
    assert set(drawn) == names
    # Four each of the first half; the other half is not spread evenly.
    assert min(drawn.values()) >= 4
    assert max(drawn.values()) > 8
