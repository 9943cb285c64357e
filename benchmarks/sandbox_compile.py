"""CPU seconds a compilation, with and without what the sandbox does about it; prints JSON.

    python benchmarks/sandbox_compile.py POOL.jsonl... [--programs 200]

Takes distinct C++ programs of recorded pools, compiles each plainly (`g++ -std=gnu++20 -O2`, in the
same sandbox, no header, no cache) and by the Compiler, in turn, then all by the Compiler again.
"""

import argparse
import json
import random
import sys
import tempfile
import time
from pathlib import Path

from sandbox import Executable, Job, open_sandbox
from sandbox.compiling.compile import COMPILE_LIMITS, Compiler


def programs_of(pools: list[Path], count: int) -> list[bytes]:
    sources: dict[bytes, None] = {}
    for pool in pools:
        for line in pool.read_text().splitlines():
            row = json.loads(line)
            is_candidate = row.get("kind", "candidate") == "candidate"
            if is_candidate and row["language"].startswith("cpp") and "main(" in row["source"]:
                sources[row["source"].encode()] = None
    chosen = list(sources)
    random.Random(1).shuffle(chosen)
    return chosen[:count]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pools", nargs="+", type=Path)
    parser.add_argument("--programs", type=int, default=200)
    arguments = parser.parse_args()
    programs = programs_of(arguments.pools, arguments.programs)
    plain_argv = ("/usr/bin/g++", "-std=gnu++20", "-O2", "-o", "main", "main.cpp")
    plain = Executable(language="cpp20", argv=plain_argv, files={})
    plain_cpu_s = 0.0
    failed = 0
    with tempfile.TemporaryDirectory() as folder, open_sandbox() as sandbox:
        compiler = Compiler(sandbox, cache=Path(folder))
        compiler.version("cpp20")
        for number, source in enumerate(programs):
            print(f"\r{number}/{len(programs)}", end="", file=sys.stderr)
            job = Job(
                program=plain, limits=COMPILE_LIMITS, files={"main.cpp": source}, keep=("main",)
            )
            plain_cpu_s += sandbox.run(job).cpu_s
            failed += not isinstance(compiler.compile({"main.cpp": source}, "cpp20"), Executable)
        print(file=sys.stderr)
        first = {"started": compiler.counts.started, "cpu_s": compiler.counts.cpu_s}
        again = Compiler(sandbox, cache=Path(folder))
        start_s = time.perf_counter()
        for source in programs:
            again.compile({"main.cpp": source}, "cpp20")
        again_s = time.perf_counter() - start_s
    report = {
        "programs": len(programs),
        "not_compiling": failed,
        "plain_cpu_s_each": round(plain_cpu_s / len(programs), 3),
        "ours_cpu_s_each": round(first["cpu_s"] / len(programs), 3),
        "ratio": round(first["cpu_s"] / plain_cpu_s, 3),
        "compilers_started": first["started"],
        "second_time": {"compilers_started": again.counts.started, "wall_s": round(again_s, 3)},
    }
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
