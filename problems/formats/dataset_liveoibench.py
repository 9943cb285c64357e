"""Role: LiveOIBench's problems: a row a problem, its tests in a file of their own.

Read after the data set's own toolkit (2026-03): `tests` and `subtasks` are JSON texts (test name to
input and output; subtask to score and test names, "grading": "min-score" where a checker's share
counts), graders and starters are JSON maps of file name to text, or lists of name and content. Its
memory limits are in MB, its time limits in seconds. It publishes no checkers: an output counts when
it is the jury's, blanks at the ends aside. Interactive problems are judged where a manager (CMS) or
a testlib interactor is among the graders; the shell scripts of the others are not run.
"""

import json
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from problems.errors import PackageError, UnsupportedTask
from problems.formats.built import Built, Part, package_of
from problems.formats.cms_files import graders_of, headers_of, public_graders, source_names
from problems.formats.dataset_rows import (
    Collection,
    Model,
    Row,
    TestText,
    one_row,
    safe_name,
    written_tests,
)
from problems.formats.reader import Package
from problems.jury.checkers import CMS_CHECKER, CMS_MANAGER, TESTLIB_INTERACTOR
from problems.jury.testlib import with_testlib
from problems.statement.html import markdown_to_text
from problems.task import Interface, Program, TaskLimits, TaskType
from sandbox.limits import MIB

TEST_COLUMNS = frozenset({"problem_id", "tests", "subtasks"})
_BATCH = ("", "batch", "none")


class _Problem(BaseModel):
    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    problem_id: str
    task_name: str | None = None
    task_type: str | None = None
    time_limit: float = Field(gt=0)
    memory_limit: float = Field(gt=0)
    problem_statement: str | None = None
    evaluation_script: str | None = None
    grader_code: Any = None
    grader_codes: Any = None
    starter_code: Any = None
    starter_codes: Any = None


class _Tests(BaseModel):
    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    problem_id: str
    tests: str
    subtasks: str
    grader_codes: Any = None
    starter_codes: Any = None


class _Test(BaseModel):
    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    input: str = ""
    output: str = ""


class _Subtask(BaseModel):
    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    score: float = Field(ge=0)
    testcases: list[str]
    grading: str | None = None


class LiveOiBench:
    """The data set."""

    columns = frozenset({"problem_id", "task_type", "problem_statement", "time_limit"})

    def read(self, collection: Collection, selector: str | None) -> Package:
        """One problem, by its `problem_id` ("COMPETITION-YEAR-ROUND-TASK").

        Raises:
            PackageError: Broken, the selector is no id, or the tests are not among the files.
            UnsupportedTask: Interactive by a shell script alone.
        """
        row = one_row(collection, self.columns, selector, _id)
        problem = row.check(_Problem)
        tests = _tests_of(collection, problem.problem_id, row)
        files = _files(row, problem.grader_codes or problem.grader_code) or _files(
            row, tests.grader_codes
        )
        starters = _files(row, problem.starter_codes or problem.starter_code) or _files(
            row, tests.starter_codes
        )
        named = {PurePosixPath(path).name: text for path, text in files.items()}
        kind, interactor = _interactor(row, problem, named)
        cases = _mapping(row, "tests", tests.tests, _Test)
        parts, notes = _parts(row, _mapping(row, "subtasks", tests.subtasks, _Subtask), set(cases))
        managers = graders_of(named)
        name = safe_name(problem.problem_id.split("-", 3)[-1])
        public = public_graders(managers, starters)
        return package_of(
            Built(
                path=collection.path,
                format="liveoibench",
                name=name,
                title=problem.task_name or problem.problem_id,
                text=markdown_to_text(problem.problem_statement or ""),
                testcases=written_tests(
                    [
                        TestText(
                            test,
                            case.input.encode(),
                            None if kind is TaskType.COMMUNICATION else case.output.encode(),
                        )
                        for test, case in cases.items()
                    ]
                ),
                parts=parts,
                limits=TaskLimits(
                    time_s=problem.time_limit, memory_bytes=int(problem.memory_limit * MIB)
                ),
                type=kind,
                interactor=interactor,
                checker=_checker(named),
                comparison={"kind": "white-diff"},
                interface=Interface(
                    managers=public,
                    submission_names=source_names(name, public),
                    signatures=headers_of(named | starters) if managers else {},
                ),
                notes=notes,
            )
        )


