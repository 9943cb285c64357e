"""Role: open-r1/ioi with open-r1/ioi-test-cases: IOI tasks, a row a subtask.

`grader_files` hold what CMS's task folder holds: graders, headers, managers, a checker, testlib.h.
The tests stand in files of their own, a row a test. The subtask `00-samples` gives no points.
"""

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from problems.errors import PackageError, UnsupportedTask
from problems.formats.cms_files import graders_of, headers_of, memory_bytes, source_names
from problems.formats.dataset_rows import (
    Collection,
    Row,
    TestText,
    choose,
    safe_name,
    written_tests,
)
from problems.formats.reader import Package
from problems.inclusion import with_inclusion
from problems.jury.checkers import CMS_CHECKER, CMS_MANAGER, TESTLIB_CHECKER
from problems.jury.testlib import is_cms_testlib, uses_testlib, with_testlib
from problems.scoring import Aggregation, ScoreNode
from problems.statement.convert import build_statement
from problems.statement.html import markdown_to_text
from problems.task import Example, Interface, Program, Subtask, Task, TaskLimits, TaskType
from problems.testset import Testcase, Testset

_TYPES = {
    "batch": TaskType.BATCH,
    "communication": TaskType.COMMUNICATION,
    "outputonly": TaskType.OUTPUT_ONLY,
    "output_only": TaskType.OUTPUT_ONLY,
}
TEST_COLUMNS = frozenset({"problem_id", "test_name", "test_input", "test_output"})


class _Subtask(BaseModel):
    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    year: int | str
    id: str
    name: str = ""
    subtask: str
    statement: str | None = None
    score: float = Field(ge=0)
    time_limit: float = Field(gt=0)
    memory_limit: float = Field(gt=0)
    score_precision: int = Field(default=2, ge=0, le=9)
    task_type: str = "Batch"
    num_processes: int | None = None
    test_names: list[str]
    starting_code: str | None = None
    grader_files: list[tuple[str, str]] | None = None
    problem: str | None = None


class OpenIoi:
    """The data set."""

    columns = frozenset({"year", "id", "subtask", "test_names", "task_type"})

    def read(self, collection: Collection, selector: str | None) -> Package:
        """One task, by `YEAR/ID` ("2024/nile") or by its id alone.

        Raises:
            PackageError: Broken, a test is missing, or the selector names no task.
            UnsupportedTask: A task type that nothing here can judge.
        """
        tasks: dict[str, list[Row]] = {}
        seen: list[str] = []
        for row in collection.rows(self.columns):
            name = f"{row.values.get('year')}/{row.values.get('id')}"
            seen.append(name)
            if selector in (None, name, row.values.get("id")):
                tasks.setdefault(name, []).append(row)
        if selector is not None and len(tasks) > 1:
            # An id that came back in another year needs the year.
            choose(tasks, collection.path, None)
        chosen = choose(
            tasks, collection.path, next(iter(tasks), selector) if selector else None, seen
        )
        return _package(collection, tasks[chosen])


def _package(collection: Collection, rows: Sequence[Row]) -> Package:
    listed = [(row, row.check(_Subtask)) for row in rows]
    first_row, first = listed[0]
    kind = _TYPES.get(first.task_type.lower())
    if kind is None:
        where = f"{first_row.file}:{first_row.number}"
        raise UnsupportedTask(f"{where}: task type {first.task_type}")
    wanted = {name for _, subtask in listed for name in subtask.test_names}
    testcases = _tests(collection, first_row, first, wanted, kind)
    scored = [(row, subtask) for row, subtask in listed if subtask.score > 0]
    if not scored:
        raise first_row.error("no subtask gives points")
    files = {path: text.encode() for path, text in first.grader_files or ()}
    by_name = {PurePosixPath(path).name: content for path, content in files.items()}
    manager = _manager(by_name, first_row) if kind is TaskType.COMMUNICATION else None
    checker = _checker(by_name) if kind is not TaskType.COMMUNICATION else None
    root = ScoreNode(
        name=".",
        max_points=None,
        aggregation=Aggregation.SUM,
        children=tuple(_node(row, subtask) for row, subtask in scored),
    )
    testset = Testset(
        testcases=testcases,
        scoring=root,
        checker=checker,
        comparison={} if checker else {"kind": "white-diff"},
        interactor=manager,
    )
    subtasks = with_inclusion(
        tuple(Subtask(name=s.subtask, max_points=s.score) for _, s in scored), testset
    )
    managers = {} if kind is TaskType.OUTPUT_ONLY else graders_of(by_name)
    examples = _examples(
        [subtask for _, subtask in listed if subtask.score == 0], testcases, function=bool(managers)
    )
    name = safe_name(first.id)
    task = Task(
        name=name,
        title=first.name or first.id,
        type=kind,
        statement=build_statement(
            markdown_to_text(first.statement or first.problem or ""),
            examples=examples,
            subtasks=subtasks,
            source_format="markdown",
        ),
        subtasks=subtasks,
        examples=examples,
        limits=TaskLimits(
            time_s=first.time_limit,
            memory_bytes=memory_bytes(first.memory_limit),
            code_bytes=100_000,
        ),
        scored=True,
        interface=Interface(
            managers=managers,
            submission_names=source_names(name, managers),
            signatures=_signatures(by_name, managers, first.starting_code),
        ),
        interactor=manager,
        processes=first.num_processes or 1,
        checker=checker,
        score_precision=first.score_precision,
    )
    return Package(path=collection.path, format="open-r1/ioi", task=task, testset=testset)


