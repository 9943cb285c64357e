"""Clustering and choosing at size, and candidates evaluated end to end; prints one JSON document.

    python benchmarks/choosing.py                 clustering + 50 choices at 1k, 3k, 10k candidates
    python benchmarks/choosing.py --end-to-end    1,000 programs x 64 inputs, wall against CPU

The target: 10,000 x 256 x 8 clustered and chosen from in under 2 s and 1 GB, growing linearly; and
end to end at most 1.25 x (CPU time of programs and compilers / cores).
"""

import argparse
import json
import os
import resource
import tempfile
import time
from pathlib import Path

import numpy as np

from problems.task import Statement, Subtask, Task, TaskLimits, TaskType
from sandbox import open_sandbox
from sandbox.compiling.compile import Compiler
from sandbox.data import digest_of
from solver import strategies
from solver.observing.behaviour import observe
from solver.observing.behaviour_config import BehaviourConfig
from solver.observing.bench import Bench
from solver.observing.build import compile_all
from solver.observing.cluster import by_behaviour
from solver.scorer.features import features_of
from solver.strategies.base import View
from solver.types import (
    Behaviour,
    Candidate,
    Estimate,
    Feedback,
    FeedbackMode,
    GeneratedInput,
    InputOrigin,
    RunStatus,
)

SUBTASKS = 8


def task_of(subtasks: int) -> Task:
    names = [f"s{index}" for index in range(subtasks)]
    return Task(
        name="bench",
        title="bench",
        type=TaskType.BATCH,
        statement=Statement(text=""),
        subtasks=tuple(
            Subtask(name=name, max_points=10.0, includes=tuple(names[:index]))
            for index, name in enumerate(names)
        ),
        examples=(),
        limits=TaskLimits(time_s=2.0, memory_bytes=256 * 2**20),
        scored=True,
    )


