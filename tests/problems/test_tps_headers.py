"""Labels at the head of exported jury programs: the exceptions that the export lost."""

import json
from collections.abc import Mapping

import pytest
from rich.console import Console

from problems.formats.reader import Package
from problems.formats.tps_labels import VERDICTS, word_of
from problems.package import load_package
from problems.submission import Expectation
from problems.verdict import Verdict
from problems.verifying.printing import print_package
from problems.verifying.verify import Verifier
from sandbox.backend import Sandbox
from sandbox.compiling.compile import Compiler
from tests.problems.conftest import Write
from tests.problems.small_packages import TPS_CMS

SMALL = '#include "sum.h"\nint sum(int a, int b) { return a > 100 ? 0 : a + b; }\n'
ZERO = '#include "sum.h"\nint sum(int a, int b) { return 0; }\n'
WA, AC, TLE, RE, MLE = Verdict.WA, Verdict.AC, Verdict.TLE, Verdict.RE, Verdict.MLE


def headed(verdict: str, exceptions: Mapping[str, str], program: str = SMALL) -> str:
    entry = json.dumps({"verdict": verdict, "except": exceptions}, indent=2)
    lines = ["solution/some.cpp", *entry.splitlines(), "END HEADER"]
    return "".join(f"// {line}\n" for line in lines) + program


def one_each(small: Verdict, full: Verdict) -> dict[str, frozenset[Verdict]]:
    return {"01-small": frozenset({small}), "02-full": frozenset({full})}


def read(write: Write, programs: Mapping[str, str]) -> tuple[Package, dict[str, Expectation]]:
    package = load_package(
        write({**TPS_CMS, **{f"solutions/{name}": text for name, text in programs.items()}})
    )
    return package, {jury.name: jury.expected for jury in package.submissions}


def test_a_header_labels_each_subtask(write: Write) -> None:
    package, labels = read(
        write,
        {
            "incorrect/small.cpp": headed("wrong_answer", {"samples": "correct", "small": "AC"}),
            "time_limit/slow.cpp": headed("tle", {"full": "runtime_error"}),
            "correct/all.cpp": headed("correct", {}),
        },
    )
    assert labels["incorrect/small.cpp"].subtasks == one_each(AC, WA)
    # For TPS a program that is killed for its memory has crashed.
    assert labels["time_limit/slow.cpp"].subtasks == {
        "01-small": frozenset({TLE}),
        "02-full": frozenset({RE, MLE}),
    }
    assert labels["correct/all.cpp"].verdicts == frozenset({AC})
    assert {labels[name].source for name in labels if "zero" not in name} == {"header", "folder"}
    assert labels["incorrect/zero.cpp"].source == "folder"
    assert package.notes == ()


@pytest.mark.parametrize(
    ("program", "why"),
    [
        (headed("incorrect", {"smal": "correct"}), "no subtask is called 'smal'"),
        (headed("incorrect", {"small": "fine"}), "unknown verdict 'fine'"),
        (headed("correct", {}), "it says 'correct', the folder 'incorrect'"),
        ("// a.cpp\n// {\n//   'verdict'\n// }\n// END HEADER\n" + SMALL, "cpp:3: not valid JSON"),
    ],
)
def test_a_header_that_cannot_be_used_is_told(write: Write, program: str, why: str) -> None:
    package, labels = read(write, {"incorrect/small.cpp": program})
    assert labels["incorrect/small.cpp"].source == "folder"
    (note,) = package.notes
    assert why in note and "its header is not used" in note and "small.cpp" in note


def test_a_comment_is_no_header(write: Write) -> None:
    package, labels = read(write, {"incorrect/a.cpp": "// {}\n" + SMALL + "// END HEADER\n"})
    assert (labels["incorrect/a.cpp"].source, package.notes) == ("folder", ())


def test_show_prints_labels_in_their_own_words(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    """It printed the place that a label of subtasks was read in, and of others all verdicts. What
    strangers write is no markup."""
    problem = str(TPS_CMS["problem.json"])
    files = {
        "problem.json": problem.replace('"Sum"', '"Sum [/bold]"'),
        "solutions/time_limit/slow[red].cpp": headed("time_limit", {"small": "AC"}),
        "solutions/failed/bad.cpp": SMALL,
    }
    package = load_package(write({**TPS_CMS, **files}))
    print_package(package, Console(width=120))
    shown = capsys.readouterr().out
    assert "time_limit/slow[red].cpp  01-small AC, 02-full TLE\n" in shown
    assert "failed/bad.cpp  failed\n" in shown
    assert "Sum [/bold]" in shown


def test_verify_holds_a_program_to_its_header(
    write: Write, sandbox: Sandbox, compiler: Compiler
) -> None:
    package, _ = read(
        write,
        {
            "incorrect/small.cpp": headed("incorrect", {"small": "correct"}),
            # The folder's word alone would hold.
            "incorrect/zero.cpp": headed("incorrect", {"small": "correct"}, ZERO),
        },
    )
    report = Verifier(sandbox, compiler).verify([package.path])
    rows = {row.submission.name: row.disagreements for row in report.rows}
    assert rows["incorrect/small.cpp"] == ()
    assert rows["incorrect/zero.cpp"] == ("01-small: expected AC, got WA",)


def test_every_word_has_a_verdict_and_short_forms() -> None:
    assert all(word_of(word) == word for word in VERDICTS)
    assert [word_of(text) for text in ("WA", "wrong_answer", "TLE_RTE", "pv", "yes")] == [
        "incorrect",
        "incorrect",
        "time_limit_and_runtime_error",
        "protocol_violation",
        None,
    ]


def test_solutions_json_may_use_short_forms(write: Write) -> None:
    files = {
        "problem.json": '{"name": "sum", "type": "Batch", "has_grader": false}',
        "subtasks.json": '{"subtasks": {"all": {"index": 1, "score": 100}}}',
        "solutions.json": '{"a.cpp": {"verdict": "wrong_answer"}, "b.cpp": {"verdict": "AC"}}',
        "gen/data": "[all]\n@subtask all\nmanual 1.in\n",
        "solution/a.cpp": "int main() {}\n",
        "solution/b.cpp": "int main() {}\n",
        "tests/1-01.in": "1\n",
        "tests/1-01.out": "1\n",
        "tests/mapping": "all 1-01\n",
    }
    package = load_package(write(files))
    wrong, right = (jury.expected for jury in package.submissions)
    assert wrong.subtasks == {"all": frozenset({WA})}
    assert right.verdicts == frozenset({AC})
