"""What an IOI costs, and what fleets of 8 to 51,200 workers would make of it. Prints JSON.

Task lengths are measured first, in CPU seconds, which hold on a busy machine: compilations and runs
of the bundled pool `depots` on its package's inputs, and what a batch costs the driver and a node
in Python. Then the scheduler (`sandbox/remote`) is played with these lengths by an event queue: one
driver that makes and reads batches one after the other, two batches a slot on their way, workers
that take the next batch. Beside it stands what a sum says: no fleet is faster than its work divided
by its workers, nor than its driver.

    python benchmarks/fleet_simulation.py [--programs 40] [--inputs 16] [--lengths FILE]
"""

import argparse
import heapq
import json
import statistics
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sandbox import Blob, Executable, Job, Limits, RunResult, open_sandbox
from sandbox.compiling.compile import Compiler
from sandbox.remote.coding import Batch, blobs_of, decode, decode_results, encode, encode_results
from solver.kept.observations import ObservationStore, Observed
from solver.sampling.pools.pool import read_pool

BUNDLED = Path(__file__).parents[1] / "problems/bundled"
TASKS, SUBTASKS, SAMPLES, INPUTS = 6, 6, 10_000, 256
BATCH_JOBS = 32
BATCHES_A_SLOT = 2
WORKERS = (8, 64, 512, 5_120, 51_200)
TIMEOUTS = 2
LIMIT_S = 2.0
SLOW_SYNC_S = 0.0087
"""A synced transaction of one row on a busy disk: docs/experiments/kept.md."""

WRITERS = 64
"""A driver's threads, each with a program whose row it keeps."""

TRAVEL_S = 0.002
"""A batch there and back, beside the work in it: a local network's round trip and Ray's own."""

STORE_BYTES = 95.3e6 / 10_000
"""Of a candidate with 256 inputs: docs/experiments/kept.md."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lengths:
    """Measured lengths, in CPU seconds.

    Attributes:
        compile_s: Of the programs that compile.
        run_s: Of runs, with the sandbox's own 0.16 ms (docs/experiments/sandbox.md).
        driver_s: Of the driver's Python, for one run.
        node_s: Of the node's Python, for one run.
        program_bytes: Of compiled programs.
        wire_bytes: Of a run, there and back, without programs.
        row_alone_s: Of a program's row in the store on this disk, wall time, one writer.
        row_shared_s: With `WRITERS` at once.
    """

    compile_s: tuple[float, ...]
    run_s: tuple[float, ...]
    driver_s: float
    node_s: float
    program_bytes: int
    wire_bytes: float
    row_alone_s: float
    row_shared_s: float

    @property
    def sync_s(self) -> float:
        """What a program's row costs a driver of many threads, on a disk as slow as was seen."""
        return SLOW_SYNC_S * min(1.0, self.row_shared_s / self.row_alone_s)


