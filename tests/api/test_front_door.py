"""`import solver`: what it offers, what that costs, and that it is documented."""

import inspect
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import problems
import sandbox
import solver
from problems.submission import Submission
from problems.task import Task
from problems.verdict import Verdict
from solver.errors import SolverError
from tests.small_pools import few

BUNDLED = Path(solver.__file__).parents[1] / "problems/bundled"


def test_importing_it_loads_nothing_heavy() -> None:
    code = (
        "import sys, solver, problems, sandbox\n"
        "print([m for m in ('torch', 'numpy', 'pydantic', 'pypdf', 'docker') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("module", [solver, problems, sandbox])
def test_every_public_name_is_there_and_documented(module: object) -> None:
    names = module.__all__  # type: ignore[attr-defined]
    assert list(names) == sorted(names)
    assert set(names) <= set(dir(module))
    for name in names:
        thing = getattr(module, name)
        if inspect.isclass(thing) or inspect.isfunction(thing):
            assert inspect.getdoc(thing), name


FUNCTIONS = [
    (module, name)
    for module in (solver, problems, sandbox)
    for name in module.__all__
    if inspect.isfunction(getattr(module, name))
]


def test_the_doors_are_walked() -> None:
    names = {f"{module.__name__}.{name}" for module, name in FUNCTIONS}
    doors = {"solver.solve", "solver.replay", "solver.contest", "solver.judge"}
    assert doors | {"problems.load", "sandbox.open"} <= names


@pytest.mark.parametrize(("module", "name"), FUNCTIONS)
def test_a_function_says_its_arguments_errors_and_result(module: ModuleType, name: str) -> None:
    function = getattr(module, name)
    words = inspect.getdoc(function) or ""
    assert "Args:" in words and "Raises:" in words
    signature = inspect.signature(function)
    assert signature.return_annotation is not signature.empty
    for argument in signature.parameters:
        assert re.search(rf"\b{argument}\b", words), (name, argument)


@pytest.mark.parametrize("module", [solver, problems, sandbox])
def test_every_method_of_a_public_class_is_documented(module: ModuleType) -> None:
    for name in module.__all__:
        thing = getattr(module, name)
        if not inspect.isclass(thing):
            continue
        public = [each for each in vars(thing) if not each.startswith("_")]
        for each in public:
            if inspect.isfunction(vars(thing)[each]) or isinstance(vars(thing)[each], property):
                assert inspect.getdoc(vars(thing)[each]), f"{module.__name__}.{name}.{each}"


def test_results_say_their_units() -> None:
    for name in solver.__all__:
        thing = getattr(solver, name)
        if not inspect.isclass(thing):
            continue
        for field in thing.__dataclass_fields__:
            # Times and sizes carry their unit in the name; points are the contest's.
            assert not re.search(r"(time|duration|memory|size)$", field), (name, field)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'sole'"):
        solver.sole  # noqa: B018


def test_load_gives_a_task_without_hidden_tests() -> None:
    task = problems.load(BUNDLED / "contest/evens")
    assert isinstance(task, Task)
    assert task.name == "evens"


def test_judge_takes_submissions_by_name_and_gives_a_frame() -> None:
    right = b"input()\nprint(sum(int(x) % 2 == 0 for x in input().split()))\n"
    programs = {"right": Submission(language="python3", sources={"a.py": right})}
    judged = solver.judge(BUNDLED / "contest/evens", programs)
    assert judged.programs[0].result.verdict is Verdict.AC
    frame = judged.to_frame()
    assert frame.column("program").to_pylist() == ["right"]
    assert frame.column("subtask_points").to_pylist() == [20.0]


def test_judge_refuses_a_file_of_no_known_language(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("hello")
    with pytest.raises(SolverError, match=r"a\.txt: no language is known"):
        solver.judge(BUNDLED / "contest/evens", [tmp_path / "a.txt"])


def test_a_contest_is_played_and_gone_on_with(tmp_path: Path) -> None:
    cup = tmp_path / "cup"
    cup.mkdir()
    (cup / "contest.toml").write_text(
        f'title = "Cup"\npools = "{few("evens").parent}"\n'
        f'[[tasks]]\nname = "evens"\npath = "{BUNDLED / "contest/evens"}"\n'
    )
    played = solver.contest(cup, run=tmp_path / "run")
    again = solver.contest(cup, run=tmp_path / "run")
    assert played.points == again.points == 20.0
    assert played.head == again.head
    assert played.to_frame().column("task").to_pylist() == ["evens"]


def test_a_solved_task_resumes_in_its_folder(tmp_path: Path) -> None:
    model = f"pool:{few('evens')}"
    first = solver.solve(BUNDLED / "contest/evens", model, limit=5, run=tmp_path)
    second = solver.solve(BUNDLED / "contest/evens", model, limit=5, run=tmp_path)
    assert first == second
    assert [one.rank for one in first.plan] == [1, 2, 3, 4, 5]
    assert first.to_frame().num_rows == 5
