"""The tasks of a contest for verifiers, which finds a taskset by the name of a module at the top:
`vf-eval solver-contests`. All that it does is in `solver/adapters/contests_for_verifiers.py`."""

from solver.adapters.contests_for_verifiers import ContestTaskset

__all__ = ["ContestTaskset"]
