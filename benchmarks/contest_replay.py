"""How long replays of a whole contest take: 6 tasks, 100 candidates each, 50 submissions a task.

The contest is synthetic (random clusters, estimates and results from a fixed seed): replaying costs
the same whatever the programs are. Random contests are drawn in one piece; strategies are played
submission by submission, and their rate says how long 10,000 contests take.

Run as: python benchmarks/contest_replay.py [--contests N] [--processes N]
"""

import argparse
import json
import os
import resource
import time

import numpy as np

from problems.task import Statement, Subtask, Task, TaskLimits, TaskType
from problems.verdict import Verdict
from solver import strategies
from solver.replays.contest import random_contests
from solver.replays.play import random_curve, replay_all
from solver.replays.truth import Truth
from solver.replays.world import World
from solver.strategies.base import View
from solver.types import Behaviour, Candidate, Clusters, Estimate, FeedbackMode

TASKS, CANDIDATES, INPUTS, SUBTASKS, LIMIT = 6, 100, 48, 5, 50
CONTESTS = 10_000


def synthetic_world(number: int) -> World:
    rng = np.random.default_rng(number)
    names = tuple(f"s{i + 1}" for i in range(SUBTASKS))
    task = Task(
        name=f"t{number}",
        title="",
        type=TaskType.BATCH,
        statement=Statement(text=""),
        subtasks=tuple(Subtask(name=name, max_points=20.0) for name in names),
        examples=(),
        limits=TaskLimits(time_s=1.0, memory_bytes=1 << 28),
        scored=True,
    )
    ids = tuple(f"{task.name}/{i}" for i in range(CANDIDATES))
    # Harder subtasks are solved by fewer; equal clusters are equally right, as equal outputs are.
    label = rng.integers(0, 40, size=(CANDIDATES, SUBTASKS)).astype(np.int32)
    right = np.stack(
        [np.isin(label[:, s], rng.permutation(40)[: max(1, 3 - s)]) for s in range(SUBTASKS)], 1
    )
    behaviour = Behaviour(
        candidate_ids=ids,
        input_ids=tuple(str(i) for i in range(INPUTS)),
        status=np.ones((CANDIDATES, INPUTS), np.uint8),
        digest=rng.integers(1, 9, size=(CANDIDATES, INPUTS)).astype(np.uint64),
        cpu_s=np.zeros((CANDIDATES, INPUTS), np.float32),
        in_subtask=np.ones((INPUTS, SUBTASKS), np.bool_),
        expected=np.zeros(INPUTS, np.uint64),
        subtasks=names,
    )
    view = View(
        task=task,
        candidates=tuple(
            Candidate(id=one, task=task.name, subtask=None, language="cpp20", source=one)
            for one in ids
        ),
        behaviour=behaviour,
        clusters=Clusters(label=label, near=label),
        estimate=Estimate(
            probability=np.clip(0.15 + 0.2 * right + rng.normal(0, 0.15, right.shape), 0.01, 0.9),
            features=np.zeros((CANDIDATES, SUBTASKS, 1), np.float32),
        ),
        feedback_mode=FeedbackMode.FULL,
        limit=LIMIT,
    )
    truth = Truth(
        task=task.name,
        subtasks=names,
        max_points=np.full(SUBTASKS, 20.0),
        candidate_ids=ids,
        source_digests=ids,
        program_digests=ids,
        points=np.where(right, 20.0, 0.0),
        verdicts=(Verdict.WA,) * CANDIDATES,
    )
    return World(view=view, truth=truth)


def cpu_s() -> float:
    """CPU time of this process and of its workers that have ended."""
    own, workers = os.times(), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.user + own.system + workers.ru_utime + workers.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contests", type=int, default=100, help="played a strategy")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    worlds = {world.view.task.name: world for world in map(synthetic_world, range(TASKS))}
    start = time.perf_counter()
    drawn = random_contests(list(worlds.values()), LIMIT, CONTESTS, 0)
    random_s = time.perf_counter() - start
    exact = sum(float(random_curve(w.truth.points, LIMIT)[-1]) for w in worlds.values())
    rows = {}
    for name in strategies.NAMES:
        start, cpu_start_s = time.perf_counter(), cpu_s()
        curves = replay_all(worlds, [name], options.contests, options.processes)
        took_s, used_s = time.perf_counter() - start, cpu_s() - cpu_start_s
        rows[name] = {
            "contests": options.contests,
            "seconds": round(took_s, 3),
            "seconds_for_10000": round(took_s / options.contests * CONTESTS, 1),
            # What two cores of their own would need, on a machine that others use as well.
            "cpu_seconds_for_10000": round(used_s / options.contests * CONTESTS, 1),
            "points": float(sum(curves[task][name].mean[-1] for task in worlds)),
            "submissions": float(sum(curves[task][name].spent.mean() for task in worlds)),
        }
    document = {
        "tasks": TASKS,
        "candidates": CANDIDATES,
        "limit": LIMIT,
        "random_contests": {
            "contests": CONTESTS,
            "seconds": round(random_s, 3),
            "mean": float(drawn.mean()),
            "exact": exact,
        },
        "strategies": rows,
        "processes": options.processes,
    }
    print(json.dumps(document, indent=1))


if __name__ == "__main__":
    main()
