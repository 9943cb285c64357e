"""Role: a CMS task type's parameters, by name or, since `protocol_version` 2, by place.

The places are those of CMS's own lists (`cms/grading/tasktypes`): Batch `[compilation, [input,
output], evaluation]`, BatchAndOutput the same with the output-only tests, Communication
`[processes, compilation, user_io]`, OutputOnly `[evaluation]`.
"""

import json
from collections.abc import Mapping
from typing import Any

from problems.errors import PackageError
from problems.formats.documents import Document

MAX_PROCESSES = 64
"""IOI 2026 starts as many; each takes a worker of the sandbox."""

_PLACES: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "Batch": (("compilation",), ("inputfile", "outputfile"), ("output_eval",)),
    "BatchAndOutput": (
        ("compilation",),
        ("inputfile", "outputfile"),
        ("output_eval",),
        ("output_only_testcases",),
    ),
    "Communication": (("num_processes",), ("compilation",), ("user_io",)),
    "OutputOnly": (("output_eval",),),
}
_NESTED = {"io_0_inputfile": "inputfile", "io_1_outputfile": "outputfile"}
_WORDS: Mapping[str, tuple[str, ...]] = {
    "compilation": ("alone", "grader", "stub"),
    "output_eval": ("diff", "comparator"),
    "user_io": ("std_io", "fifo_io"),
}


def parameters_of(kind: str, given: object, document: Document) -> Mapping[str, str]:
    """The parameters by their last words ("num_processes"), values as text.

    Args:
        kind: The task type in CMS's word.
        given: What `task_type_params` holds: JSON as text, keys and values, or a list.

    Raises:
        PackageError: It is none of these, or says what CMS does not know.
    """
    line = document.line_of(("task_type_params",))
    if isinstance(given, str):
        try:
            given = json.loads(given or "{}")
        except (json.JSONDecodeError, RecursionError) as error:
            raise PackageError(document.path, "task_type_params: not JSON", line) from error
    if isinstance(given, list):
        found = _by_place(kind, given, document)
    elif isinstance(given, dict):
        prefix = f"task_type_parameters_{kind}_"
        names = {str(key).removeprefix(prefix): str(value) for key, value in given.items()}
        found = {_NESTED.get(name, name): value for name, value in names.items()}
    else:
        reason = "task_type_params: expected a list, or keys and values"
        raise PackageError(document.path, reason, line)
    for name, words in _WORDS.items():
        if found.get(name, words[0]) not in words:
            reason = f"task_type_params: {name} is {found[name]!r}, CMS knows {', '.join(words)}"
            raise PackageError(document.path, reason, line)
    return found


def _by_place(kind: str, given: list[Any], document: Document) -> dict[str, str]:
    found: dict[str, str] = {}
    places = _PLACES.get(kind, ())
    for index, value in enumerate(given):
        names = places[index] if index < len(places) else ()
        values = value if isinstance(value, list) else [value]
        if len(names) != len(values) or any(isinstance(one, list | dict) for one in values):
            line = document.line_of(("task_type_params",))
            reason = f"task_type_params: entry {index} of {kind} is not understood: {value!r}"
            raise PackageError(document.path, reason, line)
        found |= {name: str(one) for name, one in zip(names, values, strict=True)}
    return found


def processes_of(parameters: Mapping[str, str], document: Document) -> int:
    """How many processes of the contestant's program run, 1 where nothing is said.

    Raises:
        PackageError: It is no number from 1 to 64.
    """
    text = parameters.get("num_processes", "1")
    if not text.isdecimal() or len(text) > 2 or not 1 <= int(text) <= MAX_PROCESSES:
        reason = f"num_processes: {text!r} (1 to {MAX_PROCESSES} are served)"
        raise PackageError(document.path, reason, document.line_of(("task_type_params",)))
    return int(text)
