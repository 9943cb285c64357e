"""Role: the jury's own programs (checkers, interactors, managers, graders), built once each.

They come from the package, so they are a stranger's code and run in the sandbox like submissions.
"""

import math
import threading

from problems.errors import JudgeError
from problems.jury.scripts import SCRIPTS, built_by_scripts
from problems.jury.sources import compile_files, dialects
from problems.task import Program
from sandbox.backend import Executable, Sandbox
from sandbox.compiling.compile import CompileError, Compiler
from sandbox.limits import MIB, Limits
from sandbox.result import ExitStatus, RunResult

JURY_LIMITS = Limits(
    cpu_s=60.0,
    wall_s=150.0,
    memory_bytes=2048 * MIB,
    output_bytes=64 * MIB,
    processes=32,
    disk_bytes=256 * MIB,
)
"""What a jury's program may use on one test: the Kattis format's default of 60 s, and memory."""

_MESSAGE_BYTES = 2000


class JuryPrograms:
    """Compiles the jury's programs once each, whatever thread asks first."""

    def __init__(self, sandbox: Sandbox, compiler: Compiler) -> None:
        self.sandbox = sandbox
        self._compiler = compiler
        self._lock = threading.Lock()
        self._built: dict[int, tuple[Program, Executable]] = {}

    def executable(self, program: Program) -> Executable:
        """The program, compiled.

        Raises:
            JudgeError: It does not compile; the message has the compiler's first lines.
            CompilerMissing, UnknownLanguage: Nothing here compiles its language.
        """
        with self._lock:
            found = self._built.get(id(program))
            if found is None:
                found = (program, self._compile(program))
                self._built[id(program)] = found
            return found[1]

    def _compile(self, program: Program) -> Executable:
        if program.language == SCRIPTS:
            return built_by_scripts(program, self.sandbox)
        first = ""
        for language, sources in dialects(program.language, program.sources):
            made = compile_files(self._compiler, sources, language)
            if not isinstance(made, CompileError):
                return made
            said = made.messages.decode("utf-8", "replace")[:_MESSAGE_BYTES]
            first = first or f"{made.reason}\n{said}"
        raise JudgeError(f"the jury's {program.role} does not compile:\n{first}")


def describe_end(result: RunResult) -> str:
    """How a jury's program ended, for an error message."""
    if result.status is ExitStatus.LIMIT:
        return f"went over its {result.limit} limit"
    if result.status is ExitStatus.SIGNALED:
        return f"was ended by signal {result.signal}"
    return f"ended with exit code {result.exit_code}"


def jury_number(text: bytes | str) -> float:
    """A number that a jury's program wrote. Every score and share is read here.

    Raises:
        JudgeError: It is none, or it is not finite: no rule adds up `nan` or `inf`.
    """
    try:
        number = float(text)
    except ValueError as error:
        raise JudgeError(f"a number was expected of the jury's program: {text[:80]!r}") from error
    if not math.isfinite(number):
        raise JudgeError(f"the jury's program gave {text[:80]!r} for a number")
    return number
