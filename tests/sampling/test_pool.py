"""Recorded pools: what is read, and what is said of a broken line."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from solver.errors import PoolError
from solver.sampling.pools.pool import read_pool, write_pool

LINE = {"task": "sum", "subtask": "small", "language": "python3", "source": "print(1)"}


def pool_file(tmp_path: Path, *rows: Any) -> Path:
    path = tmp_path / "pool.jsonl"
    texts = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("\n".join(texts) + "\n", encoding="utf-8")
    return path


def test_candidates_and_helpers(tmp_path: Path) -> None:
    path = pool_file(
        tmp_path,
        LINE,
        "",
        LINE | {"id": "own", "subtask": "all", "logprob": -0.5, "model": "m", "more": [1]},
        LINE | {"kind": "generator", "id": "g"},
        LINE | {"kind": "validator", "subtask": None},
        LINE | {"kind": "checker"},
    )
    pool = read_pool(path)
    assert pool.task == "sum"
    assert [each.id for each in pool.candidates] == ["sum/1", "own"]
    assert [each.subtask for each in pool.candidates] == ["small", None]
    assert pool.candidates[1].logprob == -0.5
    assert [each.kind.value for each in pool.helpers] == ["generator", "validator", "checker"]
    write_pool(tmp_path / "again.jsonl", pool)
    assert read_pool(tmp_path / "again.jsonl") == pool


def test_line_separators_of_unicode_end_no_line(tmp_path: Path) -> None:
    source = "s = '\u2028\u0085'\n"
    assert read_pool(pool_file(tmp_path, LINE | {"source": source})).candidates[0].source == source


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([LINE, '{"task": "sum", '], r"pool\.jsonl:2: not JSON .*mend the line"),
        ([LINE, "[" * 100_000], r"pool\.jsonl:2: not JSON"),
        ([LINE, "[1, 2]"], r"pool\.jsonl:2: not a JSON object"),
        ([LINE, LINE | {"source": None}], r"pool\.jsonl:2: source: .*; a line is an object with"),
        ([{"task": "sum", "source": "x"}], r"pool\.jsonl:1: language: "),
        ([LINE, LINE | {"task": "other"}], r"pool\.jsonl:2: task 'other' in a pool of 'sum'"),
        ([LINE | {"id": "a"}, LINE | {"id": "a"}], r"pool\.jsonl:2: id 'a' stands on line 1"),
        ([LINE, LINE | {"kind": "solution"}], r"pool\.jsonl:2: kind 'solution' is none of cand"),
        ([LINE | {"kind": "generator"}], r"pool\.jsonl: no candidate in it"),
        ([], r"pool\.jsonl: no candidate in it"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, rows: list[Any], said: str) -> None:
    with pytest.raises(PoolError, match=said):
        read_pool(pool_file(tmp_path, *rows))


def test_bytes_that_are_no_utf8(tmp_path: Path) -> None:
    path = pool_file(tmp_path, LINE)
    path.write_bytes(path.read_bytes() + b'{"task": "\xff"}\n')
    with pytest.raises(PoolError, match=r"pool\.jsonl:2: not UTF-8"):
        read_pool(path)


def test_parquet_and_jsonl_give_the_same(tmp_path: Path) -> None:
    rows = [LINE, LINE | {"subtask": "all", "source": "print(2)"}]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "pool.parquet")
    assert read_pool(tmp_path / "pool.parquet") == read_pool(pool_file(tmp_path, *rows))


def test_a_broken_parquet_file(tmp_path: Path) -> None:
    (tmp_path / "pool.parquet").write_bytes(b"PAR1 and nothing more")
    with pytest.raises(PoolError, match=r"pool\.parquet: not a Parquet file"):
        read_pool(tmp_path / "pool.parquet")


def test_ioi_cots(tmp_path: Path) -> None:
    rows = [
        {
            "year": 2023,
            "id": "closing",
            "target_subtask": "03-subtask3",
            "generation": "<think>hm</think>\n```cpp\n#include <vector>\nint f() {}\n```",
            "code": None,
            "uuid": "u1",
            "metadata": {"model_name": "big"},
            "all_subtasks_results": [{"points": 100.0, "status": "AC"}],
        },
        {"id": "closing", "target_subtask": None, "code": "int g();", "uuid": "u2", "metadata": {}},
        {"id": "closing", "target_subtask": None, "generation": "I give up.", "uuid": "u3"},
        {"id": "robot", "target_subtask": None, "code": "int h();", "uuid": "u4"},
    ]
    pool = read_pool(pool_file(tmp_path, *rows), task="closing")
    assert [(each.id, each.subtask, each.model) for each in pool.candidates] == [
        ("u1", "03-subtask3", "big"),
        ("u2", None, None),
    ]
    assert pool.candidates[0].source == "#include <vector>\nint f() {}\n"


def test_code_contests_gives_programs_without_labels(tmp_path: Path) -> None:
    row = {
        "name": "1575_A. Another Sorting Problem",
        "solutions": {"language": [3, 2], "solution": ["right 3", "right cpp"]},
        "incorrect_solutions": {"language": [1, 4], "solution": ["python 2", "wrong java"]},
    }
    pq.write_table(pa.Table.from_pylist([row]), tmp_path / "cc.parquet")
    pool = read_pool(tmp_path / "cc.parquet")
    assert [(each.language, each.source) for each in pool.candidates] == [
        ("python3", "right 3"),
        ("cpp20", "right cpp"),
        ("java", "wrong java"),
    ]


def test_reading_a_pool_loads_no_model_library() -> None:
    code = (
        "import sys; import solver.sampling.pools.pool, solver.sampling.open;"
        "import solver.sampling.answers.extraction;"
        "print([m for m in ('torch', 'transformers', 'xllamacpp', 'pyarrow') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_half_a_surrogate_pair_is_replaced_wherever_it_stands(tmp_path: Path) -> None:
    # Spelled in JSON, as an API that cuts an emoji in two writes it.
    odd = r'"a\ud800b", "subtask": "x\udc80", "model": "m\udfff", "language": "python3"'
    rows = [
        f'{{"task": "sum", "id": "one", "source": {odd}}}',
        f'{{"task": "sum", "id": "h\\udbff", "kind": "generator", "source": {odd}}}',
        '{"task": "sum", "id": "whole", "source": "\\ud83d\\ude00", "language": "python3"}',
    ]
    pool = read_pool(pool_file(tmp_path, *rows))
    one, whole = pool.candidates
    assert (one.source, one.subtask, one.model) == ("a?b", "x?", "m?")
    assert whole.source == "\U0001f600"
    (helper,) = pool.helpers
    assert (helper.source, helper.id) == ("a?b", "h?")
    write_pool(tmp_path / "again.jsonl", pool)
    assert read_pool(tmp_path / "again.jsonl") == pool
