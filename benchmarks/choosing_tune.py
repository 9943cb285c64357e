"""Random search for the strategies' weights on records, and what tuned weights bring on contests
that they were not tuned on; prints one JSON document.

    python benchmarks/choosing_tune.py RECORDS... [--draws 40] [--seeds 3]

Estimates come from scorers trained without the record's contest. A record's figures come from the
weights that are best on the records of all other contests.
"""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from solver.replays.evaluation import evaluate
from solver.replays.play import random_curve, replay
from solver.replays.record import Record, read_record
from solver.replays.table import gap_closed
from solver.replays.world import World
from solver.scorer.training import TrainConfig
from solver.strategies.base import StrategyFactory
from solver.strategies.beliefs import BeliefWeights
from solver.strategies.expected_gain import ExpectedGain, ExpectedGainWeights
from solver.strategies.round_robin import RoundRobin, RoundRobinWeights

MARKS = (1, 3, 10, 50)


def draw_gain(rng: np.random.Generator) -> ExpectedGainWeights:
    return ExpectedGainWeights(
        beliefs=BeliefWeights(
            passes=float(rng.uniform(0.3, 2.5)),
            fails=float(rng.uniform(0.1, 2.0)),
            leak=float(10 ** rng.uniform(-3, -0.5)),
            near=float(rng.uniform(0.02, 0.5)),
            disagree=float(10 ** rng.uniform(-2.5, -0.5)),
            ceiling=float(rng.uniform(0.8, 1.0)),
            example=float(rng.uniform(0.0, 6.0)),
            failure=float(rng.uniform(0.0, 4.0)),
        ),
    )


def draw_robin(rng: np.random.Generator) -> RoundRobinWeights:
    return RoundRobinWeights(
        failure=float(rng.uniform(0, 2)),
        example=float(rng.uniform(0, 2)),
        attempt=float(10 ** rng.uniform(-2.5, 0.3)),
        size=float(rng.choice([0.0, 0.0, 0.02, 0.1])),
    )


def value(world: World, factory: StrategyFactory, seeds: int) -> list[float]:
    """Gap closed at the marks; where there is no gap at a mark, nothing is said by it (1)."""
    curve = replay(world, factory, range(seeds)).mean
    random, oracle = random_curve(world.truth.points, MARKS[-1]), world.truth.oracle
    found = [gap_closed(float(curve[k - 1]), float(random[k - 1]), oracle) for k in MARKS]
    return [1.0 if one is None else one for one in found]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("records", nargs="+", type=Path)
    parser.add_argument("--draws", type=int, default=40)
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args()
    records: dict[str, Record] = {path.stem: read_record(path) for path in options.records}
    found = evaluate(records, TrainConfig())
    worlds = {name: record.world(found.probability[name]) for name, record in records.items()}
    rng = np.random.default_rng(0)
    document: dict[str, object] = {"ece": found.reliability.ece, "tasks": list(worlds)}
    families: dict[str, tuple[Any, list[Any], Callable[[np.random.Generator], Any]]] = {
        "expected_gain": (ExpectedGain, [ExpectedGainWeights()], draw_gain),
        "round_robin": (RoundRobin, [RoundRobinWeights()], draw_robin),
    }
    for name, (made, settings, draw) in families.items():
        settings = settings + [draw(rng) for _ in range(options.draws)]
        table = np.array(
            [
                [
                    value(
                        world, lambda view, rng, w=one, made=made: made(view, rng, w), options.seeds
                    )
                    for world in worlds.values()
                ]
                for one in settings
            ]
        )
        score = table.mean(axis=2)  # (settings, tasks), all marks alike
        contests = np.array([record.contest for record in records.values()])
        held_out = []
        for index, contest in enumerate(contests):
            others = contests != contest
            best = int(np.argmax(score[:, others].mean(axis=1))) if others.any() else 0
            held_out.append(table[best, index].tolist())
        best = int(np.argmax(score.mean(axis=1)))
        document[name] = {
            "default": table[0].mean(axis=0).tolist(),
            "best": settings[best].model_dump(),
            "best_in_sample": table[best].mean(axis=0).tolist(),
            "tuned_without_the_contest": np.mean(held_out, axis=0).tolist(),
            "tasks": {task: held_out[index] for index, task in enumerate(worlds)},
        }
    print(json.dumps(document, indent=1))


if __name__ == "__main__":
    main()
