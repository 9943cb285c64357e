"""What verdicts are kept under: every value that decides one, and our own code."""

import dataclasses
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from problems.errors import PackageError
from problems.judging import verdict_key
from problems.judging.verdict_key import code_version, deciding, files_of, key_of
from problems.task import Program
from tests.problems.test_judge import make_task

ROOT = Path(verdict_key.__file__).parents[2]


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Our two packages in a place where they may be changed."""
    for name in ("problems", "sandbox"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("bundled"))
    monkeypatch.setattr(verdict_key, "_ROOT", tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    yield tmp_path
    code_version.cache_clear()


def version_now() -> str:
    code_version.cache_clear()
    return code_version()


def test_the_version_is_that_of_the_code(copied: Path) -> None:
    before = version_now()
    checkers = copied / "problems" / "jury" / "check.py"
    text = checkers.read_text()
    checkers.write_text(
        text.replace('"""The verdict, and the share', '"""A verdict, and the share')
    )
    assert checkers.read_text() != text
    checkers.write_text(checkers.read_text() + "\n\n# A remark.\n")
    assert version_now() == before
    checkers.write_text(text.replace("share >= 1.0", "share >= 0.5"))
    assert checkers.read_text() != text
    assert version_now() != before
    checkers.write_text(text)
    with (copied / "sandbox" / "helper" / "account.c").open("a") as end:
        end.write("/* more */\n")
    assert version_now() != before


def test_another_process_need_not_derive_it_again(
    copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = version_now()
    (kept,) = (copied / "cache" / "solver" / "code").iterdir()
    with monkeypatch.context() as patch:
        patch.setattr(verdict_key, "files_of", None)
        assert version_now() == before
    kept.write_text("half of it")
    assert version_now() == before  # what a crash cut off is derived anew


def test_the_version_covers_every_part_of_the_judge_and_nothing_else() -> None:
    """The modules are those that are imported, wherever in a file they are; no reader of packages,
    no model of a statement."""
    names = {path.relative_to(ROOT).as_posix() for path in files_of()}
    assert {
        "problems/judging/judge.py",
        "problems/jury/compare.py",
        "problems/judging/kattis_grading.py",
        "problems/judging/results.py",
        "problems/tasktypes/multi_pass.py",
        "problems/tasktypes/side.py",
        "sandbox/engine/engine.py",
        "sandbox/limits.py",
        "sandbox/compiling/languages.toml",
        "sandbox/helper/account.c",
        "sandbox/image/Dockerfile",
    } <= names
    others = ("problems/formats", "problems/statement", "sandbox/bench", "sandbox/attacks")
    assert not [name for name in names if name.startswith(others)]
    verified = {path.relative_to(ROOT).as_posix() for path in files_of("problems.verifying.verify")}
    with pytest.raises(ModuleNotFoundError, match="no_such"):
        files_of("problems.no_such")
    assert names | {"problems/formats/polygon.py", "problems/verifying/labels.py"} <= verified


def test_values_are_told_apart(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"content")
    values: list[object] = [
        None,
        True,
        1,
        1.0,
        "1",
        b"1",
        (),
        ("a", "b"),
        ("ab",),
        (("a",), "b"),
        {},
        {"a": "b"},
        {"a": b"b"},
        Program(role="r", language="c", sources={}),
        Program(role="r", language="c", sources={}, args=("x",)),
        Program(role="r", language="c", sources={"a.c": b"x"}),
        "content",
    ]
    keys = [key_of(value) for value in values]
    assert len(set(keys)) == len(keys)
    assert key_of("a", "b") != key_of("ab") != key_of(("a", "b"))
    assert key_of({"a": 1, "b": 2}) == key_of({"b": 2, "a": 1})
    assert key_of(file) == key_of(b"content")
    file.write_bytes(b"contents")
    assert key_of(file) != key_of(b"content")
    with pytest.raises(TypeError, match="set"):
        key_of({1, 2})
    with pytest.raises(PackageError, match="missing"):
        key_of(tmp_path / "missing")


def test_what_is_only_read_does_not_decide() -> None:
    task = make_task()
    told = dataclasses.replace(
        task,
        title="Other",
        statement=dataclasses.replace(task.statement, text="Other words."),
        attachments={"a": b"b"},
    )
    assert key_of(deciding(task)) == key_of(deciding(told))
    less = dataclasses.replace(task.limits, memory_bytes=1)
    assert key_of(deciding(task)) != key_of(deciding(dataclasses.replace(task, limits=less)))
