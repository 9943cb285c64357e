"""Role: what a verdict depends on, as one key. Whatever keeps verdicts keeps them under it.

The key covers values (a task, its tests, its programs, limits) and our own code: a mended checker,
of the jury or of ours, finds no verdict of the day before. Nobody has to remember to raise a
version: it is derived from the modules that the judge is made of.
"""

import ast
import contextlib
import dataclasses
import hashlib
import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

import platformdirs

from problems.errors import PackageError
from problems.task import Statement, Task

JUDGE = "problems.judging.judge"
_ROOT = Path(__file__).parents[2]
_PACKAGES = ("problems", "sandbox")
_VERSION = re.compile("[0-9a-f]{32}")
_NO_PART_OF_RUNS = ("attacks", "bench")
"""Folders of the sandbox that only try it out."""


def key_of(*parts: object) -> str:
    """Identity of values, 128 bits in hex: equal exactly where every part is.

    Args:
        parts: Dataclasses, mappings (in any order), sequences, text, bytes, numbers, None. A path
            stands for the content of its file.

    Raises:
        PackageError: A file cannot be read.
        TypeError: A part of another type, which nothing here can tell from its like.
    """
    digest = hashlib.blake2b(digest_size=16)
    for piece in _pieces(parts):
        digest.update(b"%d:" % len(piece) + piece)
    return digest.hexdigest()


def _pieces(value: object) -> Iterator[bytes]:
    """The value as length-prefixed pieces that no other value has."""
    match value:
        case Enum() | None | bool() | int() | float() | str():
            yield repr(value).encode("utf-8", "surrogatepass")
        case bytes():
            yield b"bytes"
            yield value
        case Path():
            try:
                yield b"bytes"
                yield value.read_bytes()
            except OSError as error:
                raise PackageError(value, f"cannot be read ({error.strerror})") from error
        case Mapping():
            yield b"mapping %d" % len(value)
            for name in sorted(value):
                yield from _pieces(name)
                yield from _pieces(value[name])
        case Sequence():
            yield b"sequence %d" % len(value)
            for item in value:
                yield from _pieces(item)
        case _ if dataclasses.is_dataclass(value):
            fields = {each.name: getattr(value, each.name) for each in dataclasses.fields(value)}
            yield type(value).__name__.encode()
            yield from _pieces(fields)
        case _:
            raise TypeError(f"no identity for a {type(value).__name__}")


def deciding(task: Task) -> Task:
    """The task without what is only read by people and models."""
    return dataclasses.replace(
        task,
        name="",
        title="",
        statement=Statement(text=""),
        attachments={},
        languages=(),
        helpers=(),
        subtasks=tuple(dataclasses.replace(subtask, description="") for subtask in task.subtasks),
    )


@cache
def code_version(root: str = JUDGE) -> str:
    """Identity of our code that decides a verdict: of the module `root` with all that it imports of
    `problems`, and of the whole sandbox. What only people read (comments, docstrings, layout of
    Python) does not count.

    Deriving it parses a hundred files; what it came to for exactly this text of all our files is
    kept in the user's cache folder.
    """
    place = Path(platformdirs.user_cache_dir("solver"), "code", _text_digest(root))
    with contextlib.suppress(OSError, ValueError):
        known = place.read_text()
        if _VERSION.fullmatch(known):
            return known
    digest = hashlib.blake2b(digest_size=16)
    for path in sorted(files_of(root)):
        digest.update(f"{path.relative_to(_ROOT).as_posix()}\0".encode() + _meaning(path) + b"\0")
    _tree.cache_clear()
    version = digest.hexdigest()
    with contextlib.suppress(OSError):  # a full or read-only disk: derived again next time
        place.parent.mkdir(parents=True, exist_ok=True)
        draft = place.with_name(f"{place.name}.{os.getpid()}")
        draft.write_text(version)
        draft.replace(place)
    return version


def _text_digest(root: str) -> str:
    """Of all that could take part: every module of `problems`, every file of the sandbox, and the
    Python that reads them."""
    digest = hashlib.blake2b(f"{root}\0{sys.version}\0".encode(), digest_size=16)
    for path in sorted({*(_ROOT / "problems").rglob("*.py"), *_sandbox_files()}):
        digest.update(f"{path.relative_to(_ROOT).as_posix()}\0".encode())
        digest.update(hashlib.blake2b(path.read_bytes(), digest_size=16).digest())
    return digest.hexdigest()


def files_of(root: str = JUDGE) -> set[Path]:
    """What `code_version` covers.

    Raises:
        ModuleNotFoundError: There is no such module of ours.
    """
    found = modules_of(root)
    if not found:
        raise ModuleNotFoundError(f"no module {root}", name=root)
    return found | set(_sandbox_files())


def _sandbox_files() -> Iterator[Path]:
    folder = _ROOT / "sandbox"
    for path in folder.rglob("*"):
        parts = path.relative_to(folder).parts
        if path.is_file() and parts[0] not in _NO_PART_OF_RUNS and "__pycache__" not in parts:
            yield path


def modules_of(root: str) -> set[Path]:
    """The files of a module and of all that it imports, however deep, in our two packages."""
    found: set[Path] = set()
    waiting = [root]
    while waiting:
        path = _file_of(waiting.pop())
        if path is not None and path not in found:
            found.add(path)
            waiting += _imported(path)
    return found


def _file_of(module: str) -> Path | None:
    """The file of a module; None for a name inside a module, or a module of somebody else."""
    if module.partition(".")[0] not in _PACKAGES:
        return None
    place = _ROOT.joinpath(*module.split("."))
    return next(
        (path for path in (place.with_suffix(".py"), place / "__init__.py") if path.is_file()), None
    )


def _imported(path: Path) -> list[str]:
    names: list[str] = []
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return names


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_bytes())


class _WithoutDocstrings(ast.NodeTransformer):
    def visit_Expr(self, node: ast.Expr) -> Any:
        text = isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        return None if text else node


def _meaning(path: Path) -> bytes:
    if path.suffix != ".py":
        return path.read_bytes()
    return ast.dump(_WithoutDocstrings().visit(_tree(path))).encode()
