"""Does it pay to give samples to the subtasks that promise most? Measured on recorded pools.

    python benchmarks/sampling_allocation.py docs/data/choosing/*.npz [--samples 48] [--seeds 100]
    python benchmarks/sampling_allocation.py --pool POOL TASK_DIR TRUTH [--pool ...]

A recorded pool stands for the model: a sample for a subtask is one of the pool's programs that were
asked for that subtask, drawn with replacement. (Programs asked for the whole task count as asked
for each subtask that no other one includes, and for those of which the pool has no own.) Every
policy sees the same sequence of samples a subtask, so differences are paired. What counts is the
best that the drawn programs reach on the hidden tests, each subtask's best one added up: what a
choice without errors would get.

Policies: even; gain: the pipeline's own (`first_share` evenly, compiled, run, clustered, estimated
by the shipped scorer, then `shares_by_gain`); gain, true estimates: the same with the truth in the
estimate's place; known rates: no policy but a bound, greedy on the pool's true rates from the first
sample on. TRUTH is a file of `solver pool label`; a record (`solver scorer collect`) holds all that
is needed but the programs' text, of which it keeps the features. Tasks of one subtask are left out:
there is nothing to share out. Prints one JSON document.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray

from problems.loading import load_task
from problems.task import Task
from problems.verdict import POINTS_TOLERANCE
from sandbox import open_sandbox
from sandbox.compiling.compile import Compiler
from solver.cli.stages import Stages
from solver.observed import Observed, observe_all
from solver.observing.bench import Bench
from solver.observing.cluster import by_behaviour
from solver.replays.record import read_record
from solver.replays.truth import read_truth
from solver.replays.world import default_run
from solver.sampling.allocation import shares_by_gain
from solver.sampling.config import SamplingConfig
from solver.sampling.plan import counts_of
from solver.sampling.pools.pool import read_pool
from solver.scorer import estimate
from solver.scorer.features import NAMES, features_of
from solver.scorer.model import DEFAULT_WEIGHTS, load_scorer
from solver.types import Behaviour, Candidate, Estimate

BOOTSTRAPS = 2000
OF_TEXT = ("program length (log)", "loops (log)", "64-bit integers")
"""Features that are read off a program's text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A pool with all that is known of it.

    Attributes:
        points: (P, S) on the hidden tests.
        arms: For each subtask the rows that a sample for it is drawn from.
        features: (P, S, F) of a record, whose programs have no text to read.
    """

    task: Task
    candidates: tuple[Candidate, ...]
    observed: Observed
    points: NDArray[np.float64]
    arms: tuple[NDArray[np.intp], ...]
    features: NDArray[np.float32] | None = None


def arms_of(task: Task, candidates: Sequence[Candidate]) -> tuple[NDArray[np.intp], ...]:
    included = {name for subtask in task.subtasks for name in subtask.includes}
    whole = [row for row, one in enumerate(candidates) if one.subtask is None]
    arms = []
    for subtask in task.subtasks:
        own = [row for row, one in enumerate(candidates) if one.subtask == subtask.name]
        if not own or subtask.name not in included:
            own = own + whole
        arms.append(np.array(own, dtype=np.intp))
    return tuple(arms)


def rows_of(behaviour: Behaviour, rows: NDArray[np.intp]) -> Behaviour:
    return replace(
        behaviour,
        candidate_ids=tuple(behaviour.candidate_ids[row] for row in rows),
        status=behaviour.status[rows],
        digest=behaviour.digest[rows],
        cpu_s=behaviour.cpu_s[rows],
    )


def estimated(pool: Recorded, rows: NDArray[np.intp], targets: Sequence[int]) -> Estimate:
    """What the pipeline would think of these samples."""
    names = [subtask.name for subtask in pool.task.subtasks]
    drawn = [
        replace(pool.candidates[row], subtask=names[target])
        for row, target in zip(rows, targets, strict=True)
    ]
    behaviour = rows_of(pool.observed.behaviour, rows)
    clusters = by_behaviour(behaviour, pool.task)
    if pool.features is None:
        return estimate(drawn, behaviour, clusters, pool.task)
    features = features_of(drawn, behaviour, clusters, pool.task)
    for name in OF_TEXT:
        features[:, :, NAMES.index(name)] = pool.features[rows][:, :, NAMES.index(name)]
    probability = load_scorer(DEFAULT_WEIGHTS).probability(features, clusters.label)
    probability[clusters.label < 0] = 0.0
    return Estimate(probability=probability, features=features)


def reached(pool: Recorded, stream: NDArray[np.intp], counts: Sequence[int]) -> float:
    rows = np.concatenate([stream[arm, :count] for arm, count in enumerate(counts)])
    return float(pool.points[rows].max(axis=0).sum())


def by_gain(
    pool: Recorded, stream: NDArray[np.intp], samples: int, first: float, *, true: bool
) -> list[int]:
    names = [subtask.name for subtask in pool.task.subtasks]
    config = SamplingConfig(samples=samples, first_share=first)
    even = counts_of(names, config, None)
    rows = np.concatenate([stream[arm, :count] for arm, count in enumerate(even)])
    targets = [arm for arm, count in enumerate(even) for _ in range(count)]
    if true:
        maxima = np.array([subtask.max_points for subtask in pool.task.subtasks])
        right = pool.points[rows] >= maxima - POINTS_TOLERANCE
        known = Estimate(probability=right.astype(float), features=np.zeros((0, 0, 0), np.float32))
    else:
        known = estimated(pool, rows, targets)
    shares = shares_by_gain(
        known, [names[each] for each in targets], pool.task, samples - sum(even)
    )
    return counts_of(names, config, shares)


def by_rates(pool: Recorded, samples: int) -> list[int]:
    """Greedy on the pool's true rates of full points."""
    maxima = np.array([subtask.max_points for subtask in pool.task.subtasks])
    right = pool.points >= maxima - POINTS_TOLERANCE
    rates = np.array([right[arm].mean(axis=0) for arm in pool.arms])
    counts = [0] * len(pool.arms)
    missed = np.ones(len(maxima))
    for _ in range(samples):
        gain = (rates * (missed * maxima)[None, :]).sum(axis=1)
        # Where nothing more can be gained, the fewest so far.
        best = int(np.lexsort((counts, -gain))[0])
        counts[best] += 1
        missed *= 1.0 - rates[best]
    return counts


