"""Every C++ program compiled plainly and by the Compiler: both refuse it, or both print the same.

    python benchmarks/compile_equality.py PACKAGE... [--pool POOL.jsonl]... [--sample 200]

PACKAGE is a folder that holds packages at any depth, or one package; taken are the jury's C++
submissions, and of each pool the C++ candidates whose `task` is one of the packages. A program is
compiled with the task's own files by the table's command and nothing else, and by the Compiler as
it works every day, its precompiled header built from the start. Programs whose binaries are equal
byte by byte print the same; the others run on the task's examples, twice where they differ (a
program that reads a clock differs from itself). Prints one JSON document; ends with 1 if a program
differs. `--kept FOLDER` keeps what was compiled plainly for another call.
"""

import argparse
import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from problems.errors import ProblemsError
from problems.package import Package, load_package
from problems.submission import Submission
from problems.task import TaskType
from problems.tasktypes.execution import Execution
from problems.tasktypes.runner import Runner
from sandbox import Executable, Sandbox, open_sandbox
from sandbox.compiling.compile import CompileError, Compiler

MARKS = ("problem.yaml", "problem.json", "task.yaml")
Program = tuple[str, Package, Submission]


def packages_below(folders: list[Path]) -> Iterator[Package]:
    for folder in folders:
        marked = {path.parent for mark in MARKS for path in folder.rglob(mark)}
        for place in sorted(marked):
            try:
                yield load_package(place)
            except ProblemsError as error:
                print(f"{place}: {error}", file=sys.stderr)


def programs_of(folders: list[Path], pools: list[Path]) -> list[Program]:
    found: list[Program] = []
    packages = list(packages_below(folders))
    for package in packages:
        for jury in package.submissions:
            name = f"{package.path.name}/{jury.name}"
            found.append((name, package, jury.submission))
    by_task = {package.path.name.rpartition("__")[2]: package for package in packages}
    for pool in pools:
        for row in map(json.loads, pool.read_text().splitlines()):
            if row.get("kind", "candidate") == "candidate" and row["task"] in by_task:
                given = Submission(
                    language=row["language"], sources={"solution": row["source"].encode()}
                )
                found.append((f"{pool.stem}:{row['id']}", by_task[row["task"]], given))
    return [
        one
        for one in found
        if one[2].language.startswith("cpp") and one[1].task.type is not TaskType.OUTPUT_ONLY
    ]


def shown(execution: Execution) -> tuple[str, str, str]:
    output = execution.output.digest if execution.output is not None else ""
    return str(execution.failure), output, str(execution.check)


def outputs(package: Package, runner: Runner, program: Executable) -> list[object]:
    examples = package.task.examples[:3]
    return [shown(runner.run(program, example.input)) for example in examples]


def compare(one: Program, sandbox: Sandbox, plain: Compiler, fast: Compiler) -> tuple[str, str]:
    """(how the two compare, in what they differ)."""
    _, package, submission = one
    runner = Runner(package.task, sandbox, plain, time_s=10.0)
    expected = runner.build(submission)
    made = Runner(package.task, sandbox, fast).build(submission)
    if isinstance(expected, CompileError) or isinstance(made, CompileError):
        if isinstance(expected, CompileError) and isinstance(made, CompileError):
            return "both refuse", ""
        refuser = made if isinstance(made, CompileError) else expected
        return "one refuses", f"{type(expected).__name__}, {type(made).__name__}: {refuser}"
    if expected.digest == made.digest:
        return "equal binaries", ""
    if not package.task.examples:
        return "no example to run", ""
    try:
        for _ in range(2):
            wanted, given = (outputs(package, runner, each) for each in (expected, made))
            if wanted == given:
                return "same output", ""
    except ProblemsError as error:
        return "not run", str(error)
    return "other output", f"{wanted} and {given}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("packages", nargs="+", type=Path)
    parser.add_argument("--pool", action="append", default=[], type=Path)
    parser.add_argument("--sample", type=int, help="so many programs, drawn; all without it")
    parser.add_argument("--kept", type=Path)
    options = parser.parse_args()
    programs = programs_of(options.packages, options.pool)
    random.Random(1).shuffle(programs)
    programs = programs[: options.sample]
    counts: Counter[str] = Counter()
    different: list[dict[str, str]] = []
    with tempfile.TemporaryDirectory() as folder, open_sandbox() as sandbox:
        plain = Compiler(sandbox, cache=options.kept or Path(folder, "plain"), plain=True)
        fast = Compiler(sandbox, cache=Path(folder, "fast"), eager=True)
        with ThreadPoolExecutor(sandbox.slots) as threads:
            answers = threads.map(lambda one: compare(one, sandbox, plain, fast), programs)
            for number, (one, (how, why)) in enumerate(zip(programs, answers, strict=True), 1):
                counts[how] += 1
                if why:
                    different.append({"program": one[0], "how": how, "why": why[:2000]})
                print(f"\r{number}/{len(programs)} {dict(counts)}", end="", file=sys.stderr)
    print(file=sys.stderr)
    report = {"programs": len(programs), **counts, "different": different}
    print(json.dumps(report, indent=1))
    sys.exit(1 if counts["one refuses"] or counts["other output"] else 0)


if __name__ == "__main__":
    main()