def _signatures(
    files: Mapping[str, bytes], managers: Mapping[str, Any], starting_code: str | None
) -> dict[str, str]:
    found = headers_of(files) if managers else {}
    if starting_code and not found:
        found = {"cpp17": starting_code, "cpp20": starting_code, "cpp23": starting_code}
    return found


def _node(row: Row, subtask: _Subtask) -> ScoreNode:
    if not subtask.test_names:
        raise row.error(f"subtask {subtask.subtask!r} has no test")
    return ScoreNode(
        name=subtask.subtask,
        max_points=subtask.score,
        aggregation=Aggregation.MIN,
        testcases=tuple(dict.fromkeys(subtask.test_names)),
    )


def _tests(
    collection: Collection, row: Row, problem: _Subtask, wanted: set[str], kind: TaskType
) -> dict[str, Testcase]:
    """The tests' rows, from any file beside that has them.

    Raises:
        PackageError: One is missing.
    """
    beside = collection
    if collection.path.is_file():
        beside = Collection.at(collection.path.parent) or collection
    found: dict[str, TestText] = {}
    for test in beside.rows(TEST_COLUMNS):
        values = test.values
        name = values.get("test_name")
        if values.get("problem_id") != problem.id or name not in wanted or name in found:
            continue
        if "year" in values and str(values["year"]) != str(problem.year):
            continue
        text, answer = values.get("test_input"), values.get("test_output")
        if not isinstance(text, str) or not isinstance(answer, str | None):
            raise test.error("test_input and test_output: expected text")
        output = None if kind is TaskType.COMMUNICATION else (answer or "").encode()
        found[name] = TestText(name, text.encode(), output)
    missing = sorted(wanted - set(found))
    if missing:
        reason = f"{problem.id}: no row of ioi-test-cases for test {missing[0]!r}"
        raise PackageError(row.file, f"{reason} ({len(missing)} missing)", row.number)
    return written_tests([found[name] for name in sorted(found)])


def _program(role: str, name: str, files: Mapping[str, bytes]) -> Program:
    sources = {name: files[name]}
    sources |= {n: c for n, c in files.items() if n.endswith((".h", ".hpp"))}
    return Program(role=role, language="cpp17", sources=with_testlib(sources, files))


def _manager(files: Mapping[str, bytes], row: Row) -> Program:
    if "manager.cpp" not in files:
        raise row.error("Communication, but grader_files has no manager.cpp")
    return _program(CMS_MANAGER, "manager.cpp", files)


def _checker(files: Mapping[str, bytes]) -> Program | None:
    if "checker.cpp" not in files:
        return None
    program = _program(CMS_CHECKER, "checker.cpp", files)
    if uses_testlib({"checker.cpp": files["checker.cpp"]}) and not is_cms_testlib(program.sources):
        return _program(TESTLIB_CHECKER, "checker.cpp", files)
    return program


def _examples(
    samples: Sequence[_Subtask], testcases: Mapping[str, Testcase], *, function: bool
) -> tuple[Example, ...]:
    found = []
    for name in dict.fromkeys(name for subtask in samples for name in subtask.test_names):
        case = testcases[name]
        answer = None if case.answer is None or function else case.answer.read_bytes()
        found.append(Example(name=name, input=case.input.read_bytes(), output=answer))
    return tuple(found)
