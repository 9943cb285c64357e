"""Labels: each format's words mean what they mean there, points are compared with points."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from rich.console import Console

from problems.formats import LeftOut
from problems.package import load_package
from problems.submission import Expectation, Speech
from problems.task import Task
from problems.verdict import SubmissionResult, SubtaskResult, TestcaseResult, Verdict
from problems.verifying.labels import disagreements, label_of, why_accepted, words_of
from problems.verifying.printing import print_report
from problems.verifying.report import Row, VerifyReport
from problems.verifying.verify import Verifier
from sandbox.backend import Sandbox
from sandbox.compiling.compile import Compiler
from tests.problems.conftest import Write
from tests.problems.small_packages import KATTIS

AC, WA, TLE, RE, MLE, OLE, PARTIAL = (
    Verdict.AC,
    Verdict.WA,
    Verdict.TLE,
    Verdict.RE,
    Verdict.MLE,
    Verdict.OLE,
    Verdict.PARTIAL,
)
POINTS, GRADES, TESTS = Speech.POINTS, Speech.GRADES, Speech.TESTS


def result_of(points: float, verdict: Verdict, grade: Verdict | None = None) -> SubmissionResult:
    """A submission to a task of 100 points with one subtask of 30."""
    subtask = SubtaskResult(
        subtask="g1",
        points=min(points, 30.0),
        max_points=30.0,
        verdict=verdict,
        package_verdict=grade,
    )
    return SubmissionResult(
        verdict=verdict,
        points=points,
        subtasks=(subtask,),
        testcases=(TestcaseResult(testcase="1", verdict=verdict, score=0.0),),
        package_verdict=grade,
    )


@pytest.fixture
def task(write: Write) -> Task:
    return load_package(write(KATTIS)).task


@pytest.mark.parametrize(
    ("speaks", "result", "word", "holds"),
    [
        (GRADES, result_of(100, AC, AC), AC, True),
        (GRADES, result_of(100, AC, AC), PARTIAL, False),
        # The package accepts at any points; a part of them is what it calls partially accepted.
        (GRADES, result_of(20, WA, AC), AC, True),
        (GRADES, result_of(20, WA, AC), PARTIAL, True),
        (GRADES, result_of(20, WA, AC), WA, False),
        (GRADES, result_of(20, PARTIAL, WA), WA, True),
        (GRADES, result_of(20, PARTIAL, WA), PARTIAL, False),
        # Kattis has no word for memory and output.
        (GRADES, result_of(0, MLE, MLE), RE, True),
        (GRADES, result_of(0, OLE, OLE), TLE, True),
        (GRADES, result_of(0, RE, RE), TLE, False),
        # TPS's words are about points, also where its label is kept in a Kattis package.
        (POINTS, result_of(20, PARTIAL, AC), AC, False),
        (POINTS, result_of(20, PARTIAL, AC), PARTIAL, True),
        (POINTS, result_of(20, WA, AC), WA, True),
        (POINTS, result_of(20, WA), PARTIAL, True),
        (POINTS, result_of(20, WA), WA, True),
        (POINTS, result_of(20, WA), AC, False),
        (POINTS, result_of(0, WA), PARTIAL, False),
        (POINTS, result_of(0, MLE), RE, False),
        (POINTS, result_of(0, MLE, AC), RE, True),
        # Kattis 2025-09 speaks of test cases: half the points for an accepted one is accepted.
        (TESTS, result_of(20, PARTIAL), AC, True),
        (TESTS, result_of(20, WA), AC, False),
        (TESTS, result_of(20, WA), WA, True),
        (TESTS, result_of(100, AC), AC, True),
        (TESTS, result_of(100, AC), WA, False),
    ],
)
def test_words(
    task: Task, speaks: Speech, result: SubmissionResult, word: Verdict, holds: bool
) -> None:
    """The same of a whole submission and of a subtask."""
    whole = Expectation(verdicts=frozenset({word}), speaks=speaks)
    part = Expectation(subtasks={"g1": frozenset({word})}, speaks=speaks)
    assert (not disagreements(task, result, whole)) is holds
    if result.points < 100:
        assert (not disagreements(task, result, part)) is holds
    assert words_of(task, result, speaks)


@pytest.mark.parametrize(
    ("points", "expected", "holds"),
    [
        (30.004, Expectation(points=30.0), True),
        (30.006, Expectation(points=30.0), False),
        (25.0, Expectation(points=(20.0, 30.0)), True),
        (19.9, Expectation(points=(20.0, 30.0)), False),
        (30.1, Expectation(points=(20.0, 30.0)), False),
        (20.0, Expectation(subtask_points={"g1": (10.0, 20.0)}), True),
        (21.0, Expectation(subtask_points={"g1": (10.0, 20.0)}), False),
        (21.0, Expectation(subtask_points={"other": (10.0, 20.0)}), True),
    ],
)
def test_points(task: Task, points: float, expected: Expectation, holds: bool) -> None:
    assert (not disagreements(task, result_of(points, WA), expected)) is holds
    assert label_of(expected)


@pytest.mark.parametrize(("verdict", "holds"), [(WA, False), (TLE, True)])
def test_some_test(task: Task, verdict: Verdict, holds: bool) -> None:
    expected = Expectation(some_test=frozenset({TLE}))
    assert (not disagreements(task, result_of(0, verdict), expected)) is holds


Verify = Callable[[Mapping[str, str]], dict[str, Row]]


@pytest.fixture
def verify(sandbox: Sandbox, compiler: Compiler, write: Write, tmp_path: Path) -> Verify:
    def rows(files: Mapping[str, str]) -> dict[str, Row]:
        report = Verifier(sandbox, compiler, store=tmp_path / "store").verify([write(files)])
        assert not report.unreadable
        return {row.submission.name.rsplit("/", 1)[-1]: row for row in report.rows}

    return rows


SUM = "a, b = map(int, input().split())\nprint(a + b)\n"
NEARLY = SUM.replace("a + b", "a + b + 1")
SMALL = SUM.replace("a + b", "(a + b) % 100")
NEAR_GETS_HALF = """\
import sys
right, said = int(open(sys.argv[2]).read()), int(sys.stdin.read())
if abs(right - said) > 1:
    sys.exit(43)
