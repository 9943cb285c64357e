"""A report's files: tables and plots say what the report says."""

import base64
import gzip
import importlib.util
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from solver.cli.report import report as report_command
from solver.report.build import build_report
from solver.report.page import data as page_data
from solver.report.page.data import packed_run, run_data, tokens_of
from solver.report.reasons import said_once

MADE_RUN = Path(__file__).parents[3] / "benchmarks" / "made_run.py"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    spec = importlib.util.spec_from_file_location("made_run", MADE_RUN)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.make_run(tmp_path_factory.mktemp("run") / "r", tasks=2, programs=60, inputs=16)


def test_the_run_lies_between_random_and_the_pool(run: Path) -> None:
    data = run_data(build_report(run))
    assert data.sum is not None and data.sum.tasks == 2
    assert data.sum.random <= data.sum.oracle + 1e-9
    assert data.sum.strategy_low <= data.sum.strategy <= data.sum.strategy_high
    assert data.sum.points <= data.sum.oracle + 1e-9
    for task in data.report.tasks:
        one = data.beside[task.name]
        assert one.random.mean[0] == 0.0
        assert list(one.random.mean) == sorted(one.random.mean)
        assert one.pool.mean[-1] == pytest.approx(one.oracle)
        tokens = tokens_of(data, task)
        assert tokens == sorted(tokens) and len(tokens) == 60
    assert dict(data.facts)["Strategy"] == "expected_gain"
    assert "UTC" in dict(data.facts)["Begun"]


def test_tables_and_plots(run: Path, tmp_path: Path) -> None:
    words = [str(run), "--json", "--tables", str(tmp_path / "t"), "--plots", str(tmp_path / "p")]
    done = CliRunner().invoke(report_command, words)
    assert done.exit_code == 0, done.output
    document = json.loads(done.stdout)
    assert document["begun"].startswith("20") and document["versions"]["python"]
    tasks = pq.read_table(tmp_path / "t/tasks.parquet").to_pylist()
    assert [row["points"] for row in tasks] == [task["points"] for task in document["tasks"]]
    assert all(row["random_points"] <= row["oracle_points"] for row in tasks)
    sent = pq.read_table(tmp_path / "t/submissions.parquet").to_pylist()
    assert len(sent) == sum(task["submissions"] for task in document["tasks"])
    head = (tmp_path / "t/programs.csv").read_text().splitlines()[0]
    assert "estimate" in head and "cluster" in head
    drawn = sorted(path.name for path in (tmp_path / "p").iterdir())
    assert {"contest.svg", "contest.png", "calibration.png"} <= set(drawn)
    assert (tmp_path / "p/contest.png").read_bytes().startswith(b"\x89PNG")
    assert "<svg" in (tmp_path / "p/contest.svg").read_text()


def unpacked(text: str) -> Any:
    return json.loads(gzip.decompress(base64.b64decode(text)))


def test_a_page_that_would_be_too_large_keeps_what_matters(
    run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = build_report(run)
    data = run_data(report)
    whole = packed_run(data)
    monkeypatch.setattr(page_data, "_LEVELS", ((None, None), (12, 20)))
    monkeypatch.setattr(page_data, "MOST_BYTES", sum(map(len, whole.texts.values())) - 1)
    small = packed_run(data)
    assert sum(map(len, small.texts.values())) < sum(map(len, whole.texts.values()))
    rows = unpacked(small.texts["text-0-0"])
    assert sum(row[0] is not None for row in rows) == 20
    assert sum(len(row) > 2 for row in rows) == 12
    for each in unpacked(small.index)["tasks"][0]["history"][:10]:
        assert rows[each["row"]][0]  # what was submitted is there


def test_reasons_do_not_repeat(run: Path) -> None:
    for task in build_report(run).tasks:
        reasons = said_once([one.reason for one in task.submissions])
        assert len(reasons) == len(task.submissions)
        before: set[str] = set()
        for reason in reasons:
            clauses = set(reason.split("; "))
            assert not clauses & before or reason == "for the same reason"
            before = clauses
