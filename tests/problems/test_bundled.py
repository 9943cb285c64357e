"""The bundled contest: its data, its labels and its pools hold what their readers rely on."""

import contextlib
import importlib.util
import io
import random
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from types import CodeType, ModuleType

import pytest

from problems.judging.judge import Judge
from problems.loading import load_task
from problems.package import load_package
from problems.submission import Submission
from problems.verifying.verify import Verifier
from sandbox.backend import Sandbox
from sandbox.compiling.compile import Compiler
from solver.contests.folders.folder import read_contest
from solver.sampling.pools.pool import read_pool

BUNDLED = Path(__file__).parents[2] / "problems" / "bundled"
CONTEST = BUNDLED / "contest"
TASKS = ("apples", "warmest", "evens", "depots", "canal")
OLYMPIAD = ("depots", "canal")

# Inputs that break one rule each; `sample` stands for the first example.
BROKEN = {
    "apples": ["{sample} ", "", "1\n", "1 2 3\n", "-1 2\n", "1 1000000001\n", "1.0 2\n", "01 2\n"],
    "warmest": ["{sample}\n", "", "1 2\n", "1 2 1001\n", "1 2 -1001\n", "a b c\n", "1 2  3\n"],
    "evens": ["{sample} ", "", "0\n\n", "2\n1\n", "1\n1 2\n", "1\n0\n", "1\n1000001\n", "1 \n1\n"],
    "depots": [
        "{sample} ",
        "",
        "0 1 1\n",
        "2 1 1\n5 5\n",
        "1 1 1\n5 5\n5 5\n",
        "1 11 1\n5 5\n",
        "1 1 0\n5 5\n",
        "1 1 1\n1000000001 5\n",
        "1 1 1\n5 0\n",
        "1 1 1\n5 101\n",
        "1 1 1\n-5 1\n",
    ],
    "canal": [
        "{sample} ",
        "",
        "1\n5\n-\n",
        "2\n5\n1\ne\n",
        "2\n5 5\n11\ne\n",
        "2\n5 5\n2\ne\n",
        "2\n5 5\n1\nt 1\ne\n",
        "2\n5 5\n1\nh 2\ne\n",
        "2\n5 5\n1\ns 0 0\ne\n",
        "2\n5 1000000001\n1\ne\n",
        "2\n5 5\n1\nx 0\ne\n",
        "2\n5 5\n1\nr 1 200001 0 0 1 1 any\ne\n",
        "2\n5 5\n1\nr 1 10 900 200 1 1 any\ne\n",
    ],
}


