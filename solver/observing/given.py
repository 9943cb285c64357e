"""Generators and validators that come with a task, as helpers beside the model's own."""

import re
from collections.abc import Mapping

from problems.jury.testlib import HEADER, TESTLIB_GENERATOR
from problems.jury.validators import TESTLIB_VALIDATOR
from problems.task import Program, Task
from solver.types import HelperKind, HelperProgram

_KINDS: Mapping[str, HelperKind] = {
    TESTLIB_GENERATOR: HelperKind.GENERATOR,
    TESTLIB_VALIDATOR: HelperKind.VALIDATOR,
}
_INCLUDE = re.compile(rf'^[ \t]*#[ \t]*include[ \t]*["<]{re.escape(HEADER)}[">].*$', re.M)


def given_helpers(task: Task) -> tuple[HelperProgram, ...]:
    """The task's own helpers; a helper is one text, so testlib stands in it.

    Ids begin with `given/`: those of the model's begin with the task's name.
    """
    return tuple(
        HelperProgram(
            id=f"given/{_KINDS[program.role].value}",
            kind=_KINDS[program.role],
            language=program.language,
            source=_one_text(program),
        )
        for program in task.helpers
        if program.role in _KINDS
    )


def _one_text(program: Program) -> str:
    texts = {name: content.decode("utf-8", "replace") for name, content in program.sources.items()}
    header = texts.pop(HEADER, "")
    (source,) = texts.values()
    return _INCLUDE.sub(lambda _: header, source, count=1)
