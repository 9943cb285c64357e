"""Weighed votes, and how far an accusation is to be believed."""

import dataclasses

import numpy as np
import pytest
from worlds import make_task

from problems.task import Example
from solver.breaking.accuse import BROKEN, Case, probability, time_chance
from solver.breaking.attack import Attacked, Column
from solver.breaking.claims import Ballot, weigh
from solver.breaking.evidence import Trial, ballots_of, evidence_of
from solver.breaking.runs import Outcome, classes_of, same_answer
from solver.breaking.stage import prints_reals
from solver.types import GeneratedInput, InputOrigin, RunStatus


def an_input(name: str) -> GeneratedInput:
    return GeneratedInput(
        id=name, content=name.encode(), subtasks=frozenset({"all"}), origin=InputOrigin.BREAKING
    )


def ballots(table: list[list[int]]) -> list[Ballot]:
    """A row an input, a column a program; -1 did not end."""
    return [
        Ballot(input=an_input(f"i{k}"), answer={p: a for p, a in enumerate(row) if a >= 0})
        for k, row in enumerate(table)
    ]


def test_the_programs_that_mostly_agree_decide_where_they_are_few() -> None:
    # Programs 0 to 2 are always together; 3 to 6 are each wrong in their own way, but on the last
    # input the four say the same.
    rng = np.random.default_rng(0)
    table = [[0, 0, 0, *rng.integers(0, 5, 4).tolist()] for _ in range(30)]
    table.append([0, 0, 0, 1, 1, 1, 1])
    told = weigh(ballots(table), {p: p for p in range(7)})
    assert told.leading[-1] == 0 and told.posterior[-1] > 0.9
    assert min(told.share[p] for p in range(3)) > max(told.share[p] for p in range(3, 7))


def test_copies_of_one_program_are_one_vote() -> None:
    table = [[0, 1, 1, 1, 1, 1]] * 6
    apart = weigh(ballots(table), {p: p for p in range(6)})
    alike = weigh(ballots(table), {0: 0, 1: 1, 2: 1, 3: 1, 4: 1, 5: 1})
    assert apart.leading[0] == 1
    assert alike.posterior[0] < apart.posterior[0]


def test_no_vote_is_no_claim() -> None:
    told = weigh([Ballot(input=an_input("i"), answer={})], {})
    assert told.leading.tolist() == [-1] and told.posterior.tolist() == [0.0]


def case(**changed: float) -> Case:
    values = {
        "posterior": 0.99,
        "families": 4,
        "against": 1,
        "brutes": 1,
        "inputs": 5,
        "wrong_share": 0.5,
        "lead": 0.4,
    }
    return Case(**(values | changed))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "less"),
    [("posterior", 0.6), ("families", 1), ("inputs", 1), ("wrong_share", 0.05), ("lead", 0.0)],
)
def test_what_speaks_less_accuses_less(name: str, less: float) -> None:
    assert probability(case(**{name: less})) < probability(case())


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        (b"3 4\n", b"3  4", True),
        (b"YES", b"yes\n", True),
        (b"0.3333333\n", b"0.33333341", True),
        (b"1\n", b"1.0\n", True),
        (b"1\n", b"2\n", False),
        (b"1000000\n", b"1000001\n", False),
        (b"1 2", b"1", False),
        (b"0.5", b"0.6", False),
    ],
)
def test_answers_are_compared_as_a_checker_would(first: bytes, second: bytes, same: bool) -> None:
    assert same_answer(first, second) is same


def test_programs_that_did_not_end_have_no_answer() -> None:
    ok = Outcome(status=RunStatus.OK, digest=5, cpu_s=0.0, output=b"1")
    other = Outcome(status=RunStatus.OK, digest=6, cpu_s=0.0, output=b"2")
    crash = Outcome(status=RunStatus.CRASH, digest=0, cpu_s=0.0, output=None)
    assert classes_of({0: other, 1: ok, 2: crash, 3: ok}) == {1: 0, 3: 0, 0: 1}


def test_real_numbers_are_seen_in_what_programs_print_not_in_examples_alone() -> None:
    task = make_task(1)
    whole = Outcome(status=RunStatus.OK, digest=1, cpu_s=0.0, output=b"12\n")
    real = Outcome(status=RunStatus.OK, digest=2, cpu_s=0.0, output=b"0.3333\n")
    column = Column(input=an_input("i"), outcomes={0: whole, 1: whole})
    assert not prints_reals(Attacked(columns=[column]), task)
    other = Column(input=an_input("j"), outcomes={0: whole, 1: real})
    assert prints_reals(Attacked(columns=[column, other]), task)
    shown = dataclasses.replace(task, examples=(Example(name="1", input=b"1", output=b"0.5\n"),))
    assert prints_reals(Attacked(), shown)


def crash_of(crashed: int, programs: int) -> float:
    """Chance that the first program is wrong where it and some others crash on the one input."""
    outcomes = {
        k: Outcome(
            status=RunStatus.CRASH if k < crashed else RunStatus.OK,
            digest=0 if k < crashed else 7,
            cpu_s=0.01,
            output=None if k < crashed else b"7\n",
        )
        for k in range(programs)
    }
    column = Column(input=an_input("i"), outcomes=outcomes)
    family = {k: k for k in range(programs)}
    ballots = ballots_of([column], [None])
    trial = Trial(
        task=make_task(1),
        columns=[column],
        ballots=ballots,
        verdicts=weigh(ballots, family),
        family=family,
        brutes=frozenset(),
        names={k: f"{k}" for k in range(programs)},
        confirmed=frozenset(),
        cleared=frozenset(),
        by_checker=False,
    )
    return evidence_of(trial, ["all"])[0].accused["all"]


def test_a_crash_accuses_in_full_where_most_other_families_end() -> None:
    assert crash_of(1, 16) == crash_of(3, 16) == crash_of(8, 16) >= BROKEN
    # Most crash: likelier the input is illegal. One other alone says little, whatever its share.
    assert crash_of(12, 16) < 0.3
    assert crash_of(1, 2) <= 0.5 < BROKEN


def test_time_accuses_by_how_well_the_limit_is_known() -> None:
    stated = make_task(1)
    guessed = dataclasses.replace(stated, limits=dataclasses.replace(stated.limits, time_s=None))
    known = time_chance(stated, again=True, ended=1)
    assert known > time_chance(guessed, again=True, ended=2) >= BROKEN
    # One program that ends may be the one that is wrong; once beside others is no proof either.
    assert time_chance(guessed, again=True, ended=1) < BROKEN
    assert time_chance(stated, ended=5) < BROKEN
