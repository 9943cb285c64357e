"""Spans as a real receiver of OTLP over HTTP takes them; none where nobody asks."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import platformdirs
import pytest

from solver.kept import traces

ROOT = Path(__file__).parents[3]
CALLERS = Path(os.environ.get("SOLVER_CALLERS", platformdirs.user_cache_path("solver") / "callers"))


def test_the_stages_of_a_contest_are_sent_and_no_program(tmp_path: Path) -> None:
    folder = CALLERS / "otel"
    if not (folder / ".pins").is_file():
        pytest.skip(f"no OpenTelemetry at {folder}: run scripts/callers.sh")
    left_out = ("PYTEST", "PYTHON", "OTEL_")
    env = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    script = Path(__file__).with_name("traced_contest.py")
    done = subprocess.run(
        [str(folder / "bin/python"), str(script), str(tmp_path)],
        env={**env, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=200,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    said = json.loads(done.stdout)
    assert set(said["paths"]) == {"/v1/traces"} and set(said["services"]) == {"solver"}
    assert set(said["headers"]) == {"from the environment"}
    spans = {span["name"]: span for span in said["spans"]}
    stages = {"sample", "compile", "observe", "cluster", "score", "submit"}
    assert stages | {"contest", "solve"} == set(spans)
    contest = spans["contest"]
    assert contest["parent"] == "" and not contest["failed"] and spans["solve"]["failed"]
    assert all(spans[stage]["parent"] == contest["id"] for stage in stages)
    assert all("solver.task" in spans[stage]["keys"] for stage in stages)
    words = ("print(", "#include", "the model is gone")
    assert "SolverError" in said["bytes"] and all(word not in said["bytes"] for word in words)


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """As in a process that has made no span yet, and nothing asked for."""
    for name in (*traces.ENDPOINTS, "OTEL_SDK_DISABLED"):
        monkeypatch.delenv(name, raising=False)
    traces._provider.cache_clear()
    yield monkeypatch
    traces._provider.cache_clear()


def test_nobody_asks(fresh: pytest.MonkeyPatch) -> None:
    assert not traces.is_asked() and traces._tracer() is None
    with traces.span("sample", task="apples"):
        pass
    fresh.setenv(traces.ENDPOINTS[1], "http://127.0.0.1:9")
    assert traces.is_asked()
    fresh.setenv("OTEL_SDK_DISABLED", "TRUE")
    assert not traces.is_asked()


def test_without_the_extra_a_run_goes_on_and_says_so(
    fresh: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    fresh.setenv(traces.ENDPOINTS[0], "http://127.0.0.1:9")
    fresh.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    fresh.setitem(sys.modules, "opentelemetry.exporter", None)
    with caplog.at_level(logging.WARNING):
        for _ in range(2):
            with traces.span("sample"):
                pass
    assert [record.message.partition(",")[0] for record in caplog.records] == [
        "OTEL_EXPORTER_OTLP_ENDPOINT is set"
    ]
    assert "contest-solver[otel]" in caplog.text
