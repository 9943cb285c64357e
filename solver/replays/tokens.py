"""Replays, the other axis: points against tokens, beside points against submissions.

A pool is cut to its share: programs drawn from it without repetition, as if fewer had been sampled.
They are clustered, estimated and played anew, so that a strategy has what it would have had. The
test inputs stay those of the whole pool.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solver import strategies
from solver.observing.cluster import by_behaviour
from solver.replays.play import play, random_curve
from solver.replays.world import World
from solver.scorer import estimate
from solver.types import Candidate

SHARES = (1 / 16, 1 / 8, 1 / 4, 1 / 2, 1.0)
DRAWS = 4
"""Pools drawn for each share."""
CHARACTERS_A_TOKEN = 3.5
"""Of programs and their words, where nobody counted (as the client of chat servers has it)."""


def tokens_of(candidate: Candidate) -> float:
    """What a candidate cost, by its length: recorded pools keep no counts, and no reasoning."""
    return len(candidate.source) / CHARACTERS_A_TOKEN


def token_curves(
    worlds: Mapping[str, World], names: Sequence[str], weights: Path | None = None
) -> dict[str, dict[str, Any]]:
    """Task to points by tokens sampled, at the view's limit of submissions.

    Args:
        names: Strategies.
        weights: Of the scorer; None takes the shipped ones.

    Returns:
        For each task, lists of equal length: `samples`, `tokens` (mean), `oracle` (points of all
        that was sampled), `random`, and `strategies` by name.
    """
    return {task: _curve(world, names, weights) for task, world in worlds.items()}


def _curve(world: World, names: Sequence[str], weights: Path | None) -> dict[str, Any]:
    total = len(world.view.candidates)
    counts = sorted({max(1, round(share * total)) for share in SHARES})
    spent = np.array([tokens_of(one) for one in world.view.candidates])
    oracle = random_curve(world.truth.points, total)
    rows: list[dict[str, Any]] = []
    for count in counts:
        draws = DRAWS if count < total else 1
        played: dict[str, list[float]] = {name: [] for name in names}
        for seed in range(draws):
            rng = np.random.default_rng([seed, count])
            cut = cut_to(world, np.sort(rng.permutation(total)[:count]), weights)
            for name in names:
                strategy = strategies.make(name, cut.view, np.random.default_rng(seed))
                points, _ = play(strategy, cut.view, cut.truth)
                played[name].append(float(points[-1]))
        rows.append(
            {
                "samples": count,
                "tokens": float(spent.mean() * count),
                # The best of `count` draws is what a pool of that size holds.
                "oracle": float(oracle[count - 1]),
                "random": float(oracle[min(count, world.view.limit) - 1]),
                "strategies": {name: float(np.mean(each)) for name, each in played.items()},
            }
        )
    return {
        **{key: [row[key] for row in rows] for key in ("samples", "tokens", "oracle", "random")},
        "strategies": {name: [row["strategies"][name] for row in rows] for name in names},
    }


def cut_to(world: World, rows: NDArray[np.int64], weights: Path | None = None) -> World:
    """The world of some of its candidates: what they did is kept, all that follows is made anew."""
    view = world.view
    candidates = [view.candidates[row] for row in rows]
    behaviour = replace(
        view.behaviour,
        candidate_ids=tuple(one.id for one in candidates),
        status=view.behaviour.status[rows],
        digest=view.behaviour.digest[rows],
        cpu_s=view.behaviour.cpu_s[rows],
    )
    clusters = by_behaviour(behaviour, view.task)
    return World(
        view=replace(
            view,
            candidates=candidates,
            behaviour=behaviour,
            clusters=clusters,
            estimate=estimate(candidates, behaviour, clusters, view.task, weights=weights),
            accused=None if view.accused is None else view.accused[rows],
        ),
        truth=world.truth.of(candidates),
    )
