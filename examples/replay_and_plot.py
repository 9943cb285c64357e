"""Replays strategies on a recorded pool and plots points against submissions.

python examples/replay_and_plot.py [POOL PACKAGE]       (needs matplotlib to draw the picture)
"""

import sys
from pathlib import Path

import solver

BUNDLED = Path(__file__).parents[1] / "problems/bundled"
pool, package = sys.argv[1:] or (BUNDLED / "pools/evens.jsonl", BUNDLED / "contest/evens")

replayed = solver.replay(
    pool, package, strategy=["random", "round_robin", "expected_gain"], limit=10, seeds=20
)
print(f"{replayed.task}: random {replayed.random:.1f}, oracle {replayed.oracle:.1f}")
for one in replayed.strategies:
    print(f"  {one.name:<14}", " ".join(f"{points:6.1f}" for points in one.curve))

try:
    from matplotlib import pyplot
except ImportError:
    print("pip install matplotlib draws this as replay.png")
else:
    for one in replayed.strategies:
        pyplot.step(range(1, replayed.limit + 1), one.curve, where="post", label=one.name)
    pyplot.axhline(replayed.oracle, color="grey", linestyle=":", label="oracle")
    pyplot.xlabel("submissions")
    pyplot.ylabel(f"points of {replayed.task}")
    pyplot.legend()
    pyplot.savefig("replay.png")
