"""Small packages of our own, one or more a format, read and judged against their labels."""

import shutil
import tarfile
import zipfile
from pathlib import Path

import pytest

from problems.errors import PackageError, UnsupportedTask
from problems.languages import language_of
from problems.package import load_package
from problems.task import TaskType
from problems.verifying.verify import Verifier
from sandbox.backend import Sandbox
from sandbox.compiling.compile import Compiler
from tests.problems.conftest import Write

PACKAGES = Path(__file__).parent / "packages"
# Tools leave folders of their own here (.ruff_cache).
ALL = sorted(path.relative_to(PACKAGES).as_posix() for path in PACKAGES.glob("[!.]*/*"))


@pytest.mark.parametrize("name", ALL)
def test_every_label_of_a_package_holds(
    name: str, sandbox: Sandbox, compiler: Compiler, tmp_path: Path
) -> None:
    report = Verifier(sandbox, compiler, store=tmp_path).verify([PACKAGES / name])
    assert not report.unreadable
    assert report.rows
    assert {
        row.submission.name: (row.disagreements, row.error, row.skipped)
        for row in report.rows
        if not row.agrees
    } == {}


def test_kattis_2025_scoring_problem() -> None:
    package = load_package(PACKAGES / "kattis2025/spread")
    task = package.task
    assert package.format == "kattis-2025-09"
    assert [(s.name, s.max_points) for s in task.subtasks] == [
        ("1-small", 20.0),
        ("2-negative", 30.0),
        ("3-large", 50.0),
    ]
    assert task.subtasks[1].description == r"$N \le 3$"
    assert "$1 \\le N \\le 3000$" in task.statement.text
    assert "between $-10^9$ and $10^9$" in task.statement.text
    small = task.statement.for_subtask("1-small")
    assert "no number is below" in small
    assert "No further limits" not in small
    assert task.limits.time_s == 1.0
    assert [example.output for example in task.examples] == [b"3\n", b"0\n"]
    flags = package.testset.testcases["secret/3-large/flat"].checker_args
    assert flags == ("case_sensitive",)
    assert b"{{" not in package.testset.validators[0].sources["check.py"]


def test_kattis_2025_interactive_and_multi_pass() -> None:
    found = load_package(PACKAGES / "kattis2025/findnumber").task
    assert found.type is TaskType.INTERACTIVE
    assert found.examples == ()  # the interactor's own files
    assert ">500" in found.statement.text
    message = load_package(PACKAGES / "kattis2025/message").task
    assert message.type is TaskType.MULTI_PASS
    assert message.passes == 2
    assert load_package(PACKAGES / "kattis2025/byhand").task.type is TaskType.OUTPUT_ONLY


def test_italian_subtasks_come_from_gen() -> None:
    package = load_package(PACKAGES / "italian/pairs")
    task = package.task
    assert [(s.name, s.max_points) for s in task.subtasks] == [
        ("subtask1", 40.0),
        ("subtask2", 60.0),
    ]
    assert package.testset.scoring.children[1].testcases == ("001", "002", "003")
    assert (task.interface.input_file, task.interface.output_file) == ("input.txt", "output.txt")
    assert task.examples[0].input == b"5\n1 2 1 1 2\n"
    assert task.score_precision == 1


def test_italian_subtasks_by_parameters_share_tests() -> None:
    package = load_package(PACKAGES / "italian/divisor")
    first, second = package.testset.scoring.children
    assert first.testcases == ("000", "001")
    assert second.testcases == ("001", "002", "003")
    assert "int divisor(int n);" in package.task.interface.signatures["cpp20"]


def test_tps_inclusion_follows_gen_data() -> None:
    package = load_package(PACKAGES / "tps/steps")
    assert package.format == "tps"
    short, full = package.task.subtasks
    assert short.includes == ()
    assert full.includes == ("short",)
    assert package.testset.scoring.children[1].testcases == (
        *("0-01", "1-01", "1-02"),
        *("big-01", "big-02", "2-01"),
    )
    assert full.description == r"$n \le 90$"


