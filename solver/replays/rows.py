"""Replays, row by row: a seed's points after every submission, for plots and tests."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from solver.errors import SolverError
from solver.kept.whole_files import whole_file
from solver.replays.contest import LimitRow
from solver.replays.play import Curves

SUFFIXES = (".csv", ".parquet")


def write_rows(curves: Mapping[str, Mapping[str, Curves]], path: Path) -> None:
    """Columns task, strategy, seed (from 0), submissions (from 1), points.

    Args:
        curves: Task to strategy to its replays.

    Raises:
        SolverError: The file's ending is neither .csv nor .parquet.
    """
    check_rows(path)
    tables = [
        _table(task, strategy, found)
        for task, of_task in curves.items()
        for strategy, found in of_task.items()
    ]
    _write(pa.concat_tables(tables), path)


def write_contest_rows(rows: Sequence[LimitRow], path: Path) -> None:
    """Columns limit, strategy, seed (from 0), points: a row a simulated contest.

    Raises:
        SolverError: The file's ending is neither .csv nor .parquet.
    """
    check_rows(path)
    tables = [
        pa.table(
            {
                "limit": pa.array([row.limit] * len(points)),
                "strategy": pa.array([name] * len(points)),
                "seed": pa.array(range(len(points))),
                "points": pa.array(points),
            }
        )
        for row in rows
        for name, points in row.points.items()
    ]
    _write(pa.concat_tables(tables), path)


def _write(table: pa.Table, path: Path) -> None:
    with whole_file(path) as partial:
        if path.suffix == ".csv":
            pyarrow.csv.write_csv(table, partial)
        else:
            pq.write_table(table, partial, compression="zstd")


def check_rows(path: Path) -> None:
    """Before anything is run: can rows be written there?

    Raises:
        SolverError: They cannot.
    """
    if path.suffix not in SUFFIXES:
        raise SolverError(f"{path}: rows are written as .csv or .parquet; name the file so")


def _table(task: str, strategy: str, found: Curves) -> pa.Table:
    seeds, limit = found.points.shape
    rows = seeds * limit
    return pa.table(
        {
            "task": pa.array([task] * rows),
            "strategy": pa.array([strategy] * rows),
            "seed": pa.array([seed for seed in range(seeds) for _ in range(limit)]),
            "submissions": pa.array(list(range(1, limit + 1)) * seeds),
            "points": pa.array(found.points.reshape(-1)),
        }
    )
