"""Role: open-r1/codeforces: a row a problem, with official tests and generated checkers.

As the data set's card (2025-05) has it: a generated checker is a Python program called as
`input answer output` that prints a share, the convention of CMS's checkers but for what it may
print around it; problems of `input_mode` "file" read `input.txt` and write `output.txt`; tests
that were generated stand in files of their own, a row a test, and are used where they lie beside.
"""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from problems.errors import UnsupportedTask
from problems.formats.built import Built, package_of
from problems.formats.dataset_rows import (
    Collection,
    Row,
    TestText,
    one_row,
    safe_name,
    written_tests,
)
from problems.formats.reader import Package
from problems.jury.checkers import CMS_CHECKER
from problems.statement.html import markdown_to_text
from problems.task import Example, Interface, Program, TaskLimits
from sandbox.limits import MIB


class _Test(BaseModel):
    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    input: str
    output: str


class _Problem(BaseModel):
    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    id: str
    title: str | None = None
    time_limit: float | None = Field(default=None, gt=0)
    memory_limit: float | None = Field(default=None, gt=0)
    description: str | None = None
    input_format: str | None = None
    output_format: str | None = None
    interaction_format: str | None = None
    note: str | None = None
    examples: list[_Test] | None = None
    official_tests: list[_Test] | None = None
    official_tests_complete: bool | None = None
    input_mode: str | None = None
    generated_checker: str | None = None
    generated_tests: int | None = None


class _GeneratedTest(BaseModel):
    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    input: str
    output: str


GENERATED_COLUMNS = frozenset({"problem_id", "test_case_i", "input", "output"})
_SECTIONS = (
    ("input_format", "Input"),
    ("output_format", "Output"),
    ("interaction_format", "Interaction"),
    ("note", "Note"),
)


class Codeforces:
    """The data set."""

    columns = frozenset({"id", "official_tests", "input_format", "examples"})

    def read(self, collection: Collection, selector: str | None) -> Package:
        """One problem, by its id ("1983/A"; "1983A" and "1983-A" are understood).

        Raises:
            PackageError: Broken, without tests, or the selector is no id.
            UnsupportedTask: Interactive problems: the data set has no interactor.
        """
        row = one_row(collection, self.columns, selector, spelt=_key)
        return _package(row, row.check(_Problem), collection)


def _key(identity: str) -> str:
    return "".join(char for char in identity.upper() if char.isalnum())


def _package(row: Row, problem: _Problem, collection: Collection) -> Package:
    if problem.interaction_format:
        raise UnsupportedTask(f"{row.file}:{row.number}: {problem.id} is interactive")
    generated = _generated(problem, collection)
    tests = [*(problem.examples or ()), *(problem.official_tests or ()), *generated]
    unique: dict[tuple[str, str], None] = dict.fromkeys((t.input, t.output) for t in tests)
    if not problem.official_tests and not generated:
        raise row.error(f"{problem.id}: no official tests")
    testcases = written_tests(
        [
            TestText(f"{number:03d}", text.encode(), answer.encode())
            for number, (text, answer) in enumerate(unique, start=1)
        ]
    )
    checker = None
    if problem.generated_checker:
        source = {"checker.py": problem.generated_checker.encode()}
        checker = Program(role=CMS_CHECKER, language="python3", sources=source)
    examples = tuple(
        Example(name=str(number), input=test.input.encode(), output=test.output.encode())
        for number, test in enumerate(problem.examples or (), start=1)
    )
    by_file = problem.input_mode == "file"
    notes = []
    if problem.official_tests_complete is False and not generated:
        notes.append("the tests are not complete")
    if problem.generated_tests and not generated:
        notes.append(f"{problem.generated_tests} generated tests are not among the files")
    return package_of(
        Built(
            path=collection.path,
            format="open-r1/codeforces",
            name=safe_name(problem.id),
            title=problem.title or problem.id,
            text=_text(problem),
            testcases=testcases,
            examples=examples,
            limits=TaskLimits(
                time_s=problem.time_limit or 2.0,
                memory_bytes=int((problem.memory_limit or 256) * MIB),
                code_bytes=64 * 1024,
            ),
            interface=Interface(
                input_file="input.txt" if by_file else None,
                output_file="output.txt" if by_file else None,
            ),
            checker=checker,
            notes=tuple(notes),
        )
    )


def _generated(problem: _Problem, collection: Collection) -> list[_GeneratedTest]:
    """The problem's generated tests, in their order; none where their files are not there."""
    found: list[tuple[int, _GeneratedTest]] = []
    for row in collection.rows(GENERATED_COLUMNS):
        if row.values.get("problem_id") == problem.id:
            number = row.values.get("test_case_i")
            place = number if isinstance(number, int) else len(found)
            found.append((place, row.check(_GeneratedTest)))
    return [test for _, test in sorted(found, key=lambda each: each[0])]


def _text(problem: _Problem) -> str:
    parts = [f"# {problem.title or problem.id}", problem.description or ""]
    values: dict[str, Any] = problem.model_dump()
    parts += [f"## {title}\n\n{values[key]}" for key, title in _SECTIONS if values[key]]
    return markdown_to_text("\n\n".join(part for part in parts if part))
