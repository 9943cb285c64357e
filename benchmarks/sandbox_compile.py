"""CPU seconds a compilation, with and without what the sandbox does about it; prints JSON.

    python benchmarks/sandbox_compile.py POOL.jsonl... [--programs 200] [--before TREE] [--no-plain]

Takes distinct C++ programs of recorded pools, compiles each plainly (`g++ -std=gnu++20 -O2`, in the
same sandbox, no header, no cache) and by the Compiler, in turn, then all by the Compiler again.
With `--before` the Compiler of another checkout (its worktree) compiles each program as well, in
turn with ours. Headers are there already: what they cost to build is given beside.
"""

import argparse
import contextlib
import importlib
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sandbox import Executable, Job, Limits, open_sandbox

PLAIN_LIMITS = Limits(cpu_s=60.0, wall_s=1200.0, memory_bytes=2 << 30, processes=128)


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


def first_lines(source: bytes) -> bytes:
    """What decides which header a program gets."""
    return source.lstrip().split(b"\n", 1)[0]


class Build:
    """The Compiler of a checkout, in a process of its own."""

    def __init__(self, tree: Path, cache: Path) -> None:
        environment = {**os.environ, "PYTHONPATH": str(tree), "XDG_CACHE_HOME": str(cache)}
        self._process = subprocess.Popen(
            [sys.executable, __file__, "--serve", str(cache / "compiled")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            cwd=tree,
        )

    def compile(self, source: bytes) -> tuple[float, bool, int]:
        """(CPU seconds, compiled, compilers started)."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(source.decode()).encode() + b"\n")
        self._process.stdin.flush()
        cpu_s, compiled, started = json.loads(self._process.stdout.readline())
        return cpu_s, compiled, started

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


def module_of(name: str) -> Any:
    """The module where this build or an earlier one keeps it; the tree is the current folder,
    since an editable installation of another tree would offer its own."""
    room = "sandbox.compiling" if Path("sandbox", "compiling").is_dir() else "sandbox"
    return importlib.import_module(f"{room}.{name}")


def serve(cache: Path) -> None:
    """Compiles what stdin brings; headers are built for the first program that could use them."""
    headers = module_of("headers")
    headers.PAYS_AFTER = headers.OTHERS_PAY_AFTER = 1  # as both builds understand it
    with open_sandbox() as sandbox:
        compiler = module_of("compile").Compiler(sandbox, cache=cache)
        compiler.version("cpp20")
        for line in sys.stdin.buffer:
            counts = compiler.counts
            before_s, before = counts.cpu_s, counts.started
            made = compiler.compile({"main.cpp": json.loads(line).encode()}, "cpp20")
            row = (counts.cpu_s - before_s, isinstance(made, Executable), counts.started - before)
            print(json.dumps(row), flush=True)


@contextlib.contextmanager
def builds(trees: dict[str, Path]) -> Iterator[dict[str, Build]]:
    with tempfile.TemporaryDirectory() as folder:
        opened = {}
        for name, tree in trees.items():
            cache = Path(folder, name)
            (cache / "solver").mkdir(parents=True)
            opened[name] = Build(tree, cache)
        try:
            yield opened
        finally:
            for build in opened.values():
                build.close()


def plainly(programs: list[bytes]) -> list[float]:
    plain_argv = ("/usr/bin/g++", "-std=gnu++20", "-O2", "-o", "main", "main.cpp")
    plain = Executable(language="cpp20", argv=plain_argv, files={})
    spent = []
    with open_sandbox() as sandbox:
        for source in programs:
            files = {"main.cpp": source}
            job = Job(program=plain, limits=PLAIN_LIMITS, files=files, keep=("main",))
            spent.append(sandbox.run(job).cpu_s)
    return spent


def measure(programs: list[bytes], trees: dict[str, Path], plain: bool) -> dict[str, object]:
    first: dict[bytes, bytes] = {}
    for source in programs:
        first.setdefault(first_lines(source), source)
    preparing = dict.fromkeys(trees, 0.0)
    spent = dict.fromkeys(trees, 0.0)
    failed = dict.fromkeys(trees, 0)
    with builds(trees) as opened:
        for name, build in opened.items():
            for source in first.values():
                preparing[name] += build.compile(source + b"\nint warm_up;\n")[0]
        for number, source in enumerate(programs):
            print(f"\r{number}/{len(programs)}", end="", file=sys.stderr)
            order = list(opened.items())
            for name, build in order if number % 2 else reversed(order):
                cpu_s, compiled, _ = build.compile(source)
                spent[name] += cpu_s
                failed[name] += not compiled
        print(file=sys.stderr)
        start_s = time.perf_counter()
        again = sum(opened["ours"].compile(source)[2] for source in programs)
        again_s = time.perf_counter() - start_s
    each = {name: round(total / len(programs), 3) for name, total in spent.items()}
    report: dict[str, object] = {
        "programs": len(programs),
        "not_compiling": failed,
        "cpu_s_each": each,
        "warm_up_cpu_s": {name: round(total, 1) for name, total in preparing.items()},
        "second_time": {"compilers_started": again, "wall_s": round(again_s, 3)},
    }
    if "before" in trees:
        report["ratio_to_before"] = round(spent["ours"] / spent["before"], 3)
    if plain:
        plain_s = sum(plainly(programs))
        report["plain_cpu_s_each"] = round(plain_s / len(programs), 3)
        report["ratio_to_plain"] = round(spent["ours"] / plain_s, 3)
    return report


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pools", nargs="*", type=Path)
    parser.add_argument("--programs", type=int, default=200)
    parser.add_argument("--before", type=Path, help="worktree of the build to compare with")
    parser.add_argument("--no-plain", action="store_true", help="leave plain g++ out")
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve is not None:
        serve(options.serve)
        return
    trees = {"ours": Path(__file__).parents[1].resolve()}
    if options.before is not None:
        trees["before"] = options.before.resolve()
    programs = programs_of(options.pools, options.programs)
    print(json.dumps(measure(programs, trees, not options.no_plain), indent=1))


if __name__ == "__main__":
    main()
