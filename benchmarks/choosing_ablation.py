"""What the choice owes to which part: estimates without one kind of feature each, and every
strategy under each of them; prints one JSON document.

    python benchmarks/choosing_ablation.py RECORDS... [--seeds 20] [--limit 50] [--noise 1]
                                           [--halves 8] [--rare 1] [--parts nothing,agreement]
                                           [--beside MORE RECORDS...]

Every scorer is trained without the record's contest. A feature is left out by setting it to 0
everywhere, in training and after. `area` is the mean of gap closed over 1..10 submissions, where
strategies still differ when all of them find the points in the end. `--noise` adds a normal error
of that deviation to the logit of each cluster's estimates: how strategies bear a worse scorer.
`--halves` plays each task that many times on a random half of its candidates (the estimates stay):
one pool is one draw, and which of a cluster's members comes first is luck. `--rare N` leaves N of
the candidates that are right on the last subtask (drawn anew for each of the halves, or once).
"""

import argparse
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from problems.verdict import POINTS_TOLERANCE
from solver.replays.evaluation import evaluate
from solver.replays.play import Curves, random_curve, replay_all
from solver.replays.record import Record, read_record
from solver.replays.world import World
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
SPANS = {
    "1": slice(0, 1),
    "1..10": slice(0, FIRST),
    "10": slice(FIRST - 1, FIRST),
    "50": slice(49, 50),
}
"""Numbers of submissions for which an interval is printed."""


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


def half(world: World, rng: np.random.Generator) -> World:
    """The world with a random half of its candidates."""
    size = len(world.view.candidates)
    return only(world, np.sort(rng.permutation(size)[: max(2, size // 2)]))


def rare(world: World, count: int, rng: np.random.Generator) -> World:
    """The world with no more than `count` of the candidates that are right on the last subtask."""
    points, most = world.truth.points[:, -1], world.truth.max_points[-1]
    right = np.flatnonzero(points >= most - POINTS_TOLERANCE)
    return only(world, np.setdiff1d(np.arange(len(points)), rng.permutation(right)[count:]))


def only(world: World, rows: NDArray[np.intp]) -> World:
    """The world with these candidates; the estimates stay."""
    view, truth = world.view, world.truth
    label, near = view.clusters.label[rows], view.clusters.near[rows]
    for s in range(label.shape[1]):
        left, label[:, s] = _numbered(label[:, s])
        number = {old: new for new, old in enumerate(left)}
        near[:, s] = [number.get(old, -1) for old in near[:, s].tolist()]
    behaviour = replace(
        view.behaviour,
        candidate_ids=tuple(view.behaviour.candidate_ids[row] for row in rows),
        status=view.behaviour.status[rows],
        digest=view.behaviour.digest[rows],
        cpu_s=view.behaviour.cpu_s[rows],
    )
    return World(
        view=replace(
            view,
            candidates=tuple(view.candidates[row] for row in rows),
            behaviour=behaviour,
            clusters=replace(view.clusters, label=label, near=near),
            estimate=replace(
                view.estimate,
                probability=view.estimate.probability[rows],
                features=view.estimate.features[rows],
            ),
            accused=None if view.accused is None else view.accused[rows],
        ),
        truth=replace(
            truth,
            candidate_ids=tuple(truth.candidate_ids[row] for row in rows),
            source_digests=tuple(truth.source_digests[row] for row in rows),
            program_digests=tuple(truth.program_digests[row] for row in rows),
            points=truth.points[rows],
            verdicts=tuple(truth.verdicts[row] for row in rows),
        ),
    )


def _numbered(label: NDArray[np.int32]) -> tuple[list[int], NDArray[np.int32]]:
    """The clusters that are left, and the labels counted from 0 again; -1 stays."""
    left = np.unique(label[label >= 0])
    numbered = np.where(label >= 0, np.searchsorted(left, label), -1).astype(label.dtype)
    return left.tolist(), numbered


def closed(
    curves: Curves, random: NDArray[np.float64], oracle: float
) -> NDArray[np.float64] | None:
    """(N, L) gap closed of each seed after each submission; None where there is hardly a gap."""
    gap = oracle - random
    if gap[FIRST - 1] < 0.02 * oracle:
        return None
    return (curves.points - random) / np.maximum(gap, 1e-9)


def interval(
    ours: NDArray[np.float64], robin: NDArray[np.float64], rng: np.random.Generator
) -> dict[str, float]:
    """Mean paired difference over (N tasks, seeds, submissions), tasks and seeds resampled."""
    difference = (ours - robin).mean(axis=2)
    count, seeds = difference.shape
    draws = [
        difference[rng.integers(count, size=count)][:, rng.integers(seeds, size=seeds)].mean()
        for _ in range(2000)
    ]
    low, high = np.percentile(draws, [2.5, 97.5])
    return {"mean": float(difference.mean()), "low": float(low), "high": float(high)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("records", nargs="+", type=Path)
    parser.add_argument("--beside", nargs="*", default=[], type=Path, help="Train, are not played.")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--limit", type=int, default=50)
    parser.add_argument("--noise", type=float, default=0.0)
    parser.add_argument("--halves", type=int, default=0)
    parser.add_argument("--rare", type=int, default=0)
    parser.add_argument("--parts", default=",".join(PARTS), help="What to leave out.")
    options = parser.parse_args()
    played_records = [path.stem for path in options.records]
    records = {path.stem: read_record(path) for path in [*options.records, *options.beside]}
    rng = np.random.default_rng(0)
    document: dict[str, object] = {
        "tasks": played_records,
        "beside": [path.stem for path in options.beside],
        "seeds": options.seeds,
        "noise": options.noise,
        "halves": options.halves,
        "rare": options.rare,
    }
    for part in options.parts.split(","):
        words = PARTS[part]
        cut = {name: without(record, words) for name, record in records.items()}
        found = evaluate(cut, TrainConfig())
        worlds = {
            name: cut[name].world(found.probability[name], limit=options.limit)
            for name in played_records
        }
        if options.noise:
            worlds = {name: noisy(one, options.noise, rng) for name, one in worlds.items()}
        if options.halves:
            worlds = {
                f"{name}/{number}": half(one, rng)
                for name, one in worlds.items()
                for number in range(options.halves)
            }
        if options.rare:
            worlds = {name: rare(one, options.rare, rng) for name, one in worlds.items()}
        played = replay_all(worlds, STRATEGIES, options.seeds, processes=2)
        rows: dict[str, NDArray[np.float64]] = {}
        for strategy in STRATEGIES:
            tasks: dict[str, list[NDArray[np.float64]]] = {}
            for name, world in worlds.items():
                random = random_curve(world.truth.points, options.limit)
                one = closed(played[name][strategy], random, world.truth.oracle)
                if one is not None:
                    tasks.setdefault(name.partition("/")[0], []).append(one)
            rows[strategy] = np.stack([np.mean(parts, axis=0) for parts in tasks.values()])
        document[part] = {
            "ece": found.reliability.ece,
            "tasks_with_a_gap": len(rows["expected_gain"]),
            "strategies": {
                name: {
                    "at": {str(k): float(row[:, :, k - 1].mean()) for k in (1, 2, 3, 5, 10)},
                    "area": float(row[:, :, :FIRST].mean()),
                }
                for name, row in rows.items()
            },
            "ours_over_round_robin": {
                name: interval(rows["expected_gain"][:, :, of], rows["round_robin"][:, :, of], rng)
                for name, of in SPANS.items()
                if of.start < options.limit
            },
        }
    print(json.dumps(document, indent=1))


if __name__ == "__main__":
    main()