def made_up(programs: int, inputs: int, seed: int = 0) -> tuple[Behaviour, list[Candidate]]:
    """Kinds of programs with Zipf sizes, a third of them slow on larger inputs."""
    rng = np.random.default_rng(seed)
    kinds = max(4, programs // 4)
    kind = rng.zipf(1.3, size=programs) % kinds
    outputs = np.tile(rng.integers(1, 2**60, size=inputs, dtype=np.uint64), (kinds, 1))
    for k in range(1, kinds):
        wrong = rng.random(inputs) < rng.random() * 0.5
        outputs[k, wrong] = rng.integers(1, 2**60, size=int(wrong.sum()), dtype=np.uint64)
    digest = outputs[kind]
    status = np.full((programs, inputs), RunStatus.OK, dtype=np.uint8)
    for row in np.flatnonzero(rng.random(programs) < 0.3):
        start = int(rng.integers(1, inputs))
        status[row, start:] = RunStatus.TIMEOUT
        digest[row, start:] = 0
    reach = (np.arange(1, SUBTASKS + 1) * inputs) // SUBTASKS
    behaviour = Behaviour(
        candidate_ids=tuple(str(index) for index in range(programs)),
        input_ids=tuple(str(index) for index in range(inputs)),
        status=status,
        digest=digest,
        cpu_s=np.full((programs, inputs), 0.01, dtype=np.float32),
        in_subtask=np.arange(inputs)[:, None] < reach[None, :],
        expected=np.zeros(inputs, dtype=np.uint64),
        subtasks=tuple(f"s{index}" for index in range(SUBTASKS)),
    )
    candidates = [
        Candidate(
            id=str(index),
            task="bench",
            subtask=None,
            language="cpp20",
            source=f"int v{kind[index]} = {index};" + f" v{kind[index]} += f(x, {index % 7});" * 30,
        )
        for index in range(programs)
    ]
    return behaviour, candidates


def _now() -> tuple[float, float]:
    """Wall and CPU seconds; on a busy machine only the second says what a stage costs."""
    return time.perf_counter(), time.process_time()


def choosing(sizes: list[int], inputs: int) -> list[dict[str, float]]:
    task, rows = task_of(SUBTASKS), []
    for programs in sizes:
        behaviour, candidates = made_up(programs, inputs)
        start = _now()
        clusters = by_behaviour(behaviour, task)
        clustered = _now()
        rng = np.random.default_rng(1)
        label = np.maximum(clusters.label, 0)
        guess = rng.random((programs, SUBTASKS)) / (2.0 + label)
        view = View(
            task=task,
            candidates=candidates,
            behaviour=behaviour,
            clusters=clusters,
            estimate=Estimate(probability=guess, features=np.zeros((0, 0, 0), np.float32)),
            feedback_mode=FeedbackMode.FULL,
        )
        chosen_from = _now()
        strategy = strategies.make("expected_gain", view, rng)
        history: list[Feedback] = []
        for _ in range(50):
            choice = strategy.next(tuple(history))
            if choice is None:
                break
            history.append(Feedback(candidate=choice.candidate, points={"s0": 0.0}))
        done = _now()
        features_of(candidates, behaviour, clusters, task)
        featured = _now()
        total_s, cpu_s = (clustered[k] - start[k] + done[k] - chosen_from[k] for k in range(2))
        rows.append(
            {
                "candidates": programs,
                "inputs": inputs,
                "subtasks": SUBTASKS,
                "cluster_s": clustered[0] - start[0],
                "cluster_cpu_s": clustered[1] - start[1],
                "choose_50_s": done[0] - chosen_from[0],
                "choose_50_cpu_s": done[1] - chosen_from[1],
                "total_s": total_s,
                "total_cpu_s": cpu_s,
                "cpu_us_a_candidate": cpu_s / programs * 1e6,
                "features_s": featured[0] - done[0],
                "features_cpu_s": featured[1] - done[1],
                "peak_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
            }
        )
    return rows


PROGRAM = """#include <bits/stdc++.h>
int main() {{
    long long n, x = {seed};
    std::cin >> n;
    for (long long i = 0; i < n * 1000; i++) x = x * 6364136223846793005LL + {odd};
    std::cout << (x >> 40) % {modulus} << std::endl;
}}
"""


def end_to_end(programs: int, inputs: int) -> dict[str, float]:
    """Compiles and runs fresh programs; the CPU time is what the sandbox measured."""
    task = task_of(1)
    candidates = [
        Candidate(
            id=str(index),
            task="bench",
            subtask=None,
            language="cpp20",
            source=PROGRAM.format(seed=time.time_ns() + index, odd=2 * index + 1, modulus=97),
        )
        for index in range(programs)
    ]
    contents = [f"{1 + 5 * index}\n".encode() for index in range(inputs)]
    made = [
        GeneratedInput(
            id=digest_of(content),
            content=content,
            subtasks=frozenset({"s0"}),
            origin=InputOrigin.GENERATOR,
        )
        for content in contents
    ]
    with open_sandbox() as sandbox, tempfile.TemporaryDirectory() as folder:
        compiler = Compiler(sandbox, cache=Path(folder) / "compiled")
        config = BehaviourConfig(probe=inputs)
        bench = Bench.of(task, compiler, Path(folder) / "run", config)
        start = time.perf_counter()
        built = compile_all(candidates, bench)
        compiled = time.perf_counter()
        seen = observe(built, made, bench, config)
        wall_s = time.perf_counter() - start
        slots = sandbox.slots
    cpu_s = compiler.counts.cpu_s + float(seen.cpu_s.sum())
    return {
        "programs": programs,
        "inputs": inputs,
        "cores": slots,
        "compile_wall_s": compiled - start,
        "compile_cpu_s": compiler.counts.cpu_s,
        "run_cpu_s": float(seen.cpu_s.sum()),
        "wall_s": wall_s,
        "wall_over_cpu_a_core": wall_s / (cpu_s / slots),
        "loadavg": os.getloadavg()[0],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--end-to-end", action="store_true")
    parser.add_argument("--programs", type=int, default=1000)
    parser.add_argument("--sizes", type=int, nargs="*", default=[1000, 3000, 10000])
    parser.add_argument("--inputs", type=int, default=None)
    options = parser.parse_args()
    if options.end_to_end:
        document: object = end_to_end(options.programs, options.inputs or 64)
    else:
        document = {
            "choosing": choosing(options.sizes, options.inputs or 256),
            "loadavg": os.getloadavg()[0],
        }
    print(json.dumps(document, indent=1))


if __name__ == "__main__":
    main()
