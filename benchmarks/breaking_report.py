"""Tables of what `breaking_pools.py` measured; prints one JSON document.

    python benchmarks/breaking_report.py OUT --records docs/data/choosing/*.npz [--seeds 20]

Accusations: of the wrong candidates that pass the examples, how many are broken; of the right ones,
how many are accused, and what the package's own accepted programs say of that. Choice: every
strategy with and without breaking, estimates by scorers that never saw the pool's contest.
Intervals are Clopper and Pearson's over programs, and the bootstrap's over tasks.
"""

import argparse
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from choosing_ablation import closed, interval
from numpy.typing import NDArray

from solver.breaking.accuse import BROKEN
from solver.repair.stops import believed
from solver.replays.evaluation import labelled, score_with
from solver.replays.play import random_curve, replay_all
from solver.replays.record import Record, read_record
from solver.replays.suite import at_most
from solver.replays.world import World
from solver.scorer.calibration import reliability
from solver.scorer.model import Scorer
from solver.scorer.training import TrainConfig, train

STRATEGIES = ("examples_random", "round_robin", "gencluster", "expected_gain")
MARKS = (1, 2, 3, 5, 10, 50)


def counts_of(told: Mapping[str, Any], arm: str, extra: Mapping[str, Any] | None) -> Counter[str]:
    """One pool: wrong, broken (by verdict too), right, accused, and the jury's word on those."""
    found: Counter[str] = Counter()
    for one in told["candidates"]:
        if not one["passes"]:
            continue
        right = np.array(one["right"])
        accused, word = _accused(one, arm, extra)
        convicted = np.array(accused) >= BROKEN
        if right.all():
            found["right"] += 1
            if convicted.any():
                found["accused"] += 1
                found[f"accused, {word or 'unknown'}"] += 1
        else:
            broken = bool((convicted & ~right).any())
            found["wrong"] += 1
            found["broken"] += broken
            found[f"wrong {one['verdict']}"] += 1
            found[f"broken {one['verdict']}"] += broken
            found["wrong, accused where right"] += bool((convicted & right).any())
    return found


def _accused(
    one: Mapping[str, Any], arm: str, extra: Mapping[str, Any] | None
) -> tuple[Sequence[float], str | None]:
    if arm == "random":
        assert extra is not None
        return extra["accused"][one["row"]], extra["jury"].get(str(one["row"]))
    return one["accused"][arm], one["jury" if arm == "breaking" else "jury_made"]


def guests_of(told: Mapping[str, Any]) -> Counter[str]:
    """The same of a package's labelled programs: those that pass the examples."""
    found: Counter[str] = Counter()
    for one in told["guests"]:
        if not one["passes"]:
            continue
        convicted = max(one["accused"].values(), default=0.0) >= BROKEN
        if one["name"].startswith("accepted"):
            found["right"] += 1
            if convicted:
                found["accused"] += 1
                found[f"accused, {one['jury'] or 'unknown'}"] += 1
        elif not one["name"].startswith("partially"):
            found["wrong"] += 1
            found["broken"] += convicted
    return found


def rates(by_task: Mapping[str, Counter[str]]) -> dict[str, Any]:
    """All tasks together, with intervals. A right program that the jury convicts as well is no
    false alarm: it is taken out of both counts."""
    total: Counter[str] = sum(by_task.values(), Counter())
    upheld = total["accused, upheld"]
    right, false = total["right"] - upheld, total["accused"] - upheld
    rng = np.random.default_rng(0)
    rows = list(by_task.values())
    shares = []
    for _ in range(2000):
        drawn: Counter[str] = sum(
            (rows[k] for k in rng.integers(len(rows), size=len(rows))), Counter()
        )
        if drawn["wrong"]:
            shares.append(drawn["broken"] / drawn["wrong"])
    return {
        **dict(sorted(total.items())),
        "tasks": len(rows),
        "broken share": _round(total["broken"] / total["wrong"] if total["wrong"] else None),
        "broken share, tasks resampled": [_round(v) for v in np.percentile(shares, [2.5, 97.5])]
        if shares
        else None,
        "right, not convicted by the jury": right,
        "falsely accused": false,
        "falsely accused at most (95 %)": _round(at_most(false, right)),
    }


def _round(value: float | None) -> float | None:
    return None if value is None else round(float(value), 3)


def worlds_of(
    out: Path, told: Mapping[str, Mapping[str, Any]], known: Sequence[Record]
) -> dict[str, dict[str, World]]:
    """Pool to its world without and with breaking; estimates by a scorer without its contest."""
    found: dict[str, dict[str, World]] = {}
    contest = {one.task.name: one.contest for one in known}
    data = [labelled(one) for one in known]
    scorers: dict[str, Scorer] = {}
    for name, one in told.items():
        own = contest.get(one["task"], one["contest"])
        inside = [each for each in data if each.contest != own]
        pair: dict[str, World] = {}
        for arm in ("off", "on"):
            record = replace(read_record(out / f"{name}.{arm}.npz"), contest=own)
            if own not in scorers:
                scorers[own] = train(inside, TrainConfig(), {"left_out": own})
            scored = score_with({name: record}, {name: scorers[own]})
            world = record.world(scored.probability[name])
            if arm == "on":
                accused = np.array(one["matrix"]).reshape(record.truth.right.shape)
                world = replace(world, view=replace(world.view, accused=accused))
            pair[arm] = world
        found[name] = pair
    return found


