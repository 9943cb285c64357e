"""Every data set's reader on damaged rows and files: a package or one clear error, nothing else.

JSONL rows are scrambled value by value; parquet files, whose columns have types, byte by byte.
"""

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from problems.errors import PackageError, UnsupportedTask
from problems.package import load_package
from tests.problems.test_datasets import (
    code_contests_row,
    codeforces_row,
    ioi_rows,
    ioi_tests,
    lcb_row,
    packed,
    save,
)
from tests.problems.test_evaluators import LIVE, LIVE_TESTS, PLUS, ccc

LCB_TESTS = json.dumps([{"input": "5 6\n", "output": "11\n", "testtype": "stdin"}])
LCB_CALLS = json.dumps([{"input": "[1]\n3", "output": "[4]", "testtype": "functional"}])
SETS: dict[str, Callable[[], list[dict[str, Any]]]] = {
    "ioi": ioi_rows,
    "codeforces": lambda: [codeforces_row()],
    "code_contests": lambda: [code_contests_row()],
    "livecodebench": lambda: [lcb_row(packed(LCB_TESTS))],
    "livecodebench-functions": lambda: [
        lcb_row(
            LCB_CALLS,
            starter_code="class Solution:\n    def f(self, a: List[int], b: int) -> List[int]:\n",
            metadata='{"func_name": "f"}',
            public_test_cases="[]",
        )
    ],
}
SETS |= {
    "code-contests-plus": lambda: [{**PLUS, "checker": "", "validator": None}],
    "liveoibench": lambda: [dict(LIVE)],
    "nemo-gym-ccc": lambda: [ccc()],
}
BESIDE: dict[str, Callable[[], list[dict[str, Any]]]] = {
    "ioi": ioi_tests,
    "liveoibench": lambda: [dict(LIVE_TESTS)],
}
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(),  # JSON of Python has NaN and Infinity
    st.text(max_size=8),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
    st.sampled_from(
        ["../../../etc/passwd", "/etc/passwd", "a\0b", "x" * 5000, "\ud800", "[" * 3000, "$" * 99]
    ),
)
SETTINGS = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOLVER_CACHE", str(tmp_path / "cache"))


def scramble(data: Any, draw: Callable[..., Any]) -> Any:
    """One value somewhere in a row replaced by another, or taken out."""
    if isinstance(data, dict) and data and draw(st.integers(0, 5)):
        key = draw(st.sampled_from(sorted(data)))
        if draw(st.integers(0, 5)) == 0:
            return {name: value for name, value in data.items() if name != key}
        return {**data, key: scramble(data[key], draw)}
    if isinstance(data, list) and data and draw(st.integers(0, 5)):
        index = draw(st.integers(0, len(data) - 1))
        return [*data[:index], scramble(data[index], draw), *data[index + 1 :]]
    return draw(VALUES)


def read(folder: Path, files: set[Path]) -> None:
    """Reads the folder; a refusal names a file of it, and the line where the row was met."""
    try:
        load_package(folder)
    except PackageError as error:
        assert error.path in {folder, *files}
        assert error.line is None or error.line >= 1
        assert str(error).count("\n") < 20
    except UnsupportedTask as error:
        assert str(error)
    assert {path for path in folder.rglob("*") if path.is_file()} == files


def files_of(folder: Path, name: str, rows: list[dict[str, Any]], suffix: str) -> set[Path]:
    files = {save(folder / f"rows{suffix}", rows)}
    if name in BESIDE:
        files.add(save(folder / f"tests{suffix}", BESIDE[name]()))
    return files


@pytest.mark.parametrize("name", SETS)
@SETTINGS
@given(data=st.data())
def test_a_row_with_other_values(name: str, data: st.DataObject, tmp_path: Path) -> None:
    rows = deepcopy(SETS[name]())
    for _ in range(data.draw(st.integers(1, 3))):
        index = data.draw(st.integers(0, len(rows) - 1))
        changed = scramble(rows[index], data.draw)
        rows[index] = changed if isinstance(changed, dict) else {"row": changed}
    folder = tmp_path / "set"
    read(folder, files_of(folder, name, rows, ".jsonl"))


@pytest.mark.parametrize("name", [name for name in SETS if not name.endswith("functions")])
@pytest.mark.parametrize("suffix", [".jsonl", ".parquet"])
@SETTINGS
@given(data=st.data(), rubbish=st.binary(max_size=30))
def test_a_file_cut_or_filled_with_rubbish(
    name: str, suffix: str, data: st.DataObject, rubbish: bytes, tmp_path: Path
) -> None:
    folder = tmp_path / "set"
    files = files_of(folder, name, SETS[name](), suffix)
    path = data.draw(st.sampled_from(sorted(files)))
    content = path.read_bytes()
    at = data.draw(st.integers(0, len(content)))
    kept = content[:at] if data.draw(st.booleans()) else content[at + len(rubbish) :]
    path.write_bytes(content[:at] + rubbish + kept if kept is not content else rubbish)
    read(folder, files)
