"""Role: NeMo Gym's competitive coding challenges (CCC): a row a competition, problems inside it.

Read after the server's own `ccc_eval.py` (2026-08). A problem holds `subtasks` (aggregation "min",
or "sum_tests": a point a test) and `all_tests`; the older form is a map of subtasks that each bring
their own tests. `compile` and `run` are shell scripts, which are not run here: without grader files
a program reads standard input and writes standard output, which is what these scripts do; with a
grader, manager or checker in C++ among the files the task is judged as CMS does.
"""

import json
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from problems.errors import UnsupportedTask
from problems.formats.built import Built, Part, package_of
from problems.formats.cms_files import graders_of, headers_of, source_names
from problems.formats.dataset_rows import (
    Collection,
    Row,
    TestText,
    choose,
    safe_name,
    written_tests,
)
from problems.formats.reader import Package
from problems.jury.checkers import CMS_CHECKER, CMS_MANAGER
from problems.jury.testlib import with_testlib
from problems.scoring import Aggregation
from problems.task import Example, Interface, Program, TaskLimits, TaskType
from sandbox.limits import MIB

TIME_S = 10.0
MEMORY_BYTES = 2048 * MIB
"""Rows state no limits; the scripts hold them, and differ."""
_SERVED = ("grader", "stub", "manager", "checker", "testlib")


class _Test(BaseModel):
    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    input: str
    output: str
    group: str | None = None


class _Subtask(BaseModel):
    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    aggregation: str = "min"
    score: float = Field(default=0.0, ge=0)
    test_names: list[str] = Field(default_factory=list)


def _pairs(value: Any) -> Any:
    """Names and contents: a list of two, a map, or nothing."""
    if value is None:
        return []
    return list(value.items()) if isinstance(value, Mapping) else value


class _Problem(BaseModel):
    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    name: str | None = None
    grader_files: Annotated[list[tuple[str, str]], BeforeValidator(_pairs)] = Field(
        default_factory=list
    )
    problem_header_include: str | None = None
    subtasks: dict[str, _Subtask] = Field(min_length=1)
    all_tests: dict[str, _Test] = Field(min_length=1)


class Ccc:
    """The shape."""

    columns = frozenset({"competition_id", "metadata"})

    def read(self, collection: Collection, selector: str | None) -> Package:
        """One problem, by its id or by `COMPETITION/ID`.

        Raises:
            PackageError: Broken, or the selector names none.
            UnsupportedTask: Its files want its own scripts.
        """
        problems: dict[str, tuple[Row, str, Any]] = {}
        for row in collection.rows(self.columns):
            metadata = _metadata(row)
            if not isinstance(metadata, Mapping):
                raise row.error("metadata: expected problems by their ids")
            for name, problem in metadata.items():
                whole = f"{row.values.get('competition_id')}/{name}"
                if problem is not None and selector in (None, name, whole):
                    problems[whole] = (row, str(name), problem)
        if selector is not None and len(problems) > 1:
            choose(problems, collection.path, None)
        named = next(iter(problems), selector) if selector else None
        row, name, problem = problems[choose(problems, collection.path, named)]
        return _package(collection, row, name, _checked(row, name, problem))


def _metadata(row: Row) -> Any:
    """The column, which some write as JSON text."""
    value = row.values.get("metadata")
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError) as error:
        raise row.error(f"metadata: not valid JSON: {error}") from error


def _checked(row: Row, name: str, problem: Any) -> _Problem:
    if isinstance(problem, Mapping) and "all_tests" not in problem:
        problem = _as_today(problem)
    try:
        return _Problem.model_validate(problem)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in ("metadata", name, *first["loc"]))
        raise row.error(f"{where}: {first['msg']}") from error


