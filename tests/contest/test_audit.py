"""The audit recomputes the scoreboard and finds what was tampered with."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from solver.cli.contest import contest as contest_command
from solver.contests.logs.audit import audit
from solver.contests.logs.log import SubmissionLog, read_log
from solver.errors import SolverError

Change = Callable[[list[dict[str, Any]]], None]


def forge(path: Path, change: Change) -> Path:
    """Writes the log anew with valid hashes after a change, as a cheat with this code could."""
    records = [dict(record) for record in read_log(path).records]
    change(records)
    target = path.parent / "forged" / path.name
    with SubmissionLog(target) as log:
        for record in records:
            kind = record["kind"]
            own = {"seq", "prev", "kind", "hash"}
            log.append(kind, {key: value for key, value in record.items() if key not in own})
    return target


def test_an_honest_log_holds(tmp_path: Path, contest: Any) -> None:
    board = contest.play(tmp_path)
    log = tmp_path / "submissions.jsonl"
    found = audit(log, head=read_log(log).head)
    assert found.problems == ()
    assert found.complete
    assert found.board == board
    assert found.submissions == found.sources_checked > 20


def test_every_tampered_line_is_found(tmp_path: Path, contest_of: Any) -> None:
    contest_of(limit=3).play(tmp_path)
    log = tmp_path / "submissions.jsonl"
    data = log.read_bytes()
    lines = data.splitlines(keepends=True)
    for number, line in enumerate(lines, start=1):
        # One digit somewhere in the middle of the line.
        place = next(i for i in range(len(line) // 2, len(line)) if chr(line[i]).isdigit())
        other = b"1" if line[place : place + 1] != b"1" else b"2"
        changed = line[:place] + other + line[place + 1 :]
        log.write_bytes(b"".join([*lines[: number - 1], changed, *lines[number:]]))
        (problem,) = audit(log).problems
        assert f"submissions.jsonl:{number}:" in problem
    log.write_bytes(data)
    assert audit(log).problems == ()


def _set(kind: str, **fields: object) -> Change:
    def change(records: list[dict[str, Any]]) -> None:
        record = next(record for record in records if record["kind"] == kind)
        record.update(fields)

    return change


def _repeat(kind: str) -> Change:
    def change(records: list[dict[str, Any]]) -> None:
        at = next(i for i, record in enumerate(records) if record["kind"] == kind)
        records.insert(at, dict(records[at]))

    return change


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (_set("judgement", points={"s1": 20.0, "s2": 30.0, "s3": 50.0}), "not what the results"),
        (_repeat("submission"), "handed in 2 times"),
        (_set("submission", at_s=-5.0), "outside the contest"),
        (_set("contest", limit=10), "more than 10 submissions"),
        (_set("contest", interval_s=90.0), "before the interval"),
        (_set("judgement", id="apples-99"), "nobody submitted"),
        (_set("submission", task="dates"), "dates is not in the contest"),
    ],
)
def test_a_forged_chain_is_found_by_the_rules(
    tmp_path: Path, contest: Any, change: Change, problem: str
) -> None:
    contest.play(tmp_path)
    found = audit(forge(tmp_path / "submissions.jsonl", change))
    assert any(problem in line for line in found.problems), found.problems


def test_lines_missing_at_the_end_are_found_by_the_head(tmp_path: Path, contest: Any) -> None:
    contest.play(tmp_path)
    log = tmp_path / "submissions.jsonl"
    head = read_log(log).head
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(b"".join(lines[:-1]))
    assert audit(log).problems == ()
    assert not audit(log).complete
    assert "the last line's hash" in audit(log, head=head).problems[0]


def test_a_program_that_was_exchanged_is_found(tmp_path: Path, contest: Any) -> None:
    contest.play(tmp_path)
    source = next(path for path in sorted((tmp_path / "submissions").rglob("*")) if path.is_file())
    source.write_text("something better")
    found = audit(tmp_path / "submissions.jsonl")
    assert any("is not what was handed in" in problem for problem in found.problems)


def test_command(tmp_path: Path, contest: Any) -> None:
    contest.play(tmp_path)
    log = tmp_path / "submissions.jsonl"
    good = CliRunner().invoke(contest_command, ["audit", str(log), "--json"])
    assert good.exit_code == 0, good.output
    document = json.loads(good.stdout)
    assert document["holds"] and document["problems"] == []
    table = CliRunner().invoke(contest_command, ["audit", str(tmp_path)])
    assert table.exit_code == 0 and "the log holds" in table.stdout
    log.write_bytes(log.read_bytes().replace(b'"points":{"s1":0.0', b'"points":{"s1":9.0', 1))
    bad = CliRunner().invoke(contest_command, ["audit", str(log)])
    assert bad.exit_code == 1
    assert "was changed after it was written" in bad.stdout


def test_not_a_contest(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    with SubmissionLog(path) as log:
        log.append("note", {})
    with pytest.raises(SolverError, match="does not begin with a contest"):
        audit(path)
