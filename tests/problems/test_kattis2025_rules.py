"""Kattis 2025-09: rules for tests, groups, scores and time; what contestants see; keys unserved."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from problems.errors import PackageError, UnsupportedTask
from problems.package import load_package
from problems.submission import TimeBound
from problems.verdict import SubmissionResult, TestcaseResult, Verdict
from problems.verifying.label_rules import broken_rules
from problems.verifying.report import Row
from problems.verifying.timelimits import Measurement
from problems.verifying.verify import Verifier
from sandbox.backend import Sandbox
from sandbox.compiling.compile import Compiler
from tests.problems.conftest import Write

Files = Mapping[str, str]
Verify = Callable[[Files], dict[str, Row]]

HEAD = (
    "problem_format_version: 2025-09\nname: Half\n"
    "uuid: 0f6f1c52-98b1-4cf1-a0c7-0d1a3c6b6c11\nlicense: cc0\ncredits: Us\n"
)
HALF = "print(int(input()) // 2)\n"
PACKAGE: Files = {
    "problem.yaml": HEAD + "limits:\n  time_limit: 2\n",
    "statement/problem.en.md": "Halve it.\n",
    "input_validators/check.py": "import sys\nsys.exit(42)\n",
    "data/sample/one.in": "4\n",
    "data/sample/one.ans": "2\n",
    "data/secret/1-easy.in": "8\n",
    "data/secret/1-easy.ans": "4\n",
    "data/secret/2-hard.in": "2000\n",
    "data/secret/2-hard.ans": "1000\n",
}


@pytest.fixture
def verify(sandbox: Sandbox, compiler: Compiler, write: Write, tmp_path: Path) -> Verify:
    def rows(files: Files) -> dict[str, Row]:
        report = Verifier(sandbox, compiler, store=tmp_path / "store").verify([write(files)])
        assert not report.unreadable
        return {row.submission.name: row for row in report.rows}

    return rows


def result_of(**verdicts: Verdict) -> SubmissionResult:
    cases = tuple(
        TestcaseResult(testcase=f"secret/{name}", verdict=verdict, score=0.0, message="too small")
        for name, verdict in verdicts.items()
    )
    return SubmissionResult(verdict=Verdict.WA, points=0.0, subtasks=(), testcases=cases)


@pytest.mark.parametrize(
    ("rules", "broken"),
    [
        ("permitted: [AC, WA]", 0),
        ("permitted: [AC]", 1),
        ("required: [WA]", 0),
        ("required: [TLE]", 1),
        ("permitted: [AC, WA]\n  required: [TLE, RTE]", 1),
        ("secret/*-easy: {permitted: [AC]}", 0),
        ("secret/*-hard: {permitted: [AC]}", 1),
        ("secret/*-hard: {required: [WA]}", 0),
        ("'secret/{1,2}-*': {required: [RTE]}", 1),
        ("secret: {permitted: [WA]}", 1),
        ("message: too small", 0),
        ("message: too large", 1),
    ],
)
def test_rules_hold_for_every_test_that_they_name(write: Write, rules: str, broken: int) -> None:
    files = {
        **PACKAGE,
        "submissions/other/some.py": HALF,
        "submissions/submissions.yaml": f"other/some.py:\n  {rules}\n",
    }
    (jury,) = load_package(write(files)).submissions
    result = result_of(**{"1-easy": Verdict.AC, "2-hard": Verdict.WA})
    assert len(list(broken_rules(result, jury.expected))) == broken


def test_tests_after_a_rejection_are_run_where_a_rule_speaks_of_them(verify: Verify) -> None:
    """A sample that fails, and a test after it that runs out of time."""
    slow = "n = int(input())\nwhile n > 1000:\n    pass\nprint(1)\n"
    files = {
        **PACKAGE,
        "problem.yaml": HEAD + "limits:\n  time_limit: 0.2\n",
        "submissions/wrong_answer/slow.py": slow,
        "submissions/other/slow.py": slow,
        "submissions/submissions.yaml": "other/slow.py:\n  sample: {permitted: [WA]}\n"
        "  secret/2-*: {required: [TLE]}\n",
    }
    rows = verify(files)
    assert rows["other/slow.py"].disagreements == ()
    (why,) = rows["wrong_answer/slow.py"].disagreements
    assert "got TLE on secret/2-hard" in why


@pytest.mark.parametrize(
    ("rule", "bounds"),
    [
        ("permitted: [AC, WA]", [TimeBound.LOWER]),
        ("permitted: [AC, TLE]", [None]),
        ("required: [TLE]", [TimeBound.UPPER]),
        ("required: [TLE, RTE]", [None]),
        ("permitted: [AC]\n  use_for_time_limit: false", [None]),
        ("use_for_time_limit: lower", [TimeBound.LOWER]),
        ("use_for_time_limit: upper", [TimeBound.UPPER]),
    ],
)
def test_who_bounds_the_time_limit(write: Write, rule: str, bounds: list[TimeBound | None]) -> None:
    files = {
        **PACKAGE,
        "submissions/other/some.py": HALF,
        "submissions/submissions.yaml": f"other/some.py:\n  {rule}\n",
    }
    (jury,) = load_package(write(files)).submissions
    assert [each.bound for each in jury.expected.rules] == bounds


def test_a_measured_limit_is_a_multiple_of_the_resolution() -> None:
    measured = Measurement(
        slowest_s=0.13, spread_s=0.0, runs=1, submission="x", yardstick_s=1.0, multiplier=2.0
    )
    assert measured.limit_s(1.0, 0.1) == 0.3
    assert measured.limit_s(1.0, 0.25) == 0.5
    assert measured.limit_s(1.0) == 1.0
    assert measured.limit_s(2.0, 0.1) == 0.6


def test_too_slow_means_too_slow_with_room_to_spare(verify: Verify) -> None:
    """`time_limit_to_tle`: 0.6 s is above the limit of half a second, and too near to it."""
    busy = (
        "import time\nn = int(input())\nwhile n > 1000 and time.process_time() < %s:\n    pass\n"
        "print(n // 2)\n"
    )
    files = {
        **PACKAGE,
        "problem.yaml": HEAD + "limits:\n  time_resolution: 0.5\n",
        "submissions/accepted/right.py": HALF,
        "submissions/time_limit_exceeded/near.py": busy.replace("%s", "0.6"),
        "submissions/time_limit_exceeded/far.py": busy.replace("%s", "1.5"),
    }
    rows = verify(files)
    assert {row.time_limit_s for row in rows.values()} == {0.5}
    assert rows["time_limit_exceeded/far.py"].agrees
    (why,) = rows["time_limit_exceeded/near.py"].disagreements
    assert "time_limit_to_tle" in why


def test_too_much_code_is_not_accepted(verify: Verify) -> None:
    files = {
        **PACKAGE,
        "problem.yaml": HEAD + "limits:\n  time_limit: 2\n  code: 1\n",
        "submissions/accepted/long.py": HALF + "#" * 1100,
        "submissions/rejected/long.py": HALF + "#" * 1100,
        "submissions/accepted/short.py": HALF + "#" * 900,
    }
    rows = verify(files)
    assert {name: row.agrees for name, row in rows.items()} == {
        "accepted/long.py": False,
        "accepted/short.py": True,
        "rejected/long.py": True,
    }


def test_entry_point_and_language_of_a_submission(verify: Verify) -> None:
    files = {
        **PACKAGE,
        "submissions/accepted/three/a.py": "print('not me')\n",
        "submissions/accepted/three/go.py": "from parts.half import half\nprint(half(input()))\n",
        "submissions/accepted/three/parts/half.py": "def half(n):\n    return int(n) // 2\n",
        "submissions/accepted/gone/a.py": HALF,
        "submissions/accepted/other.py3": HALF,
        "submissions/accepted/some.nim": "echo 1\n",
        "submissions/submissions.yaml": "accepted/three:\n  entrypoint: go.py\n"
        "accepted/gone:\n  entrypoint: b.py\n",
    }
    rows = verify(files)
    assert rows["accepted/three"].agrees and rows["accepted/other.py3"].agrees
    assert rows["accepted/gone"].actual is Verdict.CE
    assert "nim" in rows["accepted/some.nim"].skipped


INTERACTIVE: Files = {
    **PACKAGE,
    "problem.yaml": HEAD + "type: interactive\nlimits:\n  time_limit: 2\n",
    "output_validator/talk.py": "import sys\nsys.exit(42)\n",
    "data/sample/one.in": "hidden 77\n",
    "data/sample/one.interaction": "<4\n>2\n",
    "data/sample/two.interaction": "<6\n>3\n",
}


def test_an_interactive_sample_is_its_log_alone(write: Write) -> None:
    task = load_package(write(INTERACTIVE)).task
    assert task.examples == ()
    assert "hidden" not in task.statement.text
    assert task.statement.text.index("<4\n>2") < task.statement.text.index("<6\n>3")


def test_samples_stand_where_the_statement_asks_for_them(write: Write) -> None:
    files = {
        **PACKAGE,
        "statement/problem.en.md": "First.\n\n{{nextsample}}\n\nThen.\n\n"
        "{{remainingsamples}}\n\nEnd.",
        "data/sample/two.in": "1000000\n",
        "data/sample/two.in.statement": "1 followed by six zeros\n",
        "data/sample/two.in.download": "1000000\n",
        "data/sample/two.ans": "500000\n",
        "data/sample/two.ans.statement": "half of it\n",
        "data/sample/two.ans.download": "500000\n",
        "data/sample/three.in": "9\n",
        "data/sample/three.ans": "4\n",
    }
    task = load_package(write(files)).task
    text = task.statement.text
    places = [
        text.index(word) for word in ("First.", "4\n", "Then.", "six zeros", "half of", "End.")
    ]
    assert places == sorted(places)
    assert "1000000" not in text and "sample" not in text.lower()
    shown = {example.name: example for example in task.examples}
    assert (shown["two"].input, shown["two"].output) == (b"1000000\n", b"500000\n")


@pytest.mark.parametrize(
    ("files", "note"),
    [
        (
            {"submissions/submissions.yaml": "accepted/nobody.py:\n  permitted: [AC]\n"},
            "no submission matches",
        ),
        (
            {
                "submissions/accepted/some.py": HALF,
                "submissions/submissions.yaml": "accepted:\n  secret/9-*: {permitted: [AC]}\n",
            },
            "no test case matches",
        ),
        ({"problem.yaml": HEAD + "allow_file_writing: false\n"}, "allow_file_writing"),
        ({"problem.yaml": HEAD + "limits:\n  compilation_time: 600\n"}, "compilation_time"),
        ({"include/cobol/x.cob": "?"}, "include/cobol"),
        ({"problem.yaml": HEAD.replace("2025-09", "draft") + "magic: yes\n"}, "magic"),
    ],
)
def test_what_is_not_served_is_said_by_name(write: Write, files: Files, note: str) -> None:
    notes = load_package(write({**PACKAGE, **files})).notes
    assert any(note in each for each in notes), notes


@pytest.mark.parametrize(
    ("files", "error", "said"),
    [
        ({"problem.yaml": HEAD + "magic: yes\n"}, PackageError, "magic"),
        ({"data/secret/1-easy.yaml": "magic: 1\n"}, PackageError, "magic"),
        ({"data/secret/1-easy.yaml": "args: [x]\n"}, UnsupportedTask, "args"),
        (
            {
                "submissions/accepted/some.py": HALF,
                "submissions/submissions.yaml": "accepted:\n  score: 3\n",
            },
            PackageError,
            "submissions.yaml:2: score",
        ),
        (
            {
                "submissions/accepted/some.py": HALF,
                "submissions/submissions.yaml": "accepted:\n  secret: {permited: [AC]}\n",
            },
            PackageError,
            "permited",
        ),
    ],
)
def test_what_cannot_be_served_is_refused(
    write: Write, files: Files, error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        load_package(write({**PACKAGE, **files}))


def test_flags_of_input_validators_by_name(write: Write) -> None:
    files = {
        **PACKAGE,
        "data/secret/1-easy.yaml": "input_validator_args: {check: [max, '9']}\n",
        "data/secret/2-hard.yaml": "input_validator_args: [all]\n",
    }
    cases = load_package(write(files)).testset.testcases
    assert cases["secret/1-easy"].validator_args == {"": (), "check": ("max", "9")}
    assert cases["secret/2-hard"].validator_args == {"": ("all",)}
