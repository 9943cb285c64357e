"""A door for scripts: everything is in `solver.sampling.answers.extraction`."""

from solver.sampling.answers.extraction import (
    HORIZON_CHARACTERS,
    Extraction,
    NoProgram,
    extract,
    is_settled,
    wanted_of,
)

__all__ = [
    "HORIZON_CHARACTERS",
    "Extraction",
    "NoProgram",
    "extract",
    "is_settled",
    "wanted_of",
]
