"""What the choice owes to which part: estimates without one kind of feature each, and every
strategy under each of them; prints one JSON document.

    python benchmarks/choosing_ablation.py RECORDS... [--seeds 20] [--limit 50] [--noise 1]

Every scorer is trained without the record's contest. A feature is left out by setting it to 0
everywhere, in training and after. `area` is the mean of gap closed over 1..10 submissions, where
strategies still differ when all of them find the points in the end. `--noise` adds a normal error
of that deviation to the logit of each cluster's estimates: how strategies bear a worse scorer.
"""

import argparse
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from solver.replay import Curves, random_curve, replay_all
from solver.replay_record import Record, read_record
from solver.replay_world import World
from solver.scorer.evaluation import evaluate
from solver.scorer.features import NAMES
from solver.scorer.training import TrainConfig

PARTS = {
    "nothing": (),
    "examples": ("example",),
    "agreement": ("agreement", "prints what"),
    "votes by family": ("famil", "prints what"),
    "cluster sizes": ("cluster size", "cluster rank", "cluster's share", "near-cluster size"),
    "speed and crashes": ("CPU", "crashes", "time limit", "slow", "too much output"),
    "all but the examples": tuple(name for name in NAMES if "example" not in name),
}
STRATEGIES = ("examples_random", "longest", "round_robin", "gencluster", "expected_gain")
FIRST = 10


def without(record: Record, words: tuple[str, ...]) -> Record:
    """The record with the features that hold one of these words set to 0."""
    features = record.features.copy()
    for index, name in enumerate(NAMES):
        if any(word in name for word in words):
            features[:, :, index] = 0.0
    return replace(record, features=features)


def noisy(world: World, sigma: float, rng: np.random.Generator) -> World:
    """The world with the estimates of each cluster on each subtask off by one common error."""
    view = world.view
    probability = np.clip(view.estimate.probability, 1e-4, 1 - 1e-4)
    logit = np.log(probability / (1 - probability))
    for s in range(logit.shape[1]):
        label = view.clusters.label[:, s]
        error = rng.normal(0.0, sigma, int(label.max(initial=-1)) + 2)
        logit[:, s] += error[label]
    estimate = replace(view.estimate, probability=1 / (1 + np.exp(-logit)))
    return replace(world, view=replace(view, estimate=estimate))


def closed(
    curves: Curves, random: NDArray[np.float64], oracle: float
) -> NDArray[np.float64] | None:
    """(N, L) gap closed of each seed after each submission; None where there is hardly a gap."""
    gap = oracle - random
    if gap[FIRST - 1] < 0.02 * oracle:
        return None
    return (curves.points - random) / np.maximum(gap, 1e-9)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("records", nargs="+", type=Path)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--limit", type=int, default=50)
    parser.add_argument("--noise", type=float, default=0.0)
    options = parser.parse_args()
    records = {path.stem: read_record(path) for path in options.records}
    rng = np.random.default_rng(0)
    document: dict[str, object] = {
        "tasks": list(records),
        "seeds": options.seeds,
        "noise": options.noise,
    }
    for part, words in PARTS.items():
        cut = {name: without(record, words) for name, record in records.items()}
        found = evaluate(cut, TrainConfig())
        worlds = {
            name: record.world(found.probability[name], limit=options.limit)
            for name, record in cut.items()
        }
        if options.noise:
            worlds = {name: noisy(one, options.noise, rng) for name, one in worlds.items()}
        played = replay_all(worlds, STRATEGIES, options.seeds, processes=2)
        rows: dict[str, NDArray[np.float64]] = {}
        for strategy in STRATEGIES:
            tasks = []
            for name, world in worlds.items():
                random = random_curve(world.truth.points, options.limit)
                one = closed(played[name][strategy], random, world.truth.oracle)
                if one is not None:
                    tasks.append(one)
            rows[strategy] = np.stack(tasks)
        ours, robin = (
            rows[name][:, :, :FIRST].mean(axis=2) for name in ("expected_gain", "round_robin")
        )
        difference = ours - robin
        tasks, seeds = difference.shape
        draws = [
            difference[rng.integers(tasks, size=tasks)][:, rng.integers(seeds, size=seeds)].mean()
            for _ in range(2000)
        ]
        document[part] = {
            "ece": found.reliability.ece,
            "tasks_with_a_gap": tasks,
            "strategies": {
                name: {
                    "at": {str(k): float(row[:, :, k - 1].mean()) for k in (1, 2, 3, 5, 10)},
                    "area": float(row[:, :, :FIRST].mean()),
                }
                for name, row in rows.items()
            },
            "ours_over_round_robin": {
                "area": float(difference.mean()),
                "low": float(np.percentile(draws, 2.5)),
                "high": float(np.percentile(draws, 97.5)),
            },
        }
    print(json.dumps(document, indent=1))


if __name__ == "__main__":
    main()