def test_polygon_groups_points_and_dependencies() -> None:
    package = load_package(PACKAGES / "polygon/twosum")
    task = package.task
    assert [(s.name, s.max_points) for s in task.subtasks] == [
        ("1", 20.0),
        ("2", 40.0),
        ("3", 40.0),
    ]
    nodes = {node.name: node for node in package.testset.scoring.children}
    assert nodes["3"].requires == ("1", "2")
    assert task.limits.memory_bytes == 268435456
    assert task.statement.text.startswith("# Two Numbers")
    assert task.subtasks[1].description == r"$s \le 10^9$"
    assert len(task.examples) == 1


@pytest.mark.parametrize("kind", ["zip", "tar.gz", "tar.xz"])
@pytest.mark.parametrize("nested", [True, False])
def test_archives_read_as_their_folders(
    kind: str, nested: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOLVER_CACHE", str(tmp_path / "cache"))
    folder = shutil.copytree(PACKAGES / "tps/steps", tmp_path / "steps")
    (folder / "tests/9-01.in").symlink_to("0-01.in")
    (folder / "tests/9-01.out").symlink_to("0-01.out")
    archive = tmp_path / f"mytask.{kind}"
    prefix = "steps" if nested else ""
    if kind == "zip":
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
            for path in sorted(folder.rglob("*")):
                name = (Path(prefix) / path.relative_to(folder)).as_posix()
                if path.is_symlink():
                    info = zipfile.ZipInfo(name)
                    info.external_attr = 0o120777 << 16
                    file.writestr(info, str(path.readlink()))
                else:
                    file.write(path, name)
    else:
        with tarfile.open(archive, f"w:{kind[4:]}") as file:
            file.add(folder, prefix or ".")
    package = load_package(archive)
    assert package.task == load_package(folder).task
    cases = package.testset.testcases
    assert cases["9-01"].input == cases["0-01"].input
    assert package.path.is_relative_to(tmp_path / "cache")


@pytest.mark.parametrize(
    ("names", "language"),
    [
        (["a.cc"], "cpp20"),
        (["a.c", "b.c", "a.cpp"], "c"),
        (["a.cpp", "a.py"], "cpp20"),
        (["a.java", "a.py"], "python3"),  # Kattis's priorities
        (["a.go", "a.rs"], "rust"),
        (["README"], None),
    ],
)
def test_the_language_of_a_program(names: list[str], language: str | None) -> None:
    assert language_of(dict.fromkeys(names, b"")) == language


HOSTILE = [
    ("italian/divisor", "task.yaml", "[30, 2]", "[30, 1000000000000]", r"yaml:10: .*no such tests"),
    ("italian/divisor", "task.yaml", "[30, 2]", "[.inf, 2]", r"yaml:10: points"),
    ("italian/divisor", "task.yaml", '"00[123]"', '"(a+)+$"', r"yaml:11: .*intricate"),
    ("italian/pairs", "gen/GEN", "# ST: ", "# ST: ²", r"GEN:\d+: expected points"),
    ("italian/pairs", "task.yaml", "memory_limit: ", "memory_limit: 9999999", "out of bounds"),
    ("tps_cms/steps", "problem.json", "268435456", "Infinity", r"json:8: memory_limit"),
    ("tps_cms/steps", "problem.json", "268435456", "9" * 5000, r"problem\.json"),
    ("tps_cms/steps", "problem.json", "Batch_compilation", "Batch_num_processes", r"json:6: num"),
    ("aoi/steps", "task.yaml", "grader/grader.cpp", "../../outside.cpp", r"yaml:\d+: grader"),
    ("tps/steps", "solutions.json", '"correct"', "7", r"json:\d+: .*string"),
    ("kattis2025/spread", "submissions/submissions.yaml", "[AC]", "7", r"yaml:\d+: "),
]


@pytest.mark.parametrize(("name", "file", "old", "new", "says"), HOSTILE)
def test_what_a_stranger_may_write_is_refused_with_its_line(
    name: str, file: str, old: str, new: str, says: str, tmp_path: Path
) -> None:
    folder = shutil.copytree(PACKAGES / name, tmp_path / "package")
    text = (folder / file).read_text()
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1))
    with pytest.raises(PackageError, match=says):
        load_package(folder)


