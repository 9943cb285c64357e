"""Role: rows of parquet and JSONL files, one at a time, with where each was read.

Files are read in batches and only the named columns, so that a data set of gigabytes can be
searched for one problem.
"""

import difflib
import json
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import BaseModel, ValidationError

from problems.errors import PackageError
from problems.formats.archive import cache_folder
from problems.formats.reader import Package
from problems.testset import Testcase

MAX_LINE_BYTES = 1 << 30
MAX_FILES = 2000
_BATCH_ROWS = 16
_SOME = 5
_SUFFIXES = (".parquet", ".jsonl", ".ndjson")

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Row:
    """One row, and its place for messages: a line of JSONL, a row (from 1) of parquet."""

    file: Path
    number: int
    values: Mapping[str, Any]

    def check(self, model: type[Model]) -> Model:
        """The row as `model`.

        Raises:
            PackageError: A value is missing or of the wrong type; names file and line.
        """
        try:
            return model.model_validate(dict(self.values))
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            named = ".".join(str(part) for part in first["loc"])
            raise self.error(f"{named}: {first['msg']}") from error

    def error(self, reason: str) -> PackageError:
        """The error for this row."""
        return PackageError(self.file, reason, self.number)


@dataclass(frozen=True, slots=True)
class Collection:
    """The files that a path names.

    Attributes:
        path: The file or folder without the selector.
        files: Parquet and JSONL files, by name.
    """

    path: Path
    files: tuple[Path, ...]

    @classmethod
    def at(cls, path: Path) -> "Collection | None":
        """The files at a path, or None where it is no data set's.

        Raises:
            PackageError: Too many files, or a link leads out of the folder.
        """
        base, _ = split_selector(path)
        if base.is_file():
            return cls(base, (base,)) if base.suffix in _SUFFIXES else None
        if not base.is_dir():
            return None
        found = sorted(file for file in base.rglob("*") if file.suffix in _SUFFIXES)
        if len(found) > MAX_FILES:
            raise PackageError(base, f"more than {MAX_FILES} data files")
        root = base.resolve()
        for file in found:
            if not file.resolve().is_relative_to(root):
                raise PackageError(file, "link leads out of the package")
        return cls(base, tuple(found)) if found else None

    def rows(self, needed: frozenset[str]) -> Iterator[Row]:
        """Rows of all files that have the needed columns.

        Raises:
            PackageError: A file is broken; names file and line.
        """
        for file in self.files:
            if needed <= columns_of(file):
                yield from _rows(file)


class DatasetKind(Protocol):
    """One data set."""

    @property
    def columns(self) -> frozenset[str]:
        """Columns by which its file is recognised."""

    def read(self, collection: Collection, selector: str | None) -> Package:
        """One problem of it.

        Raises:
            PackageError: Broken, or the selector names none or is missing.
            UnsupportedTask: Nothing here can judge it.
        """


def split_selector(path: Path) -> tuple[Path, str | None]:
    """`FILE#ID` as the file and the id; a file whose own name has a `#` is itself."""
    text = str(path)
    if path.exists() or "#" not in text:
        return path, None
    base, _, selector = text.partition("#")
    return Path(base), selector or None


@lru_cache(maxsize=256)
def _columns(file: Path, _changed_ns: int) -> frozenset[str]:
    if file.suffix == ".parquet":
        try:
            return frozenset(pq.read_schema(file).names)
        except (pa.ArrowException, OSError, ValueError) as error:
            raise PackageError(file, f"not a parquet file: {error}") from error
    first = next(_json_lines(file), None)
    return frozenset() if first is None else frozenset(first.values)


def columns_of(file: Path) -> frozenset[str]:
    """Column names of a file; of JSONL the first line's keys.

    Raises:
        PackageError: It cannot be read.
    """
    try:
        changed = file.stat().st_mtime_ns
    except OSError as error:
        raise PackageError(file, f"cannot be read: {error.strerror}") from error
    return _columns(file, changed)


def _rows(file: Path) -> Iterator[Row]:
    if file.suffix != ".parquet":
        yield from _json_lines(file)
        return
    number = 0
    try:
        with pq.ParquetFile(file) as table:
            for batch in table.iter_batches(batch_size=_BATCH_ROWS):
                for values in batch.to_pylist():
                    number += 1
                    yield Row(file, number, values)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise PackageError(file, f"not a readable parquet file: {error}", number + 1) from error


