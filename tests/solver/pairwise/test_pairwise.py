"""Two programs at a time: strengths, whom to compare, and whole runs with a model that votes."""

from pathlib import Path

import numpy as np
import pytest

from solver.api.solving import Solved
from solver.pairwise.contenders import next_pairs
from solver.pairwise.strengths import strengths
from solver.pairwise.votes import letter_of, share_won
from tests.sampling.scripted import scripted
from tests.solver.repair.pupil import RIGHT, Pupil, blind
from tests.solver.repair.test_runs import planned


def test_strengths_are_those_of_bradley_and_terry() -> None:
    # Two contenders that meet once: the likelihood with the prior's half a win and half a loss
    # against worth 1 is symmetrical, so the strengths are too.
    one = strengths(2, {(0, 1): 1.0})
    assert one[0] == pytest.approx(-one[1]) and one[0] > 0
    assert strengths(3, {(0, 1): 0.5, (1, 2): 0.5}) == pytest.approx(np.zeros(3), abs=1e-6)
    # Never met, ordered through the others.
    chain = strengths(4, {(0, 1): 1.0, (1, 2): 1.0, (2, 3): 1.0})
    assert (np.diff(chain) < 0).all() and np.isfinite(chain).all()
    # Many games of known strengths give them back.
    rng = np.random.default_rng(0)
    true = np.array([1.5, 0.5, -0.5, -1.5])
    games: dict[tuple[int, int], float] = {}
    for i in range(4):
        for j in range(i + 1, 4):
            chance = 1 / (1 + np.exp(true[j] - true[i]))
            games[i, j] = float((rng.random(4000) < chance).mean())
    found = strengths(4, games)
    assert np.argsort(-found).tolist() == [0, 1, 2, 3]


def test_a_vote_counts_only_where_both_orders_agree() -> None:
    assert share_won(["so A\nA", "it is\nB"]) == 1.0
    assert share_won(["B", "A"]) == 0.0
    assert share_won(["A", "A"]) == share_won(["B", "B"]) == 0.5  # the place decided
    assert share_won([None, "A"]) == share_won(["neither", "B"]) == 0.5
    assert letter_of("<think>A, surely A</think>\nAll in all:\nB") == "B"
    assert letter_of("ABBA") is None


def test_neighbours_that_have_not_met_meet_and_nobody_twice_at_once() -> None:
    assert next_pairs([0, 1, 2, 3], set(), 9) == [(0, 1), (2, 3)]
    assert next_pairs([0, 1, 2, 3], {(0, 1), (2, 3)}, 9) == [(1, 2), (0, 3)]
    assert next_pairs([0, 1, 2, 3], set(), 1) == [(0, 1)]
    assert next_pairs([1, 0], {(0, 1)}, 9) == []


# Three behaviours that differ on a few inputs only: no estimate tells them apart by much.
NEAR = (RIGHT, blind(700, RIGHT).source, blind(5000, RIGHT).source)


def run(tmp_path: Path, name: str, pupil: Pupil, pairs: int) -> Solved:
    with scripted(pupil.answer) as server:
        return planned(server.url, tmp_path / name, samples=9, pairs=pairs, seed=1)


def test_votes_move_the_right_program_up_and_a_split_vote_moves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("solver.pairwise.contenders.NEAR", 0.9)

    def first_chance(found: Solved) -> float:
        return max(one.estimate for one in found.plan if one.candidate.source == RIGHT)

    without = run(tmp_path, "off", off := Pupil(plain=NEAR), 0)
    assert off.asked_to_vote == 0 and without.compared is None
    with_votes = run(tmp_path, "on", on := Pupil(plain=NEAR), 6)
    told = with_votes.compared
    assert told is not None and on.asked_to_vote == 2 * told.pairs > 0
    assert told.tokens == 20 * on.asked_to_vote
    assert with_votes.tokens == without.tokens + told.tokens
    assert first_chance(with_votes) > first_chance(without) + 0.1
    by_place = run(tmp_path, "place", Pupil(plain=NEAR, votes="A"), 6)
    assert by_place.compared is not None and by_place.compared.ties == by_place.compared.pairs
    assert first_chance(by_place) == pytest.approx(first_chance(without), abs=0.05)  # of CPU times