with open(sys.argv[3] + "score.txt", "w") as score:
    score.write(str({full} if right == said else {full} / 2))
sys.exit(42)
"""


def legacy(**labels: tuple[str, str]) -> dict[str, str]:
    """A legacy package whose validator gives half the points for an answer that is off by one."""
    files = {
        "problem.yaml": "name: Sum\ntype: scoring\nvalidation: custom score\n"
        "limits:\n  time_limit: 2\ngrading:\n  show_test_data_groups: yes\n",
        "problem_statement/problem.en.tex": "\\problemname{Sum}\nAdd.\n",
        "input_validators/check.py": "import sys\nsys.exit(42)\n",
        "output_validators/check.py": NEAR_GETS_HALF.format(full=30),
        "data/testdata.yaml": "on_reject: continue\nrange: 0 60\ngrader_flags: ignore_sample\n",
        "data/secret/testdata.yaml": "on_reject: continue\nrange: 0 60\n"
        "grader_flags: first_error accept_if_any_accepted\n",
    }
    for group, line, answer in (("g1", "5 6", "11"), ("g2", "500 6", "506")):
        files[f"data/secret/{group}/testdata.yaml"] = (
            "on_reject: break\nrange: 0 30\ngrader_flags: min\n"
        )
        files[f"data/secret/{group}/1.in"] = line + "\n"
        files[f"data/secret/{group}/1.ans"] = answer + "\n"
    for name, (grades, source) in labels.items():
        files[f"submissions/partially_accepted/{name}.py"] = (
            f"# @EXPECTED_GRADES@ {grades}\n{source}"
        )
    return files


def test_expected_grades_are_the_packages_grades(verify: Verify) -> None:
    """`AC` is a group that the package accepts, whatever part of its points that gave."""
    rows = verify(
        legacy(
            accepted=("AC AC", NEARLY),
            partly=("PAC PAC", NEARLY),
            rejected=("WA AC", NEARLY),
            mixed=("AC WA", SMALL),
            all_right=("PAC AC", SUM),
        )
    )
    assert {name: row.disagreements for name, row in rows.items()} == {
        "accepted.py": (),
        "partly.py": (),
        "rejected.py": ("g1: expected WA, got PARTIAL",),
        "mixed.py": (),
        "all_right.py": ("g1: expected PARTIAL, got AC",),
    }
    result = rows["accepted.py"].result
    assert result is not None and [part.points for part in result.subtasks] == [15.0, 15.0]


def test_a_tps_label_in_a_kattis_package_is_about_points(verify: Verify) -> None:
    files = legacy(anything=("none", NEARLY))
    # The jury's source as it stood upstream: what `solutions.json` says of it holds.
    files["submissions/accepted/right.py"] = SUM
    for name in ("near", "near_too"):
        files[f"submissions/partially_accepted/{name}.py"] = f"# {name}\n{NEARLY}"
        files[f"tps/solution/{name}.py"] = f"# {name}\n{NEARLY}"
    files["tps/subtasks.json"] = (
        '{"subtasks": {"one": {"index": 0, "score": 30}, "two": {"index": 1, "score": 30}}}'
    )
    files["tps/solutions.json"] = (
        '{"near.py": {"verdict": "partially_correct"}, "near_too.py": {"verdict": "correct"}}'
    )
    rows = verify(files)
    assert rows["near.py"].submission.expected.source == "solutions.json"
    assert rows["near.py"].agrees
    assert rows["near_too.py"].disagreements == (
        "g1: expected AC, got PARTIAL",
        "g2: expected AC, got PARTIAL",
    )


def kattis2025(submissions: Mapping[str, str], rules: str) -> dict[str, str]:
    """A 2025-09 package of two groups, 30 points each, with the same validator."""
    files = {
        "problem.yaml": "problem_format_version: 2025-09\ntype: scoring\nname: Sum\n"
        "uuid: 4b7c8b1e-5f0a-4a0c-9c55-d2e0c7d5f0aa\nlicense: cc0\n"
        "credits: Us\nlimits:\n  time_limit: 2\n",
        "statement/problem.en.md": "Add.\n",
        "input_validators/check.py": "import sys\nsys.exit(42)\n",
        "output_validator/check.py": NEAR_GETS_HALF.format(full=1).replace(
            "score.txt", "score_multiplier.txt"
        ),
        "data/secret/test_group.yaml": "max_score: 60\nscore_aggregation: sum\n",
        "submissions/submissions.yaml": rules,
    }
    for group, line, answer in (("1", "5 6", "11"), ("2", "500 6", "506")):
        files[f"data/secret/{group}/test_group.yaml"] = "max_score: 30\nscore_aggregation: min\n"
        files[f"data/secret/{group}/a.in"] = line + "\n"
        files[f"data/secret/{group}/a.ans"] = answer + "\n"
    return files | {f"submissions/{name}": source for name, source in submissions.items()}


def test_labels_of_2025_are_about_test_cases(verify: Verify) -> None:
    rows = verify(
        kattis2025(
            {
                "accepted/right.py": SUM,
                "accepted/near.py": NEARLY,
                # Half the points, and a test case that is rejected: that is not "accepted".
                "accepted/small.py": SMALL,
                "wrong_answer/near.py.py": NEARLY,
                "wrong_answer/small2.py": SMALL,
                "mixed/near3.py": NEARLY,
                "mixed/near4.py": NEARLY,
                "mixed/small5.py": SMALL,
                "mixed/small6.py": SMALL,
                "mixed/small7.py": SMALL,
                "mixed/small8.py": SMALL,
            },
            "mixed/near3.py:\n  permitted: [AC, TLE]\n  secret/1: {permitted: [AC]}\n"
            "mixed/near4.py:\n  score: [20, 40]\n  secret/1: {score: 15}\n"
            "mixed/small5.py:\n  score: [31, 60]\n"
            "mixed/small6.py:\n  secret/1: {score: 30}\n  secret/2: {score: [1, 30]}\n"
            "mixed/small7.py:\n  secret/2: {permitted: [AC]}\n"
            "mixed/small8.py:\n  secret/2: {required: [WA]}\n  secret/1: {permitted: [AC]}\n",
        )
    )
    assert {name: row.disagreements for name, row in rows.items()} == {
        "right.py": (),
        "near.py": (),
        "small.py": ("permitted AC or PARTIAL, got WA on secret/2/a",),
        "near.py.py": ("required WA, and no test ends so",),
        "small2.py": (),
        "near3.py": (),
        "near4.py": (),
        "small5.py": ("expected 31 to 60 points, got 30",),
        "small6.py": ("2: expected 1 to 30 points, got 0",),
        "small7.py": ("secret/2: permitted AC or PARTIAL, got WA on secret/2/a",),
        "small8.py": (),
    }


@pytest.mark.parametrize(
    ("speaks", "result", "word", "told"),
    [
        (GRADES, result_of(15, WA, AC), AC, "the package's graders pass up"),
        (TESTS, result_of(15, PARTIAL), AC, "no test is rejected"),
        (GRADES, result_of(100, AC, AC), AC, ""),
        (GRADES, result_of(15, WA, AC), PARTIAL, ""),
        (POINTS, result_of(15, PARTIAL, AC), PARTIAL, ""),
    ],
)
def test_accepted_without_all_points_is_explained(
    task: Task, speaks: Speech, result: SubmissionResult, word: Verdict, told: str
) -> None:
    expected = Expectation(verdicts=frozenset({word}), speaks=speaks)
    why = why_accepted(task, result, expected)
    assert why.startswith("accepted with 15 of 100 points: ") is bool(told)
    assert told in why


def test_the_report_explains_accepted_without_all_points(verify: Verify) -> None:
    files = legacy()
    files["submissions/accepted/near.py"] = NEARLY
    files["submissions/accepted/right.py"] = SUM
    rows = verify(files)
    assert "accepted_because" not in rows["right.py"].as_json()
    console = Console(record=True, width=300)
    print_report(VerifyReport(rows=list(rows.values())), console)
    text = console.export_text()
    assert text.count("accepted with ") == 1
    assert "/accepted/near.py: accepted with 30 of 60 points: in this format" in text


def test_a_report_without_labels_does_not_say_that_all_hold() -> None:
    console = Console(record=True, width=200)
    left_out = LeftOut(name="mixed/x.py", reason="no label")
    print_report(VerifyReport(left_out=[("sum", left_out)], notes=[("sum", "a key")]), console)
    text = console.export_text()
    assert "no label was checked; 1 skipped" in text
    assert "100" not in text
    assert "sum/mixed/x.py: no label" in text and "note: sum: a key" in text
