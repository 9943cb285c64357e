"""Hidden tests have no door into the solver: by type, and by what modules may import."""

import ast
import dataclasses
import inspect
import re
import tomllib
import types
import typing
from pathlib import Path
from typing import Any

from problems.submission import JurySubmission
from problems.task import Task
from problems.testset import Testcase, Testset
from problems.verdict import SubmissionResult, TestcaseResult
from solver.strategies.base import View
from solver.training.collecting import Collected
from solver.training.sources import Source
from solver.types import Feedback

HIDDEN = {Testset, Testcase, TestcaseResult, SubmissionResult, JurySubmission}
ROOT = Path(__file__).parent.parent
JUDGE_SIDE = ("problems.testset", "problems.judging.judge", "problems.package", "problems.formats")
ALLOWED = {
    "solver/adapters/packages.py",
    "solver/api/judging.py",
    "solver/contests/graders.py",
    "solver/hacking/jury.py",
    "solver/replays/truth.py",
    "solver/cli/problems.py",
}


def reachable_types(root: Any) -> set[Any]:
    """Every class that a value of type `root` can hold, through fields and type arguments."""
    seen: set[Any] = set()
    queue = [root]
    while queue:
        kind = queue.pop()
        arguments = typing.get_args(kind)
        if arguments:
            queue.extend(arguments)
            origin = typing.get_origin(kind)
            if origin is not None and origin is not types.UnionType:
                queue.append(origin)
            continue
        if not inspect.isclass(kind) or kind in seen:
            continue
        seen.add(kind)
        if dataclasses.is_dataclass(kind):
            queue.extend(typing.get_type_hints(kind).values())
    return seen


def test_the_walk_finds_nested_types() -> None:
    assert Testcase in reachable_types(Testset)
    assert Task in reachable_types(View)


def test_task_view_and_feedback_hold_no_hidden_type() -> None:
    for root in (Task, View, Feedback, Source, Collected):
        assert not reachable_types(root) & HIDDEN, root


def imports_of(path: Path) -> set[str]:
    """Absolute names of all modules that a file imports, in functions as well."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def test_only_the_judge_side_of_the_solver_imports_the_judge() -> None:
    offenders = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "solver").rglob("*.py")
        if any(
            name == door or name.startswith(door + ".")
            for name in imports_of(path)
            for door in JUDGE_SIDE
        )
    }
    # A permission that nobody uses any more is a door as well.
    assert offenders == ALLOWED


def test_the_import_contract_permits_the_same_modules_one_import_at_a_time() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    (contract,) = [one for one in contracts["contracts"] if one["type"] == "forbidden"]
    assert set(contract["forbidden_modules"]) == set(JUDGE_SIDE)
    assert contract["unmatched_ignore_imports_alerting"] == "error"
    pairs = [line.split(" -> ") for line in contract["ignore_imports"]]
    assert {source.replace(".", "/") + ".py" for source, _ in pairs} == ALLOWED
    assert {door for _, door in pairs} <= set(JUDGE_SIDE)


def test_the_architecture_names_the_same_modules() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text()
    words = text.partition("modules of `solver/` may import")[2].partition("\n\n")[0]
    assert set(re.findall(r"`(solver/[a-z_/]+\.py)`", words)) == ALLOWED
