"""What the readers of this folder make of small packages, and of what is wrong with them."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from problems.errors import PackageError, UnsupportedTask
from problems.loading import load_task
from problems.package import load_package
from problems.task import TaskType
from problems.verdict import Verdict
from tests.problems.conftest import Write
from tests.problems.small_packages import AOI, KATTIS, TPS_CMS

Files = Mapping[str, str | bytes | Path]


def test_kattis_legacy(write: Write) -> None:
    package = load_package(write(KATTIS))
    task = package.task
    assert package.format == "kattis-legacy"
    assert (task.title, task.scored, task.type) == ("The Sum", True, TaskType.BATCH)
    assert [(s.name, s.max_points) for s in task.subtasks] == [("g1", 30.0), ("g2", 70.0)]
    assert [(e.input, e.output) for e in task.examples] == [(b"1 2\n", b"3\n")]
    assert (task.limits.time_s, task.limits.time_multiplier) == (None, 3.0)
    assert task.limits.memory_bytes == 512 << 20
    assert "Add two numbers" in task.statement.text
    flags = package.testset.testcases["secret/g2/1"].checker_args
    assert flags == ("float_tolerance", "1e-6", "case_sensitive")
    labels = {jury.name: jury.expected for jury in package.submissions}
    assert labels["accepted/sum.py"].verdicts == {Verdict.AC}
    assert labels["partially_accepted/small.py"].subtasks == {
        "g1": {Verdict.AC},
        "g2": {Verdict.WA},
    }
    assert len(package.testset.validators) == 1


def test_a_solver_sees_no_hidden_test(write: Write) -> None:
    text = repr(load_task(write(KATTIS)))
    assert "500 6" not in text
    assert "506" not in text


def test_tps_export(write: Write) -> None:
    package = load_package(write(TPS_CMS))
    task = package.task
    assert package.format == "tps-cms-export"
    names = [(s.name, s.max_points, s.includes) for s in task.subtasks]
    assert names == [("01-small", 40.0, ()), ("02-full", 60.0, ("01-small",))]
    assert [(e.name, e.input) for e in task.examples] == [("01", b"1 2\n")]
    public = task.interface.managers["cpp20"]["grader.cpp"]
    assert b"word" not in public
    assert b"word" in package.testset.managers["cpp20"]["grader.cpp"]
    assert "secret" not in repr(task)
    labels = {jury.name: jury.expected for jury in package.submissions}
    assert labels["correct/subtask1.cpp"].subtasks == {"01-small": {Verdict.AC}}
    assert labels["incorrect/zero.cpp"].some_test == {Verdict.WA, Verdict.PARTIAL}


def test_austrian_task_yaml(write: Write) -> None:
    package = load_package(write(AOI))
    task = package.task
    assert package.format == "aoi-task-yaml"
    assert (task.name, task.limits.time_s, task.score_precision) == ("sum", 1.5, 1)
    names = [(s.name, s.max_points, s.includes) for s in task.subtasks]
    assert names == [("subtask1", 40.0, ()), ("subtask2", 60.0, ("subtask1",))]
    points = {jury.name: jury.expected.points for jury in package.submissions}
    assert points == {"solution/sum.cpp": 100.0, "solution/small.cpp": 40.0}


def test_austrian_variants(write: Write) -> None:
    """A glob alone, a list behind the checker's tag, an expectation that is no number."""
    files = {**AOI, "check.cpp": "int main() {}\n", "check.h": ""}
    text = str(files["task.yaml"])
    text = text.replace(
        "    - input: tc/1-*.in.gz\n      output: tc/1-*.out.gz\n", '    - "tc/1-*.in.gz"\n'
    )
    text += "  solution/odd.cpp: unknown\nchecker: !cppcompile [check.h, check.cpp]\n"
    package = load_package(write({**files, "task.yaml": text}))
    assert len(package.submissions) == 2
    assert package.testset.checker is not None
    assert "check.cpp" in package.testset.checker.sources
    assert len(package.testset.testcases) == 3


