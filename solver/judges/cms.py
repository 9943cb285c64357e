"""A door for scripts: everything is in `solver.judges.clients.cms`."""

from solver.judges.clients.cms import (
    COMPILATION_FAILED,
    INTERVAL_RETRY_S,
    IOI_LIMITS,
    LANGUAGES,
    SCORED,
    SOURCE_MARK,
    Cms,
)
from solver.judges.clients.cms_points import SubtaskPoints, parse_details

__all__ = [
    "COMPILATION_FAILED",
    "INTERVAL_RETRY_S",
    "IOI_LIMITS",
    "LANGUAGES",
    "SCORED",
    "SOURCE_MARK",
    "Cms",
    "SubtaskPoints",
    "parse_details",
]
