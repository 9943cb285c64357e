"""A few short candidates and helpers of the bundled pools, for tests of what is done with a pool:
a solve of them takes half as long as one of the whole pool."""

import atexit
import json
import tempfile
from functools import cache
from pathlib import Path

POOLS = Path(__file__).parents[1] / "problems" / "bundled" / "pools"
KEPT = ("005", "003", "010", "006", "002", "008", "gen1", "val1")
"""Of `apples` and of `evens`: right ones, wrong ones, both languages; one fails the examples."""


def few_lines(task: str) -> list[str]:
    """Lines of the task's pool."""
    lines = (POOLS / f"{task}.jsonl").read_text().splitlines(keepends=True)
    return [line for line in lines if json.loads(line)["id"].partition("/")[2] in KEPT]


@cache
def few(task: str) -> Path:
    """A pool of those; the file lives as long as the process."""
    folder = tempfile.TemporaryDirectory(prefix="solver-small-pools-")
    atexit.register(folder.cleanup)
    path = Path(folder.name, f"{task}.jsonl")
    path.write_text("".join(few_lines(task)))
    return path
