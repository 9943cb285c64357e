"""NeMo Gym: packages as rows and metadata of its server `competitive_coding_challenges`.

Two files of JSON lines. `rows.jsonl`, for models: one row a subtask (competition_id, problem_id,
subtask, subtask_score, name, question, responses_create_params, agent_ref). `metadata.jsonl`, for
the judge (`CCC_TEST_FILE`): problems with every hidden test, their subtasks, grader files, and the
scripts `compile` and `run`. Fields as `ccc_eval.py` of the package nemo-gym 0.4.0 reads them.

That server writes the expected output beside the program while it runs, so what it says can be
forged; our own judge serves the same tasks without that (`docs/architecture.md`). What its scripts
cannot say is refused: other task types than Batch, checkers, and subtasks that do not take the
least of their tests.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from problems.errors import PackageError
from problems.task import Task, TaskType
from solver.adapters.packages import HiddenTest, Package, hidden_tests, open_package, subtask_tests
from solver.kept.whole_files import whole_file
from solver.sampling.plan import allowed_languages
from solver.sampling.prompts import Prompts

_AGENT = "competitive_coding_challenges_simple_agent"
_COMPILE = """#!/bin/bash
# The server takes anything on stderr for a failure to compile: warnings are kept back.
if [ ! -f graders/{task}.cpp ]; then exit 0; fi
said=$(g++ -std=gnu++17 -O2 -w -o program {sources} 2>&1) || {{ echo "$said" >&2; exit 1; }}
"""
_RUN = """#!/bin/bash
# Prints 1 or 0, as the task's own judge compares outputs.
limit=$(awk "BEGIN {{ print {time_s} * ${{TIME_LIMIT_SCALE:-1}} }}")
( ulimit -v {memory_kib}; ulimit -s unlimited 2>/dev/null
  timeout -s KILL "$limit" ./program <input.txt >output.txt 2>/dev/null ) || {{ echo 0; exit 0; }}
same() {{ {normal}; }}
if cmp -s <(same <output.txt) <(same <correct_output.txt); then echo 1; else echo 0; fi
"""
_TOKENS = "tr -s '[:space:]' '\\n' | sed '/^$/d'"
_LINES = "sed -E 's/[[:space:]]+/ /g; s/^ //; s/ $//' | sed -e ':a' -e '/^\\n*$/{$d;N;ba' -e '}'"
_NORMAL = {
    ("kattis", ""): f"{_TOKENS} | tr '[:upper:]' '[:lower:]'",
    ("kattis", "case_sensitive"): _TOKENS,
    ("white-diff", ""): _LINES,
}
"""A comparison, by its kind and flags, to a filter of which equal outputs give equal bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What was written.

    Attributes:
        left_out: Package to why it is not among the problems.
    """

    rows: Path
    metadata: Path
    problems: int
    left_out: Mapping[str, str]


def export_nemo_gym(packages: Sequence[Path], folder: Path, *, competition: str) -> Exported:
    """Writes rows for models and metadata for the judge.

    Args:
        competition: The id under which the problems stand.

    Raises:
        PackageError, UnsupportedTask: A package cannot be read.
        RunFolderError: The files cannot be written.
    """
    rows: list[dict[str, Any]] = []
    problems: dict[str, Any] = {}
    left_out: dict[str, str] = {}
    for path in packages:
        package = open_package(path)
        task = package.task
        try:
            metadata = _metadata(package)
        except _NotSaid as reason:
            left_out[task.name] = str(reason)
            continue
        if task.name in problems:
            raise PackageError(package.path, f"two packages are called {task.name}")
        problems[task.name] = metadata
        rows += _rows(task, competition)
    places = folder / "rows.jsonl", folder / "metadata.jsonl"
    entry = {"competition_id": competition, "metadata": problems}
    for place, lines in zip(places, (rows, [entry]), strict=True):
        with whole_file(place) as partial:
            partial.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return Exported(rows=places[0], metadata=places[1], problems=len(problems), left_out=left_out)


class _NotSaid(Exception):
    """The task is more than that server's scripts can say."""


def _rows(task: Task, competition: str) -> Iterator[dict[str, Any]]:
    for subtask in task.subtasks:
        prompt = Prompts().candidate(task, subtask, "cpp17", chat=True)
        question = "\n\n".join(one.content for one in prompt)
        yield {
            "competition_id": competition,
            "problem_id": task.name,
            "subtask": subtask.name,
            "subtask_score": subtask.max_points,
            "name": task.title,
            "question": question,
            "responses_create_params": {"input": question},
            "agent_ref": {"type": "responses_api_agents", "name": _AGENT},
        }


def _metadata(package: Package) -> dict[str, Any]:
    task = package.task
    allowed = allowed_languages(task)
    if task.type is not TaskType.BATCH or task.output_files:
        raise _NotSaid(f"its type is {task.type}")
    comparison = package.testset.comparison
    kind = str(comparison.get("kind", "kattis")), str(comparison.get("flags", ""))
    if package.testset.checker is not None or kind not in _NORMAL:
        raise _NotSaid("its outputs are not compared token by token or line by line")
    if task.interface.input_file or task.interface.output_file:
        raise _NotSaid("its program reads or writes a file")
    if task.limits.time_s is None:
        raise _NotSaid("it states no time limit")
    if allowed and "cpp17" not in allowed:
        raise _NotSaid("it takes no C++")
    tests = {name: _test(one) for name, one in hidden_tests(package).items()}
    subtasks = {}
    for subtask in task.subtasks:
        names = subtask_tests(package, subtask.name)
        if names is None:
            raise _NotSaid(f"{subtask.name} is not worth the least of its tests")
        samples = [name for name in names if tests[name]["group"] == "sample"]
        subtasks[subtask.name] = {
            "aggregation": "min",
            "score": subtask.max_points,
            "score_precision": task.score_precision,
            "test_names": names,
            "sample_test_names": samples,
            "secret_test_names": [name for name in names if name not in samples],
        }
    managers = task.interface.managers.get("cpp17", {})
    sources = [f"graders/{name}" for name in managers if name.endswith((".cpp", ".cc"))]
    headers = [name for name in managers if name.endswith((".h", ".hpp"))]
    kib = task.limits.memory_bytes // 1024
    return {
        "name": task.title,
        "compile": _COMPILE.format(
            task=task.name, sources=" ".join([f"graders/{task.name}.cpp", *sources])
        ),
        "run": _RUN.format(time_s=task.limits.time_s, memory_kib=kib, normal=_NORMAL[kind]),
        "grader_files": [
            [f"graders/{name}", content.decode()] for name, content in managers.items()
        ],
        **({"problem_header_include": headers[0]} if headers else {}),
        "subtasks": subtasks,
        "all_tests": tests,
    }


def _test(test: HiddenTest) -> dict[str, str]:
    if test.answer is None:
        raise _NotSaid(f"{test.name} has no answer")
    # That server writes both in Latin-1: every byte comes out as it went in.
    return {
        "input": test.input.decode("latin-1"),
        "output": test.answer.decode("latin-1"),
        "group": "sample" if test.is_example else "secret",
    }
