"""Role: CodeContests+ and its kin: code_contests' problems with testlib checkers and validators.

A row holds its tests, a checker, an input validator and a generator (all testlib C++), and labelled
submissions, which become jury submissions. The validator checks the tests, and it and the generator
are the task's helpers: published with the statement, they are what a model would have to write. The
generator is called as a model's is, with a seed and a subtask; what it asks for beside that, in
words of its own, it does not get, and then it gives no input. Limits: a number (milliseconds and
MiB, as online judges write them; below `_LEAST_MS` it can only be seconds) or code_contests' own
form.
"""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from problems.formats.built import WORDS, Built, package_of
from problems.formats.dataset_code_contests import REJECTED, language_of_code
from problems.formats.dataset_programs import testlib_checker, testlib_program
from problems.formats.dataset_rows import (
    Collection,
    Row,
    TestText,
    one_row,
    safe_name,
    written_tests,
)
from problems.formats.dataset_values import RECORDS
from problems.formats.reader import LeftOut, Package
from problems.jury.testlib import TESTLIB_GENERATOR
from problems.jury.validators import TESTLIB_VALIDATOR
from problems.statement.html import markdown_to_text
from problems.submission import Expectation, JurySubmission, Submission
from problems.task import TaskLimits
from problems.verdict import Verdict
from sandbox.limits import MIB

MAX_SUBMISSIONS = 2000
_LEAST_MS = 100.0
_LARGEST_MIB = 1 << 20


class _Case(BaseModel):
    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    input: str
    output: str


class _Submission(BaseModel):
    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    code: str = Field(validation_alias=AliasChoices("code", "solution"))
    language: str | int


class _Seconds(BaseModel):
    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    seconds: float = 0
    nanos: float = 0


class _Problem(BaseModel):
    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    id: str | int
    title: str | None = None
    description: str
    time_limit: float | _Seconds | None = None
    memory_limit: float | None = None
    generator: str | None = None
    validator: str | None = None
    checker: str | None = None
    correct_submissions: Annotated[list[_Submission], RECORDS] = Field(default_factory=list)
    incorrect_submissions: Annotated[list[_Submission], RECORDS] = Field(default_factory=list)
    test_cases: Annotated[list[_Case], RECORDS] = Field(min_length=1)


class CodeContestsPlus:
    """The data set."""

    columns = frozenset({"id", "description", "validator", "checker", "test_cases"})

    def read(self, collection: Collection, selector: str | None) -> Package:
        """One problem, by its id.

        Raises:
            PackageError: Broken, without tests, or the selector is no id.
            UnsupportedTask: Its checker or validator is none of testlib's.
        """
        row = one_row(collection, self.columns, selector)
        problem = row.check(_Problem)
        right, other_right = _submissions(
            row, problem.correct_submissions, "correct_submissions", frozenset({Verdict.AC})
        )
        wrong, other_wrong = _submissions(
            row, problem.incorrect_submissions, "incorrect_submissions", REJECTED
        )
        checker = testlib_checker(row, problem.checker)
        validator = testlib_program(row, problem.validator, TESTLIB_VALIDATOR, "validator")
        generator = testlib_program(row, problem.generator, TESTLIB_GENERATOR, "generator")
        helpers = tuple(one for one in (generator, validator) if one is not None)
        kinds = " and ".join(one.role.removeprefix("testlib-") for one in helpers)
        notes = [f"a solve uses the row's {kinds} beside the model's own"] if helpers else []
        return package_of(
            Built(
                path=collection.path,
                format="code-contests-plus",
                name=safe_name(str(problem.id)),
                title=problem.title or str(problem.id),
                text=markdown_to_text(problem.description),
                testcases=written_tests(
                    [
                        TestText(f"{number:03d}", case.input.encode(), case.output.encode())
                        for number, case in enumerate(problem.test_cases)
                    ]
                ),
                limits=TaskLimits(
                    time_s=_seconds(row, problem.time_limit),
                    memory_bytes=_bytes(row, problem.memory_limit),
                    code_bytes=64 * 1024,
                ),
                checker=checker,
                comparison=WORDS,
                validators=() if validator is None else (validator,),
                submissions=(*right, *wrong),
                left_out=(*other_right, *other_wrong),
                notes=tuple(notes),
                helpers=helpers,
            )
        )


def _seconds(row: Row, limit: float | _Seconds | None) -> float:
    if isinstance(limit, _Seconds):
        limit = (limit.seconds + limit.nanos * 1e-9) * 1000 or None
    elif limit is not None and limit < _LEAST_MS:
        limit *= 1000
    if limit is None:
        return 2.0
    if limit <= 0:
        raise row.error(f"time_limit: {limit:g}")
    return limit / 1000


def _bytes(row: Row, limit: float | None) -> int:
    if limit is None:
        return 256 * MIB
    if limit <= 0:
        raise row.error(f"memory_limit: {limit:g}")
    return int(limit) if limit > _LARGEST_MIB else int(limit * MIB)


def _submissions(
    row: Row, listed: Sequence[_Submission], kind: str, verdicts: frozenset[Verdict]
) -> tuple[list[JurySubmission], list[LeftOut]]:
    found: list[JurySubmission] = []
    left_out: list[LeftOut] = []
    for number, one in enumerate(listed[:MAX_SUBMISSIONS]):
        known: Any = language_of_code(one.language)
        if known is None:
            reason = f"no language is known as {str(one.language)[:20]!r} here"
            left_out.append(LeftOut(name=f"{kind}/{number:04d}", reason=reason))
            continue
        language, ending = known
        found.append(
            JurySubmission(
                name=f"{kind}/{number:04d}.{ending}",
                path=row.file,
                submission=Submission(
                    language=language, sources={f"main.{ending}": one.code.encode()}
                ),
                expected=Expectation(verdicts=verdicts, source=kind, label=kind),
            )
        )
    if len(listed) > MAX_SUBMISSIONS:
        reason = f"{len(listed) - MAX_SUBMISSIONS} programs more than {MAX_SUBMISSIONS}"
        left_out.append(LeftOut(name=f"{kind}/{MAX_SUBMISSIONS:04d} and on", reason=reason))
    return found, left_out
