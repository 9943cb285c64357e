"""How well the tests made at solve time told wrong candidates from right ones."""

import numpy as np
import pytest

from solver.replays.suite import at_most, quality_of


@pytest.mark.parametrize(
    ("found", "of", "bound"), [(0, 149, 0.02), (1, 236, 0.02), (2, 313, 0.02), (0, 53, 0.055)]
)
def test_a_promise_of_two_percent_needs_so_many_right_programs(
    found: int, of: int, bound: float
) -> None:
    told = at_most(found, of)
    assert told is not None and told == pytest.approx(bound, abs=2e-4)
    assert at_most(0, 0) is None


def test_only_candidates_that_pass_the_examples_count_and_only_where_they_are_wrong() -> None:
    right = np.array([[1, 1], [1, 0], [1, 0], [0, 0], [1, 1]], dtype=np.bool_)
    accused = np.array([[0.0, 0.1], [0.0, 0.95], [0.95, 0.2], [0.99, 0.99], [0.2, 0.93]])
    passes = np.array([1, 1, 1, 0, 1], dtype=np.bool_)
    told = quality_of(accused, right, passes)
    # The third is accused where it is right, the fourth fails the examples anyway.
    assert (told.wrong, told.broken, told.right, told.accused) == (2, 1, 2, 1)
    record = told.as_record()
    assert record["true_positive_rate"] == 0.5 and record["true_negative_rate"] == 0.5
