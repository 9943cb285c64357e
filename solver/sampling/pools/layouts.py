"""Stage 2, recorded: pools in other people's layouts, as rows of our own (`pool.PoolLine`).

- *solver*: a row a candidate or helper, as `pool.py` describes it.
- *ioi-cots* (open-r1/ioi-cots and model solutions): `generation`, `code`, `target_subtask`, `uuid`,
  `year`, `name`/`id`. Its results of hidden tests (`all_subtasks_results`, `target_subtask_score`)
  are left where they are: a pool holds nothing that the judge has not been paid for.
- *code_contests* (deepmind/code_contests): a row a task with `solutions` and `incorrect_solutions`,
  each `{language[], solution[]}`. The labels are left out for the same reason.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from solver.sampling.answers.extraction import extract

Row = Mapping[str, Any]

CODE_CONTESTS_LANGUAGES = {
    1: "python2",
    2: "cpp20",
    3: "python3",
    4: "java",
    "PYTHON": "python2",
    "CPP": "cpp20",
    "PYTHON3": "python3",
    "JAVA": "java",
}
RUNNABLE = {"cpp17", "cpp20", "cpp23", "c", "python3", "pypy3", "java", "rust"}


def rows_of(row: Row, number: int) -> Iterator[Row]:
    """The rows of our own layout that one row of a file holds.

    Args:
        number: The row's number in its file, 1-based: part of ids that the layout does not have.

    Yields:
        Rows of ours, or `{"task", "left_out"}` with the reason why a program is none of them.
    """
    if "solutions" in row and "name" in row:
        yield from _code_contests(row)
    elif "target_subtask" in row and ("generation" in row or "code" in row):
        yield from _ioi_cots(row, number)
    else:
        yield row


def _code_contests(row: Row) -> Iterator[Row]:
    # Right and wrong ones alternate, so that the front of the pool says nothing of the labels.
    pools = [_pairs(row[key]) for key in ("solutions", "incorrect_solutions") if row.get(key)]
    for number, (language, source) in enumerate(_alternate(pools)):
        name = CODE_CONTESTS_LANGUAGES.get(language)
        task = str(row["name"])
        if name in RUNNABLE:
            yield {"task": task, "id": f"{task}/{number}", "language": name, "source": source}
        else:
            yield {"task": task, "left_out": "other_language"}


def _pairs(solutions: Any) -> list[tuple[Any, str]]:
    if isinstance(solutions, Mapping):
        return list(zip(solutions["language"], solutions["solution"], strict=True))
    return [(each["language"], each["solution"]) for each in solutions]


def _alternate(pools: list[list[tuple[Any, str]]]) -> Iterator[tuple[Any, str]]:
    for place in range(max((len(pool) for pool in pools), default=0)):
        for pool in pools:
            if place < len(pool):
                yield pool[place]


def _ioi_cots(row: Row, number: int) -> Iterator[Row]:
    task = str(row.get("id") or row.get("name") or row.get("problem_id"))
    source = row.get("code")
    if not source:
        found = extract(str(row.get("generation") or ""), "cpp20")
        if found.source is None:
            yield {"task": task, "left_out": str(found.reason)}
            return
        source = found.source
    yield {
        "task": task,
        "id": str(row.get("uuid") or f"{task}/{number}"),
        "subtask": row.get("target_subtask"),
        "language": "cpp20",
        "source": source,
        "model": _model(row.get("metadata")),
    }


def _model(metadata: Any) -> str | None:
    name = (
        metadata.get("model_name") or metadata.get("model") if isinstance(metadata, dict) else None
    )
    return None if name is None else str(name)