def _id(row: Row) -> str:
    return str(row.values.get("problem_id"))


def _tests_of(collection: Collection, problem_id: str, row: Row) -> _Tests:
    """The problem's row of tests, from any file beside that has it."""
    beside = collection
    if collection.path.is_file():
        beside = Collection.at(collection.path.parent) or collection
    for found in beside.rows(TEST_COLUMNS):
        if found.values.get("problem_id") == problem_id:
            return found.check(_Tests)
    reason = f"{problem_id}: no row with its tests among the files (LiveOIBench_tests)"
    raise PackageError(row.file, reason, row.number)


def _mapping(row: Row, name: str, text: str, model: type[Model]) -> dict[str, Model]:
    try:
        content = json.loads(text or "{}")
        return {str(key): model.model_validate(value) for key, value in content.items()}
    except (ValueError, AttributeError, RecursionError, ValidationError) as error:
        said = str(error).splitlines()[0]
        raise row.error(f"{name}: not a JSON object of these: {said}") from error


def _files(row: Row, given: Any) -> dict[str, bytes]:
    """File name to content, however the column writes it."""
    if isinstance(given, str) and given.strip():
        try:
            given = json.loads(given)
        except (ValueError, RecursionError) as error:
            raise row.error(f"graders: not valid JSON: {error}") from error
    if isinstance(given, Mapping):
        pairs = list(given.items())
    elif isinstance(given, list):
        pairs = [
            (one.get("filename") or one.get("name"), one.get("content") or one.get("code"))
            for one in given
            if isinstance(one, Mapping)
        ]
    else:
        return {}
    return {
        name: text.encode()
        for name, text in pairs
        if isinstance(name, str) and isinstance(text, str) and text
    }


def _parts(
    row: Row, subtasks: Mapping[str, _Subtask], known: set[str]
) -> tuple[list[Part], tuple[str, ...]]:
    parts = []
    for name, subtask in subtasks.items():
        missing = [test for test in subtask.testcases if test not in known]
        if missing:
            raise row.error(f"subtask {name}: test {missing[0]!r} is not among the tests")
        if subtask.score > 0 and subtask.testcases:
            tests = tuple(dict.fromkeys(subtask.testcases))
            parts.append(Part(name=str(name), points=subtask.score, tests=tests))
    if not parts:
        raise row.error("no subtask gives points")
    partial = [name for name, subtask in subtasks.items() if subtask.grading == "min-score"]
    if not partial:
        return parts, ()
    said = f"subtask {', '.join(partial)}: shares count, and the checker that gives them is not"
    return parts, (f"{said} published",)


def _interactor(
    row: Row, problem: _Problem, files: Mapping[str, bytes]
) -> tuple[TaskType, Program | None]:
    if "manager.cpp" in files:
        return TaskType.COMMUNICATION, _program(CMS_MANAGER, "manager.cpp", files)
    if "interactor.cpp" in files:
        return TaskType.INTERACTIVE, _program(TESTLIB_INTERACTOR, "interactor.cpp", files)
    if (problem.task_type or "").lower() in _BATCH and not problem.evaluation_script:
        return TaskType.BATCH, None
    raise UnsupportedTask(
        f"{row.file}:{row.number}: {problem.problem_id} is {problem.task_type} by a shell script; "
        "only managers and interactors in C++ are run"
    )


def _checker(files: Mapping[str, bytes]) -> Program | None:
    return _program(CMS_CHECKER, "checker.cpp", files) if "checker.cpp" in files else None


def _program(role: str, name: str, files: Mapping[str, bytes]) -> Program:
    sources = {name: files[name]}
    sources |= {n: c for n, c in files.items() if n.endswith((".h", ".hpp"))}
    return Program(role=role, language="cpp17", sources=with_testlib(sources, files))
