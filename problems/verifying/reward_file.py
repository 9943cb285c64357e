"""Role: judges what an agent left in a folder and writes a reward file, for verifiers of other
systems that run a command in a box of their own and read a file afterwards (Harbor, say).

    python -m problems.verifying.reward_file PACKAGE FOLDER OUT.json

The file is written only on a verdict: where the judge itself fails there is none, and the exit code
is 3, so that a failure of ours is never taken for 0. The agent's programs run in the sandbox, which
sees neither the package nor the reward file.
"""

import argparse
import json
import math
import os
import stat
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from problems.errors import JudgeError, ProblemsError
from problems.judging.judge import Judge
from problems.languages import language_of
from problems.package import load_package
from problems.submission import Submission
from problems.task import Task
from problems.verdict import POINTS_TOLERANCE
from problems.verifying.timelimits import with_time_limit
from sandbox.compiling.compile import Compiler
from sandbox.errors import SandboxError
from sandbox.opening import open_sandbox

EXIT_NO_VERDICT = 3
MOST_BYTES = 16 * 1024 * 1024


def left_behind(folder: Path) -> Mapping[str, bytes]:
    """The regular files of a folder that an agent wrote; links, which may lead to the judge's own
    files, and folders are not followed. Empty where they are larger than any program."""
    files: dict[str, bytes] = {}
    left_bytes = MOST_BYTES
    for path in sorted(folder.iterdir()) if folder.is_dir() and not folder.is_symlink() else ():
        if not stat.S_ISREG(path.lstat().st_mode):
            continue
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
        with os.fdopen(descriptor, "rb") as file:
            content = file.read(left_bytes + 1)
        left_bytes -= len(content)
        if left_bytes < 0:
            return {}
        files[path.name] = content
    return files


def rewards(
    package: Path | str, sources: Mapping[str, bytes], *, backend: str = "namespaces"
) -> dict[str, float]:
    """What a program is worth: `reward` (share of full marks), `points`, and points a subtask.

    Args:
        sources: The program's files; where they are none in a known language, nothing is earned.

    Raises:
        PackageError, UnsupportedTask, JudgeError, SandboxError: The judge failed.
    """
    opened = load_package(package)
    language = language_of(sources)
    if language is None:
        return _rewards(opened.task, 0.0, {one.name: 0.0 for one in opened.task.subtasks})
    with open_sandbox(backend) as sandbox:
        compiler = Compiler(sandbox)
        opened = with_time_limit(opened, sandbox, compiler)
        judge = Judge(opened.task, opened.testset, sandbox, compiler)
        result = judge.judge(Submission(language=language, sources=sources))
    points = {one.subtask: one.points for one in result.subtasks}
    return _rewards(opened.task, result.points, points)


def _rewards(task: Task, points: float, subtasks: Mapping[str, float]) -> dict[str, float]:
    share = points / task.max_points if task.max_points else math.nan
    if not -POINTS_TOLERANCE <= share <= 1 + POINTS_TOLERANCE:
        raise JudgeError(f"{points} of {task.max_points} points are no share of full marks")
    named = {f"points_{name}": value for name, value in subtasks.items()}
    return {"reward": min(1.0, max(0.0, share)), "points": points, **named}


def main(argv: Sequence[str] | None = None) -> int:
    """The command; 0 where there is a verdict, 3 where the judge failed."""
    parser = argparse.ArgumentParser(prog="reward_file", description="Judge, and write a reward.")
    parser.add_argument("package", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--backend", default="namespaces")
    words = parser.parse_args(argv)
    words.out.unlink(missing_ok=True)
    try:
        found = rewards(words.package, left_behind(words.folder), backend=words.backend)
    except (ProblemsError, SandboxError, OSError) as error:
        print(f"no verdict: {error}", file=sys.stderr)
        return EXIT_NO_VERDICT
    words.out.parent.mkdir(parents=True, exist_ok=True)
    partial = words.out.with_name(f".{words.out.name}.partial")
    partial.write_text(json.dumps(found, allow_nan=False) + "\n")
    partial.replace(words.out)
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
