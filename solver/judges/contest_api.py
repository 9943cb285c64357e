"""A door for scripts: everything is in `solver.judges.clients.contest_api`."""

from solver.judges.clients.contest_api import (
    DURATION,
    ICPC_LIMITS,
    LANGUAGE_IDS,
    MIB,
    ContestApi,
    pack,
    parse_duration,
    parse_time,
)

__all__ = [
    "DURATION",
    "ICPC_LIMITS",
    "LANGUAGE_IDS",
    "MIB",
    "ContestApi",
    "pack",
    "parse_duration",
    "parse_time",
]
