"""Failures of ours while reading or judging. None of them is ever a verdict."""

from pathlib import Path


class ProblemsError(Exception):
    """Root of this package's errors."""


class PackageError(ProblemsError):
    """A package cannot be read. The message names the file (and line) and the fix.

    Attributes:
        path: The file or folder at fault.
        line: The line in it, where one is known.
    """

    def __init__(self, path: Path | str, reason: str, line: int | None = None) -> None:
        where = f"{path}:{line}" if line is not None else str(path)
        super().__init__(f"{where}: {reason}")
        self.path = Path(path)
        self.line = line


class UnsupportedTask(ProblemsError):
    """The task is well-formed, and nothing here can judge its kind."""


class JudgeError(ProblemsError):
    """The judge's own part failed: a checker crashed, a manager ended without a score."""


class BrokenProgram(JudgeError):
    """A jury's program ended in a way that its convention does not know; mostly a crash."""


class SubtaskMismatch(ProblemsError):
    """A task's subtasks and the groups of its test set do not belong together."""