QUITP = (
    "#include <cstdio>\nint main() {\n"
    '    std::fprintf(stderr, "points %s said\\n", "POINTS");\n    return 7;\n}\n'
)


def polygon_echo(judging: str, points: str, kind: str = "python.3") -> dict[str, str]:
    """A Polygon package of two tests, 4 and 16 points, whose checker gives points."""
    tests = '<test method="manual" points="4.0"/><test method="manual" points="16.0"/>'
    xml = (
        '<problem short-name="echo"><names><name language="english" value="Echo"/></names>'
        f'<judging input-file="" output-file="" {judging}><testset name="tests">'
        "<time-limit>2000</time-limit><memory-limit>268435456</memory-limit>"
        "<test-count>2</test-count><input-path-pattern>tests/%02d</input-path-pattern>"
        f"<answer-path-pattern>tests/%02d.a</answer-path-pattern><tests>{tests}</tests>"
        '</testset></judging><assets><checker type="testlib">'
        '<source path="check.cpp" type="cpp.g++17"/></checker><solutions><solution tag="main">'
        f'<source path="sol.py" type="{kind}"/></solution></solutions></assets></problem>'
    )
    files = {"problem.xml": xml, "check.cpp": QUITP.replace("POINTS", points)}
    files |= {f"tests/0{n}{end}": f"{n}\n" for n in (1, 2) for end in ("", ".a")}
    return files | {"sol.py": "print(input())\n"}


@pytest.mark.parametrize(
    ("judging", "points", "total"),
    [
        ("", "3", 6.0),
        ('treat-points-from-checker-as-percent="false"', "3", 6.0),
        ('treat-points-from-checker-as-percent="true"', "50", 10.0),
        ("", "5", None),
        ('treat-points-from-checker-as-percent="true"', "101", None),
    ],
)
def test_polygons_points_of_a_checker(
    sandbox: Sandbox,
    compiler: Compiler,
    write: Write,
    tmp_path: Path,
    judging: str,
    points: str,
    total: float | None,
) -> None:
    """As they stand, or a percentage; above a test's own they are the jury's error."""
    folder = write(polygon_echo(judging, points))
    (row,) = Verifier(sandbox, compiler, store=tmp_path / "store").verify([folder]).rows
    assert (row.result.points if row.result is not None else None) == total
    assert bool(row.error) is (total is None)


def test_polygons_python_2_is_no_python_3(
    sandbox: Sandbox, compiler: Compiler, write: Write, tmp_path: Path
) -> None:
    folder = write(polygon_echo("", "3", kind="python.2"))
    (row,) = Verifier(sandbox, compiler, store=tmp_path / "store").verify([folder]).rows
    assert "python2" in row.skipped
    xml = folder / "problem.xml"
    xml.write_text(xml.read_text().replace("cpp.g++17", "python.2"))
    with pytest.raises(UnsupportedTask, match="Python 2"):
        load_package(folder)


@pytest.mark.parametrize(
    ("line", "error", "said"),
    [
        ('output_only_testcases: "2"', PackageError, "no test 002"),
        ("task_type: TwoSteps", UnsupportedTask, "TwoSteps"),
        ("output_eval: realprecision", UnsupportedTask, "realprecision"),
        ("n_input: 3", PackageError, "n_input"),
    ],
)
def test_what_an_italian_task_asks_and_nothing_serves(
    write: Write, line: str, error: type[Exception], said: str
) -> None:
    files = {"task.yaml": f"name: echo\ntime_limit: 1.0\n{line}\n", "sol/echo.py": "print(input())"}
    files |= {f"{place}/{place}{n}.txt": f"{n}\n" for place in ("input", "output") for n in (0, 1)}
    with pytest.raises(error, match=said):
        load_package(write(files))