def choice(worlds: Mapping[str, Mapping[str, World]], seeds: int) -> dict[str, Any]:
    """Gap closed and share of the oracle's points, both arms; ours over round robin."""
    rng = np.random.default_rng(0)
    document: dict[str, Any] = {}
    areas: dict[str, dict[str, NDArray[np.float64]]] = {}
    tasks: dict[str, dict[str, Any]] = {}
    for arm in ("off", "on"):
        own = {name: pair[arm] for name, pair in worlds.items()}
        played = replay_all(own, STRATEGIES, seeds)
        table: dict[str, Any] = {}
        areas[arm] = {}
        for strategy in STRATEGIES:
            shares, gaps = [], []
            for name, world in own.items():
                oracle = world.truth.oracle
                if not oracle:
                    continue
                points = played[name][strategy].points
                shares.append(points / oracle)
                random = random_curve(world.truth.points, world.view.limit)
                gap = closed(played[name][strategy], random, oracle)
                if gap is not None:
                    gaps.append(gap)
                mine = tasks.setdefault(name, {})
                mine[f"{strategy} {arm}"] = [_round(v) for v in points.mean(0)[:3] / oracle]
            areas[arm][strategy] = np.stack(shares)
            table[strategy] = {
                "share of the oracle at": {
                    k: _round(np.stack(shares)[:, :, k - 1].mean()) for k in MARKS
                },
                "gap closed at": {k: _round(np.stack(gaps)[:, :, k - 1].mean()) for k in MARKS[:5]}
                if gaps
                else None,
                "pools with a gap at 10": len(gaps),
            }
        first = slice(0, 10)
        table["ours over round robin, share of the oracle, 1..10"] = interval(
            areas[arm]["expected_gain"][:, :, first], areas[arm]["round_robin"][:, :, first], rng
        )
        document[arm] = table
    for name, span in (("1", slice(0, 1)), ("1..3", slice(0, 3)), ("1..10", slice(0, 10))):
        document[f"with over without breaking, ours, share of the oracle, {name}"] = interval(
            areas["on"]["expected_gain"][:, :, span],
            areas["off"]["expected_gain"][:, :, span],
            rng,
        )
    document["tasks"] = tasks
    return document


def calibration(worlds: Mapping[str, Mapping[str, World]]) -> dict[str, Any]:
    """ECE and Brier score of the scorer alone and of what the strategy believes at the start."""
    document = {}
    for arm in ("off", "on"):
        for kind in ("scorer", "beliefs"):
            told, true = [], []
            for pair in worlds.values():
                view = pair[arm].view
                chance = view.estimate.probability if kind == "scorer" else believed(view)
                told.append(chance.reshape(-1))
                true.append(pair[arm].truth.right.reshape(-1))
            found = reliability(np.concatenate(told), np.concatenate(true))
            document[f"{kind}, {arm}"] = {"ece": _round(found.ece), "brier": _round(found.brier)}
    return document


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--records", nargs="+", type=Path, default=[])
    parser.add_argument("--seeds", type=int, default=20)
    args = parser.parse_args()
    read = {
        file.name.removesuffix(".json"): json.loads(file.read_text())
        for file in sorted(args.out.glob("*.json"))
    }
    pools = {name: one for name, one in read.items() if "candidates" in one}
    random = {n: read[f"{n}.random"] for n in pools if f"{n}.random" in read}
    guests = {n: read[f"{n}.guests"] for n in pools if f"{n}.guests" in read}
    document: dict[str, Any] = {
        "pools": len(pools),
        "accusations": {
            arm: rates({n: counts_of(one, arm, None) for n, one in pools.items()})
            for arm in ("made", "breaking")
        },
        "by pool": {n: dict(counts_of(one, "breaking", None)) for n, one in pools.items()},
        "cost": {
            n: {"candidates": one["runs_cpu_s"], "random": one["random_cpu_s"]}
            | {
                "all, helpers too": one["took"]["on"]["cpu_s"],
                "before": one["took"]["off"]["cpu_s"],
            }
            for n, one in pools.items()
        },
    }
    if random:
        both = {n: one for n, one in pools.items() if n in random}
        document["where random was run too"] = {
            arm: rates({n: counts_of(one, arm, random[n]) for n, one in both.items()})
            for arm in ("random", "made", "breaking")
        } | {
            "cpu_s": {
                "random": round(sum(one["took"]["cpu_s"] for one in random.values()), 1),
                "breaking": round(sum(one["took"]["on"]["cpu_s"] for one in both.values()), 1),
            }
        }
    if guests:
        document["labelled programs of the packages"] = rates(
            {n: guests_of(one) for n, one in guests.items()}
        )
    if args.records:
        worlds = worlds_of(args.out, pools, [read_record(file) for file in args.records])
        document["choice"] = choice(worlds, args.seeds)
        document["calibration"] = calibration(worlds)
    print(json.dumps(document, indent=1))


if __name__ == "__main__":
    main()
