"""The house: how long a file may be, how many lie loose, and that no two need each other."""

import ast
import re
import statistics
from collections import Counter
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HELPER = ROOT / "sandbox/helper"
PACKAGES = ("sandbox", "problems", "solver")
LOOSE_FILES = 12
"""Files of code beside sub-folders, the `__init__.py` that is the folder's door not counted."""
LONGEST_LINES = 350
SOLVER_MEDIAN_LINES = 120


def code_of(package: str) -> list[Path]:
    """A package's own files; programs that it carries as data are none."""
    data = (ROOT / "problems/bundled", ROOT / "sandbox/attacks/programs")
    return [
        path
        for path in sorted((ROOT / package).rglob("*.py"))
        if not any(path.is_relative_to(folder) for folder in data)
    ]


def lines_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(path: Path, modules: frozenset[str]) -> Iterator[str]:
    """Modules that a file imports anywhere: at its top, in a function, for its types alone."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name in modules)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0 and node.module is not None, f"{path}: a relative import"
            for name in node.names:
                inner = f"{node.module}.{name.name}"
                if inner in modules:
                    yield inner
                elif node.module in modules:
                    yield node.module


def circle_in(needs: Mapping[str, set[str]]) -> list[str]:
    """A circle among what needs what, or nothing."""
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        circle: list[str] = error.args[1]
        return circle
    return []


def test_no_two_files_import_each_other() -> None:
    files = {module_of(path): path for package in PACKAGES for path in code_of(package)}
    modules = frozenset(files)
    needs = {name: set(imports_of(path, modules)) - {name} for name, path in files.items()}
    assert needs["solver.pipeline"] and needs["problems.loading"]  # the walk finds imports
    assert circle_in({"a": {"b"}, "b": {"c"}, "c": {"a"}})
    assert circle_in(needs) == []


def test_the_helpers_calls_go_down_its_reading_order() -> None:
    header = (HELPER / "helper.h").read_text(encoding="utf-8")
    order = re.findall(r"\b(\w+\.c)\b", header.partition("*/")[0])
    assert sorted(order) == sorted(path.name for path in HELPER.glob("*.c"))
    declared: dict[str, str] = {}
    for owner, section in re.findall(
        r"/\* (\w+\.c) \*/\n(.*?)(?=/\* \w+\.c \*/|#endif)", header, re.S
    ):
        lines = [line for line in section.splitlines() if not line.startswith((" ", "struct"))]
        found = re.findall(r"(\w+)(?:\([^()]*\))?;", "\n".join(lines))
        declared |= dict.fromkeys(found, owner)
    assert declared["run_job"] == "run.c" and declared["own_processes"] == "account.c"
    for caller in order:
        text = (HELPER / caller).read_text(encoding="utf-8")
        code = re.sub(r"/\*.*?\*/|\"[^\"\n]*\"", "", text, flags=re.S)
        used = {declared[word] for word in re.findall(r"\w+", code) if word in declared}
        above = [callee for callee in used if order.index(callee) < order.index(caller)]
        assert above == [], f"{caller} calls back up"


@pytest.mark.parametrize("package", PACKAGES)
def test_no_file_is_too_long(package: str) -> None:
    long = {
        path.relative_to(ROOT).as_posix(): lines
        for path in code_of(package)
        if (lines := lines_of(path)) > LONGEST_LINES
    }
    assert long == {}


def test_half_of_solvers_files_are_short() -> None:
    assert statistics.median(map(lines_of, code_of("solver"))) <= SOLVER_MEDIAN_LINES


@pytest.mark.parametrize("package", PACKAGES)
def test_no_room_is_a_landing(package: str) -> None:
    """Where a folder has rooms, few files lie before their doors."""
    files = code_of(package)
    loose = Counter(path.parent for path in files if path.name != "__init__.py")
    rooms = {path.parent.parent for path in files}
    assert len(rooms) > 1
    crowded = {
        folder.relative_to(ROOT).as_posix(): count
        for folder, count in loose.items()
        if folder in rooms and count > LOOSE_FILES
    }
    assert crowded == {}


def test_what_is_installed_is_pinned_one_a_line() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert len(lines) > 50
    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9._-]+==[\w.+!]+", line)] == []
