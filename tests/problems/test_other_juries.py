"""Packages as other tools leave them: DOMjudge's file, names of another version, odd headers."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from problems.errors import PackageError, UnsupportedTask
from problems.package import load_package
from problems.verdict import Verdict
from tests.problems.conftest import Write

Files = Mapping[str, str]

TESTS: Files = {
    "data/sample/1.in": "2 3\n",
    "data/sample/1.ans": "6\n",
    "data/secret/1.in": "4 5\n",
    "data/secret/1.ans": "20\n",
    "submissions/accepted/times.py": "a, b = map(int, input().split())\nprint(a * b)\n",
}
LEGACY: Files = {"problem.yaml": "name: Times\n", **TESTS}
NEW: Files = {"problem.yaml": "problem_format_version: 2025-09\nname: Times\n", **TESTS}
DRAFT: Files = {
    "problem.yaml": "problem_format_version: 2023-07-draft\nname: Times\n",
    **TESTS,
}
OUTPUT_VALIDATOR = "import sys\nsys.exit(42)\n"


@pytest.mark.parametrize(
    ("files", "limit_s"),
    [
        ({"domjudge-problem.ini": "; of the contest\nname = 'Times'\ntimelimit='0.7'\n"}, 0.7),
        ({".timelimit": "3\n"}, 3.0),
        ({"domjudge-problem.ini": "timelimit = 1.5\n", ".timelimit": "3\n"}, 1.5),
        ({"problem.yaml": "limits:\n  time_limit: 4\n", ".timelimit": "3\n"}, 4.0),
        ({}, None),
    ],
)
def test_the_limit_beside_problem_yaml(write: Write, files: Files, limit_s: float | None) -> None:
    assert load_package(write({**LEGACY, **files})).task.limits.time_s == limit_s


def test_domjudges_file_may_stand_alone(write: Write) -> None:
    files = {"domjudge-problem.ini": 'name = "Times of two"\ntimelimit = 2\ncolour = red\n'}
    package = load_package(write({**TESTS, **files}))
    assert (package.format, package.task.title) == ("kattis-legacy", "Times of two")
    assert [note for note in package.notes if "colour" in note]


@pytest.mark.parametrize(
    ("content", "said"),
    [("timelimit = soon\n", "soon"), ("[broken\n", "key = value"), ("timelimit = -1\n", "-1")],
)
def test_what_is_wrong_with_domjudges_file(write: Write, content: str, said: str) -> None:
    with pytest.raises(PackageError, match=r"domjudge-problem\.ini.*" + said):
        load_package(write({**LEGACY, "domjudge-problem.ini": content}))


def test_a_checker_that_only_the_server_has(write: Write) -> None:
    files = {**LEGACY, "domjudge-problem.ini": "special_compare = float\n"}
    with pytest.raises(UnsupportedTask, match="special_compare"):
        load_package(write(files))


def labels(path: Path) -> dict[str, frozenset[Verdict] | None]:
    return {one.name: one.expected.verdicts for one in load_package(path).submissions}


def test_tags_and_folders_as_domjudge_reads_them(write: Write) -> None:
    sources = {
        "mixed/a.py": "# @EXPECTED_RESULTS@: correct\n",
        "mixed/b.py": "# @EXPECTED_RESULTS@: WRONG-ANSWER, TIMELIMIT\n",
        "mixed/c.py": "# @EXPECTED_RESULTS@: TIMELIMIT - quadratic\n",
        "mixed/d.cpp": "/* @EXPECTED_RESULTS@: RUN-ERROR */\n",
        "mixed/e.py": "# @EXPECTED_RESULTS@: PERHAPS\n",
        "no_output/f.py": "pass\n",
        "presentation_error/g.py": "pass\n",
        "rejected/h.py": "pass\n",
        "rejected/i.py": "# @EXPECTED_RESULTS@: MEMORY_LIMIT\n",
    }
    path = write({**LEGACY, **{f"submissions/{name}": text for name, text in sources.items()}})
    found = labels(path)
    assert found["mixed/a.py"] == {Verdict.AC}
    assert found["mixed/b.py"] == {Verdict.WA, Verdict.TLE}
    assert found["mixed/c.py"] == {Verdict.TLE}
    assert found["mixed/d.cpp"] == {Verdict.RE}
    assert found["no_output/f.py"] == found["presentation_error/g.py"] == {Verdict.WA}
    rejected = found["rejected/h.py"]
    assert rejected is not None
    assert Verdict.WA in rejected
    assert Verdict.AC not in rejected
    assert found["rejected/i.py"] == {Verdict.MLE}
    (left,) = load_package(path).left_out
    assert (left.name, "PERHAPS" in left.reason) == ("mixed/e.py", True)


@pytest.mark.parametrize(
    "head", ["\ufeffproblem_format_version: 2025-09\n", '"problem_format_version": "2025-09"\n']
)
def test_the_version_however_it_is_written(write: Write, head: str) -> None:
    package = load_package(write({**NEW, "problem.yaml": f"{head}name: Times\n"}))
    assert package.format == "kattis-2025-09"


def test_a_version_of_tomorrow_is_refused_by_name(write: Write) -> None:
    files = {**NEW, "problem.yaml": "problem_format_version: 2031-02\nname: Times\n"}
    with pytest.raises(UnsupportedTask, match=r"problem\.yaml: problem_format_version 2031-02"):
        load_package(write(files))


@pytest.mark.parametrize(
    ("name", "content", "fix"),
    [
        ("data/secret/testdata.yaml", "output_validator_flags: x\n", "test_group.yaml"),
        ("data/test_group.yaml", "output_validator_args: [x]\n", "data/secret/"),
        ("data/sample/deep/test_group.yaml", "max_score: 3\n", "one deep"),
        ("output_validators/same.py", OUTPUT_VALIDATOR, "output_validator/"),
    ],
)
def test_2025_says_where_another_versions_file_belongs(
    write: Write, name: str, content: str, fix: str
) -> None:
    with pytest.raises(PackageError, match=fix) as caught:
        load_package(write({**NEW, name: content}))
    assert Path(name).parts[-1 if "data" in name else 0] in str(caught.value)


def test_drafts_are_read_under_their_names(write: Write) -> None:
    files = {
        **DRAFT,
        "data/testdata.yaml": "output_validator_flags: float_tolerance 1e-3\n",
        "data/secret/testdata.yaml": "input_validator_args: --small 3\n",
        "output_validators/same.py": OUTPUT_VALIDATOR,
    }
    testset = load_package(write(files)).testset
    assert testset.checker is not None
    assert testset.testcases["sample/1"].checker_args == ("float_tolerance", "1e-3")
    case = testset.testcases["secret/1"]
    assert (case.checker_args, case.validator_args) == (
        ("float_tolerance", "1e-3"),
        {"": ("--small", "3")},
    )


def test_what_of_a_package_is_not_judged_is_noted(write: Write) -> None:
    files = {
        **LEGACY,
        "data/secret/test_group.yaml": "output_validator_args: [x]\n",
        "data/invalid_input/1.in": "x\n",
        "data/old/1.in": "x\n",
        "output_validators/same.py": OUTPUT_VALIDATOR,
    }
    notes = load_package(write(files)).notes
    for name in ("test_group.yaml", "data/invalid_input/", "data/old/", "output_validators/"):
        assert sum(name in note for note in notes) == 1, name


def test_an_interactive_statement_shows_what_is_meant_for_it(write: Write) -> None:
    files = {
        **NEW,
        "problem.yaml": "problem_format_version: 2025-09\ntype: interactive\nname: Times\n",
        "output_validator/talk.py": OUTPUT_VALIDATOR,
        "data/sample/1.in": "hidden-number 991\n",
        "data/sample/1.in.statement": "you read 4\n",
        "data/sample/1.ans.statement": "you write 16\n",
        "data/sample/2.in": "hidden-number 992\n",
        "data/sample/2.ans": "hidden-answer\n",
    }
    task = load_package(write(files)).task
    assert "you read 4" in task.statement.text
    assert "you write 16" in task.statement.text
    assert "hidden" not in repr(task)
    assert task.examples == ()


def test_a_folder_of_packages_names_them(write: Write) -> None:
    files = {f"{name}/{path}": text for name in ("b", "a") for path, text in LEGACY.items()}
    path = write({**files, "notes/readme.txt": "x"})
    with pytest.raises(PackageError, match=r"folder of packages \(a, b\).*name one of them"):
        load_package(path)


@pytest.mark.parametrize(("languages", "count"), [("[cpp]", 1), ("[cpp, python3]", 0), ("all", 0)])
def test_a_submission_in_a_language_that_is_left_out(
    write: Write, languages: str, count: int
) -> None:
    head = f"problem_format_version: 2025-09\nname: Times\nlanguages: {languages}\n"
    notes = load_package(write({**NEW, "problem.yaml": head})).notes
    assert sum("accepted/times.py: python3 is not among" in note for note in notes) == count
