"""Role: LiveCodeBench: problems of AtCoder, Codeforces and LeetCode with hidden tests.

Hidden tests are JSON, or base64 of zlib of a pickle of JSON text; the pickle is opened by an
unpickler that can build nothing but text. LeetCode's problems want a method of `Solution`: a small
driver calls it. Judged as LiveCodeBench's own runner does (`problems.jury.dataset_compare`,
`livecodebench_drivers`), which knows Python alone; programs in other languages are run as they are.
"""

import base64
import binascii
import io
import json
import pickle
import zlib
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from problems.formats.dataset_rows import (
    Collection,
    Row,
    TestText,
    one_row,
    safe_name,
    written_tests,
)
from problems.formats.livecodebench_drivers import FUNCTION_DRIVER, PROGRAM_DRIVER
from problems.formats.reader import Package
from problems.scoring import Aggregation, ScoreNode
from problems.statement.convert import build_statement
from problems.statement.html import markdown_to_text
from problems.task import Example, Interface, Subtask, Task, TaskLimits, TaskType
from problems.testset import Testset
from sandbox.limits import MIB

MAX_TESTS_BYTES = 1 << 30
TIME_S = 6.0
"""LiveCodeBench's own limit of a test."""


class _Test(BaseModel):
    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    input: str
    output: str
    testtype: str = "stdin"


class LiveProblem(BaseModel):
    """A row as far as it is read; `public_test_cases` and `metadata` are JSON text."""

    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    question_id: str
    question_title: str = ""
    question_content: str
    starter_code: str | None = None
    public_test_cases: str
    private_test_cases: str
    metadata: str | None = None


class LiveCodeBench:
    """The data set."""

    columns = frozenset({"question_content", "public_test_cases", "private_test_cases"})

    def read(self, collection: Collection, selector: str | None) -> Package:
        """One problem, by its question id.

        Raises:
            PackageError: Broken, hostile, or the selector is no id.
        """
        row = one_row(collection, self.columns, selector, _question)
        return live_package(row, row.check(LiveProblem), collection)


def _question(row: Row) -> str:
    return str(row.values.get("question_id"))


class _TextUnpickler(pickle.Unpickler):
    """Opens pickles of plain values; naming any class or function is refused."""

    def find_class(self, module: str, name: str) -> Any:
        """Never finds one."""
        raise pickle.UnpicklingError(f"names {module}.{name}")

    def persistent_load(self, pid: Any) -> Any:
        """Never loads one."""
        raise pickle.UnpicklingError("names a persistent object")


def private_tests(text: str, row: Row) -> str:
    """The JSON text of hidden tests, whichever way it is packed.

    Raises:
        PackageError: It is packed in no known way, names objects, or is too large.
    """
    if text.lstrip().startswith("["):
        return text
    try:
        packed = base64.b64decode(text.encode(), validate=True)
        opened = zlib.decompressobj()
        content = opened.decompress(packed, MAX_TESTS_BYTES)
        if opened.unconsumed_tail:
            raise row.error(f"private_test_cases: unpacks to more than {MAX_TESTS_BYTES} bytes")
        value = _TextUnpickler(io.BytesIO(content)).load()
    except (
        *(binascii.Error, zlib.error, pickle.UnpicklingError, EOFError, UnicodeError),
        *(ValueError, IndexError, KeyError, AttributeError, TypeError, MemoryError, OverflowError),
    ) as error:
        # The unpickler raises whatever its opcodes stumble over.
        raise row.error(f"private_test_cases: cannot be unpacked: {error}") from error
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if not isinstance(value, str):
        raise row.error("private_test_cases: expected text in the pickle")
    return value


def _tests(text: str, row: Row, column: str) -> list[_Test]:
    try:
        listed = json.loads(text)
        if not isinstance(listed, list):
            raise row.error(f"{column}: expected a list")
        return [_Test.model_validate(test) for test in listed]
    except ValidationError as error:
        raise row.error(f"{column}: {error.errors()[0]['msg']}") from error
    except (ValueError, RecursionError) as error:
        raise row.error(f"{column}: not valid JSON: {error}") from error


def live_package(row: Row, problem: LiveProblem, collection: Collection) -> Package:
    """The package of a problem whose tests are in LiveCodeBench's form.

    Raises:
        PackageError: A test is broken, or there is none; names the row.
    """
    public = _tests(problem.public_test_cases, row, "public_test_cases")
    hidden = _tests(private_tests(problem.private_test_cases, row), row, "private_test_cases")
    if not public + hidden:
        raise row.error("no tests")
    functional = any(test.testtype == "functional" for test in public + hidden)
    function = _function(problem, row) if functional else None
    tests = [
        TestText(
            f"{kind}-{number:03d}",
            test.input.encode(),
            _answer(test, row, functional=functional),
        )
        for kind, listed in (("public", public), ("private", hidden))
        for number, test in enumerate(listed)
    ]
    testcases = written_tests(tests)
    examples = tuple(
        Example(name=str(number), input=test.input, output=test.output)
        for number, test in enumerate(tests[: len(public)], start=1)
    )
    subtasks = (Subtask(name="all", max_points=1.0),)
    text = markdown_to_text(problem.question_content)
    if problem.starter_code:
        text += f"\n\n## Starter code\n\n```python\n{problem.starter_code.rstrip()}\n```"
    return Package(
        path=collection.path,
        format="livecodebench",
        task=Task(
            name=safe_name(problem.question_id),
            title=problem.question_title or problem.question_id,
            type=TaskType.BATCH,
            statement=build_statement(text, examples=examples, subtasks=subtasks),
            subtasks=subtasks,
            examples=examples,
            limits=TaskLimits(time_s=TIME_S, memory_bytes=1024 * MIB),
            scored=False,
            interface=_interface(function, problem.starter_code or ""),
            languages=("python3", "pypy3") if functional else (),
        ),
        testset=Testset(
            testcases=testcases,
            scoring=ScoreNode(
                name="all",
                max_points=1.0,
                aggregation=Aggregation.MIN,
                testcases=tuple(testcases),
            ),
            comparison={"kind": "equal-values" if functional else "decimal-lines"},
        ),
    )


def _function(problem: LiveProblem, row: Row) -> str:
    try:
        metadata = json.loads(problem.metadata or "{}")
        name = metadata.get("func_name")
    except (ValueError, AttributeError, RecursionError) as error:
        raise row.error("metadata: expected an object as JSON") from error
    if not isinstance(name, str) or not name.isidentifier():
        raise row.error("metadata: no func_name, though tests are functional")
    return name


def _answer(test: _Test, row: Row, *, functional: bool) -> bytes:
    if not functional:
        return test.output.encode()
    try:
        return json.dumps(json.loads(test.output)).encode() + b"\n"
    except (ValueError, RecursionError) as error:
        raise row.error(f"output of a functional test is not JSON: {test.output[:40]!r}") from error


def _interface(function: str | None, starter: str) -> Interface:
    """A driver of ours stands around the contestant's `solution.py`; of functional problems it is
    a grader, of the others what LiveCodeBench puts before every program."""
    driver = PROGRAM_DRIVER
    if function is not None:
        driver = FUNCTION_DRIVER.replace("FUNCTION", repr(function))
    files = {"main.py": driver.encode()}
    return Interface(
        managers={"python3": files, "pypy3": files},
        submission_names={"python3": "solution.py", "pypy3": "solution.py"},
        signatures={} if function is None else {"python3": starter, "pypy3": starter},
        whole_program=function is None,
    )
