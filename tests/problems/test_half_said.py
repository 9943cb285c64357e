"""What a package or row says half, or without a unit: named, never guessed past."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from problems.errors import PackageError
from problems.package import load_package
from tests.problems.conftest import Write
from tests.problems.test_evaluators import LIGHT, ccc, rows, testlib  # noqa: F401

ITALIAN: Mapping[str, str] = {
    "input/input0.txt": "1\n",
    "output/output0.txt": "1\n",
    "input/input1.txt": "2\n",
    "output/output1.txt": "2\n",
}
HEAD = "name: same\ntime_limit: 1\n"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("score_type: GroupMin\n", "task.yaml:3: score_type: not read"),
        ("score_type_parameters: [[100, 2]]\n", "task.yaml:3: score_type_parameters: not read"),
        (
            "score_type: GroupMin\nscore_type_parameters: [[100, 1]]\n",
            "1 tests are in no subtask and not judged: 001",
        ),
    ],
)
def test_scores_of_the_italian_format(write: Write, more: str, said: str) -> None:
    package = load_package(write({**ITALIAN, "task.yaml": HEAD + more}))
    assert [note for note in package.notes if note.startswith(said)]


def test_a_memory_limit_without_its_unit(write: Write) -> None:
    with pytest.raises(PackageError, match=r"memory limit of 200 bytes.*unit"):
        load_package(write({**ITALIAN, "task.yaml": f"{HEAD}memory_limit: 0.0001908\n"}))


def test_keys_and_units_of_lightcpverifier(write: Write, testlib: None) -> None:  # noqa: F811
    config = LIGHT["config.yaml"].replace("64m", "64MiB") + "    rule: x\n"
    package = load_package(write({**LIGHT, "config.yaml": config}))
    assert package.task.limits.memory_bytes == 64 << 20
    assert [note for note in package.notes if "rule: not known here" in note]


@pytest.mark.parametrize("files", [None, {}, {"double.h": "int f();"}])
def test_files_and_metadata_of_nemo_gym(tmp_path: Path, files: object) -> None:
    row = ccc(grader_files=files)
    path = rows(tmp_path / "rows.jsonl", {**row, "metadata": json.dumps(row["metadata"])})
    assert [one.name for one in load_package(path).task.subtasks] == ["small", "all_tests"]


def test_what_nemo_gyms_server_adds_to_programs_is_said(tmp_path: Path) -> None:
    path = rows(tmp_path / "rows.jsonl", ccc(problem_header_include="double.h"))
    assert [note for note in load_package(path).notes if "include double.h themselves" in note]


def test_metadata_that_is_no_json(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match=r"rows.jsonl:1: metadata: not valid JSON"):
        load_package(rows(tmp_path / "rows.jsonl", {**ccc(), "metadata": "{"}))
