"""Failures of the solver's own; each carries the exit code that the command line ends with."""


class SolverError(Exception):
    """Root of this package's errors. Exit code 2: bad input or usage, unless a subclass differs."""

    exit_code = 2


class MachineLacks(SolverError):
    """The machine lacks something that `solver doctor` can name. Exit code 3."""

    exit_code = 3


class PoolError(SolverError):
    """A pool file cannot be read; the message names file and line."""


class ModelUnavailable(MachineLacks):
    """The model's folder, file or server is not there; the message says what brings it."""


class EngineError(SolverError):
    """The engine failed after its retries; samples drawn so far are kept."""

    exit_code = 1


class AskedWrongly(EngineError):
    """The server takes no request: no such model, address or key. Exit code 2, and no retry."""

    exit_code = 2


class RunFolderError(SolverError):
    """A run folder is missing, of another version, or damaged."""


class DiskFull(RunFolderError):
    """No space is left where the run folder lies; what was finished is kept. Exit code 3."""

    exit_code = 3


class LimitReached(SolverError):
    """A submission over the contest's limit, or outside its time, was refused."""

    exit_code = 1


class TooSoon(LimitReached):
    """The minimum interval between two submissions has not passed; nothing was taken or spent.

    Attributes:
        wait_s: Time until the next try makes sense.
    """

    def __init__(self, message: str, *, wait_s: float) -> None:
        super().__init__(message)
        self.wait_s = wait_s
