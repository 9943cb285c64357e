"""The log finds every change and survives every crash."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.contests.logs.log import GENESIS, LogDamaged, SubmissionLog, read_log
from solver.errors import SolverError


def write(path: Path, count: int = 5) -> str:
    with SubmissionLog(path) as log:
        for number in range(count):
            log.append("submission", {"id": f"t-{number}", "points": {"s1": 0.1 * number}})
        return log.head


def test_round_trip(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    head = write(path)
    content = read_log(path)
    assert content.head == head != GENESIS
    assert [record["id"] for record in content.records] == [f"t-{i}" for i in range(5)]
    with SubmissionLog(path) as log:
        log.append("end", {})
    assert len(read_log(path).records) == 6


@pytest.mark.parametrize("line", [0, 2, 4])
def test_a_changed_line_is_named(tmp_path: Path, line: int) -> None:
    path = tmp_path / "log.jsonl"
    write(path)
    lines = path.read_text().splitlines()
    lines[line] = lines[line].replace('"id":"t-', '"id":"u-')
    path.write_text("\n".join(lines) + "\n")
    with pytest.raises(LogDamaged, match=rf"log.jsonl:{line + 1}: was changed"):
        read_log(path)


def test_a_changed_line_with_a_hash_of_its_own_breaks_the_next(tmp_path: Path) -> None:
    path, other = tmp_path / "log.jsonl", tmp_path / "other.jsonl"
    write(path)
    lines = path.read_text().splitlines()
    with SubmissionLog(other) as forged:
        forged.append("submission", {"id": "t-0", "points": {"s1": 100}})
    lines[0] = other.read_text().strip()
    path.write_text("\n".join(lines) + "\n")
    with pytest.raises(LogDamaged, match=r":2: does not follow"):
        read_log(path)


def test_removed_and_swapped_lines_are_found(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    write(path)
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines[:1] + lines[2:]))
    with pytest.raises(LogDamaged, match=":2:"):
        read_log(path)
    path.write_text("".join([lines[0], lines[2], lines[1], *lines[3:]]))
    with pytest.raises(LogDamaged, match=":2:"):
        read_log(path)


@settings(max_examples=30, deadline=None)
@given(cut=st.integers(min_value=1, max_value=10_000))
def test_a_write_torn_anywhere_loses_that_line_alone(
    tmp_path_factory: pytest.TempPathFactory, cut: int
) -> None:
    path = tmp_path_factory.mktemp("torn") / "log.jsonl"
    write(path)
    data = path.read_bytes()
    cut = cut % len(data)
    path.write_bytes(data[:cut])
    with SubmissionLog(path) as log:
        kept = len(log.records)
        assert kept == data[:cut].count(b"\n")
        log.append("submission", {"id": "after"})
    assert [record["id"] for record in read_log(path).records][-1] == "after"
    assert len(read_log(path).records) == kept + 1


def test_not_a_log(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    path.write_text("hello\n")
    with pytest.raises(LogDamaged, match=":1: is not JSON"):
        read_log(path)
    path.write_text(json.dumps({"kind": "submission"}) + "\n")
    with pytest.raises(LogDamaged, match="is not a record"):
        SubmissionLog(path)


def test_two_writers_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    with SubmissionLog(path), pytest.raises(SolverError, match="another process"):
        SubmissionLog(path)
    SubmissionLog(path).close()


def test_not_a_number_is_refused(tmp_path: Path) -> None:
    with SubmissionLog(tmp_path / "log.jsonl") as log, pytest.raises(ValueError, match="JSON"):
        log.append("judgement", {"points": float("nan")})
