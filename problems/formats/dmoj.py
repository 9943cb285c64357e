"""Role: reader of DMOJ's problem folders (`init.yml`), which OJBench's are.

Read after DMOJ's judge (`dmoj/problem.py`, `dmoj/checkers`, `dmoj/contrib`, 2026). Tests lie in the
folder or in its `archive`; a batch is a subtask that is worth its points where all its tests are
right, and holds the tests of the batches that it depends on; a test outside of batches is worth its
own points. The folder states no limits: the site's database does. OJBench takes 10 s and 1 GiB for
all, and so does this reader. A statement is read where one lies beside.
"""

import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from problems.errors import PackageError, UnsupportedTask
from problems.formats.built import Built, Part, package_of
from problems.formats.dataset_rows import TestText, safe_name, written_tests
from problems.formats.dmoj_checkers import read_bridged, read_checker
from problems.formats.documents import Document, known, read_yaml
from problems.formats.folder import Folder
from problems.formats.reader import Package
from problems.statement.html import markdown_to_text
from problems.task import Interface, TaskLimits, TaskType
from sandbox.limits import MIB

TIME_S = 10.0
MEMORY_BYTES = 1024 * MIB
MAX_BYTES = 2 * 1024**3
OUTPUT_BYTES = 25165824
"""DMOJ's own limit of a program's output."""
_PRETESTS = "pretest_test_cases"
_STATEMENTS = ("statement.md", "README.md", "problem.md", "statement.txt")
_REFUSED = ("custom_judge", "signature_grader", "generator", "validator", "io_redirects", "grader")
_CASE_KEYS = frozenset({"in", "out", "points"})
_BATCH_KEYS = frozenset({"batched", "points", "dependencies"})


class _Matched(BaseModel):
    """Instead of a list: the files of the archive, by DMOJ's own guess, and their points in order.

    Patterns of the package's own are refused: they are a stranger's, and may take for ever.
    """

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    case_points: list[float] | None = None


class _FileIo(BaseModel):
    model_config = ConfigDict(extra="forbid")

    input: str | None = None
    output: str | None = None


class _Init(BaseModel):
    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    archive: str | None = None
    test_cases: list[dict[str, Any]] | _Matched | None = None
    checker: str | dict[str, Any] | None = None
    interactive: dict[str, Any] | None = None
    points: float = Field(default=1.0, ge=0)
    output_limit_length: int = Field(default=OUTPUT_BYTES, gt=0)
    file_io: _FileIo | None = None


_DESCRIBED = frozenset({"output_prefix_length", "wall_time_factor", _PRETESTS})
_DESCRIBED |= {"short_circuit", "unbuffered", "binary_data", "hints"}


class Dmoj:
    """The reader."""

    name = "dmoj"

    def detect(self, path: Path) -> bool:
        """A folder with `init.yml`."""
        return (path / "init.yml").is_file()

    def read(self, path: Path) -> Package:
        """Reads the folder.

        Raises:
            PackageError: It is broken; names file and line.
            UnsupportedTask: A checker or judge of its own in Python, or a generator.
        """
        folder = Folder.at(path)
        document = read_yaml(folder, "init.yml")
        for key in _REFUSED:
            if key in document.mapping():
                raise UnsupportedTask(f"{document.path}:{document.line_of((key,))}: {key}")
        whole = document
        matched = document.mapping().get("test_cases")
        if isinstance(matched, dict) and not set(matched) <= {"case_points"}:
            line = document.line_of(("test_cases",))
            reason = "patterns for the names of tests; to fix it: list the tests"
            raise UnsupportedTask(f"{document.path}:{line}: test_cases: {reason}")
        document, notes = known(document, _Init, _DESCRIBED)
        init = document.check(_Init)
        files = _Files(folder, document, init.archive)
        cases = init.test_cases
        if not isinstance(cases, list):
            cases = files.guessed(init.points)
            if isinstance(init.test_cases, _Matched) and init.test_cases.case_points is not None:
                cases = _with_points(document, cases, init.test_cases.case_points)
        parts, tests, worth = _parts(document, init, cases, files)
        checker, comparison = read_checker(folder, document, init.checker)
        interactor = None
        if init.interactive is not None:
            interactor = read_bridged(folder, document, init.interactive, "interactive")
        text = next((folder.text(name) for name in _STATEMENTS if folder.has(name)), "")
        return package_of(
            Built(
                path=folder.root,
                format=self.name,
                name=safe_name(folder.root.name),
                title=folder.root.name,
                text=markdown_to_text(text),
                testcases={
                    # What a checker gives is measured against the points of its test or batch.
                    name: replace(case, full_points=worth.get(name, 1.0))
                    for name, case in written_tests(tests).items()
                },
                parts=parts,
                limits=TaskLimits(
                    time_s=TIME_S,
                    memory_bytes=MEMORY_BYTES,
                    output_bytes=init.output_limit_length,
                ),
                type=TaskType.BATCH if interactor is None else TaskType.INTERACTIVE,
                interactor=interactor,
                checker=None if interactor else checker,
                comparison=comparison,
                interface=Interface(
                    input_file=None if init.file_io is None else init.file_io.input,
                    output_file=None if init.file_io is None else init.file_io.output,
                ),
                notes=(
                    *notes,
                    *_pretest_notes(whole),
                    f"init.yml states no limits: {TIME_S:g} s and {MEMORY_BYTES // MIB} MiB",
                    *(() if text else ("no statement beside init.yml",)),
                ),
            )
        )


