"""A door for scripts: everything is in `solver.sampling.answers.dedup`."""

from solver.sampling.answers.dedup import normalised, representatives

__all__ = [
    "normalised",
    "representatives",
]
