"""A package's own validators, for pools that were drawn without helpers."""

from pathlib import Path

from problems.package import load_package
from solver.types import HelperKind, HelperProgram

# Called as a model's validator is (argv: SUBTASK, exit code 0 accepts), it becomes the package's.
_SHELL = """
import sys
FLAGS = {flags!r}
SOURCE = {source!r}
sys.argv = ["validator.py", *FLAGS[sys.argv[1]]]
try:
    exec(compile(SOURCE, "validator.py", "exec"), {{"__name__": "__main__"}})
except SystemExit as end:
    sys.exit(0 if end.code == 42 else 1)
sys.exit(1)
"""


def own_validators(package: Path) -> tuple[HelperProgram, ...]:
    """One helper a validator. No generator: that would be the one that made the hidden tests.

    Raises:
        ValueError: A validator is not one Python file with the exit code 42.
    """
    opened = load_package(package)
    cases = opened.testset.testcases
    flags: dict[str, list[str]] = {}
    for subtask in opened.task.subtasks:
        own = [case for name, case in cases.items() if f"/{subtask.name}/" in name]
        flags[subtask.name] = [word for words in own[-1].validator_args.values() for word in words]
    made = []
    for number, one in enumerate(opened.testset.validators):
        if one.language != "python3" or one.role != "kattis-input-validator":
            raise ValueError(f"{package}: a validator in {one.language} of kind {one.role}")
        (source,) = one.sources.values()
        text = _SHELL.format(flags=flags, source=source.decode())
        made.append(
            HelperProgram(
                id=f"own{number}", kind=HelperKind.VALIDATOR, language="python3", source=text
            )
        )
    return tuple(made)
