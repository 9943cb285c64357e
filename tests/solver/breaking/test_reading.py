"""Bounds, counts and scaled generators: what is read of a task, without running anything."""

import dataclasses

import numpy as np
import pytest
from worlds import make_task

from problems.task import Statement
from solver.breaking.bounds import bounds_of, numbers_in, numbers_in_code
from solver.breaking.layout import Repeats, Shape, counts_of, grown, lines_of
from solver.breaking.scaling import literals_of, scaled_down, scaled_up
from solver.types import HelperKind, HelperProgram


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (r"$1 \le n \le 2 \cdot 10^5$", 200_000),
        (r"$10^{18}$", 10**18),
        ("at most 200 000 rows", 200_000),
        (r"$n \le 40\,000$", 40_000),
        ("up to 3·10⁵ cards", 300_000),
        ("below 1e9", 10**9),
        ("1,000,000 letters", 1_000_000),
        (r"$2^{31}$", 2**31),
        (r"$1.5 \times 10^6$", 1_500_000),
    ],
)
def test_a_bound_is_read_however_it_is_written(text: str, number: int) -> None:
    assert number in numbers_in(text)


def test_neighbouring_numbers_are_read_both_ways() -> None:
    assert {1, 200, 1200} <= numbers_in("1 200 3") and 2300 not in numbers_in("7 1, 2, 300")


def test_constant_arithmetic_of_a_validator_is_worked_out() -> None:
    assert {200_000, 10**9} <= numbers_in_code("assert n <= 2 * 10**5 and v <= int(1e9)", "python3")
    assert {200_000, 1_000_000} <= numbers_in_code("if (n > 200'000 || v > 1000000LL)", "cpp17")
    assert numbers_in_code("def (", "python3") == set()


def test_bounds_come_from_statement_and_helpers_largest_first() -> None:
    task = dataclasses.replace(make_task(1), statement=Statement(text="at most 10^5 of them"))
    helper = HelperProgram(
        id="v", kind=HelperKind.VALIDATOR, language="python3", source="assert x < 5 * 10**8"
    )
    bounds = bounds_of(task, [helper])
    assert bounds[0] == 5 * 10**8 and 10**5 in bounds and bounds == sorted(bounds, reverse=True)


ARRAY = [b"3\n5 1 9\n", b"1\n4\n", b"5\n1 2 3 4 5\n"]
EDGES = [b"4\n1 2\n2 3\n1 4\n", b"2\n1 2\n", b"3\n3 1\n2 1\n"]
WORD = [b"3\nabc\n", b"1\nb\n", b"4\naaca\n"]


@pytest.mark.parametrize(
    ("samples", "repeats", "extra"),
    [(ARRAY, Repeats.TOKENS, 0), (EDGES, Repeats.LINES, -1), (WORD, Repeats.LETTERS, 0)],
)
def test_counts_are_found_in_samples(samples: list[bytes], repeats: Repeats, extra: int) -> None:
    assert any(one.repeats is repeats and one.extra == extra for one in counts_of(samples))


def test_a_number_that_counts_nothing_is_no_count() -> None:
    assert counts_of([b"3\n7\n", b"9\n8\n", b"1\n5\n"]) == [] or all(
        one.repeats is not Repeats.TOKENS for one in counts_of([b"3\n7\n", b"9\n8\n"])
    )


@pytest.mark.parametrize("shape", [Shape.PATH, Shape.STAR, Shape.TREE])
def test_a_grown_tree_is_a_tree(shape: Shape) -> None:
    count = next(one for one in counts_of(EDGES) if one.repeats is Repeats.LINES)
    made = grown(EDGES[0], count, 50, shape, np.random.default_rng(1))
    assert made is not None
    (size,), *edges = lines_of(made)
    assert int(size) == 50 and len(edges) == 49
    reached = {1}
    for a, b in edges:
        assert int(a) in reached and int(b) not in reached
        reached.add(int(b))
    assert reached == set(range(1, 51))


def test_a_grown_array_reaches_the_wanted_values() -> None:
    count = next(one for one in counts_of(ARRAY) if one.repeats is Repeats.TOKENS)
    made = grown(ARRAY[0], count, 1000, Shape.LARGE, np.random.default_rng(1), high=10**9)
    assert made is not None
    assert lines_of(made) == [[b"1000"], [b"1000000000"] * 1000]


def test_a_generator_is_asked_for_more_at_each_of_its_numbers() -> None:
    source = "import random\nn = random.randint(1, 40)\nprint(n, random.randint(0, 7))\n"
    assert set(literals_of(source)) == {40, 7}
    made = {one.source for one in scaled_up(source, [200_000])}
    assert source.replace("40", "200000") in made and source.replace("7", "200000") in made
    assert source.replace("40", "200000").replace("7)", "200000)") in made


def test_a_list_of_sizes_is_moved_as_a_whole_and_an_index_is_not() -> None:
    source = "n = r.choice([1, 2, 5, 30])\nprint(sys.argv[2], n)\n"
    made = [one.source for one in scaled_up(source, [1000])]
    assert made == ["n = r.choice([1000, 1000, 1000, 1000])\nprint(sys.argv[2], n)\n"]


def test_a_generator_is_asked_for_less() -> None:
    made = [one.source for one in scaled_down("print(randint(1, 5000))")]
    assert "print(randint(1, 2))" in made
    assert list(scaled_down("this is no program (")) == []
