"""Role: deepmind/code_contests: problems with tests and labelled right and wrong solutions.

The labelled solutions become the package's jury submissions, so that `solver problems verify`
checks the labels, and a replay has a pool with known truth.
"""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from problems.formats.built import Built, package_of
from problems.formats.dataset_rows import (
    Collection,
    Row,
    TestText,
    one_row,
    safe_name,
    written_tests,
)
from problems.formats.reader import LeftOut, Package
from problems.statement.html import markdown_to_text
from problems.submission import Expectation, JurySubmission, Submission
from problems.task import Example, Interface, TaskLimits
from problems.verdict import Verdict
from sandbox.limits import MIB

# The data set's enumeration of languages; 0 is unknown, and 1, Python 2, has no compiler here.
_LANGUAGES = {
    1: ("python2", "py"),
    2: ("cpp17", "cpp"),
    3: ("python3", "py"),
    4: ("java", "java"),
}
_BY_NAME = {"PYTHON2": 1, "PY2": 1, "CPP": 2, "C++": 2, "PYTHON3": 3, "PY3": 3, "JAVA": 4}
REJECTED = frozenset({Verdict.WA, Verdict.TLE, Verdict.RE, Verdict.MLE, Verdict.OLE, Verdict.CE})
MAX_SOLUTIONS = 2000


class _Tests(BaseModel):
    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    input: list[str] = Field(default_factory=list)
    output: list[str] = Field(default_factory=list)


class _Solutions(BaseModel):
    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    language: list[int | str] = Field(default_factory=list)
    solution: list[str] = Field(default_factory=list)


class _Seconds(BaseModel):
    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    seconds: float = 0
    nanos: float = 0


class _Problem(BaseModel):
    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    name: str
    description: str
    public_tests: _Tests = _Tests()
    private_tests: _Tests = _Tests()
    generated_tests: _Tests = _Tests()
    solutions: _Solutions = _Solutions()
    incorrect_solutions: _Solutions = _Solutions()
    time_limit: _Seconds | None = None
    memory_limit_bytes: int | None = None
    input_file: str | None = None
    output_file: str | None = None


class CodeContests:
    """The data set."""

    columns = frozenset({"name", "description", "public_tests", "incorrect_solutions"})

    def read(self, collection: Collection, selector: str | None) -> Package:
        """One problem, by its name.

        Raises:
            PackageError: Broken, without tests, or the selector is no name.
        """
        row = one_row(collection, self.columns, selector, _name, safe_name)
        return _package(row, row.check(_Problem), collection)


def _name(row: Row) -> str:
    return str(row.values.get("name"))


def _package(row: Row, problem: _Problem, collection: Collection) -> Package:
    tests: list[TestText] = []
    examples: list[Example] = []
    for kind, listed in (
        ("public", problem.public_tests),
        ("private", problem.private_tests),
        ("generated", problem.generated_tests),
    ):
        if len(listed.input) != len(listed.output):
            raise row.error(
                f"{kind}_tests: {len(listed.input)} inputs, {len(listed.output)} outputs"
            )
        for number, (text, answer) in enumerate(zip(listed.input, listed.output, strict=True)):
            tests.append(TestText(f"{kind}-{number:03d}", text.encode(), answer.encode()))
            if kind == "public":
                examples.append(
                    Example(name=str(number + 1), input=text.encode(), output=answer.encode())
                )
    if not tests:
        raise row.error(f"{problem.name}: no tests")
    testcases = written_tests(tests)
    limit = problem.time_limit
    seconds = (limit.seconds + limit.nanos * 1e-9) if limit is not None else 0.0
    right, unknown_right = _submissions(
        row, problem.solutions, "solutions", frozenset({Verdict.AC})
    )
    wrong, unknown_wrong = _submissions(
        row, problem.incorrect_solutions, "incorrect_solutions", REJECTED
    )
    return package_of(
        Built(
            path=collection.path,
            format="deepmind/code_contests",
            name=safe_name(problem.name),
            title=problem.name,
            text=markdown_to_text(problem.description),
            testcases=testcases,
            examples=tuple(examples),
            limits=TaskLimits(
                time_s=seconds if seconds > 0 else 2.0,
                memory_bytes=problem.memory_limit_bytes or 256 * MIB,
                code_bytes=64 * 1024,
            ),
            interface=Interface(
                input_file=problem.input_file or None, output_file=problem.output_file or None
            ),
            comparison={"kind": "kattis", "flags": "float_tolerance 1e-5"},
            submissions=(*right, *wrong),
            left_out=(*unknown_right, *unknown_wrong),
            notes=("checkers are not part of the data set: tokens are compared",),
        )
    )


def _submissions(
    row: Row, listed: _Solutions, kind: str, verdicts: frozenset[Verdict]
) -> tuple[list[JurySubmission], list[LeftOut]]:
    """The labelled programs, and those of a language that the data set does not name."""
    if len(listed.language) != len(listed.solution):
        raise row.error(
            f"{kind}: {len(listed.language)} languages, {len(listed.solution)} programs"
        )
    found: list[JurySubmission] = []
    left_out: list[LeftOut] = []
    pairs = list(zip(listed.language, listed.solution, strict=True))
    for number, (language, source) in enumerate(pairs[:MAX_SOLUTIONS]):
        known = language_of_code(language)
        if known is None:
            reason = f"no language is known as {str(language)[:20]!r} here"
            left_out.append(LeftOut(name=f"{kind}/{number:04d}", reason=reason))
            continue
        name = f"{kind}/{number:04d}.{known[1]}"
        found.append(
            JurySubmission(
                name=name,
                path=row.file,
                submission=Submission(
                    language=known[0], sources={f"main.{known[1]}": source.encode()}
                ),
                expected=Expectation(verdicts=verdicts, source=kind, label=kind),
            )
        )
    if len(pairs) > MAX_SOLUTIONS:
        reason = f"{len(pairs) - MAX_SOLUTIONS} programs more than {MAX_SOLUTIONS}"
        left_out.append(LeftOut(name=f"{kind}/{MAX_SOLUTIONS:04d} and on", reason=reason))
    return found, left_out


def language_of_code(code: Any) -> tuple[str, str] | None:
    """A language as the data set writes it (a number or a name): our id and a file's ending.

    `PYTHON` beside `PYTHON3` is the enumeration's name of Python 2; `python` is anybody's word.
    """
    if not isinstance(code, str):
        return _LANGUAGES.get(code)
    names = {**_BY_NAME, "PYTHON": 1 if code == "PYTHON" else 3}
    return _LANGUAGES.get(names.get(code.upper(), 0))