def _as_today(problem: Mapping[str, Any]) -> dict[str, Any]:
    """The older form: subtasks that bring their own tests."""
    subtasks: dict[str, Any] = {}
    tests: dict[str, Any] = {}
    files: Any = []
    for name, subtask in problem.items():
        if not isinstance(subtask, Mapping) or not isinstance(subtask.get("tests"), Mapping):
            continue
        files = files or subtask.get("grader_files") or []
        score = subtask.get("score") or subtask.get("subtask_score") or 0
        subtasks[name] = {"score": score, "test_names": list(subtask["tests"])}
        tests = {**subtask["tests"], **tests}
    return {"subtasks": subtasks, "all_tests": tests, "grader_files": files}


def _package(collection: Collection, row: Row, name: str, problem: _Problem) -> Package:
    files = {PurePosixPath(path).name: text.encode() for path, text in problem.grader_files}
    where = f"{row.file}:{row.number}"
    strange = [
        one
        for one in files
        if not one.endswith((".h", ".hpp")) and PurePosixPath(one).stem not in _SERVED
    ]
    if strange:
        raise UnsupportedTask(
            f"{where}: {name}: {strange[0]} is for its own script, which is not run"
        )
    manager = _program(CMS_MANAGER, "manager.cpp", files)
    kind = TaskType.BATCH if manager is None else TaskType.COMMUNICATION
    managers = graders_of(files)
    parts = []
    for subtask, content in problem.subtasks.items():
        missing = [test for test in content.test_names if test not in problem.all_tests]
        if missing:
            raise row.error(f"{name}: subtask {subtask}: there is no test {missing[0]!r}")
        if content.aggregation not in ("min", "sum_tests"):
            raise UnsupportedTask(f"{where}: {name}: aggregation {content.aggregation}")
        tests = tuple(dict.fromkeys(content.test_names))
        by_test = content.aggregation == "sum_tests"
        points = float(len(tests)) if by_test else content.score
        if points > 0 and tests:
            aggregation = Aggregation.AVG if by_test else Aggregation.MIN
            parts.append(Part(name=subtask, points=points, tests=tests, aggregation=aggregation))
    if not parts:
        raise row.error(f"{name}: no subtask gives points")
    samples = [(test, one) for test, one in problem.all_tests.items() if one.group == "sample"]
    short = safe_name(name)
    return package_of(
        Built(
            path=collection.path,
            format="nemo-gym-ccc",
            name=short,
            title=problem.name or name,
            text="",
            testcases=written_tests(
                [
                    TestText(test, one.input.encode(), one.output.encode())
                    for test, one in problem.all_tests.items()
                ]
            ),
            parts=parts,
            # A grader's own input is the jury's file.
            examples=()
            if managers
            else tuple(
                Example(name=test, input=one.input.encode(), output=one.output.encode())
                for test, one in samples
            ),
            limits=TaskLimits(time_s=TIME_S, memory_bytes=MEMORY_BYTES),
            type=kind,
            interactor=manager,
            checker=None if manager else _program(CMS_CHECKER, "checker.cpp", files),
            comparison={"kind": "white-diff"},
            interface=Interface(
                managers=managers,
                submission_names=source_names(short, managers),
                signatures=headers_of(files) if managers else {},
            ),
            notes=(
                "no statement: these rows are a judge's, prompts stand in rows of their own",
                f"no limits in the rows: {TIME_S:g} s and {MEMORY_BYTES // MIB} MiB are taken",
                *_header_note(problem),
            ),
        )
    )


def _program(role: str, name: str, files: Mapping[str, bytes]) -> Program | None:
    if name not in files:
        return None
    sources = {name: files[name]}
    sources |= {n: c for n, c in files.items() if n.endswith((".h", ".hpp"))}
    return Program(role=role, language="cpp17", sources=with_testlib(sources, files))


def _header_note(problem: _Problem) -> tuple[str, ...]:
    """Gym's server completes programs before it compiles them; here they are taken as they are."""
    if not problem.problem_header_include:
        return ()
    header = problem.problem_header_include
    return (f"programs must include {header} themselves, the rows' own server adds it",)
