"""Replays of the first submission alone: the risk that was promised beside the risk that was kept.

A strategy that says how likely its choice is promises a risk: one less the estimate, with the
margin that the scorer's calibration leaves. Kept is the share of first submissions that did not get
the subtask that they aimed at.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from solver import strategies
from solver.repair.stops import promised
from solver.replays.assess import wilson
from solver.replays.play import shuffled
from solver.replays.world import World


def first_risks(
    worlds: Mapping[str, World], names: Sequence[str], seeds: int = 20
) -> dict[str, dict[str, Any]]:
    """Strategy to its risk over all tasks, each with its candidates in as many other orders.

    Returns:
        For each strategy: `promised` (mean over tasks), `kept`, `low` and `high` (95 % interval of
        what was kept, by tasks), `tasks`.
    """
    found = {}
    for name in names:
        told: list[float] = []
        wrong: list[float] = []
        for world in worlds.values():
            own = [_first(world, name, seed) for seed in range(seeds)]
            known = [each for each in own if each is not None]
            if known:
                told.append(float(np.mean([risk for risk, _ in known])))
                wrong.append(float(np.mean([failed for _, failed in known])))
        if not told:
            continue
        low, high = wilson(round(sum(wrong)), len(wrong))
        found[name] = {
            "promised": float(np.mean(told)),
            "kept": float(np.mean(wrong)),
            "low": low,
            "high": high,
            "tasks": len(told),
        }
    return found


def _first(world: World, name: str, seed: int) -> tuple[float, bool] | None:
    """Promised risk of the first choice, and whether it failed; None where there is no choice."""
    rng = np.random.default_rng([seed, 7])
    moved = shuffled(world, rng)
    choice = strategies.make(name, moved.view, rng).next(())
    if choice is None:
        return None
    right = moved.truth.right[choice.candidate]
    if choice.subtask is None:
        return promised(choice.estimate), not bool(right.all())
    return promised(choice.estimate), not bool(right[moved.truth.subtasks.index(choice.subtask)])
