"""Pack the recorded pools: one source file a candidate -> `<task>.jsonl`.

    python problems/bundled/pools/pack.py [TASK ...]          write the pools
    python problems/bundled/pools/pack.py --check [TASK ...]  compare; exit 1 on a difference

`src/<task>/NNN_words.SUBTASK.cpp` (or `.py`) is a candidate for the prompt of SUBTASK ("all": the
whole task); `genN.py` and `valN.py` are generators and validators. The words are for reviewers and
stay out of the pool, whose order follows the hash of the source and so says nothing either.
"""

import argparse
import hashlib
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path

POOLS = Path(__file__).parent
CANDIDATE = re.compile(r"(?P<number>\d+)_\w+\.(?P<subtask>\w+)\.(?P<suffix>cpp|py)")
HELPER = re.compile(r"(?P<kind>gen|val)(?P<number>\d+)\.py")
LANGUAGES = {"cpp": "cpp20", "py": "python3"}
USAGE = {
    "generator": "argv: SEED SUBTASK, prints one input",
    "validator": "argv: SUBTASK, input on stdin, exit 0 = valid",
}


def task_names() -> list[str]:
    """The tasks that have a pool."""
    return sorted(path.name for path in (POOLS / "src").iterdir())


def packed(task: str) -> str:
    """The pool's text.

    Raises:
        ValueError: A file is named like neither a candidate nor a helper.
    """
    candidates, helpers = [], []
    for path in sorted((POOLS / "src" / task).iterdir()):
        source = path.read_text()
        if match := CANDIDATE.fullmatch(path.name):
            row = {
                "kind": "candidate",
                "task": task,
                "id": f"{task}/{match['number']}",
                "subtask": match["subtask"],
                "language": LANGUAGES[match["suffix"]],
                "source": source,
            }
            candidates.append((hashlib.sha256(source.encode()).hexdigest(), row))
        elif match := HELPER.fullmatch(path.name):
            kind = "generator" if match["kind"] == "gen" else "validator"
            helpers.append(
                {
                    "kind": kind,
                    "task": task,
                    "id": f"{task}/{path.stem}",
                    "language": "python3",
                    "usage": USAGE[kind],
                    "source": source,
                }
            )
        else:
            raise ValueError(f"{path}: neither NNN_words.SUBTASK.cpp|py nor genN.py nor valN.py")
    rows = [row for _, row in sorted(candidates, key=lambda pair: pair[0])] + helpers
    return "".join(json.dumps(row) + "\n" for row in rows)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("tasks", nargs="*", metavar="TASK", help="default: every task with a pool")
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    options = parser.parse_args(arguments)
    failed = False
    for task in options.tasks or task_names():
        pool = POOLS / f"{task}.jsonl"
        text = packed(task)
        if options.check:
            same = pool.exists() and pool.read_text() == text
            print(f"{task}: {'as packed' if same else 'differs from its sources'}")
            failed |= not same
        else:
            pool.write_text(text)
            print(f"{task}: {text.count(chr(10))} lines, {len(text) / 1000:.0f} kB")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
