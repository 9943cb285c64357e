"""Role: AetherCode and ICPC-Eval: a row a problem, its tests in it, a testlib checker where one is
needed.

AetherCode's `time_limit` is in ms and `memory_limit` in MiB, as its card shows them. Where there is
no checker, outputs are compared word by word.
"""

from collections.abc import Sequence
from typing import Annotated

from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from problems.formats.built import Built, package_of
from problems.formats.dataset_programs import testlib_checker
from problems.formats.dataset_rows import (
    Collection,
    Row,
    TestText,
    one_row,
    safe_name,
    written_tests,
)
from problems.formats.dataset_values import RECORDS
from problems.formats.reader import Package
from problems.statement.html import markdown_to_text
from problems.task import Example, TaskLimits
from sandbox.limits import MIB


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
    examples: Annotated[list[_Case | tuple[str, str]], RECORDS] = Field(default_factory=list)
    test_cases: Annotated[list[_Case | tuple[str, str]], RECORDS] = Field(min_length=1)
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
        row = one_row(collection, self.columns, selector)
        return _package(self.name, row, row.check(_Problem), collection)


AETHER_CODE = CheckedRows(
    "aethercode", frozenset({"id", "description", "checker", "test_cases", "contest_category"})
)
ICPC_EVAL = CheckedRows(
    "icpc-eval", frozenset({"id", "description", "spj_code", "test_cases", "time_limit_ms"})
)


def _package(form: str, row: Row, problem: _Problem, collection: Collection) -> Package:
    pairs = _pairs(problem.test_cases)
    testcases = written_tests(
        [
            TestText(f"{number:03d}", given.encode(), expected.encode())
            for number, (given, expected) in enumerate(pairs)
        ]
    )
    examples = tuple(
        Example(name=str(number), input=given.encode(), output=expected.encode())
        for number, (given, expected) in enumerate(_pairs(problem.examples), start=1)
    )
    return package_of(
        Built(
            path=collection.path,
            format=form,
            name=safe_name(f"{form}-{problem.id}"),
            title=problem.title or f"{problem.contest_name or form} {problem.id}",
            text=_text(problem),
            testcases=testcases,
            examples=examples,
            limits=TaskLimits(
                time_s=problem.time_limit_ms / 1000,
                memory_bytes=int(problem.memory_limit_mib * MIB),
            ),
            checker=testlib_checker(row, problem.checker),
        )
    )


def _pairs(cases: Sequence[_Case | tuple[str, str]]) -> list[tuple[str, str]]:
    return [(case.input, case.output) if isinstance(case, _Case) else case for case in cases]


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
