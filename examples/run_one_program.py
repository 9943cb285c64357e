"""Compiles one program and runs it in the sandbox, with limits.

python examples/run_one_program.py
"""

import sandbox
from sandbox.compiling.compile import CompileError, Compiler

SOURCE = b"""
#include <bits/stdc++.h>
int main() { long long a, b; std::cin >> a >> b; std::cout << a + b << std::endl; }
"""

with sandbox.open(slots=1) as box:
    program = Compiler(box).compile({"sum.cpp": SOURCE}, "cpp17")
    if isinstance(program, CompileError):
        raise SystemExit(program.reason)
    limits = sandbox.Limits(cpu_s=1.0, memory_bytes=64 << 20)
    result = box.run(sandbox.Job(program=program, limits=limits, stdin=b"20 22\n"))

print(result.stdout.read().decode().strip())
print(f"{result.cpu_s:.3f} s of CPU, {result.memory_bytes >> 10} KiB, limit met: {result.limit}")
