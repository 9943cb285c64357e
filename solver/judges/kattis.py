"""A door for scripts: everything is in `solver.judges.clients.kattis`."""

from solver.judges.clients.kattis import (
    LANGUAGES,
    MEMORY_BYTES,
    SCORE,
    SUBMITTED,
    USUAL_POINTS,
    Kattis,
    KattisSettings,
    Progress,
)

__all__ = [
    "LANGUAGES",
    "MEMORY_BYTES",
    "SCORE",
    "SUBMITTED",
    "USUAL_POINTS",
    "Kattis",
    "KattisSettings",
    "Progress",
]
