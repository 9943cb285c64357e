"""A run of 10,000 candidates on 256 inputs: bytes on the disk, time to resume, the driver's memory.

The matrix is synthetic (running it would take hours): candidates fall into behaviours as those of a
contest's pool do, most of them few, and print outputs of a task without a checker. All that stands
between is the real store: samples, programs' texts, observations, inputs. A process of its own
writes, another one resumes, so that the peaks of memory are each one's own.

    python benchmarks/run_folder.py [--candidates 10000] [--inputs 256]
"""

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np

from sandbox.data import digest_of
from solver.kept.driver import driving
from solver.kept.inputs import load_inputs, save_inputs
from solver.kept.keeper import Keeper
from solver.kept.observations import ObservationStore, Observed
from solver.kept.samples import RunFolder, StoredSample
from solver.types import GeneratedInput, InputOrigin

BEHAVIOURS = 400
KEY = "0123456789abcdef"
PROGRAM_LINES = 60


def program(number: int, rng: np.random.Generator) -> str:
    """Text of some 2 kB that compresses as programs do: common lines, own names and numbers."""
    lines = ["#include <bits/stdc++.h>", "using namespace std;", "int main() {"]
    for line in range(PROGRAM_LINES):
        a, b = rng.integers(0, 26, 2)
        name = f"{chr(97 + a)}{chr(97 + b)}{line % 7}"
        lines.append(f"  for (int i = 0; i < {rng.integers(1, 999)}; ++i) {name} += i * {number};")
    return "\n".join([*lines, "}"])


def samples(count: int) -> Iterator[StoredSample]:
    rng = np.random.default_rng(1)
    for number in range(count):
        text = f"Some reasoning.\n```cpp\n{program(number, rng)}\n```\n"
        yield StoredSample(
            key=digest_of(f"{number}".encode()),
            task="synthetic",
            kind="candidate",
            subtask=f"group{number % 6}",
            number=number,
            text=text,
            logprob=-0.3,
            tokens=900,
            prompt_tokens=1500,
            finish="stop",
            model="synthetic",
            elapsed_s=2.0,
            extra={"language": "cpp17", "temperature": 0.8},
        )


def observed(count: int, inputs: int) -> Iterator[tuple[str, Observed]]:
    """A program's row: its behaviour's digests, a failure here and there, times of its own."""
    rng = np.random.default_rng(2)
    behaviours = rng.integers(1, 2**63, (BEHAVIOURS, inputs), dtype=np.uint64)
    # Few behaviours have many programs: what pools look like (docs/experiments/choosing.md).
    shares = 1.0 / np.arange(1, BEHAVIOURS + 1)
    which = rng.choice(BEHAVIOURS, count, p=shares / shares.sum())
    for number in range(count):
        status = np.where(rng.random(inputs) < 0.05, 2, 1).astype(np.uint8)
        digest = np.where(status == 1, behaviours[which[number]], 0).astype(np.uint64)
        cpu_s = rng.gamma(2.0, 0.02, inputs).astype(np.float32)
        yield digest_of(f"program {number}".encode()), (status, digest, cpu_s)


def write(run: Path, candidates: int, inputs: int) -> None:
    rng = np.random.default_rng(3)
    with driving(run):
        with RunFolder(run) as folder, Keeper(folder, lambda kept: None) as keeper:
            for one in samples(candidates):
                keeper.keep(one)
        made = []
        for number in range(inputs):
            content = f"{number}\n{' '.join(map(str, rng.integers(0, 10**6, 300)))}\n".encode()
            made.append(
                GeneratedInput(
                    id=digest_of(content),
                    content=content,
                    subtasks=frozenset({"group0"}),
                    origin=InputOrigin.GENERATOR,
                )
            )
        save_inputs(run / "synthetic", KEY, made)
        with closing(ObservationStore(run / "synthetic/observations.sqlite")) as store:
            for digest, row in observed(candidates, inputs):
                store.save(digest, KEY, row, {})


def resume(run: Path, candidates: int, inputs: int) -> dict[str, Any]:
    """What a driver reads before it has anything to do: rows and texts, inputs, the matrix."""
    start_s, start_cpu_s = time.monotonic(), time.process_time()
    with driving(run):
        with RunFolder(run) as folder:
            kept = folder.samples("synthetic", "candidate")
        made = load_inputs(run / "synthetic", KEY)
        status = np.empty((candidates, inputs), np.uint8)
        digest = np.empty((candidates, inputs), np.uint64)
        cpu_s = np.empty((candidates, inputs), np.float32)
        with closing(ObservationStore(run / "synthetic/observations.sqlite")) as store:
            for number in range(candidates):
                name = digest_of(f"program {number}".encode())
                row = store.load(name, KEY, inputs)
                assert row is not None
                status[number], digest[number], cpu_s[number] = row
    assert len(kept) == candidates and made is not None and len(made) == inputs
    return {
        "resume_s": round(time.monotonic() - start_s, 3),
        "resume_cpu_s": round(time.process_time() - start_cpu_s, 3),
    }


def in_process(stage: str, run: Path, words: argparse.Namespace) -> dict[str, Any]:
    command = [sys.executable, __file__, "--stage", stage, "--run", str(run)]
    command += ["--candidates", str(words.candidates), "--inputs", str(words.inputs)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--candidates", type=int, default=10_000)
    parser.add_argument("--inputs", type=int, default=256)
    parser.add_argument("--stage", choices=["write", "resume"])
    parser.add_argument("--run", type=Path)
    words = parser.parse_args()
    if words.stage:
        start_s = time.monotonic()
        found: dict[str, Any] = {}
        if words.stage == "write":
            write(words.run, words.candidates, words.inputs)
        else:
            found = resume(words.run, words.candidates, words.inputs)
        found["wall_s"] = round(time.monotonic() - start_s, 3)
        found["peak_bytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        print(json.dumps(found))
        return
    folder = Path(tempfile.mkdtemp(prefix="solver-run-folder-"))
    try:
        run = folder / "run"
        written = in_process("write", run, words)
        resumed = in_process("resume", run, words)
        sizes = {
            path.relative_to(run).as_posix(): path.stat().st_size
            for path in sorted(run.rglob("*"))
            if path.is_file()
        }
        raw_bytes = words.candidates * words.inputs * (1 + 8 + 4)
        document = {
            "candidates": words.candidates,
            "inputs": words.inputs,
            "store_bytes": sum(sizes.values()),
            "matrix_bytes": raw_bytes,
            "store_per_matrix_byte": round(sum(sizes.values()) / raw_bytes, 3),
            "files": sizes,
            "write_s": written["wall_s"],
            "resume_s": resumed["resume_s"],
            "resume_cpu_s": resumed["resume_cpu_s"],
            "write_peak_bytes": written["peak_bytes"],
            "resume_peak_bytes": resumed["peak_bytes"],
            "holds": {
                "store below 200 MB": sum(sizes.values()) < 200e6,
                "resume below 5 s": resumed["resume_s"] < 5,
                "peak below 1 GB": max(written["peak_bytes"], resumed["peak_bytes"]) < 1e9,
            },
        }
        print(json.dumps(document, indent=1))
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
