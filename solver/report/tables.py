"""A run's numbers as tables, for a notebook or a spreadsheet: CSV and Parquet."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from solver.kept.whole_files import whole_file
from solver.report.page.data import RunData, tokens_of

Row = dict[str, Any]


def write_tables(data: RunData, folder: Path) -> list[Path]:
    """Each table as `NAME.csv` and `NAME.parquet`; empty ones are left out.

    Returns:
        The files, in the order written.

    Raises:
        RunFolderError: The folder cannot be written.
    """
    written: list[Path] = []
    for name, rows in tables_of(data).items():
        if not rows:
            continue
        table = pa.Table.from_pylist(list(rows))
        with whole_file(folder / f"{name}.csv") as partial:
            pyarrow.csv.write_csv(table, partial)
        with whole_file(folder / f"{name}.parquet") as partial:
            pq.write_table(table, partial, compression="zstd")
        written += [folder / f"{name}.csv", folder / f"{name}.parquet"]
    return written


def tables_of(data: RunData) -> Mapping[str, Sequence[Row]]:
    """Table name to its rows.

    tasks: a row a task. submissions: a row a submission. programs: a row a candidate and subtask.
    curves: a row a task, kind of choice and number of submissions. sampled: the same by how many
    programs had been sampled. calibration: a row a range of estimates.
    """
    return {
        "tasks": list(_tasks(data)),
        "submissions": list(_submissions(data)),
        "programs": list(_programs(data)),
        "curves": list(_curves(data)),
        "sampled": list(_sampled(data)),
    }


def _tasks(data: RunData) -> Iterator[Row]:
    for task in data.report.tasks:
        tally = task.tally or {}
        one = data.beside.get(task.name)
        yield {
            "task": task.name,
            "points": task.score.points,
            "max_points": task.score.max_points,
            "submissions": task.score.submissions,
            "candidates": task.candidates,
            "clusters": task.clusters,
            "tokens": max(task.tokens, tally.get("tokens", 0)),
            "prompt_tokens": tally.get("prompt_tokens", 0),
            "cost": tally.get("cost", 0.0),
            "cpu_s": task.cpu_s,
            "random_points": None if one is None else one.random.mean[-1],
            "strategy_points": None if one is None else one.strategy.mean[-1],
            "oracle_points": None if one is None else one.oracle,
            "left": task.left,
        }


def _submissions(data: RunData) -> Iterator[Row]:
    for task in data.report.tasks:
        for each in task.submissions:
            yield {
                "task": task.name,
                "number": each.number,
                "id": each.id,
                "at_s": each.at_s,
                "round": each.round,
                "candidate": each.candidate,
                "language": each.language,
                "aim": each.aim,
                "estimate": each.estimate,
                "expected_gain": each.expected_gain,
                "verdict": None if each.verdict is None else str(each.verdict),
                "gained_points": each.gained_points,
                "best_points": each.best_points,
                "reason": each.reason,
            }


def _programs(data: RunData) -> Iterator[Row]:
    for task in data.report.tasks:
        kept = data.views.get(task.name)
        if kept is None:
            continue
        view, truth, tokens = kept.view, data.truths.get(task.name), tokens_of(data, task)
        for row, candidate in enumerate(view.candidates):
            for s, subtask in enumerate(view.task.subtasks):
                yield {
                    "task": task.name,
                    "candidate": candidate.id,
                    "language": candidate.language,
                    "asked_for": candidate.subtask,
                    "model": candidate.model,
                    "compiled": kept.programs[row] is not None,
                    "tokens_until": tokens[row] if tokens else None,
                    "subtask": subtask.name,
                    "cluster": int(view.clusters.label[row, s]),
                    "estimate": float(view.estimate.probability[row, s]),
                    "points": None if truth is None else float(truth.points[row, s]),
                }


def _curves(data: RunData) -> Iterator[Row]:
    for task in data.report.tasks:
        for k, points in enumerate(task.curve):
            yield _point(task.name, "run", k, points, None, None)
        one = data.beside.get(task.name)
        if one is None:
            continue
        for name, band in (("random", one.random), ("strategy", one.strategy)):
            for k, values in enumerate(zip(band.mean, band.low, band.high, strict=True)):
                yield _point(task.name, name, k, *values)


def _point(task: str, of: str, k: int, points: float, low: float | None, high: float | None) -> Row:
    return {
        "task": task,
        "of": of,
        "submissions": k,
        "points": float(points),
        "low": low,
        "high": high,
    }


def _sampled(data: RunData) -> Iterator[Row]:
    for task in data.report.tasks:
        one = data.beside.get(task.name)
        if one is None:
            continue
        tokens = tokens_of(data, task)
        for name, band in (("pool", one.pool), ("strategy", one.chosen)):
            for at, sampled in enumerate(one.sampled):
                yield {
                    "task": task.name,
                    "of": name,
                    "sampled": sampled,
                    "tokens": tokens[sampled - 1] if tokens else None,
                    "points": band.mean[at],
                    "low": band.low[at],
                    "high": band.high[at],
                }
