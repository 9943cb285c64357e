"""Role: is an input valid? Runs a package's input validators, in the sandbox like all else.

By `Program.role`: kattis-input-validator (input on stdin, flags as arguments, exit code 42),
testlib-validator (input on stdin, exit code 0) and ctd (a Checktestdata script, read by the
checktestdata library). VIVA scripts have no library and are refused by name.
"""

import io
import zipfile
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from problems.errors import JudgeError, UnsupportedTask
from problems.jury.programs import JURY_LIMITS, JuryPrograms, describe_end
from problems.task import Program
from sandbox.backend import Executable, Job
from sandbox.data import Blob
from sandbox.result import ExitStatus, RunResult
from sandbox.sharing.batches import run_sharing

KATTIS_INPUT_VALIDATOR = "kattis-input-validator"
TESTLIB_VALIDATOR = "testlib-validator"
CTD = "ctd"

_ACCEPTS = {KATTIS_INPUT_VALIDATOR: 42, TESTLIB_VALIDATOR: 0, CTD: 0}
# Kattis: every exit code but 42 rejects.
_REJECTS = {KATTIS_INPUT_VALIDATOR: range(256), TESTLIB_VALIDATOR: (1, 2, 3), CTD: (1,)}
_SCRIPT = "validator.ctd"
_ARCHIVE = "checktestdata.zip"
_LIBRARY = "checktestdata.pyctd"
_START = f"from {_LIBRARY} import main\n\nmain()\n"

Args = Mapping[str, Sequence[str]]
"""A test's flags by the validator's name (`Testcase.validator_args`)."""


class InputValidators:
    """All validators of a package. Safe to use from threads."""

    def __init__(self, programs: JuryPrograms, validators: Sequence[Program]) -> None:
        """Makes them ready; nothing is compiled before the first input.

        Raises:
            UnsupportedTask: A validator of a kind that nothing here can run.
        """
        for validator in validators:
            if validator.role not in _ACCEPTS:
                raise UnsupportedTask(f"input validator of kind {validator.role!r}")
        self._programs = programs
        self._validators = tuple(validators)

    def accepted(self, inputs: Sequence[tuple[Blob, Args]]) -> list[bool]:
        """Whether all validators accept each input (content, its flags), in their order.

        The way to ask about many: runs of one Python validator share an interpreter. What a
        validator does that its convention does not know (a crash, say) is no acceptance.

        Raises:
            JudgeError: A validator does not compile.
            UnsupportedTask: A Checktestdata script, and the library is not installed.
        """
        accepted = [True] * len(inputs)
        for validator in self._validators:
            left = [
                n for n, word in enumerate(accepted) if word and _is_meant(validator, inputs[n][1])
            ]
            jobs = [self._job(validator, *inputs[n]) for n in left]
            warm = (_LIBRARY,) if validator.role == CTD else ()
            told = run_sharing(self._programs.sandbox, jobs, printed=False, warm=warm)
            for n, ran in zip(left, told, strict=True):
                accepted[n] = ran.exit_code == _ACCEPTS[validator.role]
        return accepted

    def complaints(self, input_: Blob, args: Args | None = None) -> tuple[str, ...]:
        """What the validators find wrong with an input; empty where all accept it.

        Raises:
            JudgeError: A validator crashed or ended in a way that its convention does not know.
            UnsupportedTask: A Checktestdata script, and the library is not installed.
        """
        found = [
            self._complaint(each, input_, args or {})
            for each in self._validators
            if _is_meant(each, args or {})
        ]
        return tuple(complaint for complaint in found if complaint is not None)

    def _job(self, validator: Program, input_: Blob, args: Args) -> Job:
        if validator.role == CTD:
            program = _checktestdata(validator)
            flags: tuple[str, ...] = (_SCRIPT,)
        else:
            program = self._programs.executable(validator)
            flags = (*validator.args, *_flags_for(validator, args))
        return Job(program=program, limits=JURY_LIMITS, stdin=input_, args=flags)

    def _complaint(self, validator: Program, input_: Blob, args: Args) -> str | None:
        result = self._programs.sandbox.run(self._job(validator, input_, args))
        if result.status is ExitStatus.EXITED:
            if result.exit_code == _ACCEPTS[validator.role]:
                return None
            if result.exit_code in _REJECTS[validator.role]:
                return _words(result) or "the input validator rejects it"
        raise JudgeError(f"the input validator {describe_end(result)}: {_words(result)}")


def _is_meant(validator: Program, args: Args) -> bool:
    """Whether it has a word on an input with these flags."""
    return not validator.if_named or validator.name in args


def _flags_for(validator: Program, args: Args) -> Sequence[str]:
    """What is meant for it: by its name, with or without the ending, else what is for all."""
    for name in (validator.name, validator.name.rsplit(".", 1)[0], ""):
        if name in args:
            return args[name]
    return ()


def _words(result: RunResult) -> str:
    said = result.stderr[:500] or result.stdout.read(500)
    return said.decode("utf-8", "replace").strip()


def _checktestdata(script: Program) -> Executable:
    """The checktestdata library with this script, as a program for the sandbox's own Python."""
    (content,) = script.sources.values()
    return Executable(
        language="python3",
        argv=("/usr/bin/python3", "start.py"),
        files={
            "start.py": Blob.of_bytes(_START.encode()),
            _ARCHIVE: _library(),
            _SCRIPT: Blob.of_bytes(content),
        },
        env={"PYTHONPATH": _ARCHIVE},
    )


@cache
def _library() -> Blob:
    spec = find_spec("checktestdata")
    if spec is None or spec.origin is None:
        raise UnsupportedTask("a Checktestdata script; to fix it: pip install checktestdata")
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(Path(spec.origin).parent.glob("*.py")):
            archive.write(file, f"checktestdata/{file.name}")
    return Blob.of_bytes(target.getvalue())
