"""A contest that was played, to report on."""

from tests.contest.conftest import contest

__all__ = ["contest"]
