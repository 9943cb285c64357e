"""What is a promised risk of the first submission worth? Prints JSON, with the table to promise by.

    python benchmarks/first_risk.py RECORDS... [--more RECORDS...] [--halves 8] [--pairs FILE]

Every record is scored without its contest. The strategy chooses its first submission on the whole
pool and on random halves of it; raw risk is one less the chance that it gives, kept is whether the
submission got the subtask that it aimed at. A monotone step function from raw to kept is fitted
(isotonic regression, a task weighing one in all), each step made careful by one failure more (as
conformal bounds do), and judged with each contest left out. `--pairs` keeps what was played, so
that the fit can be made again without training.
"""

import argparse
import json
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from choosing_ablation import half
from numpy.typing import NDArray

from solver import strategies
from solver.repair.stops import MARGIN
from solver.replays.assess import wilson
from solver.replays.evaluation import evaluate
from solver.replays.play import shuffled
from solver.replays.record import read_record
from solver.replays.world import World
from solver.scorer.training import TrainConfig

BINS = (0.0, 0.3, 0.5, 0.7, 1.01)


def first(world: World, seed: int) -> tuple[float, bool] | None:
    rng = np.random.default_rng([seed, 7])
    moved = shuffled(world, rng)
    choice = strategies.make("expected_gain", moved.view, rng).next(())
    if choice is None:
        return None
    right = moved.truth.right[choice.candidate]
    s = moved.truth.subtasks.index(choice.subtask) if choice.subtask else slice(None)
    return 1.0 - choice.estimate, not bool(np.all(right[s]))


def pairs_of(files: Sequence[Path], more: Sequence[Path], halves: int) -> list[dict[str, Any]]:
    """One raw risk and result for each pool, half and order."""
    records = {file.stem: read_record(file) for file in files}
    extra = {file.stem: read_record(file) for file in more}
    found = evaluate(records | extra, TrainConfig())
    told = []
    for name, record in (records | extra).items():
        world = record.world(found.probability[name])
        rng = np.random.default_rng(1)
        played = [(world, seed) for seed in range(8)]
        played += [(half(world, rng), seed) for seed in range(halves)]
        for k, (one, seed) in enumerate(played):
            result = first(one, seed)
            if result is not None:
                told.append(
                    {
                        "task": record.task.name,
                        "contest": record.contest,
                        "pool": name,
                        "whole": k < 8,
                        "raw": result[0],
                        "failed": result[1],
                    }
                )
    return told


def isotonic(
    raw: NDArray[np.float64], failed: NDArray[np.float64], weight: NDArray[np.float64]
) -> list[tuple[float, float, float]]:
    """Steps (raw risk up to which, share that failed, tasks' weight), pooled where they would fall
    (pool adjacent violators)."""
    order = np.argsort(raw, kind="stable")
    steps: list[list[float]] = []
    for k in order:
        steps.append([float(raw[k]), float(failed[k] * weight[k]), float(weight[k])])
        while len(steps) > 1 and (
            steps[-2][1] / steps[-2][2] >= steps[-1][1] / steps[-1][2] or steps[-2][2] < LEAST
        ):
            top, lost, count = steps.pop()
            steps[-1] = [top, steps[-1][1] + lost, steps[-1][2] + count]
    if len(steps) > 1 and steps[-1][2] < LEAST:
        top, lost, count = steps.pop()
        steps[-1] = [top, steps[-1][1] + lost, steps[-1][2] + count]
    return [(top, lost / count, count) for top, lost, count in steps]


LEAST = 8.0
"""Tasks that a step rests on at least."""


def careful(steps: Sequence[tuple[float, float, float]]) -> list[tuple[float, float]]:
    """Steps with one failure more among one task more; never falling."""
    told, floor = [], 0.0
    for top, share, count in steps:
        floor = max(floor, (share * count + 1.0) / (count + 1.0))
        told.append((top, floor))
    return told


def promised(steps: Sequence[tuple[float, float]], raw: float) -> float:
    """As `solver.repair.stops` promises: the strategy's own risk with its margin, and no less than
    the step says."""
    step = next((risk for top, risk in steps if raw <= top), steps[-1][1])
    return min(1.0, max(raw + MARGIN, step))


def fit(pairs: Sequence[dict[str, Any]]) -> list[tuple[float, float]]:
    tasks = [one["task"] for one in pairs]
    weight = np.array([1.0 / tasks.count(task) for task in tasks])
    raw = np.array([one["raw"] for one in pairs])
    failed = np.array([float(one["failed"]) for one in pairs])
    return careful(isotonic(raw, failed, weight))


def table(pairs: Sequence[dict[str, Any]], risks: Sequence[float]) -> list[dict[str, Any]]:
    """By bins of the promised risk: tasks, promised, kept with its interval."""
    rows = []
    for low, high in [*pairwise(BINS), (0.0, 1.01)]:
        by: dict[str, list[tuple[float, bool]]] = {}
        for one, risk in zip(pairs, risks, strict=True):
            if low <= risk < high:
                by.setdefault(one["pool"], []).append((risk, one["failed"]))
        if not by:
            continue
        kept = [float(np.mean([f for _, f in told])) for told in by.values()]
        told = [float(np.mean([r for r, _ in told])) for told in by.values()]
        interval = wilson(round(sum(kept)), len(kept))
        rows.append(
            {
                "from": low,
                "to": high,
                "pools": len(by),
                "promised": round(float(np.mean(told)), 3),
                "kept": round(float(np.mean(kept)), 3),
                "low": round(interval[0], 3),
                "high": round(interval[1], 3),
            }
        )
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("records", nargs="*", type=Path)
    parser.add_argument("--more", nargs="*", default=[], type=Path)
    parser.add_argument("--halves", type=int, default=8)
    parser.add_argument("--pairs", type=Path)
    args = parser.parse_args()
    if args.pairs and args.pairs.exists():
        pairs = json.loads(args.pairs.read_text())
    else:
        pairs = pairs_of(args.records, args.more, args.halves)
        if args.pairs:
            args.pairs.write_text(json.dumps(pairs))
    out = []
    for one in pairs:
        rest = [other for other in pairs if other["contest"] != one["contest"]]
        out.append((one["contest"], rest))
    steps = {contest: fit(rest) for contest, rest in dict(out).items()}
    risks = [promised(steps[one["contest"]], one["raw"]) for one in pairs]
    whole = [k for k, one in enumerate(pairs) if one["whole"]]
    print(
        json.dumps(
            {
                "steps": [[round(top, 3), round(risk, 3)] for top, risk in fit(pairs)],
                "raw": table([pairs[k] for k in whole], [pairs[k]["raw"] + MARGIN for k in whole]),
                "left_out": table([pairs[k] for k in whole], [risks[k] for k in whole]),
                "left_out_with_halves": table(pairs, risks),
            },
            indent=1,
        )
    )


if __name__ == "__main__":
    main()