class _Files:
    """What the folder and its archive hold, by name."""

    def __init__(self, folder: Folder, document: Document, archive: str | None) -> None:
        self._folder = folder
        self._document = document
        self._zip: zipfile.ZipFile | None = None
        self._size = 0
        if archive is not None:
            try:
                self._zip = zipfile.ZipFile(folder.file(archive, document.path))
            except (zipfile.BadZipFile, OSError) as error:
                raise PackageError(folder.root / archive, f"no zip archive: {error}") from error

    def read(self, name: str | None, where: tuple[Any, ...]) -> bytes:
        """A file's content; nothing where a test names none, as in DMOJ.

        Raises:
            PackageError: It is in neither, or all together are too large.
        """
        if name is None:
            return b""
        if self._folder.has(name):
            return self._folder.read(name)
        line = self._document.line_of(where)
        if self._zip is None or name not in self._zip.NameToInfo:
            raise PackageError(self._document.path, f"{name}: no such file", line)
        self._size += self._zip.getinfo(name).file_size
        if self._size > MAX_BYTES:
            raise PackageError(self._document.path, f"tests of more than {MAX_BYTES} bytes", line)
        try:
            return self._zip.read(name)
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
            raise PackageError(self._document.path, f"{name}: {error}", line) from error

    def guessed(self, points: float) -> list[dict[str, Any]]:
        """Test cases by DMOJ's own guess: the last number in a name is the test, one before it
        the batch."""
        if self._zip is None:
            raise PackageError(self._document.path, "neither test_cases nor an archive")
        found: dict[tuple[int, int], dict[str, str]] = {}
        for name in self._zip.namelist():
            bare = name.rsplit("/", 1)[-1].lower()
            kind = "in" if ".in" in bare or bare.startswith("in") else None
            if kind is None:
                kind = "out" if ".out" in bare or bare.startswith("out") else None
            numbers = [int(one) for one in re.findall(r"[0-9]{1,9}", bare)]
            if kind and numbers:
                place = (numbers[-2] if len(numbers) > 1 else 0, numbers[-1])
                found.setdefault(place, {})[kind] = name
        batches: dict[int, list[dict[str, Any]]] = {}
        for (batch, _), case in sorted(found.items()):
            batches.setdefault(batch, []).append(dict(case))
        singles = [case | {"points": points} for case in batches.pop(0, [])]
        return singles + [{"batched": one, "points": points} for one in batches.values()]


def _with_points(
    document: Document, cases: list[dict[str, Any]], points: list[float]
) -> list[dict[str, Any]]:
    if len(points) != len(cases):
        reason = (
            f"case_points: {len(points)} numbers, the archive has {len(cases)} cases and batches"
        )
        raise PackageError(document.path, reason, document.line_of(("test_cases", "case_points")))
    return [{**case, "points": one} for case, one in zip(cases, points, strict=True)]


