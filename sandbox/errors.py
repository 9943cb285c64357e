"""Failures of the sandbox itself. A program's failure is a `RunResult`, never one of these."""


class SandboxError(Exception):
    """Root of everything that can go wrong on our side of a run."""


class BackendUnavailable(SandboxError):
    """The machine lacks what the backend needs.

    Attributes:
        missing: What is missing, in words.
        fix: The command that brings it.
    """

    def __init__(self, missing: str, fix: str) -> None:
        super().__init__(f"{missing}; to fix it: {fix}")
        self.missing = missing
        self.fix = fix


class WorkerDied(SandboxError):
    """A worker ended in the middle of a run for a reason that is not the program's."""


class InvalidJob(SandboxError):
    """The job itself cannot be run: a file name with a slash, an argument with a NUL byte.

    Attributes:
        where: The machine that says so, where it is another one.
    """

    where = ""


class CompilerMissing(SandboxError):
    """The language is known, its compiler or interpreter is not installed.

    Attributes:
        language: The language's id.
        fix: The command that brings the compiler.
    """

    def __init__(self, language: str, program: str, fix: str, where: str = "") -> None:
        place = f" on {where}" if where else ""
        super().__init__(f"{language}: {program} is not installed{place}; to fix it: {fix}")
        self.language = language
        self.program = program
        self.fix = fix


class UnknownLanguage(SandboxError):
    """No language of that id stands in the table, or the user's table cannot be read."""


class StorageFull(SandboxError):
    """No space is left where the sandbox keeps its cache or its working files."""
