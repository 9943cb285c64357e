"""Stage 8: strategies, one class a file over the same history of paid feedback.

A strategy is made from a `View` (task, behaviour, clusters, estimates) and sees nothing else but
the feedback of submissions spent.
"""

from collections.abc import Mapping

import numpy as np

from solver.errors import SolverError
from solver.strategies.base import Choice, Strategy, StrategyFactory, View
from solver.strategies.expected_gain import ExpectedGain
from solver.strategies.gencluster import GenCluster
from solver.strategies.round_robin import RoundRobin
from solver.strategies.simple import ClusterSize, ExamplesRandom, Longest, Random

FACTORIES: Mapping[str, StrategyFactory] = {
    "random": Random,
    "examples_random": ExamplesRandom,
    "longest": Longest,
    "cluster_size": ClusterSize,
    "round_robin": RoundRobin,
    "gencluster": GenCluster,
    "expected_gain": ExpectedGain,
}

NAMES = tuple(FACTORIES)
"""All strategies, the weakest first."""

DEFAULT = "expected_gain"

__all__ = ["DEFAULT", "FACTORIES", "NAMES", "Choice", "Strategy", "View", "check_name", "make"]


def check_name(name: str) -> None:
    """Refuses a name that no strategy has.

    Raises:
        SolverError: Names the strategies that there are.
    """
    if name not in FACTORIES:
        raise SolverError(f"no strategy is called {name!r}; there are: {', '.join(NAMES)}")


def make(name: str, view: View, rng: np.random.Generator) -> Strategy:
    """A fresh strategy.

    Args:
        name: One of `NAMES`.
        view: All that it may know of the problem.
        rng: Breaks ties and draws at random.

    Raises:
        SolverError: No strategy has that name.
    """
    check_name(name)
    return FACTORIES[name](view, rng)
