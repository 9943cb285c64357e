"""Judges every program of a folder on a package's hidden tests.

python examples/judge_a_folder.py PACKAGE FOLDER
"""

import sys
import tempfile
from pathlib import Path

import solver

if len(sys.argv) == 3:
    package, folder = Path(sys.argv[1]), Path(sys.argv[2])
else:  # without arguments: two programs of our own on a bundled task
    package = Path(__file__).parents[1] / "problems/bundled/contest/evens"
    folder = Path(tempfile.mkdtemp())
    right = "input()\nprint(sum(int(x) % 2 == 0 for x in input().split()))\n"
    (folder / "right.py").write_text(right)
    (folder / "first_only.py").write_text(right.replace("sum(int(x)", "sum(int(x[0])"))

judged = solver.judge(package, sorted(folder.iterdir()))
print(f"{judged.task.name}: {judged.time_limit_s:g} s a test, {judged.task.max_points:g} points")
for one in judged.programs:
    print(f"  {one.name:<16} {one.result.verdict:<8} {one.result.points:g}")
print(judged.to_frame().select(["program", "subtask", "subtask_points"]))
