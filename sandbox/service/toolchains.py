"""The owner's handler of questions after a language's compiler or interpreter."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.compiling.compile import Compiler

_NUMBERS = re.compile(r"(\d+)\.(\d+)(?:\.(\d+))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolchainWork:
    """Which language."""

    language: str


class Toolchains:
    """Says their versions. Safe to use from threads."""

    def __init__(self, compiler: Compiler) -> None:
        self._compiler = compiler

    def serve(
        self, work: ToolchainWork, emit: Callable[[object], None], resume: Callable[[], None]
    ) -> str:
        """The version as three numbers, `12.2.0`.

        Raises:
            CompilerMissing: It is not installed.
            UnknownLanguage: There is no such language.
            SandboxError: The sandbox failed.
        """
        found = _NUMBERS.search(self._compiler.version(work.language))
        return "0.0.0" if found is None else ".".join(part or "0" for part in found.groups())
