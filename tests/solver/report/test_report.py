"""The report says what the log says, in three forms."""

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner

from solver.cli.report import report as report_command
from solver.contests.logs.log import SubmissionLog
from solver.errors import RunFolderError
from solver.report.build import build_report
from solver.report.document import report_document
from solver.report.html import html_report

SCHEMA = Path(__file__).parents[3] / "docs/schemas/contest.schema.json"


class Page(HTMLParser):
    """Collects what a browser would fetch, and whether every element is closed."""

    VOID = frozenset({"meta", "link", "img", "br", "hr", "input"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.fetched: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in self.VOID:
            self.open.append(tag)
        for name, value in attrs:
            own = (value or "").startswith("#") or value == "data:,"
            if name in {"src", "href", "xlink:href", "data"} and not own:
                self.fetched.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_document_fits_the_schema_and_the_log(tmp_path: Path, contest: Any) -> None:
    board = contest.play(tmp_path)
    document = json.loads(json.dumps(report_document(build_report(tmp_path))))
    jsonschema.validate(document, json.loads(SCHEMA.read_text()))
    assert document["points"] == board.total.points
    assert document["complete"]
    first = document["tasks"][0]["history"][0]
    [source] = (tmp_path / first["program"]).iterdir()
    assert source.read_text() == first["candidate"]  # here a program is its own name
    for task in document["tasks"]:
        assert len(task["curve"]) == task["submissions"] + 1
        assert task["curve"][-1] == task["points"]
        assert task["curve"] == sorted(task["curve"])
        gains = [submission["gained_points"] for submission in task["history"]]
        assert sum(gains) == pytest.approx(task["points"])


def test_a_run_that_was_killed_can_be_reported(tmp_path: Path, contest: Any) -> None:
    contest.play(tmp_path)
    log = tmp_path / "submissions.jsonl"
    lines = log.read_bytes().splitlines(keepends=True)
    # Right after a submission: handed in, not judged yet.
    cut = next(i for i, line in enumerate(lines) if b'"kind":"submission"' in line) + 1
    log.write_bytes(b"".join(lines[:cut]))
    built = build_report(tmp_path)
    assert not built.complete
    assert built.tasks[0].submissions == ()
    text = html_report(built)
    assert "can be resumed" in text
    # A task whose turn had not come is no run of an older version.
    assert "Nothing was prepared for this task yet" in text and built.tasks[-1].rounds == 0


def test_the_page_is_whole_and_fetches_nothing(tmp_path: Path, contest: Any) -> None:
    contest.play(tmp_path)
    text = html_report(build_report(tmp_path))
    page = Page()
    page.feed(text)
    assert page.open == []
    assert page.fetched == []
    assert page.tags.count("section") == 3 + 3  # overview, tasks, calibration, cost
    assert "url(" not in text and "@import" not in text


def test_names_from_a_pool_are_escaped(tmp_path: Path, contest: Any) -> None:
    contest.play(tmp_path)
    path = tmp_path / "submissions.jsonl"
    forged = tmp_path / "forged" / "submissions.jsonl"
    records = [json.loads(line) for line in path.read_text().splitlines()]
    with SubmissionLog(forged) as log:
        for record in records:
            fields = {k: v for k, v in record.items() if k not in {"seq", "prev", "kind", "hash"}}
            if record["kind"] == "choice":
                fields |= {"candidate": "<script>alert(1)</script>", "reason": "a & b"}
            log.append(record["kind"], fields)
    text = html_report(build_report(forged.parent))
    assert "<script>alert" not in text
    assert "&lt;script&gt;" in text and "a &amp; b" in text


def test_command(tmp_path: Path, contest: Any) -> None:
    contest.play(tmp_path)
    page = tmp_path / "out" / "report.html"
    run = CliRunner().invoke(report_command, [str(tmp_path), "--json", "--html", str(page)])
    assert run.exit_code == 0, run.output
    assert json.loads(run.stdout)["contest"] == "small"
    assert page.read_text().startswith("<!doctype html>")
    table = CliRunner().invoke(report_command, [str(tmp_path)])
    assert "apples" in table.stdout and "more submissions without a gain" in table.stdout
    with pytest.raises(RunFolderError, match="no contest was run"):
        build_report(tmp_path / "out")
