"""When a crash on a generated input speaks against a program, and when against the input."""

import numpy as np
import pytest

from sandbox.data import digest_of
from solver.repair.findings import DOUBT, Finding, _of_limits, _Votes
from solver.sampling.repairs import Failing
from solver.types import Behaviour, GeneratedInput, InputOrigin, RunStatus

CONTENT = b"2\n1\n"
NAME = digest_of(CONTENT)


def findings(crashed: list[bool], digests: list[int], share: float = 1.0) -> list[Finding]:
    """Of the first program, all of which pass the example in the first column; the others behave
    as their digests on a third input say."""
    programs = len(crashed)
    crash = np.array(crashed)
    status = np.full((programs, 3), RunStatus.OK, dtype=np.uint8)
    status[crash, 1] = RunStatus.CRASH
    digest = np.full((programs, 3), 7, dtype=np.uint64)
    digest[:, 1] = np.where(crash, 0, 5)
    digest[:, 2] = digests
    behaviour = Behaviour(
        candidate_ids=tuple(map(str, range(programs))),
        input_ids=("example", NAME, "third"),
        status=status,
        digest=digest,
        cpu_s=np.zeros((programs, 3), dtype=np.float32),
        in_subtask=np.ones((3, 1), dtype=np.bool_),
        expected=np.array([7, 0, 0], dtype=np.uint64),
        subtasks=("all",),
    )
    one = GeneratedInput(
        id=NAME,
        content=CONTENT,
        subtasks=frozenset({"all"}),
        origin=InputOrigin.GENERATOR,
        accepted_share=share,
    )
    return _of_limits(0, behaviour, {NAME: one}, _Votes(behaviour))


def test_a_crash_that_all_others_survive_is_told_as_likely() -> None:
    (one,) = findings([True, False, False, False], [1, 2, 3, 4])
    assert one.failing is Failing.CRASH and one.probability == pytest.approx(0.9)
    assert one.word.startswith("3 of 3 other programs")


def test_where_most_programs_crash_the_input_is_in_doubt_and_nobody_is_accused() -> None:
    # Two behaviours: six programs crash, three do not. The input says 2 and gives one number.
    assert findings([True] * 6 + [False] * 3, [1] * 6 + [2] * 3) == []


def test_one_other_behaviour_is_no_proof() -> None:
    (one,) = findings([True, False, False, False], [1, 2, 2, 2])
    assert one.probability == DOUBT


def test_an_input_that_a_validator_refuses_accuses_nobody() -> None:
    assert findings([True, False, False, False], [1, 2, 3, 4], share=0.75) == []