def _json_lines(file: Path) -> Iterator[Row]:
    try:
        with file.open("rb") as lines:
            number = 0
            while line := lines.readline(MAX_LINE_BYTES):
                number += 1
                if len(line) == MAX_LINE_BYTES:
                    raise PackageError(file, "a line of more than 1 GiB", number)
                if not line.strip():
                    continue
                try:
                    values = json.loads(line)
                except (ValueError, RecursionError) as error:
                    raise PackageError(file, f"not valid JSON: {error}", number) from error
                if not isinstance(values, dict):
                    raise PackageError(file, "expected an object on each line", number)
                if b"\\ud" in line.lower():
                    _whole_characters(values, file, number)
                yield Row(file, number, values)
    except OSError as error:
        raise PackageError(file, f"cannot be read: {error.strerror}") from error


def _whole_characters(values: object, file: Path, number: int) -> None:
    """JSON can escape half a character, which is no text and fits into no file."""
    try:
        json.dumps(values, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise PackageError(file, "text with half a character in it", number) from error


def choose(
    found: Mapping[str, Any], path: Path, selector: str | None, seen: Sequence[str] = ()
) -> str:
    """The id that the selector names; the only one where there is no selector.

    Args:
        found: The rows that the selector names, or the first ones where there is none.
        path: The data set, for messages.
        selector: What stands after the #.
        seen: Ids of all rows that were looked at: a wrong one is answered with those like it.

    Raises:
        PackageError: None, or several without a selector; names some.
    """
    some = ", ".join(list(found)[:5])
    if selector is None:
        if len(found) == 1:
            return next(iter(found))
        more = " ..." if len(found) > 5 else ""
        reason = f"{len(found)} problems; name one as {path.name}#ID: {some}{more}"
        raise PackageError(path, reason)
    if selector not in found:
        ids = list(dict.fromkeys(seen or found))
        near = difflib.get_close_matches(selector, ids, n=5, cutoff=0.4)
        told = f"like it: {', '.join(near)}" if near else f"some are: {', '.join(ids[:5])}"
        raise PackageError(path, f"no problem has the id {selector!r}; {told}")
    return selector


def one_row(
    collection: Collection,
    columns: frozenset[str],
    selector: str | None,
    identity: Callable[[Row], str] | None = None,
    spelt: Callable[[str], str] = str,
) -> Row:
    """The row that a selector names; the only one where there is none.

    Args:
        columns: Those that the rows have.
        identity: A row's name; its `id` where this is left out.
        spelt: Names that come to the same text are the same.

    Raises:
        PackageError: No row is named so, or there are several and no selector; names some.
    """
    name_of = identity or (lambda row: str(row.values.get("id")))
    wanted = None if selector is None else spelt(selector)
    some: dict[str, Row] = {}
    seen: list[str] = []
    for row in collection.rows(columns):
        name = name_of(row)
        seen.append(name)
        if wanted is None:
            some.setdefault(name, row)
            if len(some) > _SOME:
                break
        elif spelt(name) == wanted:
            return row
    return some[choose(some, collection.path, selector, seen)]


@dataclass(frozen=True, slots=True)
class TestText:
    """One test as a data set has it."""

    name: str
    input: bytes
    output: bytes | None


def written_tests(tests: Sequence[TestText]) -> dict[str, Testcase]:
    """Test cases whose files lie in the cache; equal tests are written once."""
    folder = cache_folder().parent / "tests"
    folder.mkdir(parents=True, exist_ok=True)
    return {
        test.name: Testcase(
            name=test.name,
            input=_stored(folder, test.input),
            answer=None if test.output is None else _stored(folder, test.output),
        )
        for test in tests
    }


def _stored(folder: Path, content: bytes) -> Path:
    digest = sha256(content).hexdigest()
    target = folder / digest[:2] / digest
    if target.exists():
        return target
    target.parent.mkdir(exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as file:
        file.write(content)
    Path(file.name).replace(target)
    return target


def safe_name(text: str) -> str:
    """An id as a short name: letters, digits, `-` and `_`."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", text).strip("-")[:80] or "problem"
