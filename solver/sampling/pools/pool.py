"""Stage 2, recorded: a pool file (JSON lines) to candidates and model-written helpers.

A line is a candidate `{"task", "subtask", "language", "source", "id"?, "logprob"?, "model"?}`, or a
helper with `"kind": "generator" | "validator" | "checker"`.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from solver.errors import PoolError
from solver.kept.whole_files import whole_file
from solver.sampling.pools.layouts import rows_of
from solver.source_text import cleaned
from solver.types import Candidate, HelperKind, HelperProgram, Pool


class PoolLine(BaseModel):
    """One line. Fields that this project does not know are kept out of the way, not refused."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    kind: str = "candidate"
    task: str
    language: str
    source: str
    id: str | None = None
    subtask: str | None = None
    logprob: float | None = None
    model: str | None = None

    @field_validator("*", mode="before")
    @classmethod
    def _cleaned(cls, value: Any) -> Any:
        return cleaned(value) if isinstance(value, str) else value


def read_pool(path: Path | str, task: str | None = None) -> Pool:
    """Reads a pool of one task: JSON lines, or Parquet (by its suffix), in a layout that
    `pool_layouts` knows.

    Args:
        task: Takes this task's rows of a file of many; None refuses a file of more than one.

    Raises:
        PoolError: A line is no JSON object of this shape, ids repeat, tasks mix, or there is no
            candidate; the message names file, line (or row) and the fix.
        OSError: The file cannot be read.
    """
    path = Path(path)
    candidates: list[Candidate] = []
    helpers: list[HelperProgram] = []
    seen: dict[str, int] = {}
    found: str | None = task
    left_out: defaultdict[str, Counter[str]] = defaultdict(Counter)
    rows = _parquet_rows(path) if path.suffix == ".parquet" else _json_rows(path)
    for number, row in rows:
        for own in rows_of(row, number):
            if "left_out" in own:
                left_out[str(own["task"])][str(own["left_out"])] += 1
                continue
            line = _checked(path, number, own)
            if task is not None and line.task != task:
                continue
            if found is None:
                found = line.task
            elif line.task != found:
                raise PoolError(
                    f"{path}:{number}: task {line.task!r} in a pool of {found!r}; a pool is of one "
                    "task: split the file"
                )
            name = line.id or f"{line.task}/{number}"
            if name in seen:
                raise PoolError(
                    f"{path}:{number}: id {name!r} stands on line {seen[name]} already; give each "
                    "line an id of its own or none"
                )
            seen[name] = number
            if line.kind == "candidate":
                candidates.append(_candidate(line, name))
            else:
                helpers.append(_helper(path, number, line, name))
    if found is None or not candidates:
        of_task = "" if task is None else f" of task {task!r}"
        raise PoolError(
            f"{path}: no candidate{of_task} in it; a line is an object with task, source, language"
        )
    return Pool(
        task=found,
        candidates=tuple(candidates),
        helpers=tuple(helpers),
        left_out=dict(left_out[found]),
    )


def pool_of(path: Path, task: str, task_name: str | None = None) -> Pool:
    """A pool that is of this task.

    Args:
        task_name: What its lines call the task; None: as it is called.

    Raises:
        PoolError: Its lines name another task, or as `read_pool` raises.
    """
    pool = read_pool(path, task_name)
    if pool.task == task:
        return pool
    if task_name is None:
        raise PoolError(
            f"{path}: its lines name task {pool.task!r}, and this is {task!r}; if they are the "
            f"same, say so: --task-name {pool.task}"
        )
    candidates = tuple(replace(candidate, task=task) for candidate in pool.candidates)
    return replace(pool, task=task, candidates=candidates)


def _json_rows(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise PoolError(f"{path}:{line}: not UTF-8; save the file as UTF-8") from error
    # Not splitlines: a source may hold U+2028, which JSON does not escape.
    for number, row in enumerate(text.split("\n"), start=1):
        if not row.strip():
            continue
        try:
            parsed = json.loads(row)
        except (ValueError, RecursionError) as error:
            raise PoolError(
                f"{path}:{number}: not JSON ({error}); remove or mend the line"
            ) from error
        if not isinstance(parsed, dict):
            raise PoolError(f"{path}:{number}: not a JSON object; a line is {{...}}")
        yield number, parsed


def _parquet_rows(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    # Imported here: a JSON pool need not wait for it.
    import pyarrow
    import pyarrow.parquet

    try:
        with pyarrow.parquet.ParquetFile(path) as file:
            number = 0
            for batch in file.iter_batches(batch_size=256):
                for row in batch.to_pylist():
                    number += 1
                    yield number, row
    except pyarrow.ArrowException as error:
        raise PoolError(f"{path}: not a Parquet file ({str(error).splitlines()[0]})") from error


def _checked(path: Path, number: int, row: Mapping[str, Any]) -> PoolLine:
    try:
        return PoolLine.model_validate(row)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise PoolError(
            f"{path}:{number}: {where}: {first['msg']}; a line is an object with task, language, "
            "source"
        ) from error


def _candidate(line: PoolLine, name: str) -> Candidate:
    return Candidate(
        id=name,
        task=line.task,
        subtask=None if line.subtask in (None, "all") else line.subtask,
        language=line.language,
        source=line.source,
        logprob=line.logprob,
        model=line.model,
    )


def _helper(path: Path, number: int, line: PoolLine, name: str) -> HelperProgram:
    try:
        kind = HelperKind(line.kind)
    except ValueError:
        kinds = ", ".join(["candidate", *HelperKind])
        raise PoolError(f"{path}:{number}: kind {line.kind!r} is none of {kinds}") from None
    subtask = None if line.subtask in (None, "all") else line.subtask
    return HelperProgram(
        id=name, kind=kind, language=line.language, source=line.source, subtask=subtask
    )


def write_pool(
    path: Path, pool: Pool, marks: Mapping[str, Mapping[str, Any]] | None = None
) -> None:
    """Writes a pool that `read_pool` reads.

    Args:
        marks: Candidate id to more fields for its line ("grown from", say).
    """
    rows: list[dict[str, Any]] = []
    for candidate in pool.candidates:
        row: dict[str, Any] = {"kind": "candidate", "task": candidate.task, "id": candidate.id}
        row |= {"subtask": candidate.subtask or "all", "language": candidate.language}
        row |= {"source": candidate.source}
        if candidate.logprob is not None:
            row["logprob"] = candidate.logprob
        if candidate.model is not None:
            row["model"] = candidate.model
        rows.append(row | dict((marks or {}).get(candidate.id, {})))
    rows += [
        {
            "kind": helper.kind.value,
            "task": pool.task,
            "id": helper.id,
            "subtask": helper.subtask or "all",
            "language": helper.language,
            "source": helper.source,
        }
        for helper in pool.helpers
    ]
    text = "".join(_line(row) + "\n" for row in rows)
    with whole_file(path) as partial:
        partial.write_text(text, encoding="utf-8")


def _line(row: Mapping[str, Any]) -> str:
    """One row; line ends that JSON would leave as they are (U+0085, U+2028, U+2029) are escaped, as
    many a reader of JSON lines breaks a line at them."""
    text = json.dumps(row, ensure_ascii=False)
    for end in ("\x85", "\u2028", "\u2029"):
        text = text.replace(end, f"\\u{ord(end):04x}")
    return text
