"""Results tables: a row a person, under whatever names their columns have.

CSV: our own (`rank, points, rating, medal`), CMS's ranking export (`Username, ..., Global`), a page
of results saved as a table (`Contestant, ..., Total, Medal`). Parquet or JSONL: LiveOIBench's
contestants (a row a contest; `contestants_ranking` holds such a table as JSON, and the medals'
cut-offs stand beside it); `FILE#CONTEST` names one contest.
"""

import csv
import io
import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from solver.contests.people.humans import MEDAL_SHARES, Human, Standings
from solver.errors import SolverError

POINTS = (
    "points",
    # LiveOIBench's sum over the tasks that it has: its cut-offs and models are held against that.
    "recalculated_total",
    "total",
    "global",
    "total score",
    "score abs.",
    "score",
)
HANDLES = ("handle", "contestant", "name", "user", "username")
RATINGS = ("rating", "cf_rating", "cf rating", "codeforces_rating")
UNKNOWN_RATINGS = frozenset({0.0, -1000.0})
"""What LiveOIBench writes of people whose Codeforces rating it does not know."""
_MISSING = frozenset({"-", "--", "n/a", "na", "nan", "none", "null", "\N{EN DASH}", "\N{EM DASH}"})
"""What tables write in a cell that holds nothing."""
ROW_COLUMNS = frozenset({"contest_id", "contestants_ranking"})
ROW_SUFFIXES = (".parquet", ".jsonl", ".ndjson")


def csv_standings(path: Path, ratings: Mapping[str, float]) -> Standings:
    """A CSV's people.

    Raises:
        SolverError: It holds no points, or something that is no number; names file and line.
    """
    humans = []
    for line, row in csv_rows(path, POINTS):
        try:
            humans.append(_human(row, ratings))
        except ValueError as error:
            raise SolverError(f"{path}:{line}: {error}") from error
    if not humans:
        raise SolverError(f"{path}: no lines")
    return Standings(
        name=path.stem,
        humans=tuple(humans),
        by_penalty=any(human.penalty for human in humans),
    )