def _parts(
    document: Document, init: _Init, cases: Sequence[Mapping[str, Any]], files: _Files
) -> tuple[list[Part], list[TestText], Mapping[str, float]]:
    """The subtasks, all tests, and what each test is worth.

    A case or batch of 0 points is a gate: whoever fails it is judged no further.
    """
    parts: list[Part] = []
    tests: list[TestText] = []
    values: dict[str, float] = {}
    batches: list[tuple[str, ...]] = []
    gate: tuple[str, ...] = ()
    for index, case in enumerate(cases):
        where = ("test_cases", index)
        batched = case.get("batched")
        listed = batched if isinstance(batched, list) else [case]
        _refuse(document, where, case, _BATCH_KEYS if batched is not None else _CASE_KEYS)
        names = []
        for inner, one in enumerate(listed):
            at = (*where, "batched", inner) if batched is not None else where
            if not isinstance(one, Mapping):
                raise PackageError(document.path, "a test is a map", document.line_of(at))
            _refuse(document, at, one, _CASE_KEYS if batched is None else _CASE_KEYS - {"points"})
            name = f"{index + 1}-{inner + 1}" if batched is not None else f"{index + 1}"
            tests.append(
                TestText(
                    name,
                    files.read(_name(document, one, "in", at), at),
                    files.read(_name(document, one, "out", at), at),
                )
            )
            names.append(name)
        held = tuple(names)
        if batched is not None:
            held = _with_dependencies(document, where, case, batches, held)
            batches.append(held)
        worth = _points(document, where, case.get("points", init.points))
        held = tuple(dict.fromkeys([*gate, *held]))
        if worth > 0:
            kind = "batch" if batched is not None else "test"
            parts.append(Part(name=f"{kind}{index + 1}", points=worth, tests=held))
            values |= dict.fromkeys(names, worth)
        else:
            gate = held
    if not parts:
        raise PackageError(document.path, "no test gives points", document.line_of(("test_cases",)))
    return parts, tests, values


def _pretest_notes(document: Document) -> tuple[str, ...]:
    """Pretests stand in for the tests while a contest lasts; what counts is `test_cases`."""
    line = document.line_of((_PRETESTS,))
    if _PRETESTS not in document.mapping():
        return ()
    return (f"init.yml:{line}: {_PRETESTS}: not judged, test_cases are",)


def _with_dependencies(
    document: Document,
    where: tuple[Any, ...],
    case: Mapping[str, Any],
    batches: Sequence[tuple[str, ...]],
    own: tuple[str, ...],
) -> tuple[str, ...]:
    """The batch's tests and those of the batches (from 1) that it depends on."""
    before = case.get("dependencies", [])
    if not isinstance(before, list) or not all(
        isinstance(one, int) and 1 <= one <= len(batches) for one in before
    ):
        reason = f"dependencies: {before!r} are no earlier batches"
        raise PackageError(document.path, reason, document.line_of((*where, "dependencies")))
    return tuple(dict.fromkeys([*(test for one in before for test in batches[one - 1]), *own]))


def _refuse(
    document: Document, where: tuple[Any, ...], case: Mapping[str, Any], served: frozenset[str]
) -> None:
    for key in case:
        if key not in served:
            line = document.line_of((*where, key)) or document.line_of(where)
            raise UnsupportedTask(f"{document.path}:{line}: {key} of a test")


def _name(
    document: Document, case: Mapping[str, Any], key: str, where: tuple[Any, ...]
) -> str | None:
    name = case.get(key)
    if name is not None and not isinstance(name, str):
        raise PackageError(document.path, f"{key}: {name!r}", document.line_of(where))
    return name


def _points(document: Document, where: tuple[Any, ...], points: Any) -> float:
    if isinstance(points, bool) or not isinstance(points, int | float) or not 0 <= points < 1e9:
        raise PackageError(document.path, f"points: {points!r}", document.line_of(where))
    return float(points)
