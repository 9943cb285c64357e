"""Role: the judge's door to a package: any format, detected from its contents."""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import cast

from problems.errors import PackageError, SubtaskMismatch
from problems.formats import READERS, Package, Reader
from problems.formats.cms_outputs import with_output_files
from problems.formats.datasets import Datasets
from problems.inclusion import nodes_of
from problems.jury.comparison import comparison_of
from problems.plugins import FORMATS, PluginError, plugin, plugin_names
from problems.statement.convert import subtask_descriptions
from problems.statement.translations import in_language, translations_of
from problems.task import TaskLimits

_LARGEST_BYTES = 1 << 44
_LEAST_BYTES = 1 << 20
"""Of memory: nothing runs in less, and then a number was written without its unit."""
_LOOKED_AT, _NAMED = 50, 4
_LONGEST_S = 24 * 3600.0
_OF_A_READER = ("name", "detect", "read")

__all__ = ["Package", "load_package", "recognised"]


def load_package(path: Path | str, *, statement_language: str | None = None) -> Package:
    """Reads the package at `path`, whatever its format.

    Args:
        path: A folder, or a file where the format is one file (an archive, a data set; of a data
            set with several problems `FILE#ID` names one).
        statement_language: Which of the package's statements the task has; None: as its reader
            chooses, English first.

    Raises:
        PackageError: No reader recognises it, it is broken (names file and line), or it has no
            statement in that language (names those that it has).
        UnsupportedTask: It is sound, and nothing here can judge its kind.
    """
    path = Path(path)
    if not path.exists() and not Path(str(path).partition("#")[0]).exists():
        raise PackageError(path, "no such file or folder")
    for reader in (*READERS, *_brought()):
        if reader.detect(path):
            package = reader.read(path)
            try:
                nodes_of(package.testset.scoring, package.task.subtasks)
            except SubtaskMismatch as error:
                raise PackageError(path, str(error)) from error
            _check_limits(path, package.task.limits)
            package = with_output_files(_described(package))
            return _in_language(path, package, statement_language)
    inner = list(_packages_in(path))
    if inner:
        told = f"a folder of packages ({', '.join(inner)}), not a package"
        raise PackageError(path, f"{told}; to fix it: name one of them")
    names = ", ".join([*(reader.name for reader in READERS), *plugin_names(FORMATS)])
    raise PackageError(path, f"no known package format recognises it (known: {names})")


def recognised(folder: Path) -> bool:
    """Whether a folder is a package by its contents; a folder of rows, which may be of anything,
    is none here."""
    return any(reader.detect(folder) for reader in READERS if not isinstance(reader, Datasets))


def _packages_in(path: Path) -> Iterator[str]:
    """Names of the first packages that lie in a folder."""
    try:
        folders = sorted(entry for entry in path.iterdir() if entry.is_dir())[:_LOOKED_AT]
    except OSError:
        return
    found = (each.name for each in folders if recognised(each))
    yield from itertools.islice(found, _NAMED)


def _in_language(path: Path, package: Package, language: str | None) -> Package:
    files = translations_of(package.path)
    task = package.task
    if language is not None:
        task = in_language(task, files, language, path, package.statement_parts)
    elif files:
        task = replace(task, statement=replace(task.statement, languages=tuple(files)))
    return replace(package, task=task)


def _brought() -> Iterator[Reader]:
    """Readers of other packages, imported when no reader of ours recognised the contents."""
    for name in plugin_names(FORMATS):
        reader = plugin(FORMATS, name)
        # A class that looks like a reader has no instance yet: that is how a plugin goes wrong.
        if isinstance(reader, type) or not all(hasattr(reader, one) for one in _OF_A_READER):
            raise PluginError(
                f"{FORMATS}: {name!r} is no reader: it wants {', '.join(_OF_A_READER)}"
            )
        yield cast(Reader, reader)


def _check_limits(path: Path, limits: TaskLimits) -> None:
    """Limits that no machine could keep are a mistake, or worse: the sandbox counts in 64 bits."""
    sizes = (limits.memory_bytes, limits.output_bytes, limits.code_bytes)
    if not all(0 < size <= _LARGEST_BYTES for size in sizes):
        raise PackageError(path, f"a limit is out of bounds: {limits}")
    if limits.memory_bytes < _LEAST_BYTES:
        told = f"memory limit of {limits.memory_bytes} bytes, in which nothing runs"
        raise PackageError(path, f"{told}; to fix it: write its unit (256m, 256MiB), or bytes")
    if limits.time_s is not None and not 0 < limits.time_s <= _LONGEST_S:
        raise PackageError(path, f"time limit out of bounds: {limits.time_s:g} s")


def _described(package: Package) -> Package:
    """The package with what its statement says of each subtask, and how outputs are compared."""
    task = package.task
    found = subtask_descriptions(task.statement.text, task.subtasks)
    subtasks = tuple(
        replace(subtask, description=subtask.description or found.get(subtask.name, ""))
        for subtask in task.subtasks
    )
    testset = package.testset
    comparison: Mapping[str, str] = {}
    if not (task.checker or task.interactor or testset.checker):
        flags = {case.checker_args for case in testset.testcases.values()}
        comparison = comparison_of(testset.comparison, flags)
    return replace(package, task=replace(task, subtasks=subtasks, comparison=comparison))