def test_a_base_file_one_level_up(write: Write) -> None:
    root = write({**AOI, "../base.yaml": AOI["base.yaml"]})
    (root / "base.yaml").unlink()
    assert load_package(root).task.score_precision == 1
    (root.parent / "base.yaml").unlink()
    with pytest.raises(PackageError, match=r"task\.yaml:2: extends"):
        load_package(root)


def without(files: Files, *names: str) -> dict[str, str | bytes | Path]:
    return {name: content for name, content in files.items() if name not in names}


def changed(files: Files, name: str, old: str, new: str) -> dict[str, str | bytes | Path]:
    content = files[name]
    assert isinstance(content, str)
    assert old in content
    return {**files, name: content.replace(old, new)}


def bomb(levels: int) -> str:
    return "a0: &a0 [x]\n" + "".join(
        f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, levels)
    )


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (without(KATTIS, "data/secret/g1/1.ans"), r"g1/1\.in: answer file missing: 1\.ans"),
        (without(KATTIS, "data/secret/g1/1.in"), r"g1/1\.ans: answer without an input file"),
        ({"problem.yaml": "name: x\n"}, r"data: no such folder"),
        ({"problem.yaml": "", "data/secret/testdata.yaml": ""}, r"data: no test case"),
        (changed(KATTIS, "problem.yaml", "scoring", "guessing"), r"problem\.yaml:2: type"),
        (changed(KATTIS, "problem.yaml", "  memory: 512", "  memory: lots"), r":6: limits\.mem"),
        (changed(KATTIS, "problem.yaml", "limits:", "limits: ["), r"problem\.yaml:\d+: not valid"),
        (
            changed(KATTIS, "data/secret/g1/testdata.yaml", "accept_score: 30", "accept_score: a"),
            r"g1/testdata\.yaml:2: accept_score",
        ),
        (
            changed(KATTIS, "data/secret/g1/testdata.yaml", "on_reject", "grading: custom\nx"),
            r"g1/testdata\.yaml:1: grading: custom",
        ),
        ({**KATTIS, "problem.yaml": "validation: magic\n"}, r"problem\.yaml:1: validation"),
        ({**KATTIS, "problem.yaml": "validation: custom\n"}, r"yaml:1: .* output_validators/"),
        ({**KATTIS, "problem.yaml": bomb(40)}, r"problem\.yaml:\d+: .*aliases that unfold to more"),
        ({**KATTIS, "problem.yaml": f"{bomb(15)}name: *a14\n"}, r"problem\.yaml:\d+: .* unfold"),
        ({**KATTIS, "problem.yaml": "x: &x 1\ny: [" + "*x, " * 201 + "]\n"}, r"2: .* 200 alias"),
        ({**KATTIS, "problem.yaml": "x: &x [*x]\n"}, r"problem\.yaml:1: .*what it stands in"),
        ({**KATTIS, "problem.yaml": "x: " + "[" * 3000}, r"problem\.yaml:\d+: .*nested deeper"),
        ({**KATTIS, "problem.yaml": "- 1\n- 2\n"}, r"problem\.yaml:1: expected keys"),
        ({**KATTIS, "data/secret/g1/2.in": Path("/etc/passwd"), "data/secret/g1/2.ans": "1"},
         r"g1/2\.in: link leads out"),
        ({**KATTIS, "data/secret/g1/2.in": Path("2.in"), "data/secret/g1/2.ans": "1"},
         r"g1/2\.in: (broken link|no such file)"),
        ({**KATTIS, "data/secret/g3": Path("../../../"), }, r"secret/g3: link leads out"),
        ({**KATTIS, "data/secret/g3": Path("../secret")}, r"secret/g3: link to a folder"),
        ({**KATTIS, "data/secret/g1/deep": Path("../../../data")}, r"g1/deep: link to a folder"),
        ({**KATTIS, "submissions/accepted/x.py": Path("/etc/hostname")}, r"x\.py: link leads out"),
        (without(TPS_CMS, "tests/1-01.out"), r"1-01\.in: answer file missing: 1-01\.out"),
        (without(TPS_CMS, "tests/2-01.in"), r"02-full\.json:\d+: test '2-01'"),
        (changed(TPS_CMS, "problem.json", '"time_limit": 1.0', '"time_limit": "x"'),
         r"problem\.json:\d+: time_limit"),
        (changed(TPS_CMS, "problem.json", '"code": "sum",', ""), r"problem\.json:\d+: code"),
        (changed(TPS_CMS, "problem.json", '1.0,', '1.0'), r"problem\.json:\d+: not valid JSON"),
        (changed(TPS_CMS, "subtasks/01-small.json", "40", '"much"'), r"01-small\.json:1: score"),
        ({**TPS_CMS, "attachments/sum.zip": b"PK\x03\x04broken"}, r"sum\.zip: not a readable zip"),
        (changed(AOI, "task.yaml", "tc/1-*.in.gz", "tc/9-*.in.gz"), r"yaml:15: no file matches"),
        (changed(AOI, "task.yaml", "1.5s", "soon"), r"task\.yaml:5: time_limit"),
        (without(AOI, "solution/small.cpp"), r"task\.yaml:\d+: test_submissions: no file"),
        (without(AOI, "tc/1-01.out"), r"1-01\.in: answer file missing"),
        ({"readme.txt": "hello"}, r"no known package format"),
    ],
)  # fmt: skip
def test_broken_packages_name_file_and_line(write: Write, files: Files, message: str) -> None:
    with pytest.raises(PackageError, match=message):
        load_package(write(files))