def test_an_austrian_answer_lies_where_its_pattern_says(write: Write) -> None:
    yaml = (
        "name: ECHO\ntime_limit: 1s\nmemory_limit: 64MiB\ntask_type: BATCH\n"
        "\nsubtasks:\n  - points: 100\n    testcases:\n"
        "    - input: tc/in/1-*.in.gz\n      output: tc/out/1-*.right.gz\n"
        "test_submissions:\n  solution/a.py: 100\n  solution/b.py: maybe\n"
    )
    files = {"task.yaml": yaml, "tc/in/1-x.in": "1\n", "tc/out/1-x.right": "1\n"}
    files |= {"solution/a.py": "print(1)\n", "solution/b.py": "print(2)\n"}
    package = load_package(write(files))
    (case,) = package.testset.testcases.values()
    assert case.answer is not None and case.answer.name == "1-x.right"
    assert [one.name for one in package.left_out] == ["solution/b.py"]


def test_correct_in_the_iois_export_is_that_no_test_was_wrong(
    sandbox: Sandbox, compiler: Compiler, write: Write, tmp_path: Path
) -> None:
    files = {
        "problem.json": '{"code": "echo", "task_type": "Batch", "task_type_params": "{}",'
        ' "time_limit": 2, "memory_limit": 268435456}',
        "subtasks/01-all.json": '{"score": 100, "testcases": ["a"]}',
        "tests/a.in": "1\n",
        "tests/a.out": "1\n",
        "checker/checker.py": "import sys\n"
        "print(0.5 if open(sys.argv[3]).read() == '1\\n' else 0)\n"
        "print('Protocol Violation: too long', file=sys.stderr)\n",
        "solutions/correct/half.py": "print(input())\n",
        "solutions/correct/wrong.py": "print(2)\n",
        "solutions/protocol_violation/says.py": "print(2)\n",
        "solutions/runtime_error/says.py": "print(2)\n",
        "solutions/strange/x.py": "print(1)\n",
    }
    report = Verifier(sandbox, compiler, store=tmp_path / "store").verify([write(files)])
    assert {row.submission.name: row.agrees for row in report.rows} == {
        "correct/half.py": True,
        "correct/wrong.py": False,
        "protocol_violation/says.py": True,
        "runtime_error/says.py": False,
    }
    ((_, one),) = report.left_out
    assert one.name == "strange/x.py"


def test_polygons_validators_are_told_their_group(write: Write) -> None:
    files = polygon_echo("", "3")
    files["problem.xml"] = files["problem.xml"].replace('points="16.0"', 'group="big" points="16"')
    cases = load_package(write(files)).testset.testcases
    assert cases["01"].validator_args == {"": ("--testset", "tests")}
    assert cases["02"].validator_args == {"": ("--testset", "tests", "--group", "big")}


@pytest.mark.parametrize(
    ("name", "files", "note"),
    [
        ("legacy", {"problem.yaml": "name: X\nmagic: 1\n"}, "problem.yaml:2: magic"),
        ("legacy", {"problem.yaml": "limits:\n  magic: 1\n"}, "problem.yaml:2: magic"),
        ("legacy", {"data/secret/testdata.yaml": "grader_flags: magic\n"}, "knows no magic"),
        ("legacy", {"input_validators/check.magic": "?"}, "check.magic"),
        ("legacy", {"output_validators/b.py": "", "problem.yaml": "validation: custom\n"}, "b.py"),
        ("aoi", {}, "task.yaml:5: magic"),
    ],
)
def test_keys_that_nothing_reads_are_noted(
    write: Write, name: str, files: dict[str, str], note: str
) -> None:
    base = {
        "problem.yaml": "name: X\n",
        "data/secret/1.in": "1\n",
        "data/secret/1.ans": "1\n",
        "output_validators/a.py": "",
    }
    if name == "aoi":
        base = {
            "task.yaml": "name: X\ntime_limit: 1s\nmemory_limit: 1MiB\nscore_options:\n  magic: 1\n"
            "\nsubtasks:\n  - points: 1\n    testcases:\n    - input: tc/1.in\n",
            "tc/1.in": "1\n",
            "tc/1.out": "1\n",
        }
    notes = load_package(write({**base, **files})).notes
    assert any(note in each for each in notes), notes
