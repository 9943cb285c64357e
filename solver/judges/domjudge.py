"""A door for scripts: everything is in `solver.judges.clients.domjudge`."""

from solver.judges.clients.domjudge import (
    CLOSED_WORDS,
    MAX_SAMPLES_BYTES,
    Archive,
    DomJudge,
    read_samples,
)

__all__ = [
    "CLOSED_WORDS",
    "MAX_SAMPLES_BYTES",
    "Archive",
    "DomJudge",
    "read_samples",
]
