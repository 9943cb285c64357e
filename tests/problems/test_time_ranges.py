"""For which time limits a label would hold (issue 16)."""

import io
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from problems.verifying import verify
from problems.verifying.printing import print_report
from problems.verifying.report import Row
from problems.verifying.time_ranges import TimeRange, common
from problems.verifying.verify import Verifier
from sandbox.backend import Sandbox
from sandbox.compiling.compile import Compiler
from tests.problems.conftest import Write
from tests.problems.small_packages import KATTIS

SLOW = (
    "import time\na, b = map(int, input().split())\n"
    "while time.process_time() < {}: pass\nprint({})\n"
)


def _range(from_s: float, below_s: float | None) -> TimeRange:
    return TimeRange(from_s=from_s, below_s=below_s)


@pytest.mark.parametrize(
    ("ranges", "found"),
    [
        ([], _range(0.0, None)),
        ([_range(0.2, None), _range(0.0, 1.5)], _range(0.2, 1.5)),
        ([_range(0.2, None), _range(0.5, None)], _range(0.5, None)),
        ([_range(2.0, None), _range(0.0, 1.5)], None),
        ([_range(1.5, None), _range(0.0, 1.5)], None),
    ],
)
def test_limits_for_all_labels(ranges: list[TimeRange], found: TimeRange | None) -> None:
    assert common(ranges) == found


def test_a_label_that_another_limit_would_keep(
    write: Write, tmp_path: Path, sandbox: Sandbox, compiler: Compiler
) -> None:
    """As on a machine that is faster, or slower, than the one where the labels were made."""
    programs = {
        "accepted/quick.py": SLOW.format(0.1, "a + b"),
        "accepted/slow.py": SLOW.format(1.2, "a + b"),
        "time_limit_exceeded/not_quite.py": SLOW.format(0.2, "a + b"),
        "time_limit_exceeded/slow.py": SLOW.format(1.6, "a + b"),
        "wrong_answer/wrong.py": SLOW.format(0, "a - b"),
        "time_limit_exceeded/wrong.py": SLOW.format(0, "a - b"),
    }
    files = {
        **{k: v for k, v in KATTIS.items() if not k.startswith(("submissions", "data/secret/g2"))},
        "problem.yaml": "limits:\n  time_limit: 0.4\n",
        **{f"submissions/{name}": text for name, text in programs.items()},
    }
    report = Verifier(sandbox, compiler, store=tmp_path / "store").verify([write(files)])
    rows = {row.submission.name: row for row in report.rows}
    holding = {name for name, row in rows.items() if row.agrees}
    assert holding == {"accepted/quick.py", "time_limit_exceeded/slow.py", "wrong_answer/wrong.py"}

    def limits(name: str) -> tuple[float, float | None]:
        found = rows[name].holds_for
        assert found is not None
        return found.from_s, found.below_s

    from_s, below_s = limits("accepted/quick.py")
    assert 0.1 <= from_s < 0.4
    assert below_s is None
    from_s, below_s = limits("accepted/slow.py")
    assert 1.2 <= from_s < 4.0
    assert below_s is None
    from_s, below_s = limits("time_limit_exceeded/not_quite.py")
    assert from_s == 0.0
    assert below_s is not None
    assert 0.2 <= below_s <= 0.4
    assert limits("time_limit_exceeded/slow.py") == (0.0, None)
    assert not rows["wrong_answer/wrong.py"].timed
    (times,) = report.as_json()["time_limits"]
    assert (times["limit_s"], times["source"]) == (0.4, "stated")
    assert times["labels_hold"] is None  # one label asks for 1.2 s or more, one for less than 0.2
    text = _printed(report)
    assert "no one limit makes all labels hold" in text
    _reasons(rows)


def test_no_longer_limit_is_tried_where_many_tests_would_take_it(
    write: Write,
    tmp_path: Path,
    sandbox: Sandbox,
    compiler: Compiler,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A package with a hundred large tests would be run ten times over to explain one label."""
    files = {
        **{k: v for k, v in KATTIS.items() if not k.startswith(("submissions", "data/secret/g2"))},
        "problem.yaml": "limits:\n  time_limit: 0.2\n",
        "submissions/accepted/slow.py": SLOW.format(1.0, "a + b"),
    }
    monkeypatch.setattr(verify, "LONGER_CPU_S", 0.3)
    judges: list[float] = []
    made = Verifier._judge

    def judge(self: Verifier, package: Any, time_s: float) -> Any:
        judges.append(time_s)
        return made(self, package, time_s)

    monkeypatch.setattr(Verifier, "_judge", judge)
    report = Verifier(sandbox, compiler, store=tmp_path / "store").verify([write(files)])
    (row,) = report.rows
    assert row.disagreements and not row.timed and row.holds_for is None
    assert "longer limits were not tried: " in row.as_json()["reason"]
    assert "no one limit" not in _printed(report)
    assert max(judges) < 1.0  # with the margin of time labels; ten times it was the rule


def _reasons(rows: dict[str, Row]) -> None:
    assert "less than" in rows["time_limit_exceeded/not_quite.py"].as_json()["reason"]
    assert "or more" in rows["accepted/slow.py"].as_json()["reason"]


def _printed(report: object) -> str:
    console = Console(file=io.StringIO(), width=200)
    print_report(report, console)  # type: ignore[arg-type]
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()