def measure(pool: Recorded, samples: int, firsts: Sequence[float], seeds: int) -> dict[str, Any]:
    names = [subtask.name for subtask in pool.task.subtasks]
    even = counts_of(names, SamplingConfig(samples=samples), None)
    bound = by_rates(pool, samples)
    policies = ["even", "known rates"]
    policies += [f"gain, first {first:g}" for first in firsts]
    policies += [f"gain, first {first:g}, true estimates" for first in firsts]
    points: dict[str, list[float]] = {name: [] for name in policies}
    given: dict[str, NDArray[np.float64]] = {name: np.zeros(len(names)) for name in policies}
    for seed in range(seeds):
        rng = np.random.default_rng([seed, *pool.task.name.encode()])
        stream = np.array([rng.choice(arm, size=samples) for arm in pool.arms])
        chosen = {"even": even, "known rates": bound}
        for first in firsts:
            for true in (False, True):
                name = f"gain, first {first:g}" + (", true estimates" if true else "")
                chosen[name] = by_gain(pool, stream, samples, first, true=true)
        for name, counts in chosen.items():
            points[name].append(reached(pool, stream, counts))
            given[name] += np.array(counts) / seeds
    base = np.array(points["even"])
    return {
        "samples": samples,
        "policies": {
            name: {
                "points": round(float(np.mean(values)), 2),
                "over_even": interval(np.array(values) - base),
                "samples_a_subtask": [round(float(each), 1) for each in given[name]],
            }
            for name, values in points.items()
        },
    }


