"""What a judge can refuse, by name. An outage is no refusal: the client waits and tries again."""

from solver.errors import LimitReached, SolverError, TooSoon

__all__ = [
    "AccessDenied",
    "BadAnswer",
    "ContestClosed",
    "JudgeUnreachable",
    "LimitReached",
    "NotAllowedHere",
    "NotFound",
    "SubmissionRefused",
    "TooSoon",
]


class JudgeUnreachable(SolverError):
    """The judge did not answer within the client's patience. What was submitted is kept.

    Exit code 1.
    """

    exit_code = 1


class AccessDenied(SolverError):
    """401 or 403: the credentials are missing, wrong, or not enough for this call."""


class NotFound(SolverError):
    """404: no such contest, task or submission at this judge."""


class SubmissionRefused(SolverError):
    """The judge looked at the submission and will not take it (too large, unknown language)."""

    exit_code = 1


class ContestClosed(SubmissionRefused):
    """The contest has not begun, has ended, or takes no submissions."""


class BadAnswer(SolverError):
    """The judge answered with something that its own specification does not allow."""

    exit_code = 1


class NotAllowedHere(SolverError):
    """A submission to a host that is not loopback, without the user's word for it."""