def measured(programs: int, inputs: int) -> Lengths:
    folder = BUNDLED / "contest/depots/data/secret"
    files = sorted(folder.rglob("*.in"))
    chosen = [files[index * len(files) // inputs] for index in range(inputs)]
    stdins = [Blob.of_bytes(path.read_bytes()) for path in chosen]
    pool = read_pool(BUNDLED / "pools/depots.jsonl", "depots").candidates
    some = [each for each in pool if each.language.startswith("cpp")]
    some = some[:: max(1, len(some) // programs)][:programs]
    compile_s: list[float] = []
    run_s: list[float] = []
    sizes: list[int] = []
    jobs: list[Job] = []
    results: list[RunResult] = []
    with open_sandbox(slots=1) as sandbox, tempfile.TemporaryDirectory() as cache:
        compiler = Compiler(sandbox, cache=Path(cache))
        for candidate in some:
            before_s = compiler.counts.cpu_s
            made = compiler.compile({"main.cpp": candidate.source.encode()}, candidate.language)
            if not isinstance(made, Executable):
                continue
            compile_s.append(compiler.counts.cpu_s - before_s)
            sizes.append(sum(blob.size_bytes for blob in made.files.values()))
            work = [
                Job(program=made, limits=Limits(cpu_s=LIMIT_S), stdin=stdin) for stdin in stdins
            ]
            done = list(sandbox.run_many(work))
            run_s += [result.cpu_s + 0.00016 for result in done]
            jobs += work
            results += done
    driver_s, node_s, wire_bytes = coding(jobs, results)
    return Lengths(
        compile_s=tuple(compile_s),
        run_s=tuple(run_s),
        driver_s=driver_s,
        node_s=node_s,
        program_bytes=int(statistics.mean(sizes)),
        wire_bytes=wire_bytes,
        row_alone_s=row_s(1),
        row_shared_s=row_s(WRITERS),
    )


def row_s(writers: int, rows: int = 1500) -> float:
    """Wall time to keep a program's row over 256 inputs, with so many writers at once."""
    rng = np.random.default_rng(1)
    row: Observed = (
        np.ones(INPUTS, np.uint8),
        rng.integers(1, 2**60, INPUTS).astype(np.uint64),
        rng.random(INPUTS).astype(np.float32),
    )
    with (
        tempfile.TemporaryDirectory(dir=".") as folder,
        closing(ObservationStore(Path(folder) / "observations.sqlite")) as store,
        ThreadPoolExecutor(writers) as threads,
    ):
        start_s = time.monotonic()
        for _ in threads.map(lambda one: store.save(f"{one}", "inputs", row, {}), range(rows)):
            pass
        return (time.monotonic() - start_s) / rows


def coding(jobs: list[Job], results: list[RunResult]) -> tuple[float, float, float]:
    """What a run costs the driver and the node in Python, and bytes on the wire; content known."""
    driver_s = node_s = 0.0
    wire = 0
    known = blobs_of(jobs)
    for first in range(0, len(jobs) - BATCH_JOBS + 1, BATCH_JOBS):
        some = tuple(jobs[first : first + BATCH_JOBS])
        start_s = time.process_time()
        message = encode(Batch(jobs=some), blobs_of(some), known)
        made_s = time.process_time()
        decode(message, known.get, lambda blob: None)
        answer = encode_results(results[first : first + BATCH_JOBS])
        told_s = time.process_time()
        decode_results(answer)
        driver_s += made_s - start_s + time.process_time() - told_s
        node_s += told_s - made_s
        wire += len(message) + len(answer)
    count = len(jobs) // BATCH_JOBS * BATCH_JOBS
    return driver_s / count, node_s / count, wire / count


def simulated(batch_s: Sequence[float], workers: int, driver_batch_s: float) -> dict[str, float]:
    """Plays batches on workers; the driver spends half of its time before and half after each."""
    events: list[tuple[float, int]] = []  # a batch comes back: (when, worker)
    free = [(0.0, worker) for worker in range(workers)]
    heapq.heapify(free)
    driver_s = busy_s = 0.0
    most = BATCHES_A_SLOT * workers
    for length_s in batch_s:
        if len(events) >= most:
            back_s, _ = heapq.heappop(events)
            driver_s = max(driver_s, back_s) + driver_batch_s / 2
        driver_s += driver_batch_s / 2
        ready_s, worker = heapq.heappop(free)
        end_s = max(ready_s, driver_s + TRAVEL_S / 2) + length_s
        heapq.heappush(free, (end_s, worker))
        heapq.heappush(events, (end_s + TRAVEL_S / 2, worker))
        busy_s += length_s
    while events:
        back_s, _ = heapq.heappop(events)
        driver_s = max(driver_s, back_s) + driver_batch_s / 2
    bound_s = max(busy_s / workers, len(batch_s) * driver_batch_s)
    return {
        "wall_s": round(driver_s, 1),
        "workers_busy": round(busy_s / workers / driver_s, 3),
        "driver_busy": round(len(batch_s) * driver_batch_s / driver_s, 3),
        "over_the_larger_bound": round(driver_s / bound_s, 3),
    }


def by_program(lengths: Lengths) -> list[tuple[list[float], float]]:
    """Of each measured program its runs that ended in time, and the share of those that did not."""
    inputs = len(lengths.run_s) // len(lengths.compile_s)
    found: list[tuple[list[float], float]] = []
    for first in range(0, len(lengths.run_s), inputs):
        row = lengths.run_s[first : first + inputs]
        ended = [each for each in row if each < LIMIT_S]
        found.append((ended, 1 - len(ended) / inputs))
    return found


def batches_of(lengths: Lengths, rng: np.random.Generator) -> list[float]:
    """Work in each batch, in seconds: candidates do as measured programs did, and after two runs
    over the limit (`BehaviourConfig.timeouts`) a program is not tried on what is larger."""
    programs = by_program(lengths)
    found: list[float] = []
    for chosen in rng.integers(0, len(programs), SAMPLES):
        ended, late = programs[chosen]
        runs = rng.choice(ended, round(INPUTS * (1 - late))) if ended else np.zeros(0)
        slow = np.full(TIMEOUTS if late else 0, LIMIT_S)
        every = np.concatenate([runs, slow]) + lengths.node_s
        starts = np.arange(0, len(every), BATCH_JOBS)
        found += np.add.reduceat(every, starts).tolist()
    return found


def fleets(lengths: Lengths, seed: int) -> dict[str, Any]:
    """One subtask of one task, which is a 36th: its compilations and its runs, at each size."""
    rng = np.random.default_rng(seed)
    batches = batches_of(lengths, rng)
    compiles = rng.choice(np.array(lengths.compile_s), SAMPLES).tolist()
    driver_batch_s = BATCH_JOBS * (lengths.driver_s + lengths.sync_s / INPUTS)
    found: dict[str, Any] = {}
    for workers in WORKERS:
        compiling = simulated(compiles, workers, lengths.driver_s)
        running = simulated(batches, workers, driver_batch_s)
        both_s = compiling["wall_s"] + running["wall_s"]
        found[str(workers)] = {
            "compile": compiling,
            "run": running,
            "hours_of_an_ioi": round(both_s * TASKS * SUBTASKS / 3600, 2),
        }
    work_s = sum(batches) / len(batches) / BATCH_JOBS
    driver_s = driver_batch_s / BATCH_JOBS
    programs_s = 1 / driver_s / INPUTS
    once = programs_s * lengths.program_bytes * 8 / 1e9
    return {
        "fleets": found,
        "gbit_s_out_of_the_driver_at_its_limit": {
            "each program once": round(once, 2),
            "each program with every batch": round(once * INPUTS / BATCH_JOBS, 2),
        },
        "driver_runs_per_s": round(1 / driver_s),
        "workers_that_one_driver_feeds": round(work_s / driver_s),
    }


def costs(lengths: Lengths) -> dict[str, Any]:
    """An IOI in CPU hours and bytes, from means."""
    candidates = TASKS * SUBTASKS * SAMPLES
    runs = candidates * INPUTS
    run_s = statistics.mean(lengths.run_s)
    return {
        "candidates": candidates,
        "runs": runs,
        "compile_cpu_h": round(candidates * statistics.mean(lengths.compile_s) / 3600, 1),
        "run_cpu_h": round(runs * run_s / 3600, 1),
        "share_of_run_cpu_at_the_time_limit": round(
            sum(each for each in lengths.run_s if each >= LIMIT_S) / sum(lengths.run_s), 3
        ),
        "share_of_runs_at_the_time_limit": round(
            sum(each >= LIMIT_S for each in lengths.run_s) / len(lengths.run_s), 4
        ),
        "run_cpu_h_as_the_pipeline_runs": round(
            candidates
            * statistics.mean(
                INPUTS * (1 - late) * statistics.mean(ended or [0.0])
                + (TIMEOUTS * LIMIT_S if late else 0.0)
                for ended, late in by_program(lengths)
            )
            / 3600,
            1,
        ),
        "node_python_cpu_h": round(runs * lengths.node_s / 3600, 2),
        "driver_python_cpu_h": round(runs * lengths.driver_s / 3600, 2),
        "driver_synced_transactions_h": round(candidates * lengths.sync_s / 3600, 2),
        "store_gb": round(candidates * STORE_BYTES / 1e9, 2),
        "programs_to_ship_gb": round(candidates * lengths.program_bytes / 1e9, 1),
        "wire_gb_without_programs": round(runs * lengths.wire_bytes / 1e9, 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--programs", type=int, default=40)
    parser.add_argument("--inputs", type=int, default=16)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--lengths", type=Path, help="A file of measured lengths; made if missing.")
    options = parser.parse_args()
    if options.lengths is not None and options.lengths.exists():
        lengths = Lengths(**json.loads(options.lengths.read_text()))
    else:
        lengths = measured(options.programs, options.inputs)
    if options.lengths is not None and not options.lengths.exists():
        options.lengths.write_text(json.dumps(asdict(lengths)))
    quantiles = np.quantile(lengths.run_s, [0.1, 0.5, 0.9, 0.99])
    units = asdict(lengths) | {
        "compile_s": round(statistics.mean(lengths.compile_s), 4),
        "run_s": round(statistics.mean(lengths.run_s), 5),
        "sync_s": round(lengths.sync_s, 5),
    }
    document = {
        "units": units,
        "measured": {"programs": len(lengths.compile_s), "runs": len(lengths.run_s)},
        "run_s_quantiles_10_50_90_99": [round(float(each), 5) for each in quantiles],
        "ioi": costs(lengths),
        **fleets(lengths, options.seed),
    }
    print(json.dumps(document, indent=1))


if __name__ == "__main__":
    main()