def script(path: Path) -> ModuleType:
    """A script of the bundle as a module; the bundle is content and no package."""
    spec = importlib.util.spec_from_file_location(f"bundled_{path.stem}", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def groups(task: str) -> Iterator[tuple[Path, list[str]]]:
    """Folders of tests with the flags that their inputs must satisfy."""
    for folder in (CONTEST / task / "data" / "sample", *_secret(task)):
        flags = re.search(
            r"^input_validator_flags: (.*)$", (folder / "testdata.yaml").read_text(), re.MULTILINE
        )
        yield folder, flags[1].split() if flags else []


def _secret(task: str) -> list[Path]:
    return sorted(p for p in (CONTEST / task / "data" / "secret").iterdir() if p.is_dir())


def ran(source: str, argv: Sequence[str], stdin: bytes = b"") -> tuple[int, bytes]:
    """Exit code and output of a script of the bundle, which runs in this process: hundreds of
    them do, and each would start a Python of its own."""
    state, out = random.getstate(), io.StringIO()
    given = io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8", newline=None)
    try:
        with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(out):
            patch.setattr(sys, "argv", ["program", *argv])
            patch.setattr(sys, "stdin", given)
            exec(compiled(source), {"__name__": "__main__"})
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
        return code, out.getvalue().encode()
    except Exception:  # noqa: BLE001 - as a process that crashes
        return 1, out.getvalue().encode()
    finally:
        random.setstate(state)
    return 0, out.getvalue().encode()


@cache
def compiled(source: str) -> CodeType:
    return compile(source, "program", "exec")


@cache
def valid(task: str, text: bytes, flags: tuple[str, ...]) -> bool:
    """What the jury's input validator says."""
    program = CONTEST / task / "input_validators" / "validator" / "validator.py"
    code, _ = ran(program.read_text(), flags, text)
    assert code in (42, 43)
    return code == 42


def generated(source: str, seed: int, subtask: str) -> bytes:
    """What a pool's generator prints."""
    code, printed = ran(source, (str(seed), subtask))
    assert code == 0
    return printed


def by_itself(source: str, seed: int, subtask: str) -> bytes:
    """The same in a process of its own."""
    command = [sys.executable, "-c", source, str(seed), subtask]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout


def test_the_contest_lists_every_task() -> None:
    contest = read_contest(CONTEST)
    assert tuple(entry.name for entry in contest.entries) == TASKS
    assert contest.pools is not None and contest.pools.resolve() == BUNDLED / "pools"
    assert sorted(p.name for p in CONTEST.iterdir() if p.is_dir()) == sorted(TASKS)


@pytest.mark.parametrize("task", TASKS)
def test_committed_data_is_what_the_plan_makes(task: str) -> None:
    if shutil.which("g++") is None:
        pytest.skip("no g++: the reference solutions cannot be compiled")
    assert script(BUNDLED / "make_data.py").differences(task) == []


def test_a_changed_answer_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if shutil.which("g++") is None:
        pytest.skip("no g++: the reference solutions cannot be compiled")
    make_data = script(BUNDLED / "make_data.py")
    shutil.copytree(CONTEST / "apples", tmp_path / "apples", symlinks=True)
    monkeypatch.setattr(make_data, "CONTESTS", (tmp_path,))
    assert make_data.differences("apples") == []
    (tmp_path / "apples" / "data" / "sample" / "1.ans").write_text("8\n")
    assert make_data.differences("apples") == ["apples/data/sample/1.ans"]


@pytest.mark.parametrize("task", TASKS)
def test_validator_accepts_all_data(task: str) -> None:
    refused = [
        str(test.relative_to(CONTEST))
        for folder, flags in groups(task)
        for test in sorted(folder.glob("*.in"))
        if not valid(task, test.read_bytes(), tuple(flags))
    ]
    assert refused == []


@pytest.mark.parametrize("task", TASKS)
def test_validator_refuses_broken_inputs(task: str) -> None:
    sample = (CONTEST / task / "data" / "sample" / "1.in").read_text()
    accepted = [
        text for text in BROKEN[task] if valid(task, text.replace("{sample}", sample).encode(), ())
    ]
    assert accepted == []


@pytest.mark.parametrize(
    ("task", "flags", "group"),
    [
        ("depots", "max_n=150", "group2"),
        ("depots", "max_n=3000", "group3"),
        ("depots", "calm=1", "group2"),
        ("canal", "max=1000", "group2"),
        ("canal", "open=1", "group3"),
        ("canal", "still=1", "group2"),
    ],
)
def test_the_limits_of_a_group_bind(task: str, flags: str, group: str) -> None:
    folder = CONTEST / task / "data" / "secret" / group
    tests = [test.read_bytes() for test in sorted(folder.glob(f"{group}-*.in"))]
    assert not all(valid(task, text, (flags,)) for text in tests)


@pytest.mark.parametrize("task", TASKS)
def test_statement_shows_the_examples(task: str) -> None:
    loaded = load_task(CONTEST / task)
    files = sorted((CONTEST / task / "data" / "sample").glob("*.in"))
    assert [example.input for example in loaded.examples] == [p.read_bytes() for p in files]
    assert loaded.limits.time_s is not None
    for example in loaded.examples:
        assert example.output is not None
        assert example.input.decode().strip() in loaded.statement.text
        assert example.output.decode().strip() in loaded.statement.text


@pytest.mark.parametrize("task", OLYMPIAD)
def test_subtasks_and_inclusion(task: str) -> None:
    subtasks = {subtask.name: subtask for subtask in load_task(CONTEST / task).subtasks}
    assert list(subtasks) == ["group1", "group2", "group3", "group4"]
    assert sum(subtask.max_points for subtask in subtasks.values()) == 100
    assert set(subtasks["group4"].includes) == {"group1", "group2", "group3"}
    assert set(subtasks["group2"].includes) == ({"group1"} if task == "depots" else set())
    assert not subtasks["group3"].includes


def test_contestants_get_the_grader_that_the_judge_links() -> None:
    given, linked = CONTEST / "canal" / "attachments", CONTEST / "canal" / "include" / "cpp"
    for name in ("canal.h", "grader.cpp"):
        assert (given / name).read_bytes() == (linked / name).read_bytes()


def test_files_are_small_and_links_stay_inside() -> None:
    files = [p for p in BUNDLED.rglob("*") if "__pycache__" not in p.parts]
    size = sum(p.stat().st_size for p in files if p.is_file() and not p.is_symlink())
    # Twenty-seven small tasks with their tests, and what models drew for eight of them.
    assert size < 7_500_000
    for link in (p for p in files if p.is_symlink()):
        assert not link.readlink().is_absolute()
        assert link.resolve(strict=True).parents[1] == link.parents[1].resolve()


# Of 68 and 24 s of CPU time that these tasks take, 51 and 16 go into the time limits of these.
LONG = {
    "depots": (
        "partially_accepted/cubic.cpp",
        "partially_accepted/cubic.py",
        "time_limit_exceeded/wait.py",
    ),
    "canal": ("partially_accepted/walk.cpp", "time_limit_exceeded/copy.cpp"),
}
KINDS = {"accepted", "wrong_answer", "time_limit_exceeded", "run_time_error"}


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("task", TASKS)
def test_every_jury_submission_gets_its_label(
    task: str, sandbox: Sandbox, compiler: Compiler, tmp_path: Path
) -> None:
    """All but those of `LONG`, which the slow test has. (What is too slow is told in every other
    task, and in depots' quadratic.cpp and canal's rebuild.cpp.)"""
    folder = shutil.copytree(CONTEST / task, tmp_path / task, symlinks=True)
    for name in LONG.get(task, ()):
        (folder / "submissions" / name).unlink()
    seen = _kinds_with_their_labels(folder, sandbox, compiler, tmp_path / "store")
    assert seen >= KINDS - {name.split("/")[0] for name in LONG.get(task, ())}


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("task", LONG)
def test_every_jury_submission_of_a_long_task_gets_its_label(
    task: str, sandbox: Sandbox, compiler: Compiler, tmp_path: Path
) -> None:
    assert _kinds_with_their_labels(CONTEST / task, sandbox, compiler, tmp_path) >= KINDS


def _kinds_with_their_labels(
    folder: Path, sandbox: Sandbox, compiler: Compiler, store: Path
) -> set[str]:
    report = Verifier(sandbox, compiler, store=store).verify([folder])
    assert not report.unreadable
    wrong = [(row.submission.name, row.disagreements, row.error) for row in report.judged]
    assert [entry for entry in wrong if entry[1] or entry[2]] == []
    return {row.submission.name.split("/")[0] for row in report.rows}


@pytest.mark.parametrize("task", TASKS)
def test_pool_is_what_its_sources_pack(task: str) -> None:
    packed = script(BUNDLED / "pools" / "pack.py").packed(task)
    assert (BUNDLED / "pools" / f"{task}.jsonl").read_text() == packed


@pytest.mark.parametrize("task", TASKS)
def test_pool_reads(task: str) -> None:
    pool = read_pool(BUNDLED / "pools" / f"{task}.jsonl")
    least = 60 if task in OLYMPIAD else 10
    assert len(pool.candidates) >= least
    assert len({candidate.source for candidate in pool.candidates}) == len(pool.candidates)
    names = {subtask.name for subtask in load_task(CONTEST / task).subtasks} | {None}
    assert {candidate.subtask for candidate in pool.candidates} <= names


@pytest.mark.parametrize("task", OLYMPIAD)
def test_one_generator_of_the_pool_is_bad_and_the_others_are_valid(task: str) -> None:
    sources = sorted((BUNDLED / "pools" / "src" / task).glob("gen*.py"))
    assert len(sources) >= 4
    flags = {folder.name: tuple(flags) for folder, flags in groups(task)}
    share = {}
    for path in sources:
        source, good = path.read_text(), []
        for subtask in ("group1", "group2", "group3", "group4"):
            for seed in (1, 2, 3):
                text = generated(source, seed, subtask)
                good.append(valid(task, text, flags[subtask]))
        assert text == by_itself(source, seed, subtask), path
        share[path.name] = sum(good) / len(good)
    assert sum(value < 0.5 for value in share.values()) == 1, share
    assert sum(value == 1 for value in share.values()) == len(sources) - 1, share


@pytest.mark.parametrize("task", OLYMPIAD)
def test_one_validator_of_the_pool_is_bad(task: str) -> None:
    sources = sorted((BUNDLED / "pools" / "src" / task).glob("val*.py"))
    assert len(sources) >= 3
    refusing = []
    for path in sources:
        refused = 0
        for folder, _ in groups(task):
            for test in list(folder.glob(f"{folder.name}-*.in"))[:8]:
                refused += ran(path.read_text(), (folder.name,), test.read_bytes())[0] != 0
        if refused:
            refusing.append(path.name)
    assert len(refusing) == 1, refusing


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("task", TASKS)
def test_pool_is_a_middling_models(task: str, sandbox: Sandbox, compiler: Compiler) -> None:
    package = load_package(CONTEST / task)
    judge = Judge(package.task, package.testset, sandbox, compiler)
    points = Counter[float]()
    solved = Counter[str]()
    verdicts = Counter[str]()
    pool = read_pool(BUNDLED / "pools" / f"{task}.jsonl")
    for candidate in pool.candidates:
        name = "solution.py" if candidate.language == "python3" else f"{task}.cpp"
        sources = {name: candidate.source.encode()}
        result = judge.judge(Submission(language=candidate.language, sources=sources))
        points[result.points] += 1
        verdicts[str(result.verdict)] += 1
        solved.update(s.subtask for s in result.subtasks if s.points == s.max_points)
    if task in OLYMPIAD:
        assert verdicts["CE"] >= 1
        assert 2 <= points[100.0] <= 8
        assert points[0.0] >= len(pool.candidates) / 3
        assert all(solved[s.name] >= points[100.0] for s in package.task.subtasks)
    else:
        assert points[20.0] >= 3