def csv_rows(path: Path, needed: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Line numbers and rows, their columns' names in small letters.

    Args:
        needed: Columns of which one at least must be there.

    Raises:
        SolverError: None is, or it is no CSV in UTF-8; names the file.
    """
    # Whole, then in lines: what is no text is found before a caller has taken some of the rows.
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SolverError(f"{path}: not UTF-8 ({error}); save it as CSV in UTF-8") from error
    try:
        head = text.split("\n", 1)[0]
        delimiter = ";" if ";" in head and "," not in head else ","
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
        if not {name.strip().lower() for name in reader.fieldnames or ()} & set(needed):
            raise SolverError(f"{path}:1: no column {' or '.join(needed)}")
        for row in reader:
            yield (
                reader.line_num,
                {str(k).strip().lower(): _text(v) for k, v in row.items() if k},
            )
    except csv.Error as error:
        raise SolverError(f"{path}: not CSV ({error})") from error


def row_standings(path: Path, contest: str | None, ratings: Mapping[str, float]) -> Standings:
    """One contest of LiveOIBench's table of contestants.

    Args:
        contest: Its `contest_id`, with `:DIVISION` where several rows have that id; the only one
            where it is left out.

    Raises:
        SolverError: The file is broken or holds no such contest; names some that it holds.
    """
    rows = _named(_rows(path))
    if contest is None and len(rows) == 1:
        contest = next(iter(rows))
    if contest is None or contest not in rows:
        some = ", ".join(list(rows)[:5])
        said = f"no contest {contest!r}" if contest else f"{len(rows)} contests"
        raise SolverError(f"{path}: {said}; name one as {path.name}#ID: {some}")
    row = rows[contest]
    where = f"{path}: {contest}"
    people = row["contestants_ranking"]
    if isinstance(people, str):
        try:
            people = json.loads(people or "[]")
        except ValueError as error:
            raise SolverError(f"{where}: contestants_ranking: {error}") from error
    if isinstance(people, Mapping) and all(isinstance(one, list) for one in people.values()):
        # The same table by its columns.
        people = [
            dict(zip(people, cells, strict=True)) for cells in zip(*people.values(), strict=False)
        ]
    if not isinstance(people, list) or not all(isinstance(one, dict) for one in people):
        raise SolverError(f"{where}: contestants_ranking: expected a list of people")
    humans = []
    for number, one in enumerate(people, start=1):
        table = {str(key).strip().lower(): _text(value) for key, value in one.items()}
        if not _first(table, POINTS):
            continue  # Somebody who is listed and has no total did not take part.
        try:
            humans.append(_human(table, ratings))
        except ValueError as error:
            raise SolverError(f"{where}: person {number}: {error}") from error
    if not humans:
        raise SolverError(f"{where}: nobody in it has a total")
    medals = {}
    for medal in MEDAL_SHARES:
        cut_off = _text(row.get(f"{medal}_cutoff"))
        if cut_off:
            medals[medal] = _number(f"{medal}_cutoff", cut_off)
    return Standings(name=contest, humans=tuple(humans), medals=medals)


def _named(rows: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """The rows by their contest; those of one contest by its divisions as well."""
    ids = Counter(str(row.get("contest_id")) for row in rows)
    named: dict[str, Mapping[str, Any]] = {}
    for number, row in enumerate(rows, start=1):
        name = str(row.get("contest_id"))
        if ids[name] > 1:
            name = f"{name}:{_text(row.get('division')) or number}"
        named[name] = row
    return named


def _rows(path: Path) -> list[Mapping[str, Any]]:
    try:
        if path.suffix == ".parquet":
            wanted = [*ROW_COLUMNS, "division", *(f"{medal}_cutoff" for medal in MEDAL_SHARES)]
            there = set(pq.read_schema(path).names)
            if not there >= ROW_COLUMNS:
                raise SolverError(f"{path}: no columns {', '.join(sorted(ROW_COLUMNS))}")
            columns = [name for name in wanted if name in there]
            found: list[Mapping[str, Any]] = pq.read_table(path, columns=columns).to_pylist()
            return found
        # Not splitlines: a name may hold U+2028, which JSON does not escape.
        lines = path.read_text(encoding="utf-8").split("\n")
        rows = [json.loads(line) for line in lines if line.strip()]
    except (OSError, ValueError, pa.ArrowException) as error:
        raise SolverError(f"{path}: {error}") from error
    if not all(isinstance(row, dict) and row.keys() >= ROW_COLUMNS for row in rows):
        raise SolverError(f"{path}: a line without {' and '.join(sorted(ROW_COLUMNS))}")
    return rows


def _human(row: Mapping[str, str], ratings: Mapping[str, float]) -> Human:
    """A row as a person.

    Raises:
        ValueError: No points, or something that is no number; says which column.
    """
    handle = _first(row, HANDLES)
    points = next(((name, row[name]) for name in POINTS if row.get(name)), None)
    if points is None:
        present = next((name for name in POINTS if name in row), POINTS[0])
        raise ValueError(f"a line without {present}")
    rating = next((_number(name, row[name]) for name in RATINGS if row.get(name)), None)
    if rating in UNKNOWN_RATINGS:
        rating = None
    medal = row.get("medal", "").lower()
    return Human(
        handle=handle,
        points=_number(*points),
        penalty=_number("penalty", row.get("penalty") or "0"),
        rating=ratings.get(handle) if rating is None else rating,
        medal=next((name for name in MEDAL_SHARES if name in medal), None),
    )


def _first(row: Mapping[str, str], names: Sequence[str]) -> str:
    return next((row[name] for name in names if row.get(name)), "")


def _number(name: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ValueError(f"{name}: {text!r} is no number")
    return value


def _text(value: Any) -> str:
    """A cell as text; nothing for None and for what stands for a missing number."""
    text = "" if value is None else str(value).strip()
    return "" if text.lower() in _MISSING else text
