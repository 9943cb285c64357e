"""An accused program that the judge says is right: its accusers lose their weight."""

import dataclasses

import numpy as np
import pytest

from solver.breaking.types import Break, BreakKind, Claim, Evidence
from solver.breaking.withdrawing import Accusation, accusations_of, contradicted, left_of
from solver.strategies.expected_gain import ExpectedGain
from solver.types import Candidate, Feedback, GeneratedInput, InputOrigin
from tests.solver.strategies.test_strategies import of_outputs


def accusation(candidate, accusers, subtasks=("s0", "s1"), probability=0.95):
    return Accusation(
        candidate=candidate,
        subtasks=frozenset(subtasks),
        probability=probability,
        accusers=frozenset(accusers),
        own=f"own of {candidate}",
    )


def world(record, accusations):
    """Four programs that differ everywhere on two subtasks; rows 0 to 2 stand accused."""
    view = of_outputs(record, [[k] * 4 for k in (1, 2, 3, 4)], split=2)
    ids = [one.id for one in view.candidates]
    accused = np.array([[0.95, 0.95], [0.0, 0.95], [0.0, 0.95], [0.0, 0.0]])
    told = tuple(dataclasses.replace(one, candidate=ids[int(one.candidate)]) for one in accusations)
    return dataclasses.replace(view, accused=accused, accusations=told)


def after_row_0_solves(view, name):
    """Chances on the second subtask after row 0 got full points of one and none of the other."""
    strategy = ExpectedGain(view, np.random.default_rng(0))
    points = {
        subtask.name: subtask.max_points * (subtask.name == name) for subtask in view.task.subtasks
    }
    strategy.next((Feedback(candidate=0, points=points),))
    return strategy._beliefs.probability()[:, 1]


def test_what_the_same_accusers_say_of_others_is_withdrawn(record):
    same, other = accusation("1", {"a", "b"}, ["s1"]), accusation("2", {"c"}, ["s1"])
    held = after_row_0_solves(world(record, ()), "s0")
    freed = after_row_0_solves(world(record, [accusation("0", {"a", "b"}), same, other]), "s0")
    assert held[1] == pytest.approx(held[2]) and held[1] < 0.2 * held[3]
    assert freed[1] == pytest.approx(freed[3])  # its accusers were wrong of row 0
    assert freed[2] < 0.2 * freed[3]  # nobody contradicted these
    # A failure where it stands accused contradicts nobody.
    only_there = [accusation("0", {"a", "b"}, ["s1"]), same, other]
    kept = after_row_0_solves(world(record, only_there), "s0")
    assert kept[1] == pytest.approx(kept[2])


def test_what_was_learned_before_is_kept(record):
    view = world(record, [accusation("0", {"a"}), accusation("1", {"a"}, ["s1"])])
    strategy = ExpectedGain(view, np.random.default_rng(0))
    nothing = dict.fromkeys(("s0", "s1"), 0.0)
    first = Feedback(candidate=3, points=nothing)
    second = Feedback(candidate=0, points={**nothing, "s0": view.task.subtasks[0].max_points})
    strategy.next((first,))
    strategy.next((first, second))
    chance = strategy._beliefs.probability()
    assert chance[3, 1] < chance[1, 1]  # row 3 failed before the withdrawal


def test_a_claim_loses_the_share_that_rests_on_the_discredited():
    told = [accusation("x", {"a", "b"}), accusation("y", {"a", "c", "d"}), accusation("z", {"c"})]
    wrong = contradicted(told, "x", {"s1"})
    assert wrong == {"a", "b"} and contradicted(told, "x", {"s9"}) == frozenset()
    unsure = [accusation("x", {"a"}, probability=0.3)]
    assert contradicted(unsure, "x", {"s0"}) == frozenset()
    accused = np.full((3, 2), 0.9)
    left = left_of(accused, told, wrong, ["x", "y", "z"], ["s0", "s1"])
    assert left[:, 0] == pytest.approx([0.0, 0.6, 0.9])


def candidate(name, source):
    return Candidate(id=name, task="t", subtask=None, language="python3", source=source)


def broken(name, kind, supporters, text=b"1\n"):
    claim = Claim(
        input_id="i",
        answer=b"2\n",
        supporters=supporters,
        against=(name,),
        families=1,
        families_against=1,
        brutes=0,
        by_checker=False,
        probability=0.9,
    )
    one = Break(
        candidate=name,
        input=GeneratedInput(
            id="i",
            content=text,
            subtasks=frozenset({"all"}),
            origin=InputOrigin.BREAKING,
            accepted_share=1.0,
        ),
        kind=kind,
        printed=b"1\n",
        cpu_s=0.0,
        claim=claim if supporters else None,
        probability=0.9,
        shrunk=False,
    )
    return Evidence(
        candidate=name,
        tries=1,
        survived=0,
        claimed=1,
        agreed=0,
        largest_bytes=0,
        cpu_s=0.0,
        breaks=(one,),
    )


def test_programs_written_alike_are_one_accuser_and_a_brute_force_is_one_too():
    long = "\n".join(f"value_{k} = value_{k - 1} * {k} + offset_{k}" for k in range(1, 40))
    pool = [
        candidate("a", long),
        candidate("b", long.replace("offset_7", "shift")),
        candidate("c", "print(sum(map(int, open(0).read().split())))"),
        candidate("d", "import sys\nwords = sys.stdin.read().split()\nprint(len(words) ** 2)"),
    ]
    evidence = {
        "c": broken("c", BreakKind.WRONG, ("a", "b", "brute")),
        "d": broken("d", BreakKind.CRASH, ()),
    }
    of_c, of_d = accusations_of(evidence, pool)
    assert len(of_c.accusers) == 2 and of_c.own not in of_c.accusers
    assert of_d.accusers == {"crash"}
    alike = accusations_of({"c": broken("c", BreakKind.WRONG, ("b",))}, pool)[0]
    assert len(alike.accusers) == 1