def test_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match="no such file or folder"):
        load_package(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (
            changed(KATTIS, "problem.yaml", "grading:", "grading:\n  objective: min"),
            r"objective min",
        ),
        (changed(TPS_CMS, "problem.json", '"Batch",', '"TwoSteps2",'), "TwoSteps2"),
        (changed(AOI, "base.yaml", "BATCH", "TELEPATHY"), "TELEPATHY"),
        (changed(AOI, "base.yaml", "GROUP_MIN", "GROUP_LUCK"), "GROUP_LUCK"),
    ],
)
def test_unsupported_kinds_are_refused_by_name(write: Write, files: Files, message: str) -> None:
    with pytest.raises(UnsupportedTask, match=message):
        load_package(write(files))


def test_links_between_groups_are_one_test(write: Write) -> None:
    files: Files = {
        **KATTIS,
        "data/secret/g2/0.in": Path("../g1/1.in"),
        "data/secret/g2/0.ans": Path("../g1/1.ans"),
    }
    package = load_package(write(files))
    cases = package.testset.testcases
    assert cases["secret/g2/0"].input == cases["secret/g1/1"].input
    assert package.task.subtask("g2").includes == ("g1",)


ICPC: Mapping[str, str] = {
    "problem.yaml": "problem_format_version: legacy-icpc\nname: Sum\nauthor: A\nlicense: cc0\n",
    "data/sample/1.in": "1 2\n",
    "data/sample/1.ans": "3\n",
    "data/secret/1.in": "5 6\n",
    "data/secret/1.ans": "11\n",
    "submissions/accepted/sum.py": "print(sum(map(int, input().split())))\n",
}


def test_the_icpc_subset_of_legacy(write: Write) -> None:
    package = load_package(write(ICPC))
    assert (package.format, package.task.title) == ("kattis-legacy", "Sum")
    assert not package.task.scored
    assert len(package.testset.testcases) == 2


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("problem.yaml", ICPC["problem.yaml"] + "type: scoring\n", r"problem\.yaml:5: type"),
        ("problem.yaml", ICPC["problem.yaml"] + "validation: custom score\n", r"yaml:5: valid"),
        ("graders/g.py", "print('AC 1')\n", "graders"),
        ("data/secret/testdata.yaml", "on_reject: continue\n", "testdata"),
        ("data/secret/g1/1.in", "1 1\n", "g1"),
    ],
)
def test_what_the_icpc_subset_does_not_have(
    write: Write, name: str, content: str, says: str
) -> None:
    with pytest.raises(PackageError, match=says):
        load_package(write({**ICPC, name: content}))
