"""Role: AetherCode and ICPC-Eval: a row a problem, its tests in it, a testlib checker where one is
needed.

AetherCode's `time_limit` is in ms and `memory_limit` in MiB, as its card shows them. Where there is
no checker, outputs are compared word by word.
"""

from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from problems.errors import UnsupportedTask
from problems.formats.dataset_rows import (
    Collection,
    Row,
    TestText,
    choose,
    safe_name,
    written_tests,
)
from problems.formats.reader import Package
from problems.jury.checkers import TESTLIB_CHECKER
from problems.jury.testlib import HEADER, with_testlib
from problems.scoring import Aggregation, ScoreNode
from problems.statement.convert import build_statement
from problems.statement.html import markdown_to_text
from problems.task import Example, Program, Subtask, Task, TaskLimits, TaskType
from problems.testset import Testset
from sandbox.limits import MIB

_SOME = 5


class _Case(BaseModel):
    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    input: str
    output: str


class _Problem(BaseModel):
    """The columns of both; AetherCode prints its examples in the description."""

    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    id: int | str
    title: str | None = None
    contest_name: str | None = None
    description: str
    input: str | None = None
    output: str | None = None
    note: str | None = None
    examples: list[tuple[str, str]] = Field(default_factory=list)
    test_cases: list[_Case | tuple[str, str]] = Field(min_length=1)
    checker: str | None = Field(default=None, validation_alias=AliasChoices("checker", "spj_code"))
    time_limit_ms: float = Field(gt=0, validation_alias=AliasChoices("time_limit_ms", "time_limit"))
    memory_limit_mib: float = Field(
        gt=0, validation_alias=AliasChoices("memory_limit_mb", "memory_limit")
    )


class CheckedRows:
    """One of the two data sets."""

    def __init__(self, name: str, columns: frozenset[str]) -> None:
        self.name = name
        self.columns = columns

    def read(self, collection: Collection, selector: str | None) -> Package:
        """One problem, by its id.

        Raises:
            PackageError: Broken, or the selector is no id.
            UnsupportedTask: Its checker is none of testlib's.
        """
        rows: dict[str, Row] = {}
        seen: list[str] = []
        for row in collection.rows(self.columns):
            identity = str(row.values.get("id"))
            seen.append(identity)
            if selector in (None, identity):
                rows[identity] = row
            if len(rows) > _SOME:
                break
        row = rows[choose(rows, collection.path, selector, seen)]
        return _package(self.name, row, row.check(_Problem), collection)


AETHER_CODE = CheckedRows(
    "aethercode", frozenset({"id", "description", "checker", "test_cases", "contest_category"})
)
ICPC_EVAL = CheckedRows(
    "icpc-eval", frozenset({"id", "description", "spj_code", "test_cases", "time_limit_ms"})
)


def _package(form: str, row: Row, problem: _Problem, collection: Collection) -> Package:
    pairs = [
        (case.input, case.output) if isinstance(case, _Case) else case
        for case in problem.test_cases
    ]
    testcases = written_tests(
        [
            TestText(f"{number:03d}", given.encode(), expected.encode())
            for number, (given, expected) in enumerate(pairs)
        ]
    )
    examples = tuple(
        Example(name=str(number), input=given.encode(), output=expected.encode())
        for number, (given, expected) in enumerate(problem.examples, start=1)
    )
    subtasks = (Subtask(name="all", max_points=1.0),)
    checker = _checker(row, problem)
    name = f"{form}-{problem.id}"
    return Package(
        path=collection.path,
        format=form,
        task=Task(
            name=safe_name(name),
            title=problem.title or f"{problem.contest_name or form} {problem.id}",
            type=TaskType.BATCH,
            statement=build_statement(_text(problem), examples=examples, subtasks=subtasks),
            subtasks=subtasks,
            examples=examples,
            limits=TaskLimits(
                time_s=problem.time_limit_ms / 1000,
                memory_bytes=int(problem.memory_limit_mib * MIB),
            ),
            scored=False,
            checker=checker,
        ),
        testset=Testset(
            testcases=testcases,
            scoring=ScoreNode(
                name="all",
                max_points=1.0,
                aggregation=Aggregation.MIN,
                testcases=tuple(testcases),
            ),
            checker=checker,
            comparison={} if checker else {"kind": "kattis", "flags": "case_sensitive"},
        ),
    )


def _text(problem: _Problem) -> str:
    parts = [markdown_to_text(problem.description)]
    for heading, body in (
        ("Input", problem.input),
        ("Output", problem.output),
        ("Note", problem.note),
    ):
        if body and body.strip():
            parts.append(f"## {heading}\n\n{markdown_to_text(body)}")
    return "\n\n".join(parts)


def _checker(row: Row, problem: _Problem) -> Program | None:
    source = problem.checker or ""
    if not source.strip():
        return None
    if HEADER not in source:
        where = f"{row.file}:{row.number}"
        raise UnsupportedTask(f"{where}: a checker that does not use {HEADER}")
    return Program(
        role=TESTLIB_CHECKER,
        language="cpp17",
        sources=with_testlib({"checker.cpp": source.encode()}, {}),
    )
