"""The small contest of the contest tests, to replay."""

from tests.contest.conftest import contest

__all__ = ["contest"]
