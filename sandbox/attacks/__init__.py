"""Hostile programs and the check that runs them against a backend.

Reading order: corpus (the programs and what each must come to) -> bait (what the check plants on
the host) -> host (what the host looks like) -> suite (`check`: runs all, compares, reports).
"""

from sandbox.attacks.report import Report, Row
from sandbox.attacks.suite import check

__all__ = ["Report", "Row", "check"]