def interval(differences: NDArray[np.float64]) -> dict[str, float]:
    """Mean and its 95 % bootstrap interval."""
    rng = np.random.default_rng(0)
    means = rng.choice(differences, size=(BOOTSTRAPS, len(differences))).mean(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return {
        "mean": round(float(differences.mean()), 3),
        "low": round(float(low), 3),
        "high": round(float(high), 3),
    }


def together(rows: list[dict[str, Any]], samples: int) -> dict[str, Any]:
    """Over tasks, in shares of what the pool holds at most; the interval is over tasks."""
    own = [(row, run) for row in rows for run in row["runs"] if run["samples"] == samples]
    names = list(own[0][1]["policies"])
    document: dict[str, Any] = {"samples": samples}
    for name in names:
        shares = [run["policies"][name]["points"] / row["oracle"] for row, run in own]
        over = [run["policies"][name]["over_even"]["mean"] / row["oracle"] for row, run in own]
        document[name] = {
            "share_of_oracle": round(float(np.mean(shares)), 4),
            "over_even": interval(np.array(over)),
        }
    return document


def observed_pool(file: Path, folder: Path, truth_file: Path) -> Recorded:
    """Runs a pool's candidates, or takes what an earlier replay saw of them."""
    recorded, task, truth = read_pool(file), load_task(folder), read_truth(truth_file)
    labelled = set(truth.candidate_ids)
    kept = tuple(one for one in recorded.candidates if one.id in labelled)
    recorded = replace(recorded, candidates=kept)
    with open_sandbox("namespaces") as sandbox, Stages(f"{task.name} running") as line:
        bench = Bench.of(task, Compiler(sandbox), default_run(file), tell=line.notify)
        observed = observe_all(kept, recorded.helpers, bench)
    return Recorded(
        task=task,
        candidates=kept,
        observed=observed,
        points=truth.of(kept).points,
        arms=arms_of(task, kept),
    )


def recorded_pool(file: Path) -> Recorded:
    record = read_record(file)
    return Recorded(
        task=record.task,
        candidates=record.candidates,
        observed=Observed(behaviour=record.behaviour, clusters=record.clusters),
        points=record.truth.points,
        arms=arms_of(record.task, record.candidates),
        features=record.features,
    )


@click.command()
@click.argument("records", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--pool",
    "pools",
    multiple=True,
    type=(
        click.Path(exists=True, path_type=Path),
        click.Path(exists=True, path_type=Path),
        click.Path(exists=True, path_type=Path),
    ),
    metavar="POOL TASK_DIR TRUTH",
)
@click.option("--samples", "sizes", multiple=True, type=int, default=(12, 24, 48))
@click.option("--first", "firsts", multiple=True, type=float, default=(0.25, 0.5))
@click.option("--seeds", default=200, show_default=True)
def main(
    records: tuple[Path, ...],
    pools: tuple[tuple[Path, Path, Path], ...],
    sizes: tuple[int, ...],
    firsts: tuple[float, ...],
    seeds: int,
) -> None:
    """Points within reach after so many samples: by gain against evenly."""
    found = [recorded_pool(file) for file in records] + [observed_pool(*each) for each in pools]
    rows: list[dict[str, Any]] = []
    for pool in found:
        if len(pool.task.subtasks) < 2:
            continue
        rows.append(
            {
                "task": pool.task.name,
                "candidates": len(pool.candidates),
                "subtasks": [[one.name, one.max_points] for one in pool.task.subtasks],
                "programs_a_subtask": [len(arm) for arm in pool.arms],
                "oracle": float(pool.points.max(axis=0).sum()),
                "runs": [measure(pool, samples, firsts, seeds) for samples in sizes],
            }
        )
        click.echo(f"{pool.task.name}: done", err=True)
    if not rows:
        raise click.UsageError("no pool of a task with subtasks was given")
    document = {
        "seeds": seeds,
        "tasks": rows,
        "all_tasks": [together(rows, samples) for samples in sizes],
    }
    click.echo(json.dumps(document, indent=1))


if __name__ == "__main__":
    main()
