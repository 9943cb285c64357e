"""Role: rows as DeepCoder and the trainers after it have them: `problem` and `tests`.

`tests` is JSON text or a list of `{input, output, testtype, metadata: {func_name}}`, or the older
`{inputs, outputs, fn_name}`. The rows have no id: a problem is named by the number of its row in
its file, from 1. Judged as LiveCodeBench's are, whose tests these are. verl's rows and those of
NeMo Gym's code generation hold the same inside: `reward_model.ground_truth`,
`verifier_metadata.unit_tests`; the problem is what the user says in their prompt.
"""

import json
from typing import Any

from pydantic import BaseModel, ConfigDict

from problems.formats.dataset_livecodebench import LiveProblem, live_package
from problems.formats.dataset_rows import Collection, Row, one_row
from problems.formats.reader import Package


class _Row(BaseModel):
    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    problem: str
    tests: str | list[dict[str, Any]] | dict[str, Any]
    starter_code: str | None = None


class DeepCoder:
    """The shape."""

    columns = frozenset({"problem", "tests"})

    def values(self, row: Row) -> _Row:
        """The problem and its tests, wherever the row holds them."""
        return row.check(_Row)

    def read(self, collection: Collection, selector: str | None) -> Package:
        """One problem, by the number of its row.

        Raises:
            PackageError: Broken, or the selector is no row's number.
        """
        row = one_row(collection, self.columns, selector, lambda row: str(row.number))
        values = self.values(row)
        tests, function = _tests(row, values)
        problem = LiveProblem(
            question_id=f"{row.file.stem}-{row.number}",
            question_content=values.problem,
            starter_code=values.starter_code,
            public_test_cases="[]",
            private_test_cases=json.dumps(tests),
            metadata=json.dumps({"func_name": function}),
        )
        return live_package(row, problem, collection)


class _Inside(DeepCoder):
    """Rows that hold the prompt in one column and the tests within another."""

    def __init__(self, columns: set[str], prompt: tuple[str, ...], tests: tuple[str, str]) -> None:
        self.columns = frozenset(columns)
        self._prompt = prompt
        self._place = tests

    def values(self, row: Row) -> _Row:
        """See the base class.

        Raises:
            PackageError: Nothing lies there; names the columns.
        """
        found: dict[str, Any] = {}
        for key, path in (("problem", self._prompt), ("tests", self._place)):
            value: Any = row.values
            for step in path:
                value = value.get(step) if isinstance(value, dict) else None
            if value is None:
                raise row.error(f"{'.'.join(path)}: missing")
            found[key] = _asked(value) if key == "problem" else value
        return Row(row.file, row.number, found).check(_Row)


VERL = _Inside(
    {"data_source", "prompt", "reward_model"}, ("prompt",), ("reward_model", "ground_truth")
)
GYM_CODE = _Inside(
    {"responses_create_params", "verifier_metadata"},
    ("responses_create_params", "input"),
    ("verifier_metadata", "unit_tests"),
)


def _asked(prompt: Any) -> Any:
    """What the user says in a list of messages."""
    if not isinstance(prompt, list):
        return prompt
    said = [one for one in prompt if isinstance(one, dict) and one.get("role") == "user"]
    return said[-1].get("content") if said else None


def _tests(row: Row, values: _Row) -> tuple[list[dict[str, Any]], str | None]:
    """The tests as LiveCodeBench writes them, and the name of the function that they call."""
    given: Any = values.tests
    if isinstance(given, str):
        try:
            given = json.loads(given)
        except (ValueError, RecursionError) as error:
            raise row.error(f"tests: not valid JSON: {error}") from error
    if isinstance(given, dict):
        return _older(row, given)
    if not isinstance(given, list) or not all(isinstance(test, dict) for test in given):
        raise row.error("tests: expected a list of tests, or inputs and outputs")
    names = {
        str(test["metadata"]["func_name"])
        for test in given
        if isinstance(test.get("metadata"), dict) and test["metadata"].get("func_name")
    }
    if len(names) > 1:
        raise row.error(f"tests: call several functions: {', '.join(sorted(names))}")
    kinds = {str(test.get("testtype", test.get("type", "stdin"))) for test in given}
    if not kinds <= {"stdin", "stdin_stdout", "functional"} or len(kinds) > 1:
        raise row.error(f"tests: testtype is {', '.join(sorted(kinds))}; one of stdin, functional")
    functional = kinds == {"functional"}
    texts = [
        {
            **test,
            "input": _input(test.get("input"), functional=functional),
            "output": _output(test.get("output"), functional=functional),
        }
        for test in given
    ]
    return texts, next(iter(names), None)


def _input(value: Any, *, functional: bool) -> str:
    """As LiveCodeBench has it: a program's input, or a call's arguments as JSON, one a line."""
    if isinstance(value, str):
        return value
    if functional:
        return "\n".join(json.dumps(one) for one in (value if isinstance(value, list) else [value]))
    return _output(value, functional=False)


def _output(value: Any, *, functional: bool) -> str:
    """A program's output (a list is one of lines), or what a call returns, as JSON."""
    if isinstance(value, str):
        return value
    if functional:
        return json.dumps(value)
    lines = value if isinstance(value, list) else [value]
    return "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)


def _older(row: Row, given: dict[str, Any]) -> tuple[list[dict[str, Any]], str | None]:
    inputs, outputs = given.get("inputs"), given.get("outputs")
    if not isinstance(inputs, list) or not isinstance(outputs, list):
        raise row.error("tests: expected inputs and outputs as lists")
    if len(inputs) != len(outputs):
        raise row.error(f"tests: {len(inputs)} inputs, {len(outputs)} outputs")
    function = given.get("fn_name")
    if function is not None:
        if _are_json(inputs) and _are_json(outputs):  # LiveCodeBench's own lines
            pairs = zip(inputs, outputs, strict=True)
            called = [{"input": a, "output": b, "testtype": "functional"} for a, b in pairs]
            return called, str(function)
        # A call's arguments are a list; LiveCodeBench has one a line.
        lines = [_input(one, functional=True) for one in _calls(inputs)]
        # Some write each answer as the list of one, and then every answer.
        wrapped = all(isinstance(one, list) and len(one) == 1 for one in outputs)
        answers = [one[0] for one in outputs] if wrapped else outputs
        tests = [
            {"input": line, "output": json.dumps(answer), "testtype": "functional"}
            for line, answer in zip(lines, answers, strict=True)
        ]
        return tests, str(function)
    found = zip(inputs, outputs, strict=True)
    return [
        {
            "input": _input(one, functional=False),
            "output": _output(wanted, functional=False),
            "testtype": "stdin",
        }
        for one, wanted in found
    ], None


def _calls(inputs: list[Any]) -> list[list[Any]]:
    return [one if isinstance(one, list) else [one] for one in inputs]


def _are_json(texts: list[Any]) -> bool:
    """Whether all are texts of which every line is JSON."""
    try:
        for text in texts:
            for line in text.split("\n"):
                json.loads(line)
    except (AttributeError, ValueError, RecursionError):
        return False
    return True
